package org.ebvlm.picture;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Density;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.implicit.SampleScore;
import org.ebvlm.likelihood.LogLikelihood;
import org.ebvlm.likelihood.MachineEnumeration;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Rowwise;
import org.ebvlm.variational.ImportanceEstimate;
import org.ebvlm.variational.Posterior;

/**
 * A rectangle of the plane, on which a model of two visible units is drawn.
 *
 * <pre>{@code
 * Plane.around(data.test()).density(run.model()).points(samples.values())
 * Plane.over(-4, 4, -4, 4).score(run.model())
 * }</pre>
 *
 * <p>What comes back is a {@link Heatmap} over the rectangle, so it takes points, a title and other adjectives. Models need a
 * free energy that is known; for others {@link #by} gives a posterior, and what is drawn is an importance estimate.
 *
 * <p>A value: each adjective returns a new one.
 */
public final class Plane {
    private static final double MARGIN = 0.15;
    private static final int CELLS = 200;
    /** A point costs as much as there are samples. */
    private static final int SCORE_CELLS = 60;

    private static final int PARTICLES = 50;
    private static final double OUTLIERS = 1e-2;

    private final Range x;
    private final Range y;
    private final Optional<Posterior> posterior;
    private final Noise noise;

    private Plane(Range x, Range y, Optional<Posterior> posterior, Noise noise) {
        this.x = x;
        this.y = y;
        this.posterior = posterior;
        this.noise = noise;
    }

    /**
     * A rectangle.
     *
     * @throws org.ebvlm.errors.SettingException unless low ends are below high ends and all are finite
     */
    public static Plane over(double xLow, double xHigh, double yLow, double yHigh) {
        return new Plane(
                Range.of("Plane.over, x", xLow, xHigh),
                Range.of("Plane.over, y", yLow, yHigh),
                Optional.empty(),
                Noise.seed(0));
    }

    /** What holds these rows of two columns, with a margin. */
    public static Plane around(Data data) {
        requirePlane(data.name(), data.width());
        double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (int i = 0; i < data.rows(); i++) {
            for (int j = 0; j < 2; j++) {
                low[j] = Math.min(low[j], data.at(i, j));
                high[j] = Math.max(high[j], data.at(i, j));
            }
        }
        for (int j = 0; j < 2; j++) {
            double margin = high[j] > low[j] ? MARGIN * (high[j] - low[j]) : 1;
            low[j] -= margin;
            high[j] += margin;
        }
        return over(low[0], high[0], low[1], high[1]);
    }

    /** For a model without a known free energy: estimates it by draws of a posterior, 50 for each point. */
    public Plane by(Posterior q, Noise source) {
        return new Plane(x, y, Optional.of(q), source);
    }

    // ---------------------------------------------------------------- pictures

    /** The free energy F(v), in nats. */
    public Heatmap freeEnergy(EnergyModel model) {
        float[] log = logDensity(model);
        return heatmap(log, value -> -value).valued(what(model, "free energy (nats)"));
    }

    /**
     * The density: exp(-F(v)) / Z where Z is known exactly, else in units of its highest value in the rectangle, which the
     * scale then says. Of an estimate the highest hundredth of the cells shows as bright as the next: they are noise.
     */
    public Heatmap density(EnergyModel model) {
        float[] log = logDensity(model);
        Optional<Double> logZ = logPartition(model);
        boolean estimate = !model.hasFreeEnergy();
        double base = logZ.orElseGet(() -> highest(log, estimate ? OUTLIERS : 0));
        return heatmap(log, value -> Math.exp(estimate ? Math.min(0, value - base) : value - base))
                .valued(what(model, logZ.isPresent() ? "density" : "density, highest = 1"));
    }

    /** Arrows of the exact score, the gradient of log p(v), on the free energy; for models with a known free energy. */
    public Heatmap score(EnergyModel model) {
        return freeEnergy(model).arrowsOfRows(rows -> evaluated(rows, model::score, model, 2));
    }

