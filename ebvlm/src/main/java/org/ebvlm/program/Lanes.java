package org.ebvlm.program;

import java.util.Arrays;

/** What generated vector kernels share. Public only because they are loaded by a class loader of their own. */
public final class Lanes {
    /** Where the ones of {@link #weights} begin. */
    public static final int ONES = 64;

    private static final float[] WEIGHTS = new float[2 * ONES];

    static {
        Arrays.fill(WEIGHTS, ONES, 2 * ONES, 1f);
    }

    private Lanes() {}

    /** Zeros, then ones: read from before the first one on, the first lanes weigh nothing. Not to be changed. */
    public static float[] weights() {
        return WEIGHTS;
    }

    /** The sum of the first n numbers, a power of two; pairs first, always in the same order. They are overwritten. */
    public static float sum(float[] x, int n) {
        for (int half = n / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                x[i] += x[i + half];
            }
        }
        return x[0];
    }

    /** The largest of the first n numbers; NaN if one of them is. */
    public static float largest(float[] x, int n) {
        float largest = x[0];
        for (int i = 1; i < n; i++) {
            largest = Math.max(largest, x[i]);
        }
        return largest;
    }
}
