/**
 * Linear algebra in double precision, for equations with kernel matrices: products by a native library, everything else on
 * top of them.
 *
 * <p>Matrices are arrays on the heap, row-major; what is worked on outside of it is freed by {@code close} or at once.
 */
package org.ebvlm.linear;
