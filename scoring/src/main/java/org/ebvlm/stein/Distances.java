package org.ebvlm.stein;

import org.ebvlm.graph.Expr;

/** Squared distances of all rows of one set to all of another. */
final class Distances {
    /** Columns up to which differences are as quick as products. */
    private static final int FEW = 8;

    private Distances() {}

    /** ||x_i - y_j||^2, [m, n]; zero on the diagonal where both sets are one. */
    static Expr squares(Expr x, Expr y) {
        return x.shape(1) <= FEW ? byDifferences(x, y) : byProducts(x, y);
    }

    private static Expr byDifferences(Expr x, Expr y) {
        Expr sum = null;
        for (int k = 0; k < x.shape(1); k++) {
            Expr square = x.slice(1, k, 1).minus(y.slice(1, k, 1).transpose()).square();
            sum = sum == null ? square : sum.plus(square);
        }
        return sum;
    }

    /** ||x||^2 + ||y||^2 - 2 x . y; its error is about 1e-7 ||x||^2, so rows are best given about their mean. */
    private static Expr byProducts(Expr x, Expr y) {
        Expr r2 = norms(x).plus(norms(y).transpose())
                .minus(x.matmul(y, false, true).times(2))
                .max(0);
        return x.equals(y) ? r2.times(offDiagonal(x.shape(0))) : r2;
    }

    private static Expr norms(Expr x) {
        return x.square().sumKeep(1);
    }

    private static Expr offDiagonal(int n) {
        double[] mask = new double[n * n];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i / n == i % n ? 0 : 1;
        }
        return Expr.constant(mask, n, n);
    }
}
