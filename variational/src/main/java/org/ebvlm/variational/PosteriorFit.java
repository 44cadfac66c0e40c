package org.ebvlm.variational;

import java.util.List;
import java.util.Optional;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Updater;

/** How a posterior is brought near the model's own: {@link Elbo}, {@link PosteriorFisher}, or a {@link MonteCarlo} objective. */
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

    /**
     * All phases of a step, for a fit that has others beside {@link #phase}: of a baseline that it learns, for example.
     *
     * @param weights of the rows of v, [n]
     */
    default List<Phase> phases(EnergyModel model, Posterior posterior, Expr v, Expr weights) {
        return List.of(phase(model, posterior, v, weights));
    }

    /**
     * Refuses a posterior that cannot be fitted in this way.
     *
     * @throws SettingException if its draws carry no derivative, unless the fit does without
     */
    default void check(Posterior posterior) {
        if (!posterior.hasSmoothDraws()) {
            throw new SettingException(Facts.that(name() + ": draws of the posterior carry no derivative")
                    .expected("relaxed or real h")
                    .butWas(posterior)
                    .hint("fit hard draws by Vimco.samples(5).innerSteps(5)"));
        }
    }

    /** The same with equal weights. */
    default Phase phase(EnergyModel model, Posterior posterior, Expr v) {
        return phase(model, posterior, v, Expr.constant(1, v.shape(0)));
    }
}
