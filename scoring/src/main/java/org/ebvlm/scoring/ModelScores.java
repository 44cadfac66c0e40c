package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.program.Rowwise;
import org.ebvlm.training.Snapshot;

/** Scores of a model at rows, by one compiled program that takes a few hundred rows at a time. */
public final class ModelScores {
    private ModelScores() {}

    /** Scores [n, visible], row-major, with the values and the noise of this moment. */
    public static float[] of(Snapshot snapshot, ScoreEstimator estimator, Data data) {
        requireFit(snapshot.model(), data);
        ScoreEstimator now = estimator.at(snapshot);
        float[] scores = new float[data.rows() * data.width()];
        Rowwise.evaluate(
                data,
                v -> now.score(snapshot.model(), v),
                program -> {
                    now.parameters().forEach(each -> each.give(program));
                    snapshot.model().parameters().give(program);
                },
                snapshot.noise(),
                (from, to, values) -> System.arraycopy(values, 0, scores, from * data.width(), values.length));
        return scores;
    }

    private static void requireFit(EnergyModel model, Data data) {
        if (model.visible() != data.width()) {
            throw new ShapeException(Facts.that("the data do not fit " + model.name())
                    .expected("[n, " + model.visible() + "]")
                    .butWas("[" + data.rows() + ", " + data.width() + "]   (" + data.name() + ")"));
        }
    }
}
