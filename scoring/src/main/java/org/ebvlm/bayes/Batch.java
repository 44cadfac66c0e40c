package org.ebvlm.bayes;

import org.ebvlm.graph.Expr;

/** A batch of samples about its mean, and the squared distances in it in units of a length: what all entropy terms begin with. */
final class Batch {
    private static final double TINY = 1e-30;

    /** Rows about their mean, held, in units of the length. */
    final Expr x;
    /** [n, n], zero on the diagonal. */
    final Expr squaredDistances;
    /** The length. */
    final Expr length;

    private Batch(Expr x, Expr squaredDistances, Expr length) {
        this.x = x;
        this.squaredDistances = squaredDistances;
        this.length = length;
    }

    /**
     * Of samples [n, width].
     *
     * @param factor the length in root mean squared distances of different rows, if none is given
     * @param given a length; zero for none
     */
    static Batch of(Expr samples, double factor, double given) {
        Expr held = samples.held();
        Expr centred = held.minus(held.mean(0));
        Expr r2 = squaredDistances(centred);
        int n = samples.shape(0);
        Expr length = given > 0
                ? Expr.constant(given)
                : r2.sum()
                        .times(factor * factor / ((double) n * (n - 1)))
                        .max(TINY)
                        .sqrt();
        return new Batch(centred.over(length), r2.over(length.square()), length);
    }

    /** ||x||^2 + ||y||^2 - 2 x . y off the diagonal, zero on it. */
    private static Expr squaredDistances(Expr x) {
        Expr norms = x.square().sumKeep(1);
        Expr r2 = norms.plus(norms.transpose())
                .minus(x.matmul(x, false, true).times(2))
                .max(0);
        return r2.times(offDiagonal(x.shape(0)));
    }

    private static Expr offDiagonal(int n) {
        double[] mask = new double[n * n];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i / n == i % n ? 0 : 1;
        }
        return Expr.constant(mask, n, n);
    }
}
