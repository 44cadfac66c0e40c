package org.ebvlm.implicit;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.Settings;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.sampling.Sampler;
import org.ebvlm.scoring.ScoreEstimator;
import org.ebvlm.training.Snapshot;

/**
 * The score of a model, estimated from samples of the model: draws some by a sampler and fits a score to them, anew for each
 * measurement.
 *
 * <pre>{@code
 * var own = SampledScore.from(Ancestral.sampler(), 500).by(Stein.gaussian());
 * FisherDivergence.against(test).using(own)
 * }</pre>
 *
 * <p>It knows nothing of the energy, of h or of a posterior, so it is a second opinion where the exact score is unknown: a
 * variational estimate that is far from it, by more than this one's own error, has a poor posterior; and it gives models that can be
 * drawn from and nothing else a place in divergences. It is biased towards zero as all scores from samples are, by a
 * fifth to a half in the relative error, most where samples are few; chains that have not mixed are judged as they are.
 *
 * <p>It is for measuring, not for {@link org.ebvlm.scoring.Estimator}'s place in an objective: how a sample score changes with
 * the model's parameters is not known. Cost: the samples, a fit, and what the score costs at a point.
 */
public final class SampledScore implements ScoreEstimator {
    private final Sampler sampler;
    private final int draws;
    private final ScoreFromSamples<?> how;
    /** Null until there is a moment to draw at. */
    private final SampleScore fitted;

    private SampledScore(Sampler sampler, int draws, ScoreFromSamples<?> how, SampleScore fitted) {
        this.sampler = sampler;
        this.draws = draws;
        this.how = how;
        this.fitted = fitted;
    }

    /**
     * From so many samples, independent ones or of as many chains; by {@link Stein} with the median distance unless said otherwise.
     *
     * @param draws 2 or more; some hundreds
     */
    public static SampledScore from(Sampler sampler, int draws) {
        return new SampledScore(
                sampler, Settings.atLeast(2, "SampledScore.from: draws", draws), Stein.gaussian(), null);
    }

    /** How the score is found from the samples. */
    public SampledScore by(ScoreFromSamples<?> other) {
        return new SampledScore(sampler, draws, other, null);
    }

    @Override
    public String name() {
        return "score of " + draws + " samples by " + sampler + ", " + how.name();
    }

    /** Draws the samples of that moment's model and fits the score to them. */
    @Override
    public SampledScore at(Snapshot snapshot) {
        Data samples = sampler.sample(snapshot.model(), draws, snapshot.noise().split("samples for a score"));
        return new SampledScore(sampler, draws, how, how.fit(samples));
    }

    /**
     * The score at points, of the model for which the samples were drawn.
     *
     * @throws SettingException if none have been: outside of {@link #at(Snapshot)} there is no noise to draw with
     */
    @Override
    public Expr score(EnergyModel model, Expr v) {
        if (fitted == null) {
            throw new SettingException(Facts.that("SampledScore.score: no samples have been drawn yet")
                    .expected("at(Snapshot.of(model, noise)), which draws them")
                    .butWas("none for " + model.name())
                    .hint("evaluations do so by themselves; an objective cannot follow a score from samples"));
        }
        return fitted.at(v);
    }

    @Override
    public String toString() {
        return name();
    }
}
