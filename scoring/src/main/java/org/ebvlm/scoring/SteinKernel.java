package org.ebvlm.scoring;

import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;

/**
 * The Stein kernel of a score and a radial kernel f(r^2), as expressions:
 *
 * <pre>u(x, y) = f s . s' - 2 f' (s - s') . (x - y) - 2 d f' - 4 f'' r^2</pre>
 */
final class SteinKernel {
    private SteinKernel() {}

    /** ||v_i - v_j||^2 for all pairs, [n, n]; from centred rows, so that little is lost to rounding. */
    static Expr squaredDistances(Expr v) {
        Expr centred = v.minus(v.mean(0));
        Expr square = centred.square().sumKeep(1);
        Expr cross = centred.matmul(centred, false, true);
        return square.plus(square.transpose()).minus(cross.times(2)).max(0);
    }

    /** One off the diagonal, zero on it. */
    static Expr offDiagonal(int n) {
        double[] mask = new double[n * n];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i / n == i % n ? 0 : 1;
        }
        return Expr.constant(mask, n, n);
    }

    /** The mean of u over all pairs of different rows: the unbiased estimate of KSD^2. */
    static Expr uStatistic(Kernel kernel, Expr v, Expr s) {
        int n = v.shape(0);
        Expr r2 = squaredDistances(v);
        Expr products = s.matmul(s, false, true);
        // (s_i - s_j) . (v_i - v_j) = s_i.v_i + s_j.v_j - s_i.v_j - s_j.v_i
        Expr own = s.times(v).sumKeep(1);
        Expr cross = s.matmul(v, false, true);
        Expr drift = own.plus(own.transpose()).minus(cross).minus(cross.transpose());
        Expr u = combine(kernel, r2, products, drift, v.shape(1));
        return u.times(offDiagonal(n)).sum().times(1.0 / ((double) n * (n - 1)));
    }

    /** u of row i of one set with row i of another, [n, 1]. */
    static Expr rowByRow(Kernel kernel, Expr v, Expr s, Expr other, Expr otherScore) {
        Expr difference = v.minus(other);
        return combine(
                kernel,
                difference.square().sumKeep(1),
                s.times(otherScore).sumKeep(1),
                s.minus(otherScore).times(difference).sumKeep(1),
                v.shape(1));
    }

    private static Expr combine(Kernel kernel, Expr squaredDistance, Expr products, Expr drift, int d) {
        Expr r2 = squaredDistance.point();
        Expr slope = kernel.slope(r2);
        Expr bend = Differentiation.jvp(slope, r2, r2.filled(1));
        return kernel.value(r2)
                .times(products)
                .minus(slope.times(2).times(drift.plus(d)))
                .minus(bend.times(4).times(r2));
    }
}
