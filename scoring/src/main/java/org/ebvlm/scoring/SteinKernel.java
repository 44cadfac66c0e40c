package org.ebvlm.scoring;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;

/**
 * The Stein kernel of scores s = s(x), s' = s(y) and a radial kernel f(r^2), r = ||x - y||, as expressions:
 *
 * <pre>u(x, y) = f s . s' - 2 f' ((s - s') . (x - y) + d) - 4 f'' r^2</pre>
 *
 * <p>{@link SteinForm} says how it is worked out for all pairs of two sets of rows.
 */
final class SteinKernel {
    private SteinKernel() {}

    // ---------------------------------------------------------------- pairs of one set

    /** ||v_i - v_j||^2 of all pairs of rows, [n, n]. */
    static Expr squaredDistances(Expr v) {
        Expr x = centredColumns(v);
        return SteinForm.squaredDistances(x, x);
    }

    /** The mean of u over all pairs of different rows: the unbiased estimate of KSD^2. */
    static Expr uStatistic(Kernel kernel, Expr v, Expr s) {
        int n = v.shape(0);
        Expr x = centredColumns(v);
        Expr u = SteinForm.of(kernel, v.shape(1)).pairs(x, s.transpose(), x, s.transpose());
        return u.times(offDiagonal(n)).sum().times(1.0 / ((double) n * (n - 1)));
    }

    /** One off the diagonal, zero on it. */
    static Expr offDiagonal(int n) {
        double[] mask = new double[n * n];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i / n == i % n ? 0 : 1;
        }
        return Expr.constant(mask, n, n);
    }

    private static Expr centredColumns(Expr v) {
        return v.minus(v.mean(0)).transpose();
    }

    // ---------------------------------------------------------------- single pairs

    /** u of row i of one set with row i of another, [n, 1]. */
    static Expr rowByRow(Kernel kernel, Expr v, Expr s, Expr other, Expr otherScore) {
        Expr difference = v.minus(other);
        return combine(
                kernel,
                difference.square().sumKeep(1),
                s.times(otherScore).sumKeep(1),
                s.minus(otherScore).times(difference).sumKeep(1).plus(v.shape(1)));
    }

    /** u from r^2, s . s' and (s - s') . (x - y) + d. */
    static Expr combine(Kernel kernel, Expr r2, Expr products, Expr drift) {
        if (isGaussian(kernel)) {
            // f' = a/2 f:  u = f (s . s' - a (drift + a r^2))
            double a = 2 * rate(kernel);
            return products.minus(drift.plus(r2.times(a)).times(a)).times(kernel.value(r2));
        }
        return kernel.value(r2)
                .times(products)
                .minus(kernel.slope(r2).times(2).times(drift))
                .minus(kernel.bend(r2).times(4).times(r2));
    }

    // ---------------------------------------------------------------- kernels

    /** f'(0) / f(0): for the Gaussian kernel and others like it, -1 / (2 bandwidth^2). */
    static double rate(Kernel kernel) {
        return atZero(kernel::slope) / atZero(kernel::value);
    }

    /** What f or a derivative is at distance zero. */
    static double atZero(UnaryOperator<Expr> f) {
        return Interpreter.evaluate(f.apply(Expr.constant(0.0)), Map.of())[0];
    }

    /** Whether f' is a multiple of f. */
    static boolean isGaussian(Kernel kernel) {
        if (!(rate(kernel) < 0)) {
            return false;
        }
        Expr r2 = Expr.input("r2");
        return kernel.slope(r2).equals(kernel.value(r2).times(rate(kernel)));
    }
}
