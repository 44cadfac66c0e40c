package org.ebvlm.scoring;

import java.util.List;
import java.util.function.IntFunction;
import org.ebvlm.graph.Expr;

/**
 * How the {@linkplain SteinKernel Stein kernel} of all pairs of two sets of rows is put together: from shares, which each row
 * has by itself and which are worked out once a row, and from what only pairs have.
 *
 * <p>From differences of coordinates where there are few of them, so that nothing cancels where rows are close. Where
 * there are more, from matrix products, of which the Gaussian kernel needs two and others three:
 *
 * <pre>
 * x . y,   z . z' = s . s' + a (s . y + x . s') + a^2 x . y,   s . s',      z = s + a x,   a = 2 f'(0) / f(0)
 * </pre>
 *
 * <p>These lose digits to cancellation: in single precision r^2 has an error of about 1e-7 ||x||^2, so rows must be given
 * about their mean, and the bandwidth must not be tiny beside their spread.
 */
abstract class SteinForm {
    /** Coordinates up to which differences are as quick as products. */
    private static final int FEW = 4;

    final Kernel kernel;

    private SteinForm(Kernel kernel) {
        this.kernel = kernel;
    }

    /** The quickest one for rows of a width. */
    static SteinForm of(Kernel kernel, int width) {
        double a = 2 * SteinKernel.rate(kernel);
        if (width <= FEW || a == 0 || !Double.isFinite(a)) {
            return byDifferences(kernel);
        }
        return SteinKernel.isGaussian(kernel) ? new TwoProducts(kernel, a) : new ThreeProducts(kernel, a);
    }

    /** From differences however many coordinates there are: slower, and nothing cancels. */
    static SteinForm byDifferences(Kernel kernel) {
        return new Differences(kernel);
    }

    /**
     * What rows have by themselves, each of as many columns as there are rows.
     *
     * @param x rows as columns, [d, n]
     * @param s their scores, [d, n]
     */
    abstract List<Expr> shares(Expr x, Expr s);

    /** u of each row of one set with each row of another, [n, m], from the shares of both. */
    abstract Expr pairs(List<Expr> one, List<Expr> other);

    /** u of each row x with score s with each row y with score t; [n, m] of [d, n] and [d, m]. */
    final Expr pairs(Expr x, Expr s, Expr y, Expr t) {
        return pairs(shares(x, s), shares(y, t));
    }

    /** ||x_i - y_j||^2, [n, m], of rows as columns [d, n] and [d, m]. */
    static Expr squaredDistances(Expr x, Expr y) {
        return isFew(x)
                ? sum(x, k -> difference(x, y, k).square())
                : distancesFrom(products(x, y), halfNorms(x), halfNorms(y));
    }

    /** 2 max(||x||^2 / 2 + ||y||^2 / 2 - x . y, 0). */
    private static Expr distancesFrom(Expr products, Expr xHalf, Expr yHalf) {
        return outerSum(xHalf, yHalf).minus(products).max(0).times(2);
    }

    private static Expr halfNorms(Expr x) {
        return x.square().sumKeep(0).times(0.5);
    }

    private static Expr dots(Expr s, Expr x) {
        return s.times(x).sumKeep(0);
    }

    private static Expr products(Expr x, Expr y) {
        return x.matmul(y, true, false);
    }

    /** a_i + b_j, [n, m], of [1, n] and [1, m]. */
    private static Expr outerSum(Expr a, Expr b) {
        return a.transpose().plus(b);
    }

    // ---------------------------------------------------------------- differences

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

    /** x_i - y_j, [d, n, m]; never in memory. */
    private static Expr differences(Expr x, Expr y) {
        return x.reshape(x.shape(0), x.shape(1), 1).minus(y.reshape(y.shape(0), 1, y.shape(1)));
    }

    /** Of r = x - y by itself; a row's share is the row. */
    private static final class Differences extends SteinForm {
        Differences(Kernel kernel) {
            super(kernel);
        }

        @Override
        List<Expr> shares(Expr x, Expr s) {
            return List.of(x, s);
        }

        @Override
        Expr pairs(List<Expr> one, List<Expr> other) {
            Expr x = one.get(0);
            Expr s = one.get(1);
            Expr y = other.get(0);
            Expr t = other.get(1);
            int d = x.shape(0);
            if (isFew(x)) {
                Expr drifts = sum(x, k -> difference(x, y, k).times(difference(s, t, k)));
                Expr products = sum(s, k -> column(s, k).times(row(t, k)));
                return SteinKernel.combine(kernel, squaredDistances(x, y), products, drifts.plus(d));
            }
            Expr difference = differences(x, y);
            Expr drifts = difference.times(differences(s, t)).sum(0);
            return SteinKernel.combine(kernel, difference.square().sum(0), products(s, t), drifts.plus(d));
        }
    }

    // ---------------------------------------------------------------- products

    /** With f' = a/2 f:  u = f (z . z' + e + e' - a^2/2 r^2),  e = -a s . x - a^2/2 ||x||^2 - a d/2. */
    private static final class TwoProducts extends SteinForm {
        private final double a;

        TwoProducts(Kernel kernel, double a) {
            super(kernel);
            this.a = a;
        }

        @Override
        List<Expr> shares(Expr x, Expr s) {
            Expr half = halfNorms(x);
            Expr e = dots(s, x).times(-a).minus(half.times(a * a)).minus(a * x.shape(0) / 2);
            return List.of(x, s.plus(x.times(a)), half, e);
        }

        @Override
        Expr pairs(List<Expr> one, List<Expr> other) {
            Expr r2 = distancesFrom(products(one.get(0), other.get(0)), one.get(2), other.get(2));
            return products(one.get(1), other.get(1))
                    .plus(outerSum(one.get(3), other.get(3)))
                    .minus(r2.times(a * a / 2))
                    .times(kernel.value(r2));
        }
    }

    /** (s - s') . (x - y) + d = e + e' - (z . z' - s . s' - a^2 x . y) / a,  e = s . x + d/2. */
    private static final class ThreeProducts extends SteinForm {
        private final double a;

        ThreeProducts(Kernel kernel, double a) {
            super(kernel);
            this.a = a;
        }

        @Override
        List<Expr> shares(Expr x, Expr s) {
            Expr e = dots(s, x).plus(x.shape(0) / 2.0);
            return List.of(x, s, s.plus(x.times(a)), halfNorms(x), e);
        }

        @Override
        Expr pairs(List<Expr> one, List<Expr> other) {
            Expr positions = products(one.get(0), other.get(0));
            Expr scores = products(one.get(1), other.get(1));
            Expr cross = products(one.get(2), other.get(2))
                    .minus(scores)
                    .times(1 / a)
                    .minus(positions.times(a));
            Expr r2 = distancesFrom(positions, one.get(3), other.get(3));
            return SteinKernel.combine(
                    kernel, r2, scores, outerSum(one.get(4), other.get(4)).minus(cross));
        }
    }
}
