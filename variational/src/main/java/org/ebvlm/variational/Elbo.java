package org.ebvlm.variational;

import java.util.Optional;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Updater;

/**
 * The Kullback-Leibler divergence of q(h | v) to p(h | v), up to the constant log p(v): minus the evidence lower bound,
 *
 * <pre>mean over rows of  E_q[ log q(h | v) + E(v, h) ],</pre>
 *
 * <p>estimated with one reparametrised draw a row. Needs draws that depend smoothly on the parameters: relaxed or real h.
 */
public final class Elbo implements PosteriorFit {
    private final int steps;
    private final Updater updater;

    private Elbo(int steps, Updater updater) {
        this.steps = steps;
        this.updater = updater;
    }

    /** This many steps of the posterior for each step of the model, each with fresh noise; published: 5. */
    public static Elbo innerSteps(int number) {
        return new Elbo(number, null);
    }

    /** Descends in another way than the model does. */
    public Elbo with(Updater how) {
        return new Elbo(steps, how);
    }

    @Override
    public String name() {
        return "negativeElbo";
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
        Particle draw = posterior.sampleAndLogProb(v);
        return draw.logProb().plus(model.energy(v, draw.h()));
    }

    @Override
    public String toString() {
        return "Elbo, " + steps + " inner steps";
    }
}
