package org.ebvlm.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ebvlm.graph.Shapes;

/**
 * In which order an array's elements lie in memory, as one stride an axis; zero along axes of size one.
 *
 * <p>What callers see is row-major. Arrays inside a program lie so that a loop can take many neighbouring elements at
 * once: an array of 100 rows with 2 columns is kept column by column.
 */
final class Layout {
    /** A last axis this long is worth running along. */
    private static final int LONG = 32;
    /** The same in an array of images, which native code wants row-major: a vector's length. */
    private static final int LONG_IN_IMAGES = 16;

    private Layout() {}

    /** The order that callers see: the last axis runs fastest. */
    static int[] rowMajor(int[] shape) {
        int[] strides = Shapes.strides(shape);
        for (int a = 0; a < shape.length; a++) {
            strides[a] = shape[a] == 1 ? 0 : strides[a];
        }
        return strides;
    }

    /** The order in which loops run best: the last axis runs fastest if it is long, else the longest one does. */
    static int[] forLoops(int[] shape) {
        if (shape.length > 2 && lastOf(shape) >= LONG_IN_IMAGES) {
            return rowMajor(shape);
        }
        int fastest = shape.length - 1;
        if (fastest >= 0 && shape[fastest] < LONG) {
            for (int a = shape.length - 1; a >= 0; a--) {
                fastest = shape[a] > shape[fastest] ? a : fastest;
            }
        }
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int i = 0; i < shape.length; i++) {
            int a = i == 0 ? fastest : shape.length - 1 - i + (shape.length - 1 - i < fastest ? 0 : 1);
            strides[a] = shape[a] == 1 ? 0 : stride;
            stride *= shape[a];
        }
        return strides;
    }

    /** The last axis that is not of size one. */
    private static int lastOf(int[] shape) {
        int a = shape.length - 1;
        while (a > 0 && shape[a] == 1) {
            a--;
        }
        return shape[a];
    }

    static boolean isRowMajor(int[] strides, int[] shape) {
        return Arrays.equals(strides, rowMajor(shape));
    }

    /** Whether the elements fill a run of memory without gaps, in whatever order. */
    static boolean isGapless(int[] strides, int[] shape) {
        int furthest = 0;
        for (int a = 0; a < shape.length; a++) {
            if (strides[a] < 0 || (strides[a] == 0 && shape[a] != 1)) {
                return false;
            }
            furthest += strides[a] * (shape[a] - 1);
        }
        return furthest + 1 == Shapes.size(shape);
    }

    /** The strides with which the same memory is seen in another shape; null if there are none. */
    static int[] reshaped(int[] strides, int[] from, int[] to) {
        List<Integer> sizes = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        for (int a = 0; a < from.length; a++) {
            if (from[a] != 1) {
                sizes.add(from[a]);
                steps.add(strides[a]);
            }
        }
        int[] out = new int[to.length];
        int next = 0;
        for (int a = 0; a < to.length; ) {
            if (to[a] == 1) {
                a++;
                continue;
            }
            // The fewest axes of either shape that hold equally many elements.
            int first = next;
            int left = sizes.get(next++);
            int end = a + 1;
            int right = to[a];
            while (left != right) {
                if (left < right) {
                    left *= sizes.get(next++);
                } else {
                    right *= to[end++];
                }
            }
            for (int i = first; i + 1 < next; i++) {
                if (steps.get(i) != steps.get(i + 1) * sizes.get(i + 1)) {
                    return null;
                }
            }
            int step = steps.get(next - 1);
            for (int i = end - 1; i >= a; i--) {
                out[i] = to[i] == 1 ? 0 : step;
                step *= to[i];
            }
            a = end;
        }
        return out;
    }

    /** Position in memory of the element with a row-major number. */
    static int position(int element, int[] strides, int[] shape) {
        int position = 0;
        for (int a = shape.length - 1; a >= 0; a--) {
            position += element % shape[a] * strides[a];
            element /= shape[a];
        }
        return position;
    }
}
