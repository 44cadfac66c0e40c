package org.ebvlm.graph;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/** Arithmetic on shapes; arrays are row-major, and broadcasting aligns the last axes as NumPy does. */
public final class Shapes {
    private Shapes() {}

    /** Number of elements; one for the empty shape of a scalar. */
    public static int size(int... shape) {
        long size = 1;
        for (int d : shape) {
            size *= d;
        }
        if (size > Integer.MAX_VALUE) {
            throw new ShapeException(Facts.that("an array is too large")
                    .expected("at most 2^31 - 1 elements")
                    .butWas(text(shape))
                    .hint("take a smaller batch"));
        }
        return (int) size;
    }

    /** Row-major strides in elements. */
    public static int[] strides(int... shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int a = shape.length - 1; a >= 0; a--) {
            strides[a] = stride;
            stride *= shape[a];
        }
        return strides;
    }

    /** The shape that both broadcast to; {@code doing} names the operation in the error. */
    public static int[] broadcast(String doing, int[] a, int[] b) {
        int rank = Math.max(a.length, b.length);
        int[] left = aligned(a, rank);
        int[] right = aligned(b, rank);
        int[] out = new int[rank];
        for (int i = 0; i < rank; i++) {
            if (left[i] != right[i] && left[i] != 1 && right[i] != 1) {
                throw new ShapeException(Facts.that(doing + ": shapes do not broadcast")
                        .expected("equal sizes, or 1, on each axis counted from the last")
                        .butWas(text(a) + " and " + text(b)));
            }
            out[i] = left[i] == 1 ? right[i] : left[i];
        }
        return out;
    }

    /** The shape with leading ones up to a rank. */
    public static int[] aligned(int[] shape, int rank) {
        int[] out = new int[rank];
        Arrays.fill(out, 1);
        System.arraycopy(shape, 0, out, rank - shape.length, shape.length);
        return out;
    }

    /** An axis counted from the front; negative axes count from the end. */
    public static int axis(int axis, int rank) {
        int front = axis < 0 ? axis + rank : axis;
        if (front < 0 || front >= rank) {
            throw new ShapeException(Facts.that("there is no such axis")
                    .expected("an axis from " + -rank + " to " + (rank - 1))
                    .butWas(axis));
        }
        return front;
    }

    /** A shape in brackets: {@code [100, 2]}. */
    public static String text(int... shape) {
        return Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
