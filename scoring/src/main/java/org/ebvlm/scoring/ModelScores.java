package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.program.Program;
import org.ebvlm.training.Snapshot;

/** Scores of a model at rows, by one compiled program that takes a few hundred rows at a time. */
final class ModelScores {
    private static final int CHUNK = 500;

    private ModelScores() {}

    /** Scores [n, visible], row-major, with the values and the noise of this moment. */
    static float[] of(Snapshot snapshot, ScoreEstimator estimator, Data data) {
        requireFit(snapshot.model(), data);
        int chunk = Math.min(CHUNK, data.rows());
        ScoreEstimator now = estimator.at(snapshot);
        Expr v = Expr.input("v", chunk, data.width());
        float[] scores = new float[data.rows() * data.width()];
        try (Program program = Program.of(now.score(snapshot.model(), v))) {
            now.parameters().forEach(each -> each.give(program));
            snapshot.model().parameters().give(program);
            for (int from = 0; from < data.rows(); from += chunk) {
                // The last chunk ends with the data: it may begin with rows that are known already.
                int begin = Math.min(from, data.rows() - chunk);
                program.set(v, data.rows(begin, begin + chunk).values());
                program.draw(snapshot.noise());
                program.run();
                System.arraycopy(program.value(0), 0, scores, begin * data.width(), chunk * data.width());
            }
        }
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
