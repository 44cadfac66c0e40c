package org.ebvlm.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/**
 * Operations that work element by element on inputs of one common shape. Each row is the whole definition: number of
 * inputs, value, and partial derivatives; both derivative modes follow from those.
 *
 * <p>Comparisons give 0 or 1. At kinks the derivative is that of the left limit ({@code MAX}, {@code STEP}), and zero at
 * the kink of {@code ABS}.
 */
public enum Pointwise implements Op {
    // one input
    NEG(1, x -> -x[0], (x, y) -> partials(y.filled(-1))),
    EXP(1, x -> Math.exp(x[0]), (x, y) -> partials(y)),
    EXPM1(1, x -> Math.expm1(x[0]), (x, y) -> partials(y.plus(1))),
    LOG(1, x -> Math.log(x[0]), (x, y) -> partials(x[0].reciprocal())),
    LOG1P(1, x -> Math.log1p(x[0]), (x, y) -> partials(x[0].plus(1).reciprocal())),
    SQRT(1, x -> Math.sqrt(x[0]), (x, y) -> partials(y.reciprocal().times(0.5))),
    SQUARE(1, x -> x[0] * x[0], (x, y) -> partials(x[0].times(2))),
    RECIPROCAL(1, x -> 1 / x[0], (x, y) -> partials(y.square().neg())),
    SIGMOID(
            1,
            x -> 1 / (1 + Math.exp(-x[0])),
            (x, y) -> partials(y.times(y.neg().plus(1)))),
    SOFTPLUS(1, x -> Math.max(x[0], 0) + Math.log1p(Math.exp(-Math.abs(x[0]))), (x, y) -> partials(x[0].sigmoid())),
    TANH(1, x -> Math.tanh(x[0]), (x, y) -> partials(y.square().neg().plus(1))),
    /** x where x > 0, exp(x) - 1 elsewhere. */
    ELU(
            1,
            x -> x[0] > 0 ? x[0] : Math.expm1(x[0]),
            (x, y) -> partials(x[0].greater(0).where(y.filled(1), y.plus(1)))),
    SIN(1, x -> Math.sin(x[0]), (x, y) -> partials(x[0].cos())),
    COS(1, x -> Math.cos(x[0]), (x, y) -> partials(x[0].sin().neg())),
    ABS(1, x -> Math.abs(x[0]), (x, y) -> partials(x[0].sign())),
    SIGN(1, x -> Math.signum(x[0]), (x, y) -> partials((Expr) null)),
    FLOOR(1, x -> Math.floor(x[0]), (x, y) -> partials((Expr) null)),
    ROUND(1, x -> Math.rint(x[0]), (x, y) -> partials((Expr) null)),

    // two inputs
    ADD(2, x -> x[0] + x[1], (x, y) -> partials(y.filled(1), y.filled(1))),
    SUB(2, x -> x[0] - x[1], (x, y) -> partials(y.filled(1), y.filled(-1))),
    MUL(2, x -> x[0] * x[1], (x, y) -> partials(x[1], x[0])),
    DIV(2, x -> x[0] / x[1], (x, y) -> partials(x[1].reciprocal(), y.over(x[1]).neg())),
    /** x to the power p. */
    POW(2, x -> Math.pow(x[0], x[1]), (x, y) -> partials(x[1].times(x[0].pow(x[1].minus(1))), y.times(x[0].log()))),
    MAX(
            2,
            x -> Math.max(x[0], x[1]),
            (x, y) -> partials(x[0].greater(x[1]), x[0].greater(x[1]).neg().plus(1))),
    MIN(
            2,
            x -> Math.min(x[0], x[1]),
            (x, y) -> partials(x[0].greater(x[1]).neg().plus(1), x[0].greater(x[1]))),
    /** 1 where the first is greater, else 0. */
    GREATER(2, x -> x[0] > x[1] ? 1 : 0, (x, y) -> partials(null, null)),
    /** 1 where both are equal, else 0. */
    EQUAL(2, x -> x[0] == x[1] ? 1 : 0, (x, y) -> partials(null, null)),

    // three inputs
    /** The second where the first is not zero, else the third. */
    WHERE(
            3,
            x -> x[0] != 0 ? x[1] : x[2],
            (x, y) -> partials(null, x[0].where(y.filled(1), y.filled(0)), x[0].where(y.filled(0), y.filled(1))));

    /** A value from the inputs' values. */
    interface Value {
        double at(double[] inputs);
    }

    /** The partial derivative for each input, from the inputs and the result; null for zero. */
    interface Partials {
        List<Expr> at(Expr[] inputs, Expr result);
    }

    private final int arity;
    private final Value value;
    private final Partials partials;

    Pointwise(int arity, Value value, Partials partials) {
        this.arity = arity;
        this.value = value;
        this.partials = partials;
    }

    private static List<Expr> partials(Expr... each) {
        return Arrays.asList(each);
    }

    /** Number of inputs. */
    public int arity() {
        return arity;
    }

    /** The value for one element. */
    public double at(double... inputs) {
        return value.at(inputs);
    }

    @Override
    public int[] shape(List<Expr> inputs) {
        int[] shape = inputs.get(0).shape();
        for (Expr input : inputs) {
            if (!Arrays.equals(shape, input.shape())) {
                throw new ShapeException(Facts.that(this + ": inputs differ in shape")
                        .expected(Shapes.text(shape))
                        .butWas(Shapes.text(input.shape())));
            }
        }
        return shape;
    }

    @Override
    public List<Expr> cotangents(Expr node, Expr cotangent) {
        List<Expr> flows = new ArrayList<>();
        for (Expr partial : partials.at(node.inputs().toArray(Expr[]::new), node)) {
            flows.add(partial == null ? null : cotangent.times(partial));
        }
        return flows;
    }

    @Override
    public Expr tangent(Expr node, List<Expr> tangents) {
        List<Expr> partial = partials.at(node.inputs().toArray(Expr[]::new), node);
        Expr sum = null;
        for (int i = 0; i < arity; i++) {
            if (partial.get(i) != null && tangents.get(i) != null) {
                Expr term = tangents.get(i).times(partial.get(i));
                sum = sum == null ? term : sum.plus(term);
            }
        }
        return sum;
    }

    @Override
    public void evaluate(Expr node, List<double[]> inputs, double[] out) {
        double[] x = new double[arity];
        for (int i = 0; i < out.length; i++) {
            for (int a = 0; a < arity; a++) {
                x[a] = inputs.get(a)[i];
            }
            out[i] = value.at(x);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
