package org.ebvlm.cli;

import java.util.Optional;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.ConvEnergy;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.Latents;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.scoring.Dsm;
import org.ebvlm.scoring.Estimator;
import org.ebvlm.scoring.ExactScore;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.Ksd;
import org.ebvlm.scoring.Mdsm;
import org.ebvlm.scoring.NoiseGrid;
import org.ebvlm.scoring.ScoreEstimator;
import org.ebvlm.scoring.Vaes;
import org.ebvlm.scoring.Vages;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.HiddenLangevin;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.PosteriorFisher;
import org.ebvlm.variational.Posteriors;

/** A recipe with its data, ready to be fitted: the model, its posterior, and the training sentence. */
final class Job {
    private static final int SCORE_PARTICLES = 5;
    /** The largest noise of mdsm over the smallest; published for grey images. */
    private static final double NOISE_RANGE = 30;

    private final Recipe recipe;
    private final Source source;
    private final EnergyModel model;
    private final Posterior posterior;
    private final Noise noise;

    Job(Recipe recipe, Source source) {
        this.recipe = recipe;
        this.source = source;
        this.noise = Noise.seed(recipe.seed());
        this.model = made();
        this.posterior = posterior(model);
    }

    private EnergyModel made() {
        int visible = source.train().width();
        return switch (recipe.model()) {
            case "grbm" -> Grbm.visible(visible).hidden(recipe.hidden()).init(noise.split("model"));
            case "mlp" ->
                MlpEnergy.visible(visible)
                        .hidden(recipe.hidden())
                        .width(recipe.width())
                        .init(noise.split("model"));
            case "conv" ->
                ConvEnergy.images(grid())
                        .channels(recipe.width())
                        .hidden(recipe.hidden())
                        .init(noise.split("model"));
            default -> throw unknown("--model", "grbm, mlp or conv", recipe.model());
        };
    }

    private Grid grid() {
        return source.train()
                .grid()
                .orElseThrow(() -> new SettingException(Facts.that("--model conv: the rows are not images")
                        .expected("data that know their images, an IDX file for example")
                        .butWas(source.train())
                        .hint("use --model mlp")));
    }

    private Posterior posterior(EnergyModel of) {
        if (recipe.model().equals("conv")) {
            return Posteriors.gaussian(of, Network.convolutions(grid(), 64, 128, 256), noise.split("posterior"))
                    .fittedBy(PosteriorFisher.innerSteps(recipe.inner()));
        }
        return of.latents() == Latents.BINARY
                ? Posteriors.bernoulli(of).fittedBy(Elbo.innerSteps(recipe.inner()))
                : Posteriors.gaussian(of).fittedBy(PosteriorFisher.innerSteps(recipe.inner()));
    }

    private Estimator estimator() {
        return switch (recipe.estimator()) {
            case "vages" -> Vages.particles(recipe.particles()).posterior(drawnFrom());
            case "exact" -> ExactScore.estimator();
            default -> throw unknown("--estimator", "vages or exact", recipe.estimator());
        };
    }

    /** The published images have draws of h refined by five Langevin steps. */
    private Posterior drawnFrom() {
        return recipe.model().equals("conv")
                ? Posteriors.refined(model, posterior, HiddenLangevin.steps(5))
                : posterior;
    }

    EnergyModel model() {
        return model;
    }

    Objective objective() {
        return switch (recipe.objective()) {
            case "dsm" -> Dsm.noiseStd(recipe.noiseStd()).using(estimator());
            case "mdsm" ->
                Mdsm.noise(NoiseGrid.geometric(recipe.noiseStd(), NOISE_RANGE * recipe.noiseStd()))
                        .using(estimator());
            case "ksd" -> Ksd.kernel(Imq.medianHeuristic()).using(estimator());
            default -> throw unknown("--objective", "dsm, mdsm or ksd", recipe.objective());
        };
    }

    private static SettingException unknown(String option, String expected, String was) {
        return new SettingException(
                Facts.that(option + " has an unknown value").expected(expected).butWas(was));
    }

    /** The sentence, up to what is measured on the way. */
    Training training() {
        return Training.of(model)
                .minimizing(objective())
                .on(source.train())
                .with(Adam.rate(recipe.rate()).betas(0.9, 0.95))
                .batches(recipe.batch())
                .steps(recipe.steps());
    }

    Noise trainingNoise() {
        return noise.split("fit");
    }

    /** The posterior as a run fitted it; none if the estimator is exact. */
    Optional<Posterior> fittedPosterior(Run run) {
        return recipe.estimator().equals("vages") ? Optional.of(run.fitted(posterior)) : Optional.empty();
    }

    /** The posterior as it is before it is fitted; none if the estimator is exact. */
    Optional<Posterior> untrainedPosterior() {
        return recipe.estimator().equals("vages") ? Optional.of(posterior) : Optional.empty();
    }

    /** How to find the model's score: exactly where that is known, else by VaES with the fitted posterior. */
    static ScoreEstimator score(EnergyModel fitted, Optional<Posterior> q) {
        return fitted.hasFreeEnergy()
                ? ExactScore.estimator()
                : Vaes.particles(SCORE_PARTICLES).posterior(q.orElseThrow());
    }

    /** As {@link #score}, with the posterior as it is being fitted. */
    ScoreEstimator score() {
        return score(model, Optional.of(posterior));
    }
}
