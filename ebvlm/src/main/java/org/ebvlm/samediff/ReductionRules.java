package org.ebvlm.samediff;

import static org.ebvlm.samediff.ArithmeticRules.not;
import static org.ebvlm.samediff.ArithmeticRules.truth;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Shapes;
import org.nd4j.linalg.api.ops.impl.summarystats.Variance;

/** Sums, moments, extremes and norms over axes, which stay with size one on request; no axes means all. */
final class ReductionRules {
    private ReductionRules() {}

    static void addTo(Rows rows) {
        reduction(rows, "reduce_sum", Expr::sum);
        reduction(rows, "reduce_mean", Expr::mean);
        reduction(rows, "reduce_max", Expr::maxOver);
        reduction(rows, "reduce_min", ReductionRules::least);
        reduction(rows, "reduce_prod", ReductionRules::product);
        reduction(rows, "reduce_logsumexp", Expr::logSumExp);
        reduction(rows, "reduce_sqnorm", (x, axes) -> x.square().sum(axes));
        reduction(rows, "reduce_norm1", (x, axes) -> x.abs().sum(axes));
        reduction(rows, "reduce_norm2", ReductionRules::norm);
        reduction(rows, "reduce_normmax", (x, axes) -> x.abs().maxOver(axes));
        reduction(rows, "asum", (x, axes) -> x.abs().sum(axes));
        reduction(rows, "amean", (x, axes) -> x.abs().mean(axes));
        reduction(rows, "amax", (x, axes) -> x.abs().maxOver(axes));
        reduction(rows, "amin", (x, axes) -> least(x.abs(), axes));
        reduction(rows, "countNonZero", (x, axes) -> truth(x).sum(axes));
        reduction(rows, "countZero", (x, axes) -> not(truth(x)).sum(axes));
        reduction(rows, "zero_fraction", (x, axes) -> not(truth(x)).mean());
        reduction(rows, "all", (x, axes) -> least(truth(x), axes));
        reduction(rows, "any", (x, axes) -> truth(x).maxOver(axes));
        reduction(rows, "entropy", ReductionRules::entropy);
        reduction(rows, "logentropy", (x, axes) -> entropy(x, axes).log());
        reduction(rows, "shannonentropy", (x, axes) -> entropy(x, axes).over(Math.log(2)));
        reduction(rows, "argmax", ReductionRules::firstLargest);
        reduction(rows, "argmin", (x, axes) -> firstLargest(x.neg(), axes));
        rows.row("var", call -> keptOnRequest(call, variance(call)));
        rows.row("std", call -> keptOnRequest(call, variance(call).sqrt()));
        rows.many(
                "moments",
                call -> List.of(
                        keptOnRequest(call, call.in().mean(call.axes())),
                        keptOnRequest(call, variance(call.in(), call.axes(), false))));
        rows.row("standardize", call -> standardized(call.in(), call.axes()));

        reductionOfTwo(rows, "dot", (x, y, axes) -> x.times(y).sum(axes));
        reductionOfTwo(rows, "manhattan", (x, y, axes) -> x.minus(y).abs().sum(axes));
        reductionOfTwo(rows, "euclidean", (x, y, axes) -> norm(x.minus(y), axes));
        reductionOfTwo(rows, "cosinesimilarity", ReductionRules::cosine);
        reductionOfTwo(rows, "cosinedistance", (x, y, axes) -> not(cosine(x, y, axes)));
    }

    private static void reduction(Rows rows, String name, BiFunction<Expr, int[], Expr> rule) {
        rows.row(name, call -> keptOnRequest(call, rule.apply(call.in(), call.axes())));
    }

    private interface OfTwo {
        Expr of(Expr x, Expr y, int[] axes);
    }

    private static void reductionOfTwo(Rows rows, String name, OfTwo rule) {
        rows.row(name, call -> keptOnRequest(call, rule.of(call.in(0), call.in(1), call.axes())));
    }

    private static Expr keptOnRequest(Call call, Expr reduced) {
        return call.keepsAxes() ? kept(call.in(), reduced, call.axes()) : reduced;
    }

    /** What is left of x after a reduction, with the axes that went back in place with size one. */
    static Expr kept(Expr x, Expr reduced, int... axes) {
        int[] shape = x.shape().clone();
        if (axes.length == 0) {
            Arrays.fill(shape, 1);
        }
        for (int axis : axes) {
            shape[Shapes.axis(axis, x.rank())] = 1;
        }
        return reduced.reshape(shape);
    }

    private static Expr least(Expr x, int... axes) {
        return x.neg().maxOver(axes).neg();
    }

    private static Expr norm(Expr x, int... axes) {
        return x.square().sum(axes).sqrt();
    }

    /** -sum of x log x. */
    private static Expr entropy(Expr x, int... axes) {
        return x.times(x.log()).sum(axes).neg();
    }

    private static Expr cosine(Expr x, Expr y, int... axes) {
        return x.times(y).sum(axes).over(norm(x, axes).times(norm(y, axes)));
    }

    /** Halves are multiplied with each other until one slice is left. */
    private static Expr product(Expr x, int... axes) {
        Expr flat = grouped(x, axes);
        while (flat.shape(1) > 1) {
            int half = flat.shape(1) / 2;
            Expr both = flat.slice(1, 0, half).times(flat.slice(1, half, half));
            flat = flat.shape(1) % 2 == 0 ? both : Expr.concat(1, List.of(both, flat.slice(1, 2 * half, 1)));
        }
        return flat.reshape(x.sum(axes).shape());
    }

    /** As a matrix: one row for each result, one column for each element reduced. */
    private static Expr grouped(Expr x, int... axes) {
        int[] reduced = axes.length == 0 ? IntStream.range(0, x.rank()).toArray() : axes.clone();
        Arrays.setAll(reduced, i -> Shapes.axis(reduced[i], x.rank()));
        int[] left = ProductRules.rest(x, reduced);
        int results = Arrays.stream(left).map(x::shape).reduce(1, (a, b) -> a * b);
        return x.permute(Integers.joined(left, reduced)).reshape(results, x.size() / results);
    }

    /** The position of the largest element; of the first among equals. */
    private static Expr firstLargest(Expr x, int... axes) {
        Expr flat = grouped(x, axes);
        Expr hit = flat.equalTo(flat.maxOver(1).reshape(-1, 1));
        int n = flat.shape(1);
        Expr position = hit.where(Constants.range(1, 2, n), Expr.constant(n, 1, 1));
        return least(position, 1).reshape(x.sum(axes).shape());
    }

    private static Expr variance(Call call) {
        return variance(call.in(), call.axes(), ((Variance) call.op()).isBiasCorrected());
    }

    private static Expr variance(Expr x, int[] axes, boolean corrected) {
        Expr mean = kept(x, x.mean(axes), axes);
        Expr squares = x.minus(mean).square().sum(axes);
        int n = x.size() / squares.size();
        return squares.over(corrected ? n - 1 : n);
    }

    /** Less the mean, divided by the standard deviation. */
    static Expr standardized(Expr x, int... axes) {
        Expr centred = x.minus(kept(x, x.mean(axes), axes));
        return centred.over(kept(x, centred.square().mean(axes), axes).sqrt());
    }
}
