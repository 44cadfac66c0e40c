package org.ebvlm.program;

import java.util.Arrays;

/** An index as a function of loop counters: {@code constant + sum of factor[i] * counter i}. */
record Affine(int constant, int[] factor) {

    static Affine zero(int counters) {
        return new Affine(0, new int[counters]);
    }

    static Affine counter(int i, int counters) {
        Affine one = zero(counters);
        one.factor[i] = 1;
        return one;
    }

    Affine plus(Affine other) {
        int[] sum = factor.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other.factor[i];
        }
        return new Affine(constant + other.constant, sum);
    }

    Affine times(int by) {
        return new Affine(constant * by, Arrays.stream(factor).map(f -> f * by).toArray());
    }

    Affine plus(int more) {
        return new Affine(constant + more, factor);
    }

    /** The row-major position of an index in an array of a shape. */
    static Affine position(Affine[] index, int[] shape, int counters) {
        Affine sum = zero(counters);
        int stride = 1;
        for (int a = shape.length - 1; a >= 0; a--) {
            // The index along an axis of size one is always zero.
            sum = shape[a] == 1 ? sum : sum.plus(index[a].times(stride));
            stride *= shape[a];
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Affine that && constant == that.constant && Arrays.equals(factor, that.factor);
    }

    @Override
    public int hashCode() {
        return 31 * constant + Arrays.hashCode(factor);
    }
}
