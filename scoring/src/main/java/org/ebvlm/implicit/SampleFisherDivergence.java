package org.ebvlm.implicit;

import org.ebvlm.datasets.Data;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.scoring.ExactScore;
import org.ebvlm.scoring.ModelScores;
import org.ebvlm.scoring.ScoreEstimator;
import org.ebvlm.training.Evaluation;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;

/**
 * The Fisher divergence of samples to a model, with the score of the samples' distribution estimated from themselves:
 *
 * <pre>value = 1/2 mean over i of || G_i - score_model(x_i) ||^2</pre>
 *
 * <pre>{@code
 * SampleFisherDivergence.against(samples).by(Stein.kernel(Rbf.medianHeuristic())).of(model, Noise.seed(7))
 * }</pre>
 *
 * <p>It is quick, one fit and no training, and says where model and samples part. But it is too large by half the mean squared
 * error of G, which does not vanish where the model is right: compare models on the same samples by it, and measure by {@link
 * org.ebvlm.scoring.FisherDivergence}, whose critic has no such floor. The standard error is that of the mean over rows, for
 * a given G.
 */
public final class SampleFisherDivergence implements Evaluation {
    private final Data samples;
    private final ScoreFromSamples<?> fromSamples;
    private final ScoreEstimator fromModel;

    private SampleFisherDivergence(Data samples, ScoreFromSamples<?> fromSamples, ScoreEstimator fromModel) {
        this.samples = samples;
        this.fromSamples = fromSamples;
        this.fromModel = fromModel;
    }

    /** Of these samples, to whatever model is measured; by {@link Stein} with the median distance unless said otherwise. */
    public static SampleFisherDivergence against(Data samples) {
        return new SampleFisherDivergence(samples, Stein.gaussian(), ExactScore.estimator());
    }

    /** How the samples' score is found. */
    public SampleFisherDivergence by(ScoreFromSamples<?> how) {
        return new SampleFisherDivergence(samples, how, fromModel);
    }

    /** How the model's score is found; {@link ExactScore} unless said otherwise. */
    public SampleFisherDivergence using(ScoreEstimator how) {
        return new SampleFisherDivergence(samples, fromSamples, how);
    }

    @Override
    public String name() {
        return "sampleFisherDivergence";
    }

    /** Of a model outside of training. */
    public Measurement of(EnergyModel model, Noise noise) {
        return measure(Snapshot.of(model, noise));
    }

    /**
     * The estimate.
     *
     * @throws org.ebvlm.errors.ShapeException if the samples do not have the model's width
     * @throws org.ebvlm.errors.DataException if the samples do not determine a score
     */
    @Override
    public Measurement measure(Snapshot snapshot) {
        float[] model = ModelScores.of(snapshot, fromModel, samples);
        double[] found = fromSamples.fit(samples).atSamples();
        int d = samples.width();
        int n = samples.rows();
        double[] halves = new double[n];
        for (int at = 0; at < found.length; at++) {
            double gap = found[at] - model[at];
            halves[at / d] += gap * gap / 2;
        }
        double mean = 0;
        for (double half : halves) {
            mean += half / n;
        }
        double squares = 0;
        for (double half : halves) {
            squares += (half - mean) * (half - mean);
        }
        return new Measurement(name(), mean, Math.sqrt(squares / n / Math.max(1, n - 1)));
    }

    @Override
    public String toString() {
        return "SampleFisherDivergence against " + samples.name() + " by " + fromSamples.name();
    }
}
