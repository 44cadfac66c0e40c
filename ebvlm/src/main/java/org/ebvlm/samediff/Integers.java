package org.ebvlm.samediff;

import java.util.Arrays;
import java.util.List;

/** Small arrays of integers: shapes, axes and indices. */
final class Integers {
    private Integers() {}

    static int[] array(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    static List<Integer> list(int... values) {
        return Arrays.stream(values).boxed().toList();
    }

    static long[] longs(int... values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    /** From SameDiff's longs. */
    static int[] ints(long... values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    static int[] filled(int count, int value) {
        int[] values = new int[count];
        Arrays.fill(values, value);
        return values;
    }

    /** A shape of ones but for one axis. */
    static int[] along(int axis, int rank, int size) {
        int[] shape = filled(rank, 1);
        shape[axis] = size;
        return shape;
    }

    /** One after the other. */
    static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }
}
