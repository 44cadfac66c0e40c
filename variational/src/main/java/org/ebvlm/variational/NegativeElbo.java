package org.ebvlm.variational;

import java.util.List;
import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Updater;

/**
 * Minus the evidence lower bound, over a normalised model and its posterior together (Kingma and Welling, 2014):
 *
 * <pre>J = mean over rows of  E_q[ log q(h | v) - log p(v, h) ]  &gt;=  mean over rows of  -log p(v),</pre>
 *
 * <p>estimated with one reparametrised draw a row. A step has two phases that follow the gradient of the same loss, each
 * with noise of its own: first the posterior's, then the model's. For a {@code Vae}; a model whose log Z depends on its
 * parameters is refused, since minus its energy is no log-density: fit its posterior by {@link Elbo} and the model by
 * scores.
 */
public final class NegativeElbo implements Objective {
    private final Posterior posterior;
    private final Updater updater;

    private NegativeElbo(Posterior posterior, Updater updater) {
        this.posterior = posterior;
        this.updater = updater;
    }

    /** With this posterior, which it fits itself; draws must be reparametrised: relaxed or real h. */
    public static NegativeElbo posterior(Posterior q) {
        if (q.fit().isPresent() || q instanceof ExactPosterior) {
            throw new SettingException(Facts.that("NegativeElbo.posterior: this objective fits the posterior itself")
                    .expected("a posterior with parameters of its own and no fit")
                    .butWas(q)
                    .hint("leave fittedBy(...) out"));
        }
        if (q instanceof LayeredPosterior) {
            Iwae.requireSmoothDraws("NegativeElbo", q);
        }
        return new NegativeElbo(q, null);
    }

    /** The posterior descends in another way than the model does. */
    public NegativeElbo with(Updater how) {
        return new NegativeElbo(posterior, how);
    }

    @Override
    public String name() {
        return "negative ELBO, " + posterior.name() + " posterior";
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        requireNormalised("NegativeElbo", model, posterior);
        Particle draw = posterior.sampleAndLogProb(batch);
        Expr loss = draw.logProb().plus(model.energy(batch, draw.h())).mean();
        return List.of(
                new Phase("posterior", 1, posterior, loss, loss, Optional.ofNullable(updater)),
                Phase.of("objective", model, loss, loss));
    }

    /** Refuses models with a log Z, and posteriors of other models. */
    static void requireNormalised(String doing, EnergyModel model, Posterior q) {
        if (!model.isNormalised()) {
            throw new SettingException(Facts.that(doing + ": log Z of the model is not zero")
                    .expected("a normalised model: a Vae")
                    .butWas(model)
                    .hint("fit it by Dsm or Ksd, and its posterior by Elbo"));
        }
        if (q.visible() != model.visible() || q.hidden() != model.hidden()) {
            throw new SettingException(Facts.that(doing + ": the posterior does not belong to " + model.name())
                    .expected("v " + model.visible() + ", h " + model.hidden())
                    .butWas("v " + q.visible() + ", h " + q.hidden() + "   (" + q + ")"));
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
