package org.ebvlm.stein;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.ebvlm.datasets.Density;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.GraphFunction;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.Target;
import org.ebvlm.scoring.ScoreEstimator;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * What particles are drawn to: a distribution of real rows of which the score is known, exactly or by an estimate. No
 * density is needed, and no normalising constant.
 *
 * <pre>{@code
 * ScoredTarget.of(model)                                         // a model with a known free energy
 * ScoredTarget.of(model, Vaes.particles(5).posterior(q))         // any other, by an estimate
 * ScoredTarget.of(Target.density("banana", 2, x -> ...))         // a log density as an expression
 * ScoredTarget.logDensity(graph, "logDensity")                   // as a SameDiff graph
 * ScoredTarget.of(GaussianMixture.isotropic(means, 1))           // a density in numbers
 * ScoredTarget.scores("my simulator", 2, rows -> ...)            // a Java function
 * }</pre>
 */
public interface ScoredTarget {

    /** What reports call it. */
    String name();

    /** Width of a row. */
    int width();

    /** Makes ready to give scores of so many rows at a time. */
    Scores open(int rows);

    /** Gives scores. */
    interface Scores extends AutoCloseable {
        /**
         * The scores of all rows.
         *
         * @param rows [n, width], row-major
         * @param noise for estimates that need it
         * @param out [n, width], receives them
         */
        void at(float[] rows, Noise noise, float[] out);

        /** Frees what lies outside the Java heap. */
        @Override
        default void close() {}
    }

    // ---------------------------------------------------------------- kinds

    /**
     * A model, as {@link Target#of} takes it: v alone where the free energy is known, (v, h) together for real h.
     *
     * @throws SettingException if binary h is not summed out, or v is binary
     */
    static ScoredTarget of(EnergyModel model) {
        return of(Target.of(model));
    }

    /** A model's v by a score estimator, {@code Vaes} for example; one that draws h does so anew at each step. */
    static ScoredTarget of(EnergyModel model, ScoreEstimator estimator) {
        if (model.hasBinaryVisible()) {
            throw new SettingException(Facts.that("ScoredTarget.of: there is no score in binary v")
                    .expected("a model of real v")
                    .butWas(model));
        }
        List<Parameters> parameters = new ArrayList<>(estimator.parameters());
        parameters.add(model.parameters());
        return new ExpressionTarget(
                model.name() + " by " + estimator.name(),
                model.visible(),
                v -> estimator.score(model, v),
                program -> parameters.forEach(each -> each.give(program)));
    }

    /**
     * A log density.
     *
     * @throws SettingException if there are several given rows, so that it is several densities
     */
    static ScoredTarget of(Target target) {
        try {
            target.logDensity(Expr.input("x", 1, target.width()));
        } catch (SettingException several) {
            throw new SettingException(Facts.that("ScoredTarget.of: " + target.name() + " is not one density")
                    .expected("one row given at most: all particles have the same target")
                    .butWas(target)
                    .hint("take one row: data.take(1)"));
        }
        return new ExpressionTarget(target.name(), target.width(), target::score, target::give);
    }

    /**
     * A log density that is a SameDiff graph.
     *
     * @param graph with a placeholder {@code x} of shape [-1, width]; its variables keep their values
     * @param logDensity name of the variable that holds the log density up to a constant, [n]
     */
    static ScoredTarget logDensity(SameDiff graph, String logDensity) {
        GraphFunction function = GraphFunction.of("log density", graph, logDensity);
        long[] shape =
                graph.getVariable("x") == null ? null : graph.getVariable("x").placeholderShape();
        if (shape == null || shape.length != 2 || shape[1] < 1) {
            throw new ShapeException(Facts.that("ScoredTarget.logDensity: the graph has no rows x")
                    .expected("a placeholder x of shape [-1, width]")
                    .butWas(shape == null ? "none" : Arrays.toString(shape)));
        }
        Target target =
                Target.density("log density " + logDensity, (int) shape[1], x -> function.apply(Map.of("x", x)));
        return of(target.with(function.parameters()));
    }

    /** A density that knows its score, point by point. */
    static ScoredTarget of(Density density) {
        int width = density.width();
        double[] score = new double[width];
        return scores(density.name(), width, rows -> {
            double[] out = new double[rows.length];
            for (int at = 0; at < rows.length; at += width) {
                density.score(Arrays.copyOfRange(rows, at, at + width), score);
                System.arraycopy(score, 0, out, at, width);
            }
            return out;
        });
    }

    /**
     * A Java function.
     *
     * @param name what reports call it
     * @param width of a row
     * @param scores from rows [n, width] to their scores [n, width], row-major
     */
    static ScoredTarget scores(String name, int width, UnaryOperator<double[]> scores) {
        return new FunctionTarget(name, width, scores);
    }
}
