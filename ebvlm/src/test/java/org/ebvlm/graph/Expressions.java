package org.ebvlm.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** One small expression for every operation and many of their combinations: the table that tests walk over. */
public final class Expressions {
    private Expressions() {}

    /** A rule's row: a name, the shape of x, and an expression in x. */
    public record Row(String name, int[] shape, UnaryOperator<Expr> y) {}

    private static final List<Row> ROWS = new ArrayList<>();

    private static void row(String name, UnaryOperator<Expr> y, int... shape) {
        ROWS.add(new Row(name, shape, y));
    }

    public static Expr fixed(int... shape) {
        return Expr.constant(FiniteDifference.numbers(Shapes.size(shape), 2.1, 0.9), shape);
    }

    private static Expr positive(Expr x) {
        return x.square().plus(0.3);
    }

    static {
        row("neg", x -> x.neg().times(x), 3, 2);
        row("exp", Expr::exp, 3, 2);
        row("expm1", Expr::expm1, 3, 2);
        row("log", x -> positive(x).log(), 3, 2);
        row("log1p", x -> positive(x).log1p(), 3, 2);
        row("sqrt", x -> positive(x).sqrt(), 3, 2);
        row("square", Expr::square, 3, 2);
        row("reciprocal", Expr::reciprocal, 3, 2);
        row("sigmoid", Expr::sigmoid, 3, 2);
        row("softplus", Expr::softplus, 3, 2);
        row("tanh", Expr::tanh, 3, 2);
        row("elu", x -> x.times(2).elu(), 3, 2);
        row("sin", Expr::sin, 3, 2);
        row("cos", Expr::cos, 3, 2);
        row("abs", x -> x.abs().times(x), 3, 2);
        row("sign", x -> x.sign().times(x.square()), 3, 2);
        row("floor", x -> Expr.of(Pointwise.FLOOR, x.times(3)).times(x.square()), 3, 2);
        row("round", x -> Expr.of(Pointwise.ROUND, x.times(3)).times(x.square()), 3, 2);
        row("add, broadcast", x -> x.plus(fixed(4, 1, 2)).square(), 3, 2);
        row("sub", x -> fixed(3, 2).minus(x).square(), 3, 2);
        row("mul of itself and a row", x -> x.times(x.slice(0, 1, 1)).times(x), 3, 2);
        row("div", x -> fixed(3, 2).over(positive(x)).over(x), 3, 2);
        row("pow by a number", x -> positive(x).pow(2.7), 3, 2);
        row("pow by an expression", x -> positive(x).pow(x), 3, 2);
        row("max", x -> x.square().max(x.exp().minus(0.9)), 3, 2);
        row("min", x -> x.square().min(x.exp().minus(0.9)), 3, 2);
        row("leaky relu", x -> x.max(x.times(0.2)).times(x), 3, 2);
        row("greater", x -> x.greater(0.1).times(x.exp()), 3, 2);
        row("equal", x -> x.equalTo(x).times(x.exp()), 3, 2);
        row("where", x -> x.greater(0).where(x.square(), x.exp()), 3, 2);
        row("held", x -> x.held().times(0).plus(x.square()), 3, 2);
        row("sum of rows", x -> x.square().sum(1), 3, 2);
        row("sum of columns, kept", x -> x.over(positive(x).sumKeep(0)), 3, 2);
        row("mean", x -> x.exp().mean().times(x), 3, 2);
        row("largest", x -> x.maxOver(1).square(), 3, 4);
        row("log-sum-exp", x -> x.times(3).logSumExp(-1), 3, 4);
        row("log-sum-exp of all", x -> x.times(3).logSumExp(), 3, 4);
        row("softmax", x -> x.times(2).softmax(1), 3, 4);
        row("norm", x -> x.square().sum(-1).sqrt(), 3, 4);
        row("broadcast", x -> x.broadcastTo(4, 3, 2).times(fixed(4, 3, 2)).square(), 3, 1);
        row("reshape", x -> x.square().reshape(2, -1).times(fixed(2, 3)), 3, 2);
        row("permute", x -> x.permute(2, 0, 1).square().times(fixed(4, 3, 2)), 3, 2, 4);
        row(
                "slice with steps",
                x -> x.slice(new int[] {2, 0}, new int[] {2, 2}, new int[] {-2, 3})
                        .exp(),
                3,
                4);
        row(
                "pad",
                x -> x.square()
                        .pad(new int[] {1, 0}, new int[] {7, 5}, new int[] {2, 2})
                        .times(fixed(7, 5)),
                3,
                2);
        row("concat", x -> Expr.concat(1, List.of(x, fixed(3, 3), x.square())).exp(), 3, 2);
        row("gather", x -> x.gather(0, 2, 0, 2).exp(), 3, 2);
        row("matmul", x -> x.matmul(fixed(2, 4)).square(), 3, 2);
        row("matmul, left transposed", x -> x.matmul(fixed(3, 4), true, false).square(), 3, 2);
        row("matmul, right transposed", x -> fixed(4, 2).matmul(x, false, true).square(), 3, 2);
        row("matmul, both transposed", x -> fixed(3, 4).matmul(x, true, true).square(), 2, 3);
        row("matmul with itself", x -> x.matmul(x, true, false).matmul(x, false, true), 3, 2);
        row("matmul of batches", x -> x.matmul(x.square(), false, true), 2, 3, 4);
        row("convolution", x -> Convolution.of(x, fixed(3, 3, 2, 3), 1, 1).square(), 2, 4, 5, 2);
        row(
                "convolution with stride",
                x -> Convolution.of(x, fixed(3, 3, 2, 3), 2, 1).square(),
                2,
                5,
                5,
                2);
        row(
                "convolution weights",
                w -> Convolution.of(fixed(2, 4, 4, 2), w, 1, 0).square(),
                3,
                3,
                2,
                3);
        row("convolution of itself", x -> Convolution.of(x, x.reshape(2, 2, 2, 1), 1, 0), 1, 2, 2, 2);
    }

    /** All rows. */
    public static List<Row> rows() {
        return List.copyOf(ROWS);
    }

    /** Numbers spread irregularly over about -1 to 1. */
    public static double[] numbers(int n) {
        return FiniteDifference.numbers(n, 0.5, 1.3);
    }

    /** Rounded to single precision. */
    public static float[] floats(double[] numbers) {
        float[] out = new float[numbers.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) numbers[i];
        }
        return out;
    }
}
