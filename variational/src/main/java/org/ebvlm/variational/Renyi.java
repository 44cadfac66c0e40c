package org.ebvlm.variational;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;

/**
 * The variational Renyi bound of order a (Li and Turner, 2016, equation 14),
 *
 * <pre>L_a = 1 / (1 - a)  log 1/K sum over k of exp((1 - a) l_k)</pre>
 *
 * <p>a = 0 is the importance weighted bound, a near 1 the evidence lower bound; a &gt; 1 fits posteriors narrower still, a &lt; 0
 * makes an upper bound as K grows, though not at any K. By its plain gradient through reparametrised draws, or, for hard draws,
 * by a score function with the arithmetic baseline of {@link Vimco}; both are unbiased for L_a at this K.
 */
public final class Renyi implements MonteCarlo {
    private final double order;
    private final int samples;

    private Renyi(double order, int samples) {
        this.order = order;
        this.samples = samples;
    }

    /** Starts a bound of this order, which must not be 1. */
    public static Builder order(double a) {
        if (!Double.isFinite(a) || a == 1) {
            throw new SettingException(Facts.that("Renyi.order: not possible")
                    .expected("a finite number other than 1")
                    .butWas(a)
                    .hint("order 1 is the evidence lower bound: LeaveOneOut, or Iwae.samples(1)"));
        }
        return new Builder(a);
    }

    /** Waits for the number of draws. */
    public static final class Builder {
        private final double order;

        private Builder(double order) {
            this.order = order;
        }

        /** K draws for each row: 1 or more, 2 or more for hard draws. */
        public Renyi samples(int number) {
            return new Renyi(order, Draws.samples("Renyi", number, 1));
        }
    }

    @Override
    public String name() {
        return "Renyi " + order;
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public void check(Posterior q) {
        if (!q.hasSmoothDraws()) {
            Draws.samples("Renyi with hard draws", samples, 2);
        }
    }

    @Override
    public Surrogate surrogate(EnergyModel model, Posterior q, Expr v) {
        return q.hasSmoothDraws() ? smooth(model, q, v) : hard(model, q, v);
    }

    private Surrogate smooth(EnergyModel model, Posterior q, Expr v) {
        Expr bound = bound(Draws.smooth(model, q, v, samples).logWeights());
        return Surrogate.of(bound.neg(), bound);
    }

    private Surrogate hard(EnergyModel model, Posterior q, Expr v) {
        Draws draws = Draws.scored(model, q, v, samples);
        Expr l = draws.logWeights();
        Expr bound = bound(l);
        Expr without = Draws.logSumOfOthers(l.times(1 - order))
                .minus(Math.log(samples - 1.0))
                .over(1 - order);
        Expr signal = bound.minus(without).held();
        return Surrogate.of(bound.plus(signal.times(draws.logChoice()).sum(0)).neg(), bound);
    }

    private Expr bound(Expr l) {
        return Draws.logMean(l.times(1 - order)).over(1 - order);
    }

    @Override
    public String toString() {
        return name() + ", " + samples + " samples";
    }
}
