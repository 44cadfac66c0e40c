package org.ebvlm.variational;

import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Phase;

/** How a posterior is brought near the model's own: {@link Elbo} or {@link PosteriorFisher}. */
public interface PosteriorFit {

    /**
     * The phase that takes the steps.
     *
     * @param model whose p(h | v) is approached; it stays as it is
     * @param posterior what is fitted
     * @param v points at which it is fitted, [n, visible]
     */
    Phase phase(EnergyModel model, Posterior posterior, Expr v);
}
