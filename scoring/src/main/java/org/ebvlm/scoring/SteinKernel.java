package org.ebvlm.scoring;

import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;

/**
 * The Stein kernel of scores s = s(x), s' = s(y) and a radial kernel f(r^2), r = ||x - y||, as expressions:
 *
 * <pre>u(x, y) = f s . s' - 2 f' ((s - s') . (x - y) + d) - 4 f'' r^2</pre>
 *
 * <p>Of all pairs of two sets of rows it is worked out from differences of coordinates where there are few of them, so that
 * nothing cancels where rows are close. Where there are more, it takes three matrix products, of which the Gaussian
 * kernel needs two:
 *
 * <pre>
 * x . y,   s . s',   z . z' = s . s' + a (s . y + x . s') + a^2 x . y,   z = s + a x,   a = 2 f'(0) / f(0)
 * </pre>
 *
 * <p>These lose digits to cancellation: in single precision r^2 has an error of about 1e-7 ||x||^2, so rows must be given
 * about their mean, and the bandwidth must not be tiny beside their spread.
 */
final class SteinKernel {
    /** Coordinates up to which differences are as quick as products. */
    private static final int FEW = 4;

    private SteinKernel() {}

    // ---------------------------------------------------------------- pairs of one set

    /** ||v_i - v_j||^2 of all pairs of rows, [n, n]. */
    static Expr squaredDistances(Expr v) {
        Expr x = centredColumns(v);
        return squaredDistances(x, x);
    }

    /** The mean of u over all pairs of different rows: the unbiased estimate of KSD^2. */
    static Expr uStatistic(Kernel kernel, Expr v, Expr s) {
        int n = v.shape(0);
        Expr x = centredColumns(v);
        Expr u = allPairs(kernel, x, s.transpose(), x, s.transpose());
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

    // ---------------------------------------------------------------- pairs of two sets

    /**
     * u of each row of one set with each row of another, [n, m].
     *
     * @param x rows of one set, as columns [d, n]
     * @param s their scores, [d, n]
     * @param y rows of the other set, [d, m]
     * @param t their scores, [d, m]
     */
    static Expr allPairs(Kernel kernel, Expr x, Expr s, Expr y, Expr t) {
        double a = 2 * rate(kernel);
        if (isFew(x) || a == 0 || !Double.isFinite(a)) {
            return byDifferences(kernel, x, s, y, t);
        }
        return isGaussian(kernel) ? byTwoProducts(kernel, a, x, s, y, t) : byThreeProducts(kernel, a, x, s, y, t);
    }

    /** The same from differences however many coordinates there are: slower, and nothing cancels. */
    static Expr byDifferences(Kernel kernel, Expr x, Expr s, Expr y, Expr t) {
        int d = x.shape(0);
        if (isFew(x)) {
            Expr drifts = sum(x, k -> difference(x, y, k).times(difference(s, t, k)));
            Expr products = sum(s, k -> column(s, k).times(row(t, k)));
            return combine(kernel, squaredDistances(x, y), products, drifts.plus(d));
        }
        Expr difference = differences(x, y);
        Expr drifts = difference.times(differences(s, t)).sum(0);
        return combine(kernel, difference.square().sum(0), products(s, t), drifts.plus(d));
    }

    /** x_i - y_j, [d, n, m]; never in memory. */
    private static Expr differences(Expr x, Expr y) {
        return x.reshape(x.shape(0), x.shape(1), 1).minus(y.reshape(y.shape(0), 1, y.shape(1)));
    }

    /** With f' = a/2 f:  u = f (z . z' + e + e' - a^2/2 r^2),  e = -a s . x - a^2/2 ||x||^2 - a d/2. */
    private static Expr byTwoProducts(Kernel kernel, double a, Expr x, Expr s, Expr y, Expr t) {
        Expr r2 = squaredDistances(x, y);
        Expr own = outerSum(ownShare(a, x, s), ownShare(a, y, t));
        return products(s.plus(x.times(a)), t.plus(y.times(a)))
                .plus(own)
                .minus(r2.times(a * a / 2))
                .times(kernel.value(r2));
    }

    private static Expr ownShare(double a, Expr x, Expr s) {
        Expr dots = s.times(x).sumKeep(0).times(-a);
        return dots.minus(norms(x).times(a * a / 2)).minus(a * x.shape(0) / 2);
    }

    /** (s - s') . (x - y) + d = e + e' - (z . z' - s . s' - a^2 x . y) / a,  e = s . x + d/2. */
    private static Expr byThreeProducts(Kernel kernel, double a, Expr x, Expr s, Expr y, Expr t) {
        Expr products = products(s, t);
        Expr cross = products(s.plus(x.times(a)), t.plus(y.times(a)))
                .minus(products)
                .times(1 / a)
                .minus(products(x, y).times(a));
        double half = x.shape(0) / 2.0;
        Expr own =
                outerSum(s.times(x).sumKeep(0).plus(half), t.times(y).sumKeep(0).plus(half));
        return combine(kernel, squaredDistances(x, y), products, own.minus(cross));
    }

    /** ||x_i - y_j||^2, [n, m], of columns [d, n] and [d, m]. */
    private static Expr squaredDistances(Expr x, Expr y) {
        if (isFew(x)) {
            return sum(x, k -> difference(x, y, k).square());
        }
        // ||x||^2 + ||y||^2 - 2 x . y
        return outerSum(norms(x), norms(y)).minus(products(x, y).times(2)).max(0);
    }

    private static Expr products(Expr x, Expr y) {
        return x.matmul(y, true, false);
    }

    private static Expr norms(Expr x) {
        return x.square().sumKeep(0);
    }

    /** a_i + b_j, [n, m], of [1, n] and [1, m]. */
    private static Expr outerSum(Expr a, Expr b) {
        return a.transpose().plus(b);
    }

    private static boolean isFew(Expr x) {
        return x.shape(0) <= FEW;
    }

    private static Expr sum(Expr x, IntFunction<Expr> term) {
        Expr sum = term.apply(0);
        for (int k = 1; k < x.shape(0); k++) {
            sum = sum.plus(term.apply(k));
        }
        return sum;
    }

    /** Coordinate k of x_i less that of y_j, [n, m]. */
    private static Expr difference(Expr x, Expr y, int k) {
        return column(x, k).minus(row(y, k));
    }

    private static Expr row(Expr x, int k) {
        return x.slice(0, k, 1);
    }

    private static Expr column(Expr x, int k) {
        return row(x, k).transpose();
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

    private static Expr combine(Kernel kernel, Expr r2, Expr products, Expr drift) {
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
    private static boolean isGaussian(Kernel kernel) {
        if (!(rate(kernel) < 0)) {
            return false;
        }
        Expr r2 = Expr.input("r2");
        return kernel.slope(r2).equals(kernel.value(r2).times(rate(kernel)));
    }
}
