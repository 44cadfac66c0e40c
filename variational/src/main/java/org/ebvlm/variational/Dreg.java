package org.ebvlm.variational;

import java.util.List;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;

/**
 * The importance weighted bound by the doubly reparametrised gradient (Tucker et al., 2019, equation 8): that of the
 * posterior goes through the draws alone,
 *
 * <pre>
 * phi:    sum over k of  w_k^2  dl_k/dh_k  dh_k/dphi,     w = softmax(l), log q held in phi
 * theta:  sum over k of  w_k d/dtheta log p(v, h_k)
 * </pre>
 *
 * <p>Unbiased for real h, like {@link Iwae}, with less noise: none at all at the exact posterior. One draw makes it the "sticking
 * the landing" gradient of the evidence lower bound (Roeder, Wu and Duvenaud, 2017). With straight-through draws it is as biased
 * as they are. Cost: as Iwae, and one derivative of the energy by h.
 */
public final class Dreg implements MonteCarlo {
    private final int samples;

    private Dreg(int samples) {
        this.samples = samples;
    }

    /** K draws for each row, 1 or more. */
    public static Dreg samples(int number) {
        return new Dreg(Draws.samples("Dreg", number, 1));
    }

    @Override
    public String name() {
        return "DReG";
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public void check(Posterior q) {
        Iwae.requireSmoothDraws("Dreg", q);
        Vimco.requireExactDraws("Dreg", q);
    }

    @Override
    public Surrogate surrogate(EnergyModel model, Posterior q, Expr v) {
        Expr h = q.draws(v, samples).h();
        Expr at = h.held().point();
        Draws draws = Draws.at(model, q, v, at);
        Expr l = draws.logWeights();
        Expr w = Draws.shares(l).held();
        // The slope of sum of w^2 l by the draws; phi moves them and nothing else.
        Expr slope = Differentiation.gradient(w.square().times(l), at).held();
        Expr along = Stack.byDraw(slope.dot(h), v.shape(0)).sum(0);
        Expr joint = w.times(draws.logJoint()).sum(0);
        return new Surrogate(joint.neg(), along.neg(), Draws.logMean(l), List.of());
    }

    @Override
    public String toString() {
        return name() + ", " + samples + " samples";
    }
}
