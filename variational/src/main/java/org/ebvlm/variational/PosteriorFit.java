package org.ebvlm.variational;

import java.util.Optional;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Updater;

/** How a posterior is brought near the model's own: {@link Elbo} or {@link PosteriorFisher}. */
public interface PosteriorFit {

    /** What the history calls its value. */
    String name();

    /** Steps of the posterior for each step of the model. */
    int innerSteps();

    /** How the posterior descends, where it differs from the model. */
    Optional<Updater> updater();

    /**
     * An unbiased estimate of a divergence of q(h | v) to p(h | v), up to what q cannot change.
     *
     * @param model whose p(h | v) is approached
     * @param posterior what is fitted
     * @param v points at which it is fitted, [n, visible]
     * @return [n]
     */
    Expr loss(EnergyModel model, Posterior posterior, Expr v);

    /**
     * The phase that takes the steps; the model stays as it is.
     *
     * @param weights of the rows of v, [n]
     */
    default Phase phase(EnergyModel model, Posterior posterior, Expr v, Expr weights) {
        Expr loss = loss(model, posterior, v).times(weights).mean();
        return new Phase(name(), innerSteps(), posterior, loss, loss, updater());
    }

    /** The same with equal weights. */
    default Phase phase(EnergyModel model, Posterior posterior, Expr v) {
        return phase(model, posterior, v, Expr.constant(1, v.shape(0)));
    }
}
