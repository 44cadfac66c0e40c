package org.ebvlm.samediff;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Shapes;
import org.ebvlm.graph.Structure;

/** Operations that select elements or pad, that ask for shapes, and that make arrays of given shapes. */
final class IndexRules {
    private IndexRules() {}

    static void addTo(Rows rows) {
        rows.row("slice", IndexRules::slice);
        rows.row("strided_slice", StridedSlice::of);
        rows.row("gather", IndexRules::gather);
        rows.row("gather_nd", IndexRules::gatherNd);
        rows.row("scatter_add", IndexRules::scatterAdd);
        rows.row("pad", IndexRules::pad);

        rows.unary("shape_of", x -> Constants.vector(x.shape()));
        rows.row("size_at", call -> Expr.constant(call.in().shape(call.integer(0))));
        rows.unary("size", x -> Expr.constant(x.size()));
        rows.unary("rank", x -> Expr.constant(x.rank()));

        rows.unary("ones_as", x -> x.filled(1));
        rows.unary("zeroslike", x -> x.filled(0));
        rows.row("fill", call -> Expr.constant(call.number(0), call.integersOf(0)));
        rows.row("range", IndexRules::range);
        rows.row("lin_space", IndexRules::linspace);
        rows.row("eye", call -> identity(call.integer(0), call.integer(1)));
        rows.unary("diag", x -> identity(x.size(), x.size()).times(x.reshape(-1, 1)));
        rows.unary("diag_part", x -> diagonal(x).sum(1));
        rows.unary("trace", x -> diagonal(x).sum());
        rows.row("onehot", IndexRules::oneHot);
        rows.row("cumsum", IndexRules::cumulated);
    }

    private static Expr slice(Call call) {
        Expr x = call.in();
        int[] attributes = call.integersFrom(0);
        int[] begin = call.count() > 1 ? call.integersOf(1) : Arrays.copyOf(attributes, x.rank());
        int[] size = call.count() > 1 ? call.integersOf(2) : Arrays.copyOfRange(attributes, x.rank(), 2 * x.rank());
        // A size of -1 reaches to the end.
        Arrays.setAll(size, a -> size[a] < 0 ? x.shape(a) - begin[a] : size[a]);
        return x.slice(begin, size, Integers.filled(x.rank(), 1));
    }

    /** Slices by index along an axis; the indices' own axes take the axis' place. */
    private static Expr gather(Call call) {
        Expr x = call.in();
        int axis = Shapes.axis(call.integerOr(0, 0), x.rank());
        int[] places = call.count() > 1 ? call.in(1).shape() : new int[] {call.integersFrom(1).length};
        int[] indices = fromFront(call.integersOfOr(1, 1), x.shape(axis));
        return x.gather(axis, indices)
                .reshape(Integers.joined(
                        Arrays.copyOf(x.shape(), axis), places, Arrays.copyOfRange(x.shape(), axis + 1, x.rank())));
    }

    private static int[] fromFront(int[] indices, int size) {
        return Arrays.stream(indices).map(i -> i < 0 ? i + size : i).toArray();
    }

    /** Elements, or slices, at index tuples: the tuples' axes become one, and so do the tuples. */
    private static Expr gatherNd(Call call) {
        Expr x = call.in(0);
        int[] shape = call.in(1).shape();
        int depth = shape[shape.length - 1];
        int[] outer = Arrays.copyOf(x.shape(), depth);
        int[] inner = Arrays.copyOfRange(x.shape(), depth, x.rank());
        int[] strides = Shapes.strides(outer);
        int[] tuples = call.integersOf(1);
        int[] flat = IntStream.range(0, tuples.length / depth)
                .map(t -> IntStream.range(0, depth)
                        .map(a -> tuples[t * depth + a] * strides[a])
                        .sum())
                .toArray();
        return x.reshape(Integers.joined(new int[] {Shapes.size(outer)}, inner))
                .gather(0, flat)
                .reshape(Integers.joined(Arrays.copyOf(shape, shape.length - 1), inner));
    }

