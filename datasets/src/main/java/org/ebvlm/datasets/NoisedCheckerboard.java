package org.ebvlm.datasets;

import java.util.Optional;
import org.ebvlm.math.LogSumExp;
import org.ebvlm.math.StandardNormal;
import org.ebvlm.noise.Noise;

/**
 * A {@link Checkerboard} plus Gaussian noise: what denoising objectives with this noise have as their target.
 *
 * <p>The convolution of a cell with the noise is a product over the axes of {@code Phi((b - x)/s) - Phi((a - x)/s)}, with
 * [a, b] the cell's side, so density and score are finite sums. All is done with logarithms: both stay precise any number
 * of standard deviations away from the board. Cost of a point: k^2 exponentials.
 */
public final class NoisedCheckerboard implements Density {
    private final Checkerboard board;
    private final double std;

    /**
     * A board and its noise.
     *
     * @param std standard deviation of the noise, in sides of the unit square
     * @throws org.ebvlm.errors.SettingException if std is not positive
     */
    public NoisedCheckerboard(Checkerboard board, double std) {
        this.board = board;
        this.std = Require.positive("NoisedCheckerboard: std", std);
    }

    @Override
    public String name() {
        return board.name() + " with noise of std " + std;
    }

    @Override
    public int width() {
        return 2;
    }

    @Override
    public double logDensity(double[] point) {
        return board.logHeight() + LogSumExp.of(logMasses(new Axis(point[0]), new Axis(point[1])));
    }

    @Override
    public void score(double[] point, double[] out) {
        Axis x = new Axis(point[0]);
        Axis y = new Axis(point[1]);
        double[] terms = logMasses(x, y);
        double logTotal = LogSumExp.of(terms);
        out[0] = 0;
        out[1] = 0;
        for (int i = 0; i < board.cells(); i++) {
            for (int j = 0; j < board.cells(); j++) {
                double share = StrictMath.exp(terms[i * board.cells() + j] - logTotal);
                out[0] += share * x.slope(i);
                out[1] += share * y.slope(j);
            }
        }
    }

    @Override
    public Data sample(int n, Noise noise) {
        return board.sample(n, noise).noised(std, noise);
    }

    @Override
    public Optional<Density> convolved(double more) {
        return Optional.of(new NoisedCheckerboard(board, Math.hypot(std, more)));
    }

    /** log of the noise's mass, centred at the point, on each cell; minus infinity on those that are not kept. */
    private double[] logMasses(Axis x, Axis y) {
        int cells = board.cells();
        double[] terms = new double[cells * cells];
        for (int i = 0; i < cells; i++) {
            for (int j = 0; j < cells; j++) {
                terms[i * cells + j] = Checkerboard.kept(i, j) ? x.logMass[i] + y.logMass[j] : Double.NEGATIVE_INFINITY;
            }
        }
        return terms;
    }

    /** One coordinate of a point, seen from all cells along that axis. */
    private final class Axis {
        private final double coordinate;
        private final double[] logMass = new double[board.cells()];

        private Axis(double coordinate) {
            this.coordinate = coordinate;
            for (int i = 0; i < logMass.length; i++) {
                logMass[i] = StandardNormal.logMassBetween(edge(i), edge(i + 1));
            }
        }

        /** The i-th edge, in standard deviations from the point. */
        private double edge(int i) {
            return ((double) i / board.cells() - coordinate) / std;
        }

        /** d log mass_i / d coordinate = (phi(a) - phi(b)) / (s mass_i). */
        private double slope(int i) {
            return (StrictMath.exp(StandardNormal.logDensity(edge(i)) - logMass[i])
                            - StrictMath.exp(StandardNormal.logDensity(edge(i + 1)) - logMass[i]))
                    / std;
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
