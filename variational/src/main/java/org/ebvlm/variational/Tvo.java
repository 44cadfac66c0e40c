package org.ebvlm.variational;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;

/**
 * The thermodynamic variational objective (Masrani, Le and Wood, 2019): log p(v) as an integral along the path from q to p,
 * bounded from below by its left Riemann sum, at 0 = b_0 &lt; b_1 &lt; ... &lt; b_P = 1,
 *
 * <pre>
 * sum over p of  (b_(p+1) - b_p)  E_p[ l ],     E_p over  q(h | v)^(1 - b_p) p(v, h)^b_p,  normalised
 * grad E_p[ l ] = E_p[ grad l ] + Cov_p( b_p grad log p(v, h) + (1 - b_p) grad log q(h | v),  l )
 * </pre>
 *
 * <p>All E_p are self-normalised means over the same K draws of q, with weights softmax(b_p l): biased by terms of order 1/K,
 * which more draws take away. No derivative passes through draws. One partition is the evidence lower bound; then the estimate is
 * (K - 1) / K of {@link LeaveOneOut}'s for the posterior. The b_p between are evenly spaced in logarithm.
 */
public final class Tvo implements MonteCarlo {
    private final int samples;
    private final int partitions;
    private final double first;

    private Tvo(int samples, int partitions, double first) {
        this.samples = samples;
        this.partitions = partitions;
        this.first = first;
    }

    /** K draws for each row, 2 or more; two partitions, divided at 0.1. */
    public static Tvo samples(int number) {
        return new Tvo(Draws.samples("Tvo", number, 2), 2, 0.1);
    }

    /**
     * Another division of the path.
     *
     * @param number P, 1 or more
     * @param firstBeta b_1, between 0 and 1; of no effect for one partition
     */
    public Tvo partitions(int number, double firstBeta) {
        if (number < 1 || !(firstBeta > 0 && firstBeta < 1)) {
            throw new SettingException(Facts.that("Tvo.partitions: not a division of the path")
                    .expected("1 or more, the first point between 0 and 1")
                    .butWas(number + ", " + firstBeta));
        }
        return new Tvo(samples, number, firstBeta);
    }

    @Override
    public String name() {
        return "TVO of " + partitions + " partitions";
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public void check(Posterior q) {
        Vimco.requireExactDraws("Tvo", q);
    }

    /** b_p: 0, then geometric from the first to 1. */
    double beta(int p) {
        if (p == 0 || p == partitions) {
            return p == 0 ? 0 : 1;
        }
        return Math.pow(first, 1 - (p - 1) / (partitions - 1.0));
    }

    @Override
    public Surrogate surrogate(EnergyModel model, Posterior q, Expr v) {
        Draws draws = Draws.held(model, q, v, samples);
        Expr l = draws.logWeights();
        Expr bound = Expr.constant(0, v.shape(0));
        Expr gain = bound;
        for (int p = 0; p < partitions; p++) {
            double beta = beta(p);
            double width = beta(p + 1) - beta;
            Expr w = Draws.shares(l.times(beta)).held();
            Expr mean = w.times(l).sumKeep(0);
            Expr path = draws.logJoint().times(beta).plus(draws.logPosterior().times(1 - beta));
            Expr covariance = w.times(l.minus(mean)).held().times(path);
            gain = gain.plus(w.times(l).plus(covariance).sum(0).times(width));
            bound = bound.plus(mean.reshape(v.shape(0)).times(width));
        }
        return Surrogate.of(gain.neg(), bound);
    }

    @Override
    public String toString() {
        return name() + ", " + samples + " samples";
    }
}
