package org.ebvlm.variational;

import java.util.Optional;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Updater;

/**
 * The Fisher divergence of q(h | v) to p(h | v),
 *
 * <pre>mean over rows of  E_q[ 1/2 || grad_h log q(h | v) + grad_h E(v, h) ||^2 ],</pre>
 *
 * <p>estimated with one reparametrised draw a row; the constant of p(h | v) drops out. For real h (Bao et al., 2020).
 */
public final class PosteriorFisher implements PosteriorFit {
    private final int steps;
    private final Updater updater;

    private PosteriorFisher(int steps, Updater updater) {
        this.steps = steps;
        this.updater = updater;
    }

    /** This many steps of the posterior for each step of the model, each with fresh noise; published: 5. */
    public static PosteriorFisher innerSteps(int number) {
        return new PosteriorFisher(number, null);
    }

    /** Descends in another way than the model does. */
    public PosteriorFisher with(Updater how) {
        return new PosteriorFisher(steps, how);
    }

    @Override
    public String name() {
        return "posteriorFisher";
    }

    @Override
    public int innerSteps() {
        return steps;
    }

    @Override
    public Optional<Updater> updater() {
        return Optional.ofNullable(updater);
    }

    @Override
    public Expr loss(EnergyModel model, Posterior posterior, Expr v) {
        Expr h = posterior.sample(v).point();
        Expr logRatio = posterior.logProb(v, h).plus(model.energy(v, h));
        Expr gap = Differentiation.gradient(logRatio, h);
        return gap.square().sum(1).times(0.5);
    }

    @Override
    public String toString() {
        return "PosteriorFisher, " + steps + " inner steps";
    }
}
