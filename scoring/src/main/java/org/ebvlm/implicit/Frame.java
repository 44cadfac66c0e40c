package org.ebvlm.implicit;

import java.util.Arrays;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.linear.Dense;
import org.ebvlm.linear.Precision;
import org.ebvlm.scoring.Kernel;

/**
 * Samples about their mean in units of the kernel's length, with the kernel that belongs to that unit. Scores found here are
 * divided by the length on their way out.
 */
final class Frame {
    /** Coordinates up to which differences are as quick as products, and lose no digits. */
    private static final int FEW = 6;

    /** Rows of a tile of pairs. */
    static final int TILE = 64;

    final Kernel kernel;
    final String kernelName;
    final double length;
    /** [n, d]. */
    final double[] x;

    final int n;
    final int d;
    private final double[] origin;
    private final double[][] columns;
    private final double[] norms;

    private Frame(Kernel settled, Samples samples) {
        kernel = settled.unit();
        kernelName = settled.name();
        length = settled.length();
        n = samples.rows();
        d = samples.width();
        origin = mean(samples);
        x = inside(samples);
        columns = d <= FEW ? columns(x, d) : new double[0][];
        norms = d <= FEW ? new double[0] : Dense.rowDots(x, x, d);
    }

    /** With the kernel's bandwidth settled on the samples. */
    static Frame of(Kernel kernel, Samples samples) {
        return new Frame(kernel.settledOn(samples.data()), samples);
    }

    /** With the kernel as it is. */
    static Frame settled(Kernel settled, Samples samples) {
        return new Frame(settled, samples);
    }

    private static double[] mean(Samples samples) {
        double[] values = samples.shared();
        int width = samples.width();
        double[] mean = new double[width];
        for (int at = 0; at < values.length; at += width) {
            for (int k = 0; k < width; k++) {
                mean[k] += values[at + k];
            }
        }
        for (int k = 0; k < width; k++) {
            mean[k] /= samples.rows();
        }
        return mean;
    }

    /** Where the samples' mean is, [d]. */
    double[] origin() {
        return origin;
    }

    /** Points seen from here, [m, d]. */
    double[] inside(Samples points) {
        if (points.width() != d) {
            throw new ShapeException(Facts.that("score from samples: the points do not fit")
                    .expected("[m, " + d + "], as wide as the samples")
                    .butWas("[" + points.rows() + ", " + points.width() + "]"));
        }
        double[] values = points.shared();
        double[] inside = new double[values.length];
        double rate = 1 / length;
        for (int at = 0; at < values.length; at += d) {
            for (int k = 0; k < d; k++) {
                inside[at + k] = (values[at + k] - origin[k]) * rate;
            }
        }
        return inside;
    }

    /** Scores per unit of the samples, from scores per length; all finite. */
    double[] outside(double[] scores) {
        double[] out = Dense.times(scores, 1 / length);
        for (int i = 0; i < out.length; i++) {
            if (!Double.isFinite(out[i])) {
                throw new DataException(Facts.that("score from samples: the estimate is not finite")
                        .expected("finite numbers")
                        .butWas(out[i] + " in row " + i / d + ", column " + i % d)
                        .hint("a larger ridge, or a larger bandwidth"));
            }
        }
        return out;
    }

    private static double[][] columns(double[] rows, int d) {
        double[][] columns = new double[d][rows.length / d];
        for (int i = 0; i < rows.length / d; i++) {
            for (int k = 0; k < d; k++) {
                columns[k][i] = rows[i * d + k];
            }
        }
        return columns;
    }

    /** The largest squared distance of a sample to their mean. */
    double squaredRadius() {
        return Arrays.stream(d > FEW ? norms : Dense.rowDots(x, x, d)).max().getAsDouble();
    }

    // ---------------------------------------------------------------- pairs

    /**
     * Squared distances of points to samples.
     *
     * @param y [m, d], seen from here
     * @param many samples, from the first on
     * @return [m, many]
     */
    double[] squaredDistances(double[] y, int many) {
        if (d > FEW) {
            return byProducts(y, many, Precision.DOUBLE);
        }
        int m = y.length / d;
        double[] r2 = new double[m * many];
        for (int i = 0; i < m; i++) {
            for (int k = 0; k < d; k++) {
                addSquares(y[i * d + k], columns[k], r2, i * many, many);
            }
        }
        return r2;
    }

    private static void addSquares(double y, double[] column, double[] out, int at, int many) {
        for (int j = 0; j < many; j++) {
            double difference = y - column[j];
            out[at + j] += difference * difference;
        }
    }

