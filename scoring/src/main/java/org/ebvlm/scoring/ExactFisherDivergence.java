package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Density;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
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
    private static final int CHUNK = 1000;

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
        double sum = 0;
        double squares = 0;
        for (int from = 0; from < data.rows(); from += CHUNK) {
            Data rows = data.rows(from, Math.min(from + CHUNK, data.rows()));
            float[] scores = scores(snapshot, rows);
            for (int i = 0; i < rows.rows(); i++) {
                double term = halfSquaredGap(rows.row(i), scores, i, from + i);
                sum += term;
                squares += term * term;
            }
        }
        int n = data.rows();
        double mean = sum / n;
        return new Measurement(name(), mean, Math.sqrt(Math.max(0, squares / n - mean * mean) / Math.max(1, n - 1)));
    }

    private float[] scores(Snapshot snapshot, Data rows) {
        Expr v = Expr.input("v", rows.rows(), rows.width());
        ScoreEstimator now = estimator.at(snapshot);
        try (Program program = Program.of(now.score(snapshot.model(), v))) {
            now.parameters().forEach((Parameters each) -> each.give(program));
            snapshot.model().parameters().give(program);
            program.set(v, rows.values());
            program.draw(snapshot.noise());
            program.run();
            return program.value(0).clone();
        }
    }

    private double halfSquaredGap(float[] row, float[] scores, int i, int number) {
        double[] point = new double[row.length];
        for (int j = 0; j < row.length; j++) {
            point[j] = row[j];
        }
        double[] truth = new double[row.length];
        density.score(point, truth);
        double sum = 0;
        for (int j = 0; j < row.length; j++) {
            double gap = truth[j] - scores[i * row.length + j];
            sum += gap * gap;
        }
        if (Double.isNaN(sum)) {
            throw new DataException(
                    Facts.that("ExactFisherDivergence: the score of the data is not defined in row " + number)
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
