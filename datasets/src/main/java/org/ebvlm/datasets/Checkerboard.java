package org.ebvlm.datasets;

import java.util.Optional;
import org.ebvlm.noise.Noise;

/**
 * The unit square cut into k x k cells, every other one kept: uniform on the kept cells (i, j), those with i + j even.
 *
 * <p>For k = 2 these are the lower left and the upper right quarter, the density there is 2, and log 2 = 0.6931 is the best
 * mean log-likelihood that any model can have. The score is zero inside kept cells and undefined elsewhere; {@link
 * #convolved} has one everywhere.
 */
public final class Checkerboard implements Density {
    private final int cells;

    /**
     * A board.
     *
     * @param cells k, cells a side, at least 1
     */
    public Checkerboard(int cells) {
        this.cells = Require.atLeast(1, "Checkerboard: cells", cells);
    }

    /** Cells a side. */
    public int cells() {
        return cells;
    }

    @Override
    public String name() {
        return "checkerboard of " + cells + " x " + cells + " cells";
    }

    @Override
    public int width() {
        return 2;
    }

    @Override
    public double logDensity(double[] point) {
        return keeps(point[0], point[1]) ? logHeight() : Double.NEGATIVE_INFINITY;
    }

    @Override
    public void score(double[] point, double[] out) {
        double inside = keeps(point[0], point[1]) ? 0 : Double.NaN;
        out[0] = inside;
        out[1] = inside;
    }

    @Override
    public Data sample(int n, Noise noise) {
        Draw draw = this::draw;
        return draw.data(this, n, noise);
    }

    @Override
    public Optional<Density> convolved(double std) {
        return Optional.of(new NoisedCheckerboard(this, std));
    }

    /** Whether cell (i, j), counted from the lower left corner, is kept. */
    static boolean kept(int i, int j) {
        return (i + j) % 2 == 0;
    }

    /** log of the density on kept cells, of which there are half of k^2, rounded up. */
    double logHeight() {
        int all = cells * cells;
        int kept = (all + 1) / 2;
        return StrictMath.log((double) all / kept);
    }

    private boolean keeps(double x, double y) {
        return x >= 0 && x < 1 && y >= 0 && y < 1 && kept((int) (x * cells), (int) (y * cells));
    }

    /** Draws until a kept cell is hit: as float, since rounding must not push a point over an edge. */
    private void draw(double[] out, Noise noise) {
        do {
            out[0] = (float) noise.nextDouble();
            out[1] = (float) noise.nextDouble();
        } while (!keeps(out[0], out[1]));
    }

    @Override
    public String toString() {
        return name();
    }
}
