package org.ebvlm.variational;

import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;

/**
 * The evidence lower bound by a score function with the other draws as baseline (Kool, van Hoof and Welling, 2019; for this bound
 * Richter et al., 2020),
 *
 * <pre>
 * bound  1/K sum over k of l_k
 * phi:   1/K sum over j of  (l_j - the mean of the other l_i) grad log q(h_j | v)
 * theta: 1/K sum over k of  grad log p(v, h_k)
 * </pre>
 *
 * <p>Unbiased, for draws through which no derivative passes; K must be 2 or more. More draws lower the noise and leave the bound
 * where it is: {@link Vimco} tightens it.
 */
public final class LeaveOneOut implements MonteCarlo {
    private final int samples;

    private LeaveOneOut(int samples) {
        this.samples = samples;
    }

    /** K draws for each row, 2 or more. */
    public static LeaveOneOut samples(int number) {
        return new LeaveOneOut(Draws.samples("LeaveOneOut", number, 2));
    }

    @Override
    public String name() {
        return "leave-one-out ELBO";
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public void check(Posterior q) {
        Vimco.requireExactDraws("LeaveOneOut", q);
    }

    @Override
    public Surrogate surrogate(EnergyModel model, Posterior q, Expr v) {
        Draws draws = Draws.scored(model, q, v, samples);
        Expr l = draws.logWeights();
        Expr signal = l.minus(Draws.meanOfOthers(l)).held();
        // Of held draws log q has no expected gradient; along reparametrised units it has one.
        Expr smooth = q.hasPartlySmoothDraws() ? l : draws.logJoint();
        Expr gain = smooth.plus(signal.times(draws.logChoice())).mean(0);
        return Surrogate.of(gain.neg(), l.mean(0));
    }

    @Override
    public String toString() {
        return name() + ", " + samples + " samples";
    }
}
