package org.ebvlm.scoring;

import java.util.List;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Structure;
import org.ebvlm.graph.Substitution;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Snapshot;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.Unrolling;

/**
 * The bi-level estimate of the score and of its parameter gradient (Bao et al., 2020): since log p~(v) = log p~(v, h) - log
 * p(h | v) for every h,
 *
 * <pre>
 * s(v) = grad_v [ log p~(v, h) - log q(h | v) ],   h drawn from q(h | v) and not differentiated by v
 * z . ds/dtheta,                                    q at phi_N(theta), N unrolled steps of its fit: the total derivative
 * </pre>
 *
 * <p>With it an objective becomes bi-level: {@code Dsm.noiseStd(0.3).using(Bism.posterior(q).unrolled(5, 0.1))} is BiDSM,
 * {@link Mdsm} so used BiMDSM, and {@link BiSsm} takes it too. The outer loss is minimised in theta; the posterior is fitted
 * by its own inner steps before, and the unrolled steps, which start where those ended, move it only on paper: the next step
 * starts from what the inner steps left.
 *
 * <p>Exact, for each draw, if q is the model's own posterior at all v and follows the model. With N = 0 the posterior is taken
 * as fixed, and the gradient lacks its dependence on theta even where q is exact; the bias falls with N, the faster the
 * better conditioned the fit (theorem 2 of the paper). Score and gradient share a draw, as published: the loss is a mean of
 * squares, which adds half the variance of s over h, and which the fit of q makes small.
 *
 * <p>Cost: third derivatives where the fit is a {@link org.ebvlm.variational.PosteriorFisher}, and N inner steps differentiated twice: {@link
 * Vages} needs neither, and log q need not be known there. Not for posteriors without a density.
 */
public final class Bism implements Estimator {
    private final Posterior posterior;
    private final Unrolling unrolling;

    private Bism(Posterior posterior, Unrolling unrolling) {
        this.posterior = posterior;
        this.unrolling = unrolling;
    }

    /** With draws and log q of this posterior; no unrolled steps. */
    public static Bism posterior(Posterior q) {
        return new Bism(q, Unrolling.steps(0, 1));
    }

    /**
     * Differentiates through steps of the posterior's fit.
     *
     * @param steps N; published: 0 or 5
     * @param rate of plain gradient descent in them; a rate at which the fit would be stable
     */
    public Bism unrolled(int steps, double rate) {
        Unrolling next = Unrolling.steps(steps, rate);
        next.requireFit(posterior);
        return new Bism(posterior, next);
    }

    @Override
    public String name() {
        return "BiSM by " + posterior.name() + ", " + unrolling;
    }

    @Override
    public Estimate at(EnergyModel model, Expr v) {
        return at(model, v, Expr.constant(1, v.shape(0)));
    }

    @Override
    public Estimate at(EnergyModel model, Expr points, Expr weights) {
        Ratio ratio = ratio(model, points, weights);
        return new Estimate() {
            @Override
            public Expr score() {
                return Differentiation.gradient(ratio.log(), ratio.v());
            }

            /** z . s from the draw of the score: the published loss is the square of one draw. */
            @Override
            public Expr along(Expr z) {
                return Differentiation.jvp(ratio.log(), ratio.v(), z.held());
            }

            @Override
            public Expr surrogate(Expr z) {
                return along(z);
            }
        };
    }

    /**
     * The ratio that stands for the marginal.
     *
     * @param log log p~(v, h) - log q(h | v), [n]: a function of v with h fixed
     * @param v the points at which it can be differentiated
     */
    record Ratio(Expr log, Expr v) {}

    /** log p~(v, h) - log q(h | v) with q after the unrolled steps. */
    Ratio ratio(EnergyModel model, Expr points, Expr weights) {
        Vaes.requireFit(model, posterior);
        // A point of its own, so that derivatives by it do not see that h was drawn at v.
        Expr v = Expr.of(new Structure.Point(), points);
        Expr h = posterior.sample(points);
        Substitution after = unrolling.of(model, posterior, points, weights);
        Expr log = model.logUnnormalised(v, h).minus(posterior.logProb(v, h));
        return new Ratio(after.in(log), v);
    }

    @Override
    public List<Phase> innerPhases(EnergyModel model, Expr v, Expr weights) {
        return posterior.innerPhases(model, v, weights);
    }

    @Override
    public List<Parameters> parameters() {
        return List.of(posterior.parameters());
    }

    @Override
    public Bism at(Snapshot snapshot) {
        return new Bism(snapshot.fitted(posterior), unrolling);
    }

    @Override
    public String toString() {
        return name();
    }
}
