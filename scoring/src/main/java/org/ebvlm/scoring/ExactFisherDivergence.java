package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Density;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Evaluation;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;

/**
 * The Fisher divergence where the score of the data is known: the mean over rows of 1/2 || grad log p_data - score ||^2,
 * with its standard error. For data that were drawn from a density with a score everywhere, such as a checkerboard with
 * Gaussian noise.
 *
 * <p>With a noisy estimate of the model's score the value is too high by half the estimate's variance: use {@link
 * ExactScore}.
 */
public final class ExactFisherDivergence implements Evaluation {
    private final Data data;
    private final Density density;
    private final ScoreEstimator estimator;

    private ExactFisherDivergence(Data data, ScoreEstimator estimator) {
        this.data = data;
        this.density = data.density()
                .orElseThrow(() -> new DataException(
                        Facts.that("ExactFisherDivergence.against: the density of the data is not known")
                                .expected("data drawn from a known density")
                                .butWas(data.name())
                                .hint("use FisherDivergence, which learns a critic")));
        this.estimator = estimator;
    }

    /** Of rows with a known density. */
    public static ExactFisherDivergence against(Data data) {
        return new ExactFisherDivergence(data, ExactScore.estimator());
    }

    /** How the model's score is found; {@link ExactScore} unless said otherwise. */
    public ExactFisherDivergence using(ScoreEstimator how) {
        return new ExactFisherDivergence(data, how);
    }

    @Override
    public String name() {
        return "exactFisherDivergence";
    }

    /** Of a model outside of training. */
    public Measurement of(EnergyModel model, Noise noise) {
        return measure(Snapshot.of(model, noise));
    }

    @Override
    public Measurement measure(Snapshot snapshot) {
        float[] scores = ModelScores.of(snapshot, estimator, data);
        double sum = 0;
        double squares = 0;
        int n = data.rows();
        for (int i = 0; i < n; i++) {
            double term = halfSquaredGap(scores, i);
            sum += term;
            squares += term * term;
        }
        double mean = sum / n;
        return new Measurement(name(), mean, Math.sqrt(Math.max(0, squares / n - mean * mean) / Math.max(1, n - 1)));
    }

    /** 1/2 || grad log p_data - score ||^2 in one row. */
    private double halfSquaredGap(float[] scores, int row) {
        int width = data.width();
        double[] point = new double[width];
        for (int j = 0; j < width; j++) {
            point[j] = data.at(row, j);
        }
        double[] truth = new double[width];
        density.score(point, truth);
        double sum = 0;
        for (int j = 0; j < width; j++) {
            double gap = truth[j] - scores[row * width + j];
            sum += gap * gap;
        }
        if (Double.isNaN(sum)) {
            throw new DataException(
                    Facts.that("ExactFisherDivergence: the score of the data is not defined in row " + row)
                            .expected("a density that is positive everywhere")
                            .butWas(density.name())
                            .hint("add noise to the data: data.noised(0.05, noise)"));
        }
        return 0.5 * sum;
    }

    @Override
    public String toString() {
        return "ExactFisherDivergence against " + data.name();
    }
}
