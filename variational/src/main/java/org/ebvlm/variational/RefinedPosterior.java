package org.ebvlm.variational;

import java.util.List;
import java.util.Optional;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Latents;
import org.ebvlm.model.Parameters;
import org.ebvlm.training.Phase;

/**
 * Draws of another posterior, moved toward the model's own p(h | v) by {@link HiddenLangevin} before they are used (Bao et
 * al., 2021). The other posterior is fitted as it is, without the moves. Moved draws have no known density, so what needs
 * log q (the ELBO, variance reduction) refuses them.
 *
 * <pre>{@code
 * var q = Posteriors.refined(model, Posteriors.gaussian(model).fittedBy(PosteriorFisher.innerSteps(5)),
 *     HiddenLangevin.steps(5));
 * }</pre>
 */
public final class RefinedPosterior implements Posterior {
    private final EnergyModel model;
    private final Posterior start;
    private final HiddenLangevin moves;

    RefinedPosterior(EnergyModel model, Posterior start, HiddenLangevin moves) {
        if (model.latents() != Latents.CONTINUOUS) {
            throw new SettingException(Facts.that("Posteriors.refined: Langevin moves need real h")
                    .expected("a model with real h")
                    .butWas(model)
                    .hint("for binary h take the posterior as it is, or Posteriors.exact(model)"));
        }
        this.model = model;
        this.start = start;
        this.moves = moves;
    }

    /** The posterior that draws start from. */
    public Posterior start() {
        return start;
    }

    @Override
    public Expr sample(Expr v) {
        return moves.move(model, v, start.sample(v));
    }

    /** That of the posterior that draws start from: where moves lead on average is not known. */
    @Override
    public Expr mean(Expr v) {
        return start.mean(v);
    }

    @Override
    public Particle sampleAndLogProb(Expr v) {
        throw noDensity();
    }

    @Override
    public Expr logProb(Expr v, Expr h) {
        throw noDensity();
    }

    private static SettingException noDensity() {
        return new SettingException(Facts.that("RefinedPosterior: log q of moved draws is not known")
                .expected("an estimate that needs draws only, as Vaes and Vages do")
                .butWas("one that asks for log q")
                .hint("take start(), the posterior without the moves"));
    }

    @Override
    public List<Phase> innerPhases(EnergyModel fitted, Expr v, Expr weights) {
        return start.innerPhases(fitted, v, weights);
    }

    @Override
    public Optional<PosteriorFit> fit() {
        return start.fit();
    }

    @Override
    public RefinedPosterior fittedBy(PosteriorFit how) {
        return new RefinedPosterior(model, start.fittedBy(how), moves);
    }

    @Override
    public String name() {
        return start.name() + " moved by " + moves;
    }

    @Override
    public int visible() {
        return start.visible();
    }

    @Override
    public int hidden() {
        return start.hidden();
    }

    @Override
    public Parameters parameters() {
        return start.parameters();
    }

    @Override
    public RefinedPosterior with(Parameters values) {
        return new RefinedPosterior(model, start.with(values), moves);
    }

    @Override
    public String toString() {
        return start + ", moved by " + moves;
    }
}
