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

    /** One index an axis: its own counter, or zero where there is a single element. */
    static Affine[] counters(int[] shape) {
        Affine[] index = new Affine[shape.length];
        for (int a = 0; a < index.length; a++) {
            index[a] = shape[a] == 1 ? zero(index.length) : counter(a, index.length);
        }
        return index;
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

    /** The position of an index in an array with these strides. */
    static Affine position(Affine[] index, int[] strides, int counters) {
        Affine sum = zero(counters);
        for (int a = 0; a < strides.length; a++) {
            sum = strides[a] == 0 ? sum : sum.plus(index[a].times(strides[a]));
        }
        return sum;
    }

    /** The same with only the chosen counters, in that order; the others must not matter. */
    Affine choose(int[] counters) {
        return new Affine(constant, Arrays.stream(counters).map(c -> factor[c]).toArray());
    }

    /** The same where a counter that matters grows by its factor, not by one. */
    Affine countedInStrides(int counter) {
        int[] counted = factor.clone();
        counted[counter] = Math.min(1, factor[counter]);
        return new Affine(constant, counted);
    }

    /** The number of loops a value with this position is inside of. */
    int depth() {
        int depth = 0;
        for (int i = 0; i < factor.length; i++) {
            depth = factor[i] == 0 ? depth : i + 1;
        }
        return depth;
    }

    /** What is added to the constant, as Java text with counters {@code i0, i1, ...}. */
    String text() {
        StringBuilder sum = new StringBuilder();
        for (int i = 0; i < factor.length; i++) {
            if (factor[i] != 0) {
                sum.append(" + i").append(i).append(factor[i] == 1 ? "" : " * " + factor[i]);
            }
        }
        return sum.toString();
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
