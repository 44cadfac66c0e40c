package org.ebvlm.samediff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Shapes;

/** Operations that reshape, repeat, join and part arrays. */
final class LayoutRules {
    /** SameDiff marks row-major order by minus the letter c. */
    private static final int ROW_MAJOR = -'c';

    private LayoutRules() {}

    static void addTo(Rows rows) {
        rows.row("reshape", LayoutRules::reshaped);
        rows.row("permute", call -> permuted(call.in(), call.integersOfOr(1, 0)));
        rows.unary("transpose", x -> permuted(x));
        rows.row("expand_dims", call -> expanded(call.in(), call.integersOfOr(1, 0)[0]));
        rows.row("squeeze", call -> squeezed(call.in(), call.integersFrom(0)));
        rows.row("broadcast_to", call -> call.in().broadcastTo(call.integersOf(1)));
        rows.row("tile", call -> tiled(call.in(), call.integersOfOr(1, 0)));
        rows.row("concat", LayoutRules::concatenated);
        rows.row("stack", call -> stacked(call.inputs(), call.integer(0)));
        rows.many("unstack", call -> unstacked(call.in(), call.integer(0)));
        rows.many("split", LayoutRules::split);
        rows.many("split_v", call -> parts(call.in(), call.integer(0), call.integersOf(1)));
        rows.row("reverse", call -> reversed(call.in(), call.integersFrom(0)));
    }

    private static Expr reshaped(Call call) {
        int[] given = call.integersFrom(0);
        boolean marked = given.length > 0 && given[0] < -1;
        if (marked && given[0] != ROW_MAJOR) {
            throw call.refusal("reads elements in column-major order", "permute the axes first");
        }
        return call.in().reshape(call.integersOfOr(1, marked ? 1 : 0));
    }

    /** Axes in another order; in reverse when none is given. */
    static Expr permuted(Expr x, int... order) {
        int rank = x.rank();
        int[] axes = order.length == 0
                ? IntStream.range(0, rank).map(a -> rank - 1 - a).toArray()
                : Arrays.stream(order).map(a -> Shapes.axis(a, rank)).toArray();
        return x.permute(axes);
    }

    static Expr expanded(Expr x, int axis) {
        int at = Shapes.axis(axis, x.rank() + 1);
        int[] shape = new int[x.rank() + 1];
        Arrays.setAll(shape, a -> a == at ? 1 : x.shape()[a < at ? a : a - 1]);
        return x.reshape(shape);
    }

    /** Without the named axes of size one; without all of them when none is named. */
    private static Expr squeezed(Expr x, int... axes) {
        List<Integer> gone = Arrays.stream(axes)
                .mapToObj(axis -> Shapes.axis(axis, x.rank()))
                .toList();
        return x.reshape(IntStream.range(0, x.rank())
                .filter(a -> axes.length == 0 ? x.shape(a) != 1 : !gone.contains(a))
                .map(x::shape)
                .toArray());
    }

    private static Expr tiled(Expr x, int... times) {
        Expr out = x.reshape(Shapes.aligned(x.shape(), Math.max(x.rank(), times.length)));
        int[] each = Shapes.aligned(times, out.rank());
        for (int a = 0; a < each.length; a++) {
            out = copies(out, a, a, each[a]);
        }
        return out;
    }

    /** Every element along an axis several times in a row. */
    static Expr repeatEach(Expr x, int axis, int times) {
        return copies(x, axis, axis + 1, times);
    }

    /** A new axis of copies before {@code place}, merged into {@code axis}. */
    private static Expr copies(Expr x, int axis, int place, int times) {
        if (times == 1) {
            return x;
        }
        Expr open = expanded(x, place);
        int[] wide = open.shape().clone();
        wide[place] = times;
        int[] merged = x.shape().clone();
        merged[axis] *= times;
        return open.broadcastTo(wide).reshape(merged);
    }

    private static Expr concatenated(Call call) {
        boolean axisIsInput = call.flag(0);
        int last = call.count() - 1;
        List<Expr> parts = axisIsInput ? call.inputs().subList(0, last) : call.inputs();
        return Expr.concat(axisIsInput ? call.integersOf(last)[0] : call.integer(0), parts);
    }

    static Expr stacked(List<Expr> parts, int axis) {
        int at = Shapes.axis(axis, parts.get(0).rank() + 1);
        return Expr.concat(at, parts.stream().map(part -> expanded(part, at)).toList());
    }

    private static List<Expr> unstacked(Expr x, int axis) {
        int[] ones = Integers.filled(x.shape(axis), 1);
        return parts(x, axis, ones).stream().map(part -> squeezed(part, axis)).toList();
    }

    private static List<Expr> split(Call call) {
        boolean numberIsInput = call.count() > 1;
        int number = numberIsInput ? call.integersOf(1)[0] : call.integer(0);
        int axis = call.integer(numberIsInput ? 0 : 1);
        return parts(call.in(), axis, Integers.filled(number, call.in().shape(axis) / number));
    }

    private static List<Expr> parts(Expr x, int axis, int... sizes) {
        List<Expr> parts = new ArrayList<>();
        int begin = 0;
        for (int size : sizes) {
            parts.add(x.slice(axis, begin, size));
            begin += size;
        }
        return parts;
    }

    private static Expr reversed(Expr x, int... axes) {
        Expr out = x;
        for (int axis : axes) {
            int n = x.shape(axis);
            out = out.gather(axis, IntStream.range(0, n).map(i -> n - 1 - i).toArray());
        }
        return out;
    }
}
