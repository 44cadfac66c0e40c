package org.ebvlm.scoring;

import java.util.List;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.training.Snapshot;

/** Gives the score of a model at points: the gradient of log p(v) with respect to v, exactly or by an estimate. */
public interface ScoreEstimator {

    /** What reports call it. */
    String name();

    /**
     * The score, an expression of v and of noise.
     *
     * @param v [n, visible]
     * @return [n, visible]
     */
    Expr score(EnergyModel model, Expr v);

    /** Parameters it uses beside the model's. */
    default List<Parameters> parameters() {
        return List.of();
    }

    /** The same estimator with the values that its parameters have at a moment of training. */
    default ScoreEstimator at(Snapshot snapshot) {
        return this;
    }
}
