package org.ebvlm.scoring;

import java.util.List;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Phase;

/**
 * Gives objectives what they need of a model: its score, and the parameter gradient of the score along given vectors.
 * {@link ExactScore} does so in closed form, {@link Vages} by draws from a posterior.
 */
public interface Estimator extends ScoreEstimator {

    /** Both estimates at points v, from draws that belong together. */
    Estimate at(EnergyModel model, Expr v);

    /**
     * The same for rows that do not count alike in the fit of a posterior; only estimators that look into the fit use it.
     *
     * @param weights of the rows of v in {@link #innerPhases}, [n]
     */
    default Estimate at(EnergyModel model, Expr v, Expr weights) {
        return at(model, v);
    }

    @Override
    default Expr score(EnergyModel model, Expr v) {
        return at(model, v).score();
    }

    /**
     * What must be done before each step of the model: fits of a posterior at points v.
     *
     * @param weights of the rows of v, [n]
     */
    default List<Phase> innerPhases(EnergyModel model, Expr v, Expr weights) {
        return List.of();
    }

    /** The same with equal weights. */
    default List<Phase> innerPhases(EnergyModel model, Expr v) {
        return innerPhases(model, v, Expr.constant(1, v.shape(0)));
    }

    /** Estimates at one set of points. */
    interface Estimate {
        /** The score, [n, visible]. */
        Expr score();

        /**
         * z . score for each row, [n], from draws that are independent of those of {@link #score}, so that its product with
         * what depends on {@link #score} is unbiased; an estimator whose draws are shared says so.
         *
         * @param z [n, visible]; held
         */
        Expr along(Expr z);

        /**
         * A number for each row whose parameter gradient is z . d/dtheta score, or an estimate of it; its value means
         * nothing.
         *
         * @param z [n, visible]; held: no derivative flows through it
         * @return [n]
         */
        Expr surrogate(Expr z);
    }
}
