package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.graph.Substitution;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;

/**
 * Sliced score matching by finite differences (after Pang, Xu, Li, Song, Ermon and Zhu, 2020), in a form that asks for
 * scores only, exact or estimated: with Rademacher directions u and a small length e,
 *
 * <pre>
 * J = E[ 1/2 ||s(v)||^2 + u . ( s(v + e u) - s(v - e u) ) / (2 e) ],   s the model's score
 *
 * dJ/dtheta = E[ z . d/dtheta s(v) + z' . d/dtheta s(v + e u) - z' . d/dtheta s(v - e u) ],   z = s(v),  z' = u / (2 e)
 * </pre>
 *
 * <p>So it is {@link Ssm} for models whose score is only estimated, up to the error of a central difference, e^2 / 6 times
 * the third derivative of u . s along u. Where the estimator is unbiased, as {@link Vages} under the exact posterior,
 * nothing else is added, for each of the three terms is linear in an estimate, and z comes from draws of its own.
 *
 * <p>What limits e from below is the variance. Each of two independent estimates at v + e u and v - e u varies by itself, and
 * their difference over 2 e has a variance of the order 1 / e^2. Therefore both are computed from the same
 * noise, row by row. Each is still a draw of q at its own point, so the mean is the same. Draws that depend smoothly on v (relaxed or
 * Gaussian posteriors) and draws that do not depend on v ({@link ImportanceScore}) then differ by the order of e, and the variance stays
 * finite as e falls; hard 0/1 draws flip in a share of rows of the order of e, which leaves 1 / e. {@link
 * #independentNoise} forgoes this. Single precision limits e too: scores of size S carry about 1e-7 S of rounding, divided by 2 e.
 *
 * <p>The default e is a twentieth of the data's standard deviation, pooled over columns. Like SSM it adds no noise to the data: on
 * rows that lie on a surface it has no minimum, where {@link Dsm} has. Cost: beside the estimate at v, two gradient estimates for
 * each direction; with one direction a little more than twice {@link Dsm}.
 */
public final class FdSsm implements Objective {
    private static final double RELATIVE_STEP = 0.05;

    private final int projections;
    private final double stepSize;
    private final Estimator estimator;
    private final boolean common;

    private FdSsm(int projections, double stepSize, Estimator estimator, boolean common) {
        this.projections = projections;
        this.stepSize = stepSize;
        this.estimator = estimator;
        this.common = common;
    }

    /** This many directions a row; one is usual. */
    public static FdSsm projections(int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("FdSsm.projections: too few")
                    .expected("1 or more")
                    .butWas(number));
        }
        return new FdSsm(number, 0, ExactScore.estimator(), true);
    }

    /**
     * Another length e than a twentieth of the data's standard deviation.
     *
     * @param length in units of v, of each coordinate's move
     */
    public FdSsm stepSize(double length) {
        if (!(length > 0) || length == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that("FdSsm.stepSize: not a length")
                    .expected("a positive number")
                    .butWas(length));
        }
        return new FdSsm(projections, length, estimator, common);
    }

    /** How the score and its gradient are found; {@link ExactScore} unless said otherwise. */
    public FdSsm using(Estimator how) {
        return new FdSsm(projections, stepSize, how, common);
    }

    /** Draws on both sides of v from noise of their own: the same mean, and a variance that grows as 1 / e^2. */
    public FdSsm independentNoise() {
        return new FdSsm(projections, stepSize, estimator, false);
    }

    @Override
    public String name() {
        return "finite-difference SSM with " + projections + " projections"
                + (stepSize > 0 ? ", step " + stepSize : "") + (common ? "" : ", independent noise") + ", by "
                + estimator.name();
    }

    @Override
    public List<Parameters> parameters() {
        return estimator.parameters();
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        double e = stepSize > 0 ? stepSize : RELATIVE_STEP * pooledStd(data);
        List<Phase> phases = new ArrayList<>(estimator.innerPhases(model, batch));
        Estimator.Estimate here = estimator.at(model, batch);
        Expr z = here.score().held();
        Expr loss = here.surrogate(z);
        Expr value = here.along(z).times(0.5);
        for (int i = 0; i < projections; i++) {
            Expr u = Expr.noise(Leaf.Source.RADEMACHER, "direction", batch.shape());
            Expr weight = u.times(1 / (2 * e * projections));
            Side ahead = new Side(model, batch.shape());
            Side behind = common ? ahead : new Side(model, batch.shape());
            Expr there = batch.plus(u.times(e));
            Expr back = batch.minus(u.times(e));
            loss = loss.plus(ahead.surrogate(there, weight)).plus(behind.surrogate(back, weight.neg()));
            value = value.plus(ahead.along(there, weight)).plus(behind.along(back, weight.neg()));
        }
        phases.add(Phase.of("objective", model, loss.mean(), value.mean().held()));
        return phases;
    }

    /** Estimates from one set of draws, to be taken at one point or at several. */
    private final class Side {
        private final Expr point;
        private final Expr direction;
        private final Expr surrogate;
        private final Expr along;

        Side(EnergyModel model, int... shape) {
            point = Expr.input("point", shape);
            direction = Expr.input("z", shape);
            Estimator.Estimate estimate = estimator.at(model, point);
            surrogate = estimate.surrogate(direction);
            along = estimate.along(direction);
        }

        Expr surrogate(Expr v, Expr z) {
            return moved(surrogate, v, z);
        }

        Expr along(Expr v, Expr z) {
            return moved(along, v, z);
        }

        private Expr moved(Expr estimate, Expr v, Expr z) {
            return Substitution.of(point, v).in(Substitution.of(direction, z).in(estimate));
        }
    }

    /** The root of the mean over columns of their variances. */
    private static double pooledStd(Data data) {
        double variance = 0;
        for (int j = 0; j < data.width(); j++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < data.rows(); i++) {
                double x = data.at(i, j);
                sum += x;
                squares += x * x;
            }
            double mean = sum / data.rows();
            variance += Math.max(0, squares / data.rows() - mean * mean) / data.width();
        }
        if (!(variance > 0)) {
            throw new SettingException(Facts.that("FdSsm: the rows of " + data.name() + " are all the same")
                    .expected("data with a spread to take a part of")
                    .butWas("variance " + variance)
                    .hint("give a length: FdSsm.projections(1).stepSize(0.05)"));
        }
        return Math.sqrt(variance);
    }

    @Override
    public String toString() {
        return name();
    }
}
