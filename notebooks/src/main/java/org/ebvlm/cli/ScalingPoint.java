package org.ebvlm.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;

/**
 * A training step of which one extent has grown: a VaGES-DSM step of a Gaussian RBM on standard normal rows, with K = 5
 * updates of the posterior.
 *
 * <p>Batch, particles and width grow about one base. Rows have a base of their own, a model so small that reading them
 * could show in the time of a step.
 *
 * @param grows which extent: batch, particles, width or rows
 * @param extent how large it is, in words
 * @param factor how large beside the base, which has 1; of a width, the geometric mean of visible and hidden units
 * @param size all extents
 */
record ScalingPoint(String grows, String extent, double factor, Size size) {
    private static final int UNITS = 64;
    private static final int ROWS = 2_000;
    private static final Size BASE = new Size(UNITS, UNITS, 100, 2, ROWS);
    private static final Size SMALL = new Size(2, 4, BASE.batch, BASE.particles, 1_000);
    private static final double NOISE = 0.3;

    private static final List<ScalingPoint> ALL = all();

    /**
     * What a step's cost depends on.
     *
     * @param visible units
     * @param hidden units
     * @param batch rows in a step
     * @param particles draws of h in each group, L
     * @param rows of the data
     */
    record Size(int visible, int hidden, int batch, int particles, int rows) {

        /** Steps of this size made ready: data drawn, programs compiled. */
        TrainingSteps open() {
            Grbm model = Grbm.visible(visible).hidden(hidden).init(Noise.seed(1));
            Data data = Data.of("normal rows", BenchCases.normal(rows * visible, Noise.seed(4)), visible);
            return BenchCases.vages(model, data, NOISE, particles, batch);
        }
    }

    private static List<ScalingPoint> all() {
        List<ScalingPoint> all = new ArrayList<>();
        for (int batch : new int[] {25, 100, 400, 1600}) {
            Size size = new Size(UNITS, UNITS, batch, BASE.particles, ROWS);
            all.add(new ScalingPoint("batch", "" + batch, (double) batch / BASE.batch, size));
        }
        for (int particles : new int[] {2, 4, 8, 16}) {
            Size size = new Size(UNITS, UNITS, BASE.batch, particles, ROWS);
            all.add(new ScalingPoint("particles", "" + particles, (double) particles / BASE.particles, size));
        }
        for (int[] units : new int[][] {{8, 16}, {32, 64}, {UNITS, UNITS}, {128, 128}, {512, 512}}) {
            Size size = new Size(units[0], units[1], BASE.batch, BASE.particles, ROWS);
            double factor = Math.sqrt((double) units[0] * units[1]) / UNITS;
            all.add(new ScalingPoint("width", units[0] + "/" + units[1], factor, size));
        }
        for (int rows : new int[] {1_000, 10_000, 100_000, 1_000_000}) {
            Size size = new Size(SMALL.visible, SMALL.hidden, SMALL.batch, SMALL.particles, rows);
            all.add(new ScalingPoint("rows", "" + rows, (double) rows / SMALL.rows, size));
        }
        return List.copyOf(all);
    }

    /** The names of all points, in the order of their growth. */
    static List<String> names() {
        return ALL.stream().map(ScalingPoint::name).toList();
    }

    /** The point of a name, which must be one of {@link #names}. */
    static ScalingPoint named(String name) {
        return ALL.stream()
                .filter(point -> point.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    String name() {
        return grows + "-" + extent;
    }

    /** What is timed, in words. */
    String times() {
        return String.format(
                Locale.ROOT,
                "training step: Gaussian RBM %d/%d, VaGES-DSM, L = %d, K = 5, batch %d, %,d rows",
                size.visible,
                size.hidden,
                size.particles,
                size.batch,
                size.rows);
    }
}