    /** ||x||^2 + ||y||^2 - 2 x . y; about 1e-13 of it in error, or 1e-6. */
    private double[] byProducts(double[] y, int many, Precision precision) {
        int m = y.length / d;
        double close = precision == Precision.SINGLE ? 1e-4 : 1e-9;
        double[] r2 = Dense.product(y, false, x, true, m, many, d, precision);
        for (int i = 0; i < m; i++) {
            double norm = Dense.dot(y, i * d, y, i * d, d);
            for (int j = i * many; j < (i + 1) * many; j++) {
                double sizes = norm + norms[j - i * many];
                double found = sizes - 2 * r2[j];
                r2[j] = found > close * sizes ? found : difference(y, i, j - i * many);
            }
        }
        return r2;
    }

    /** Of a pair so close that the product has lost it to rounding. */
    private double difference(double[] y, int i, int j) {
        double sum = 0;
        for (int k = 0; k < d; k++) {
            double difference = y[i * d + k] - x[j * d + k];
            sum += difference * difference;
        }
        return sum;
    }

    /** f or a derivative at the pairs of points and samples; [m, n] of [m, d]. */
    double[] pairs(Kernel.Part part, double[] y) {
        double[] r2 = squaredDistances(y, n);
        kernel.evaluate(part, r2, r2.length, r2);
        return r2;
    }

    /** f or a derivative at the pairs of samples, [n, n], symmetric to the last bit. */
    double[] pairs(Kernel.Part part) {
        double[] pairs = lowerPairs(part);
        mirror(pairs);
        return pairs;
    }

    /** The same on and below the diagonal, zeros above. */
    double[] lowerPairs(Kernel.Part part) {
        return lowerPairs(part, Precision.DOUBLE);
    }

    /** The same with distances in a precision of choice, where there are many coordinates. */
    double[] lowerPairs(Kernel.Part part, Precision precision) {
        double[] pairs = new double[Math.multiplyExact(n, n)];
        int height = n < 300 ? TILE : 4 * TILE;
        for (int from = 0; from < n; from += height) {
            int to = Math.min(n, from + height);
            double[] tile = tile(from, to, precision);
            kernel.evaluate(part, tile, tile.length, tile);
            for (int i = from; i < to; i++) {
                System.arraycopy(tile, (i - from) * to, pairs, i * n, i + 1);
            }
        }
        return pairs;
    }

    /** Squared distances of the samples from one to another with those up to the latter, zero on the diagonal. */
    private double[] tile(int from, int to, Precision precision) {
        double[] y = Arrays.copyOfRange(x, from * d, to * d);
        double[] tile = d > FEW ? byProducts(y, to, precision) : squaredDistances(y, to);
        for (int i = from; i < to; i++) {
            tile[(i - from) * to + i] = 0;
        }
        return tile;
    }

    private void mirror(double[] pairs) {
        for (int from = 0; from < n; from += TILE) {
            for (int i = from; i < n; i++) {
                int to = Math.min(i, from + TILE);
                for (int j = from; j < to; j++) {
                    pairs[j * n + i] = pairs[i * n + j];
                }
            }
        }
    }

    /** f or a derivative at distance zero. */
    double atZero(Kernel.Part part) {
        double[] zero = {0};
        kernel.evaluate(part, zero, 1, zero);
        return zero[0];
    }

    /** x_i . x_j of the samples, [n, n]. */
    double[] products() {
        return Dense.product(x, false, x, true, n, n, d);
    }

    // ---------------------------------------------------------------- sums over samples

    /**
     * sum over j of w_ij (y_i - x_j), with weights of points and samples; [m, d].
     *
     * @param weights [m, n]
     * @param y [m, d]
     */
    double[] drifts(double[] weights, double[] y) {
        int m = y.length / d;
        double[] sums = Dense.rowSums(weights, n);
        double[] out = Dense.product(weights, x, m, d, n);
        for (int i = 0; i < m; i++) {
            for (int k = 0; k < d; k++) {
                out[i * d + k] = sums[i] * y[i * d + k] - out[i * d + k];
            }
        }
        return out;
    }

    /** The sum over samples j of grad_j k(y_i, x_j) = -2 f'_ij (y_i - x_j); [m, d], a tile of points at a time. */
    double[] identity(double[] y) {
        double[] out = new double[y.length];
        for (int from = 0; from < y.length; from += TILE * d) {
            double[] some = Arrays.copyOfRange(y, from, Math.min(y.length, from + TILE * d));
            double[] part = Dense.times(drifts(pairs(Kernel.Part.SLOPE, some), some), -2);
            System.arraycopy(part, 0, out, from, part.length);
        }
        return out;
    }
}