    /** Arrows of a score that was estimated from samples, on its length. */
    public Heatmap score(SampleScore score) {
        requirePlane("the score", score.width());
        return Heatmap.ofRows(rows -> lengths(score.at(points(rows))))
                .over(x.low(), x.high(), y.low(), y.high())
                .cells(SCORE_CELLS)
                .valued("length of the score")
                .arrowsOfRows(rows -> floats(score.at(points(rows))));
    }

    private static Data points(float[] rows) {
        return Data.of("points of the plane", rows, 2);
    }

    private static float[] lengths(double[] vectors) {
        float[] lengths = new float[vectors.length / 2];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = (float) Math.hypot(vectors[2 * i], vectors[2 * i + 1]);
        }
        return lengths;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** A density that is known, such as that of toy data: {@code data.density()}. */
    public Heatmap density(Density density) {
        requirePlane(density.name(), density.width());
        return Heatmap.of((a, b) -> Math.exp(density.logDensity(new double[] {a, b})))
                .over(x.low(), x.high(), y.low(), y.high())
                .valued("density");
    }

    private String what(EnergyModel model, String quantity) {
        return model.hasFreeEnergy() ? quantity : quantity + ", estimate";
    }

    // ---------------------------------------------------------------- numbers

    /** log p(v) up to log Z at the middles of all cells, the top line first. */
    private float[] logDensity(EnergyModel model) {
        requirePlane(model.name(), model.visible());
        double[] points = Lattice.rows(x, y, CELLS, CELLS);
        float[] rows = floats(points);
        UnaryOperator<Expr> log = posterior.isEmpty() || model.hasFreeEnergy()
                ? v -> model.freeEnergy(v).neg()
                : v -> ImportanceEstimate.logMarginal(model, posterior.get(), v, PARTICLES);
        return evaluated(rows, log, model, 1);
    }

    private float[] evaluated(float[] rows, UnaryOperator<Expr> expression, EnergyModel model, int width) {
        float[] all = new float[rows.length / 2 * width];
        Rowwise.evaluate(
                Data.of("points of the plane", rows, 2),
                expression,
                program -> {
                    model.parameters().give(program);
                    posterior.ifPresent(q -> q.parameters().give(program));
                },
                noise.split("plane"),
                (from, to, values) -> System.arraycopy(values, 0, all, from * width, (to - from) * width));
        return all;
    }

    /** What was worked out already, by the cell that a point lies in. */
    private Heatmap heatmap(float[] log, DoubleUnaryOperator shown) {
        return Heatmap.of((a, b) -> {
                    int column = cell((a - x.low()) / x.width());
                    int line = CELLS - 1 - cell((b - y.low()) / y.width());
                    return shown.applyAsDouble(log[line * CELLS + column]);
                })
                .over(x.low(), x.high(), y.low(), y.high());
    }

    private static int cell(double fraction) {
        return Math.max(0, Math.min(CELLS - 1, (int) (fraction * CELLS)));
    }

    /** The highest value but for a share of outliers. */
    private static double highest(float[] log, double outliers) {
        float[] sorted = log.clone();
        Arrays.sort(sorted);
        int finite = sorted.length;
        // NaN comes last.
        while (finite > 1 && Float.isNaN(sorted[finite - 1])) {
            finite--;
        }
        return sorted[Math.max(0, finite - 1 - (int) (outliers * finite))];
    }

    private static Optional<Double> logPartition(EnergyModel model) {
        if (model.isNormalised() && model.hasFreeEnergy()) {
            return Optional.of(0.0);
        }
        return LogLikelihood.isDefinedFor(model)
                        && model instanceof BoltzmannMachine machine
                        && MachineEnumeration.isPossibleFor(machine)
                ? Optional.of(MachineEnumeration.of(machine).value())
                : Optional.empty();
    }

    private static void requirePlane(String what, int width) {
        if (width != 2) {
            throw new ShapeException(Facts.that("Plane: " + what + " does not live in a plane")
                    .expected("2 visible units, or columns")
                    .butWas(width)
                    .hint(width > 2 ? "for images, ImageGrid.of(samples)" : "for a line, Curves.of(...)"));
        }
    }

    @Override
    public String toString() {
        return "Plane [" + x.low() + ", " + x.high() + "] x [" + y.low() + ", " + y.high() + "]";
    }
}
