package org.ebvlm.samediff;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Shapes;

/** Matrix products, and layers made of them or normalised. */
final class ProductRules {
    private ProductRules() {}

    static void addTo(Rows rows) {
        rows.row("matmul", ProductRules::matmul);
        rows.row("tensordot", ProductRules::tensordot);
        rows.row("xw_plus_b", ProductRules::affine);
        rows.row("relu_layer", call -> affine(call).max(0));
        rows.row("biasadd", call -> call.in(0).plus(along(channels(call.in(), call.flag(0)), call.in(1), call.in())));
        rows.row("layer_norm", ProductRules::layerNorm);
        rows.row("batchnorm", ProductRules::batchNorm);
    }

    /** Attributes: transpose the first, the second, the result. */
    private static Expr matmul(Call call) {
        Expr product = product(call.in(0), call.in(1), call.integerOr(0, 0) != 0, call.integerOr(1, 0) != 0);
        return call.integerOr(2, 0) != 0 ? swapped(product) : product;
    }

    /** Vectors are rows on the left and columns on the right; more than three axes make one batch. */
    private static Expr product(Expr a, Expr b, boolean transposeA, boolean transposeB) {
        if (a.rank() == 1) {
            Expr row = product(a.reshape(1, -1), b, false, transposeB);
            return row.reshape(IntStream.range(0, row.rank())
                    .filter(axis -> axis != row.rank() - 2)
                    .map(row::shape)
                    .toArray());
        } else if (b.rank() == 1) {
            Expr column = product(a, b.reshape(-1, 1), transposeA, false);
            return column.reshape(Arrays.copyOf(column.shape(), column.rank() - 1));
        } else if (a.rank() <= 3) {
            return a.matmul(b, transposeA, transposeB);
        }
        Expr product = batch(a).matmul(batch(b), transposeA, transposeB);
        int[] shape = a.shape().clone();
        shape[a.rank() - 2] = product.shape(1);
        shape[a.rank() - 1] = product.shape(2);
        return product.reshape(shape);
    }

    private static Expr batch(Expr x) {
        return x.reshape(-1, x.shape(-2), x.shape(-1));
    }

    private static Expr swapped(Expr x) {
        int last = x.rank() - 1;
        return x.permute(IntStream.range(0, x.rank())
                .map(a -> a == last ? last - 1 : a == last - 1 ? last : a)
                .toArray());
    }

    /** Attributes: how many axes of the first and which, how many of the second and which. */
    private static Expr tensordot(Call call) {
        int[] all = call.integersFrom(0);
        int n = all[0];
        if (all.length != 2 * n + 2) {
            throw call.refusal("has lost all but the first of its axes", "permute, reshape and mmul instead");
        }
        return tensordot(
                call.in(0), Arrays.copyOfRange(all, 1, 1 + n), call.in(1), Arrays.copyOfRange(all, 2 + n, 2 + 2 * n));
    }

    /** Sums over pairs of axes; what is left of a comes before what is left of b. */
    static Expr tensordot(Expr a, int[] axesA, Expr b, int[] axesB) {
        int[] restA = rest(a, axesA);
        int[] restB = rest(b, axesB);
        int[] shape = IntStream.concat(
                        Arrays.stream(restA).map(a::shape), Arrays.stream(restB).map(b::shape))
                .toArray();
        int shared = Arrays.stream(axesA).map(a::shape).reduce(1, (x, y) -> x * y);
        Expr left = a.permute(Integers.joined(restA, axesA)).reshape(a.size() / shared, shared);
        Expr right = b.permute(Integers.joined(axesB, restB)).reshape(shared, b.size() / shared);
        return left.matmul(right).reshape(shape);
    }

    /** The axes of x that are not among these. */
    static int[] rest(Expr x, int... axes) {
        return IntStream.range(0, x.rank())
                .filter(a -> Arrays.stream(axes).noneMatch(axis -> Shapes.axis(axis, x.rank()) == a))
                .toArray();
    }

    private static Expr affine(Call call) {
        Expr product = call.in(0).matmul(call.in(1));
        return call.count() > 2 ? product.plus(call.in(2)) : product;
    }

    private static int channels(Expr x, boolean first) {
        return first ? 1 : x.rank() - 1;
    }

    /** A vector laid along an axis of x. */
    private static Expr along(int axis, Expr vector, Expr x) {
        return vector.reshape(Integers.along(axis, x.rank(), vector.size()));
    }

    private static Expr layerNorm(Call call) {
        Expr x = call.in();
        int axis = channels(x, call.flag(0));
        Expr scaled = ReductionRules.standardized(x, call.integersFrom(0)).times(along(axis, call.in(1), x));
        return call.count() > 2 ? scaled.plus(along(axis, call.in(2), x)) : scaled;
    }

    /** Inputs: x, mean, variance, then gain and offset as the first two attributes say; the third is the axis. */
    private static Expr batchNorm(Call call) {
        Expr x = call.in();
        int axis = Shapes.axis(call.integerOr(2, -1), x.rank());
        boolean hasGain = call.integer(0) != 0;
        Expr deviation = along(axis, call.in(2).plus(call.number(0)).sqrt(), x);
        Expr out = x.minus(along(axis, call.in(1), x)).over(deviation);
        if (hasGain) {
            out = out.times(along(axis, call.in(3), x));
        }
        return call.integer(1) != 0 ? out.plus(along(axis, call.in(hasGain ? 4 : 3), x)) : out;
    }
}
