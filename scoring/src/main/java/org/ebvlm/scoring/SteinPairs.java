package org.ebvlm.scoring;

import java.util.Arrays;

/**
 * The Stein kernel u of all pairs of rows, a stretch of one tile at a time:
 *
 * <pre>u(x, y) = f s . s' - 2 f' ((s - s') . (x - y) + d) - 4 f'' r^2,   k(x, y) = f(r^2),  r = ||x - y||</pre>
 *
 * <p>In double precision, from differences and not from Gram products, so that nothing cancels where rows are close.
 * Each pair is computed once: n^2 / 2 times 3 d multiplications and one kernel. Memory is four columns.
 */
final class SteinPairs {
    private static final int TILE = 512;

    private final Kernel kernel;
    private final ScoredRows rows;
    // As long as a column, so that all arrays of a loop share one index: only then does the JVM vectorise it.
    private final double[] squares;
    private final double[] drifts;
    private final double[] products;
    private final double[] u;
    private final double[] f = new double[3];

    SteinPairs(Kernel settled, ScoredRows rows) {
        this.kernel = settled;
        this.rows = rows;
        this.squares = new double[rows.rows()];
        this.drifts = new double[rows.rows()];
        this.products = new double[rows.rows()];
        this.u = new double[rows.rows()];
    }

    /** Receives u of row i with the rows j = from, from + 1, ..., to - 1, all greater than i, at u[j]. */
    interface Reader {
        void read(int i, int from, int to, double[] u);
    }

    /** Gives every pair of different rows to the reader once. */
    void read(Reader reader) {
        int n = rows.rows();
        for (int begin = 0; begin < n; begin += TILE) {
            int end = Math.min(begin + TILE, n);
            for (int i = 0; i < end - 1; i++) {
                int from = Math.max(begin, i + 1);
                compute(i, from, end);
                reader.read(i, from, end, u);
            }
        }
    }

    private void compute(int i, int from, int to) {
        Arrays.fill(squares, from, to, 0);
        Arrays.fill(drifts, from, to, 0);
        Arrays.fill(products, from, to, 0);
        double[][] v = rows.points();
        double[][] s = rows.scores();
        int d = rows.width();
        for (int k = 0; k + 1 < d; k += 2) {
            addColumns(v[k], s[k], v[k + 1], s[k + 1], i, from, to);
        }
        if (d % 2 == 1) {
            addColumn(v[d - 1], s[d - 1], i, from, to);
        }
        for (int j = from; j < to; j++) {
            kernel.profile(squares[j], f);
            // u = f s . s' - 2 f' ((s - s') . (x - y) + d) - 4 f'' r^2
            u[j] = f[0] * products[j] - 2 * f[1] * (drifts[j] + d) - 4 * f[2] * squares[j];
        }
    }

    /** One coordinate's share of r^2, (s - s') . (x - y) and s . s'. */
    private void addColumn(double[] v, double[] s, int i, int from, int to) {
        double x = v[i];
        double t = s[i];
        for (int j = from; j < to; j++) {
            double difference = x - v[j];
            squares[j] += difference * difference;
            drifts[j] += difference * (t - s[j]);
            products[j] += t * s[j];
        }
    }

    /** The same of two coordinates, which halves the traffic to the sums. */
    private void addColumns(double[] v, double[] s, double[] w, double[] r, int i, int from, int to) {
        double x = v[i];
        double t = s[i];
        double y = w[i];
        double q = r[i];
        for (int j = from; j < to; j++) {
            double first = x - v[j];
            double second = y - w[j];
            squares[j] += first * first + second * second;
            drifts[j] += first * (t - s[j]) + second * (q - r[j]);
            products[j] += t * s[j] + q * r[j];
        }
    }

    /** u(x, x) = f(0) ||s||^2 - 2 d f'(0), summed over rows. */
    double diagonal() {
        double sum = 0;
        for (double[] column : rows.scores()) {
            for (double each : column) {
                sum += each * each;
            }
        }
        kernel.profile(0, f);
        return f[0] * sum - 2.0 * rows.rows() * rows.width() * f[1];
    }
}
