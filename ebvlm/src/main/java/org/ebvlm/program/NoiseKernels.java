package org.ebvlm.program;

/**
 * The loops of {@link org.ebvlm.noise.Noise} as vector code: the same numbers, to the bit. Public only because the
 * class that implements it is compiled at run time and loaded by a class loader of its own.
 *
 * <p>Every loop works on whole vectors. Those that take a count round it up to such, so arrays must have room.
 */
public interface NoiseKernels {
    /** Uniform numbers from the words after {@code start}; {@code n} is rounded up. */
    void uniform(long start, float[] out, int offset, int n);

    /** {@code s = -2 log u}, each array from its offset; {@code n} is rounded up. */
    void squaredRadius(float[] u, int from, float[] s, int to, int n);

    /**
     * {@code (s, u)} becomes {@code (sqrt(s) cos a, sqrt(s) sin a)}, {@code a = 2 pi (u - 1/2)}; {@code n} is rounded up.
     * The root is taken here because dividing units work beside those that multiply.
     */
    void turn(float[] s, int atS, float[] u, int atU, int n);

    /** {@code n} signs, a multiple of 64, from the words after {@code start}. */
    void rademacher(long start, float[] out, int offset, int n);
}