    /** Rows added into an array, each at its index. */
    private static Expr scatterAdd(Call call) {
        Expr into = call.in(0);
        int[] indices = call.integersOf(1);
        int[] shape = into.shape().clone();
        shape[0] = indices.length;
        Structure.Scatter scatter = new Structure.Scatter(0, Integers.list(indices), into.shape(0));
        return into.plus(Expr.of(scatter, call.in(2).reshape(shape)));
    }

    private static Expr pad(Call call) {
        if (call.integerOr(0, 0) != 0) {
            throw call.refusal("mirrors the array", "pad with a constant, or gather the rows");
        }
        int[] amounts = call.integersOf(1);
        int[] before = new int[call.in().rank()];
        int[] after = new int[before.length];
        Arrays.setAll(before, a -> amounts[2 * a]);
        Arrays.setAll(after, a -> amounts[2 * a + 1]);
        return padded(call.in(), before, after, call.number(0));
    }

    /** Surrounded by a number. */
    static Expr padded(Expr x, int[] before, int[] after, double number) {
        int[] whole = new int[x.rank()];
        int[] step = Integers.filled(x.rank(), 1);
        Arrays.setAll(whole, a -> before[a] + x.shape(a) + after[a]);
        if (Arrays.equals(whole, x.shape())) {
            return x;
        }
        Expr inside = x.pad(before, whole, step);
        return number == 0 ? inside : x.filled(1).pad(before, whole, step).where(inside, inside.filled(number));
    }

    private static Expr range(Call call) {
        double[] limits = limits(call);
        // The end is not part of it; integers fit exactly.
        int n = (int) Math.max(0, Math.ceil((limits[1] - limits[0]) / limits[2]));
        return Constants.range(0, 1, n).times(limits[2]).plus(limits[0]);
    }

    private static Expr linspace(Call call) {
        double[] limits = limits(call);
        int n = (int) limits[2];
        double step = n == 1 ? 0 : (limits[1] - limits[0]) / (n - 1);
        return Constants.range(0, 1, n).times(step).plus(limits[0]);
    }

    /** Three numbers, each an input or all attributes. */
    private static double[] limits(Call call) {
        double[] limits = new double[3];
        Arrays.setAll(limits, i -> call.count() > 0 ? call.constant(i)[0] : call.number(i));
        return limits;
    }

    private static Expr identity(int rows, int columns) {
        return Constants.range(0, 2, rows).equalTo(Constants.range(1, 2, columns));
    }

    /** A matrix with zeros off the diagonal; rows beyond a square are cut off. */
    private static Expr diagonal(Expr x) {
        int n = Math.min(x.shape(0), x.shape(1));
        return x.slice(0, 0, n).times(identity(n, x.shape(1)));
    }

    private static Expr oneHot(Call call) {
        int depth = call.integer(1);
        int axis = Shapes.axis(call.integer(0), call.in().rank() + 1);
        Expr index = LayoutRules.expanded(call.in(), axis);
        double on = call.number(0);
        double off = call.number(1);
        return index.equalTo(Constants.range(axis, index.rank(), depth))
                .times(on - off)
                .plus(off);
    }

    /** Partial sums along axes: a product with a triangle of ones. Attributes: exclusive, reversed, axes. */
    private static Expr cumulated(Call call) {
        boolean exclusive = call.integer(0) != 0;
        boolean reversed = call.integer(1) != 0;
        Expr out = call.in();
        for (int axis : call.integersFrom(2)) {
            int n = out.shape(axis);
            Expr row = Constants.range(0, 2, n);
            Expr column = Constants.range(1, 2, n);
            Expr before = reversed ? row.greater(column) : column.greater(row);
            Expr triangle = exclusive ? before : before.plus(row.equalTo(column));
            out = ProductRules.tensordot(out, new int[] {Shapes.axis(axis, out.rank())}, triangle, new int[] {0});
            out = LayoutRules.permuted(out, lastTo(axis, out.rank()));
        }
        return out;
    }

    /** An order that takes the last axis to a place. */
    private static int[] lastTo(int axis, int rank) {
        int at = Shapes.axis(axis, rank);
        return IntStream.range(0, rank)
                .map(a -> a == at ? rank - 1 : a < at ? a : a - 1)
                .toArray();
    }
}
