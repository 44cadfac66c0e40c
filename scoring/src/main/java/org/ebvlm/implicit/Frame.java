package org.ebvlm.implicit;

import java.util.Arrays;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.linear.Dense;
import org.ebvlm.linear.Precision;
import org.ebvlm.linear.Squares;
import org.ebvlm.scoring.Distances;
import org.ebvlm.scoring.Kernel;

/**
 * Samples about their mean in units of the kernel's length, with the kernel that belongs to that unit. Scores found here are
 * divided by the length on their way out.
 */
final class Frame {
    /** Rows of a tile of pairs. */
    static final int TILE = 64;
    /** Pairs that a kernel is asked for at a time: what it passes over several times stays near. */
    private static final int CHUNK = 1024;

    final Kernel kernel;
    final double length;

    final int n;
    final int d;
    private final Kernel settled;
    private final Samples samples;
    private volatile Seen seen;

    /**
     * The samples as they are seen from here.
     *
     * @param origin [d]
     * @param x [n, d]
     * @param columns of x, where there are few
     * @param norms of the rows, where there are many columns
     */
    private record Seen(double[] origin, double[] x, double[][] columns, double[] norms) {}

    private Frame(Kernel settled, Samples samples) {
        kernel = settled.unit();
        this.settled = settled;
        length = settled.length();
        n = samples.rows();
        d = samples.width();
        this.samples = samples;
    }

    /** Not everybody looks, and it takes time. */
    private Seen seen() {
        Seen present = seen;
        if (present == null) {
            double[] origin = mean(samples);
            double[] x = inside(samples.shared(), origin);
            present = Squares.byDifferences(d)
                    ? new Seen(origin, x, Squares.columns(x, d), new double[0])
                    : new Seen(origin, x, new double[0][], Dense.rowDots(x, x, d));
            seen = present;
        }
        return present;
    }

    /** What reports call the kernel. */
    String kernelName() {
        return settled.name();
    }

    /** The samples, [n, d]. */
    double[] x() {
        return seen().x;
    }

    /** With the kernel's bandwidth settled on the samples. */
    static Frame of(Kernel kernel, Samples samples) {
        return settled(settledKernel(kernel, samples), samples);
    }

    /** A kernel with its bandwidth settled on samples. */
    static Kernel settledKernel(Kernel kernel, Samples samples) {
        try (Distances distances = samples.distances()) {
            return kernel.settledOn(distances);
        }
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
        return seen().origin;
    }

    /** Points seen from here, [m, d]. */
    double[] inside(Samples points) {
        if (points.width() != d) {
            throw new ShapeException(Facts.that("score from samples: the points do not fit")
                    .expected("[m, " + d + "], as wide as the samples")
                    .butWas("[" + points.rows() + ", " + points.width() + "]"));
        }
        return inside(points.shared(), origin());
    }

    private double[] inside(double[] values, double[] origin) {
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
        requireFinite(out, 0, out.length);
        return out;
    }

    /** Checks scores, [rows, d], from one number to another. */
    void requireFinite(double[] scores, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Double.isFinite(scores[i])) {
                throw new DataException(Facts.that("score from samples: the estimate is not finite")
                        .expected("finite numbers")
                        .butWas(scores[i] + " in row " + i / d + ", column " + i % d)
                        .hint("a larger ridge, or a larger bandwidth"));
            }
        }
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
        int m = y.length / d;
        Seen here = seen();
        if (!Squares.byDifferences(d)) {
            double[] r2 = Dense.product(y, false, here.x, true, m, many, d);
            double[] row = new double[many];
            for (int i = 0; i < m; i++) {
                int at = i * d;
                System.arraycopy(r2, i * many, row, 0, many);
                Squares.ofProducts(
                        row,
                        many,
                        Dense.dot(y, at, y, at, d),
                        here.norms,
                        Precision.DOUBLE,
                        j -> Squares.difference(y, at, here.x, j * d, d));
                System.arraycopy(row, 0, r2, i * many, many);
            }
            return r2;
        }
        double[] r2 = new double[m * many];
        for (int i = 0; i < m; i++) {
            for (int k = 0; k < d; k++) {
                Squares.add(y[i * d + k], here.columns[k], many, r2, i * many);
            }
        }
        return r2;
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
        double[] lower = new double[Math.multiplyExact(n, n)];
        try (Distances distances = Distances.of(x(), d, Precision.DOUBLE, samples::data)) {
            eachRow(part, distances, 1, (i, row) -> System.arraycopy(row, 0, lower, i * n, i + 1));
        }
        return lower;
    }

    /** What takes row i of a matrix up to its diagonal, from an array that is then used for the next. */
    interface Rows {
        void row(int i, double[] upToDiagonal);
    }

    /**
     * f or a derivative at the pairs of samples, row by row.
     *
     * @param distances of the samples in any unit
     * @param unit the kernel's length in that unit
     */
    void eachRow(Kernel.Part part, Distances distances, double unit, Rows rows) {
        double[] squares = distances.squares(n);
        double rate = 1 / (unit * unit);
        double own = atZero(part);
        double[] row = new double[n];
        double[] some = new double[CHUNK + n];
        int from = 0;
        while (from < n) {
            int first = start(from);
            int to = from;
            while (to < n && start(to) - first < CHUNK) {
                to++;
            }
            int many = start(to) - first;
            for (int k = 0; k < many; k++) {
                some[k] = rate * squares[first + k];
            }
            kernel.evaluate(part, some, many, some);
            for (int i = from; i < to; i++) {
                System.arraycopy(some, start(i) - first, row, 0, i);
                row[i] = own;
                rows.row(i, row);
            }
            from = to;
        }
    }

    /** Where row i begins among pairs of a row with those before it. */
    private static int start(int i) {
        return (int) (i * (i - 1L) / 2);
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
        return Dense.product(x(), false, x(), true, n, n, d);
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
        double[] out = Dense.product(weights, x(), m, d, n);
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
