/** Benchmarks of single kernels by JMH; {@code bench/jmh.sh} builds and runs them. */
package org.ebvlm.bench;
