package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Phase;

/**
 * What denoising objectives have in common: row i of the batch gets noise of a level sigma_i, and the score there is drawn
 * to the direction back,
 *
 * <pre>
 * v~ = v + sigma_i e,   z = w_i score(v~) + c_i e,   J = E[ 1/2 w_i || score(v~) + c_i / w_i e ||^2 ]
 * </pre>
 */
final class Denoising {
    private final Estimator estimator;
    private final double[] levels;
    private final double[] weights;
    private final double[] pulls;

    /**
     * @param levels sigma_i of each row
     * @param weight w as a function of sigma
     * @param pull c as a function of sigma
     */
    Denoising(Estimator estimator, double[] levels, DoubleUnaryOperator weight, DoubleUnaryOperator pull) {
        this.estimator = estimator;
        this.levels = levels;
        this.weights = Arrays.stream(levels).map(weight).toArray();
        this.pulls = Arrays.stream(levels).map(pull).toArray();
    }

    /**
     * The phases of a step.
     *
     * @param inner weights of the rows where a posterior is fitted, as a function of sigma
     */
    List<Phase> phases(EnergyModel model, Expr batch, DoubleUnaryOperator inner) {
        Expr innerWeights = Expr.constant(Arrays.stream(levels).map(inner).toArray(), levels.length);
        List<Phase> phases = new ArrayList<>(estimator.innerPhases(model, noised(batch, noise(batch)), innerWeights));
        Expr e = noise(batch);
        Estimator.Estimate estimate = estimator.at(model, noised(batch, e), innerWeights);
        Expr z = estimate.score()
                .times(column(weights))
                .plus(e.times(column(pulls)))
                .held();
        Expr value = value(estimate, z, e).held();
        phases.add(Phase.of("objective", model, estimate.surrogate(z).mean(), value));
        return phases;
    }

    /**
     * J for plotting, without the noise of || e ||^2, whose mean is known, and without the variance of the estimated score
     * s, which a square of s would add: with s' estimated from other draws,
     *
     * <pre>J = E[ 1/2 z . s' + 1/2 c s . e + width c^2 / (2 w) ]</pre>
     */
    private Expr value(Estimator.Estimate estimate, Expr z, Expr e) {
        Expr drift = estimate.score().times(e.times(column(pulls))).sum(1);
        double known = 0;
        for (int i = 0; i < levels.length; i++) {
            known += e.shape(1) * pulls[i] * pulls[i] / (2 * weights[i]) / levels.length;
        }
        return estimate.along(z).plus(drift).mean().times(0.5).plus(known);
    }

    private Expr noised(Expr batch, Expr e) {
        return batch.plus(e.times(column(levels)));
    }

    /** One number if all rows have the same, else one a row. */
    private static Expr column(double[] values) {
        boolean same = Arrays.stream(values).allMatch(x -> x == values[0]);
        return same ? Expr.constant(values[0], 1, 1) : Expr.constant(values, values.length, 1);
    }

    private static Expr noise(Expr batch) {
        return Expr.noise(Leaf.Source.NORMAL, "noise", batch.shape());
    }
}
