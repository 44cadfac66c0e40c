/**
 * Linear algebra for equations with kernel matrices, in double precision or, where that is enough, in single: products by native
 * libraries, everything else on top of them.
 *
 * <p>Matrices are arrays on the heap, row-major; what is worked on outside of it is freed by {@code close} or at once.
 */
package org.ebvlm.linear;
