package org.ebvlm.samediff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ebvlm.graph.Expr;

/**
 * NumPy's {@code x[begin:end:step, ...]} with TensorFlow's masks: bit i of a mask speaks of the i-th part of the index.
 * One part follows the other, each taking or making axes.
 */
final class StridedSlice {
    private final Expr x;
    private final int[] masks;
    private final int[][] spec;
    private final List<Integer> begin = new ArrayList<>();
    private final List<Integer> size = new ArrayList<>();
    private final List<Integer> step = new ArrayList<>();
    private final List<Integer> shape = new ArrayList<>();

    private StridedSlice(Expr x, int[] masks, int[][] spec) {
        this.x = x;
        this.masks = masks;
        this.spec = spec;
    }

    /** Attributes: five masks, then begin, end and step of each part unless these are inputs. */
    static Expr of(Call call) {
        int[] masks = call.integersFrom(0);
        int parts = (masks.length - 5) / 3;
        int[][] spec = new int[3][];
        for (int i = 0; i < 3; i++) {
            spec[i] = call.count() > 1
                    ? call.integersOf(i + 1)
                    : Arrays.copyOfRange(masks, 5 + i * parts, 5 + (i + 1) * parts);
        }
        return new StridedSlice(call.in(), masks, spec).result();
    }

    private enum Mask {
        BEGIN,
        ELLIPSIS,
        END,
        NEW_AXIS,
        SHRINK
    }

    private boolean has(Mask mask, int part) {
        return (masks[mask.ordinal()] >> part & 1) == 1;
    }

    private Expr result() {
        int parts = spec[0].length;
        for (int i = 0; i < parts; i++) {
            if (has(Mask.ELLIPSIS, i)) {
                wholeAxes(x.rank() - begin.size() - axesAfter(i));
            } else if (has(Mask.NEW_AXIS, i)) {
                shape.add(1);
            } else if (has(Mask.SHRINK, i)) {
                int at = spec[0][i];
                take(at < 0 ? at + x.shape(begin.size()) : at, 1, 1);
            } else {
                interval(i);
            }
        }
        wholeAxes(x.rank() - begin.size());
        return x.slice(Integers.array(begin), Integers.array(size), Integers.array(step))
                .reshape(Integers.array(shape));
    }

    private int axesAfter(int part) {
        int axes = 0;
        for (int i = part + 1; i < spec[0].length; i++) {
            axes += has(Mask.NEW_AXIS, i) ? 0 : 1;
        }
        return axes;
    }

    private void wholeAxes(int count) {
        for (int i = 0; i < count; i++) {
            int all = x.shape(begin.size());
            take(0, all, 1);
            shape.add(all);
        }
    }

    private void interval(int part) {
        int all = x.shape(begin.size());
        int by = spec[2][part];
        int first = by > 0 ? 0 : all - 1;
        int beyond = by > 0 ? all : -1;
        int from = has(Mask.BEGIN, part) ? first : bounded(spec[0][part], all, by);
        int to = has(Mask.END, part) ? beyond : bounded(spec[1][part], all, by);
        int count = Math.max(0, (to - from + by - Integer.signum(by)) / by);
        take(from, count, by);
        shape.add(count);
    }

    private static int bounded(int at, int all, int by) {
        int front = at < 0 ? at + all : at;
        return by > 0 ? Math.min(Math.max(front, 0), all) : Math.min(Math.max(front, -1), all - 1);
    }

    private void take(int from, int count, int by) {
        begin.add(from);
        size.add(count);
        step.add(by);
    }
}
