package org.ebvlm.training;

import java.util.Arrays;

/**
 * Sums of squares of long arrays, at the speed of memory and always in the same order. Place i is added to partial sum
 * {@code i mod 1024}, chunk by chunk, in single precision: loops over two arrays from their beginning are what the
 * just-in-time compiler makes vector instructions of, a sum in one variable is not. Should single precision overflow,
 * all is added again in double precision, so a result is finite exactly if all places are.
 */
final class SumOfSquares {
    private static final int CHUNK = 1024;

    private final float[] chunk = new float[CHUNK];
    private final float[] partial = new float[CHUNK];

    /** The sum of the squares of all places. */
    double sum(float[] x) {
        if (x.length < 2 * CHUNK) {
            return exact(x, 0, x.length);
        }
        Arrays.fill(partial, 0f);
        int whole = x.length - x.length % CHUNK;
        for (int at = 0; at < whole; at += CHUNK) {
            System.arraycopy(x, at, chunk, 0, CHUNK);
            add(chunk, partial);
        }
        double sum = exact(x, whole, x.length);
        for (float each : partial) {
            sum += each;
        }
        return Double.isFinite(sum) ? sum : exact(x, 0, x.length);
    }

    private static void add(float[] x, float[] partial) {
        for (int i = 0; i < partial.length; i++) {
            partial[i] += x[i] * x[i];
        }
    }

    private static double exact(float[] x, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) x[i] * x[i];
        }
        return sum;
    }
}
