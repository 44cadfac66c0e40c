package org.ebvlm.scoring;

import java.util.List;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Latents;
import org.ebvlm.model.Parameters;
import org.ebvlm.training.Snapshot;
import org.ebvlm.variational.Posterior;

/**
 * Variational estimate of the score (Bao et al., 2021): since grad_v log p(v) = E_p(h|v)[ grad_v log p~(v, h) ],
 *
 * <pre>VaES(v) = 1/L sum over l of  -grad_v E(v, h_l),   h_l drawn from q(h | v)</pre>
 *
 * <p>Unbiased if q is the model's own posterior. Otherwise, with |grad_v log p~| at most C, the bias is at most
 * C sqrt(2 KL(q || p)). {@link #varianceReduced} uses grad_v log(p~ / q) with h held: the subtracted term has mean zero
 * under q (for relaxed draws up to an error that falls with the temperature), and near the true posterior the draws then agree.
 */
public final class Vaes implements ScoreEstimator {
    private final int particles;
    private final Posterior posterior;
    private final boolean reduced;

    Vaes(int particles, Posterior posterior, boolean reduced) {
        this.particles = particles;
        this.posterior = posterior;
        this.reduced = reduced;
    }

    /** The mean over this many draws of h for each row. */
    public static Builder particles(int number) {
        if (number < 1) {
            throw new SettingException(
                    Facts.that("Vaes.particles: too few").expected("1 or more").butWas(number));
        }
        return new Builder(number);
    }

    /** Waits for the posterior. */
    public static final class Builder {
        private final int particles;

        private Builder(int particles) {
            this.particles = particles;
        }

        /** Where the draws come from. */
        public Vaes posterior(Posterior q) {
            return new Vaes(particles, q, false);
        }
    }

    /** Subtracts grad_v log q(h | v), which has mean zero under q. */
    public Vaes varianceReduced() {
        return new Vaes(particles, posterior, true);
    }

    @Override
    public String name() {
        return "VaES with " + particles + " particles of " + posterior.name() + (reduced ? ", variance reduced" : "");
    }

    @Override
    public Expr score(EnergyModel model, Expr v) {
        requireFit(model, posterior);
        return mean(model, v, posterior.particles(v, particles));
    }

    /** 1/L sum over l of grad_v log p~(v, h_l). */
    Expr mean(EnergyModel model, Expr v, List<Expr> draws) {
        Expr at = v.point();
        Expr sum = null;
        for (Expr h : draws) {
            Expr each = model.logUnnormalised(at, h);
            each = reduced ? each.minus(posterior.logProb(at, h)) : each;
            sum = sum == null ? each : sum.plus(each);
        }
        return Differentiation.gradient(sum, at).over(draws.size());
    }

    static void requireFit(EnergyModel model, Posterior q) {
        if (model.latents() == Latents.NONE) {
            throw new SettingException(Facts.that("a variational estimate of the score of " + model.name())
                    .expected("a model with hidden variables")
                    .butWas(model)
                    .hint("its score is exact: take ExactScore.estimator()"));
        }
        if (q.visible() != model.visible() || q.hidden() != model.hidden()) {
            throw new SettingException(Facts.that("the posterior does not belong to " + model.name())
                    .expected("v " + model.visible() + ", h " + model.hidden())
                    .butWas("v " + q.visible() + ", h " + q.hidden() + "   (" + q + ")"));
        }
    }

    @Override
    public List<Parameters> parameters() {
        return List.of(posterior.parameters());
    }

    @Override
    public Vaes at(Snapshot snapshot) {
        return new Vaes(particles, snapshot.fitted(posterior), reduced);
    }

    @Override
    public String toString() {
        return name();
    }
}
