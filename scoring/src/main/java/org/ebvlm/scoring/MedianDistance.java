package org.ebvlm.scoring;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.graph.Expr;
import org.ebvlm.linear.Dense;
import org.ebvlm.linear.Precision;

/** Median distances between rows of a data set, lengths that kernels can be scaled by. */
final class MedianDistance {
    static final int ROWS = 500;
    private static final int MOST = 2000;
    /** Coordinates up to which differences are as quick as products. */
    private static final int FEW = 8;

    private static final int TILE = 128;
    private static final double CLOSE = 1e-4;

    private MedianDistance() {}

    /** Of the first rows. */
    static double of(Data data) {
        return positive(Pairs.of(data.rows() <= ROWS ? data : data.take(ROWS)).distance(), data);
    }

    /** Of all rows, or of as many as one can compare with each other, evenly spaced. */
    static Pairs ofAll(Data data) {
        long n = data.rows();
        return Pairs.of(
                n <= MOST
                        ? data
                        : data.select(IntStream.range(0, MOST)
                                .map(i -> (int) (i * n / MOST))
                                .toArray()));
    }

    /** The square of {@link Pairs#distance} of all pairs, from the matrix of squares in which each pair is twice. */
    static Expr square(Expr r2) {
        int n = r2.shape(0);
        return n < 2 ? Expr.constant(0) : OrderStatistic.of(r2, n + 2 * (n * (n - 1) / 4));
    }

    /** {@link Pairs#medianSquareWithSelf} from the matrix of squares. */
    static Expr squareWithSelf(Expr r2) {
        int all = r2.size();
        return all % 2 == 1 ? OrderStatistic.of(r2, all / 2) : OrderStatistic.pairMean(r2, all / 2 - 1);
    }

    /** A length checked not to be zero. */
    static double positive(double median, Data data) {
        if (!(median > 0)) {
            throw new DataException(Facts.that("median heuristic: the median distance is zero")
                    .expected("rows that differ")
                    .butWas("at least half of all pairs of rows of " + data.name() + " are equal")
                    .hint("give a bandwidth"));
        }
        return median;
    }

    /**
     * All pairs of different rows.
     *
     * @param rows n
     * @param squares of their distances, n (n - 1) / 2, in an order that changes
     */
    record Pairs(int rows, double[] squares) {

        static Pairs of(Data data) {
            int n = data.rows();
            if (n < 2) {
                throw new DataException(Facts.that("median heuristic: too few rows")
                        .expected("2 or more")
                        .butWas(n + " in " + data.name())
                        .hint("give a bandwidth"));
            }
            return new Pairs(n, data.width() <= FEW ? squares(columns(data), n) : byProducts(data));
        }

        /** ||x||^2 + ||y||^2 - 2 x . y, of rows about their mean, a tile at a time. */
        private static double[] byProducts(Data data) {
            int n = data.rows();
            int d = data.width();
            double[] x = centred(data.values(), d);
            double[] norms = Dense.rowDots(x, x, d);
            double[] squares = new double[n * (n - 1) / 2];
            for (int from = 0; from < n; from += TILE) {
                int to = Math.min(n, from + TILE);
                double[] tile = Dense.product(
                        Arrays.copyOfRange(x, from * d, to * d), false, x, true, to - from, to, d, Precision.SINGLE);
                for (int i = from; i < to; i++) {
                    int at = i * (i - 1) / 2;
                    for (int j = 0; j < i; j++) {
                        double sizes = norms[i] + norms[j];
                        double found = sizes - 2 * tile[(i - from) * to + j];
                        squares[at + j] = found > CLOSE * sizes ? found : difference(x, i, j, d);
                    }
                }
            }
            return squares;
        }

        /** Of a pair so close that the product has lost it to rounding. */
        private static double difference(double[] x, int i, int j, int d) {
            double sum = 0;
            for (int k = 0; k < d; k++) {
                double difference = x[i * d + k] - x[j * d + k];
                sum += difference * difference;
            }
            return sum;
        }

        private static double[] centred(float[] values, int d) {
            double[] means = new double[d];
            for (int at = 0; at < values.length; at += d) {
                for (int k = 0; k < d; k++) {
                    means[k] += values[at + k];
                }
            }
            for (int k = 0; k < d; k++) {
                means[k] *= (double) d / values.length;
            }
            double[] centred = new double[values.length];
            for (int at = 0; at < values.length; at += d) {
                for (int k = 0; k < d; k++) {
                    centred[at + k] = values[at + k] - means[k];
                }
            }
            return centred;
        }

        /** Column by column, so that loops over rows run through memory in order. */
        private static double[][] columns(Data data) {
            float[] values = data.values();
            int width = data.width();
            double[][] columns = new double[width][data.rows()];
            for (int i = 0; i < data.rows(); i++) {
                for (int k = 0; k < width; k++) {
                    columns[k][i] = values[i * width + k];
                }
            }
            return columns;
        }

        private static double[] squares(double[][] columns, int n) {
            double[] squares = new double[n * (n - 1) / 2];
            int at = 0;
            for (int i = 1; i < n; i++) {
                for (double[] column : columns) {
                    addSquares(column, i, squares, at);
                }
                at += i;
            }
            return squares;
        }

        private static void addSquares(double[] column, int i, double[] out, int at) {
            double x = column[i];
            for (int j = 0; j < i; j++) {
                double difference = x - column[j];
                out[at + j] += difference * difference;
            }
        }

        /** The median; the larger of two. */
        double distance() {
            return Math.sqrt(Select.smallest(squares, squares.length / 2));
        }

        /** The median of the n^2 squares among which each row's with itself is, the mean of two if n is even. */
        double medianSquareWithSelf() {
            int middle = rows * rows / 2;
            return rows % 2 == 1 ? withSelf(middle) : (withSelf(middle - 1) + withSelf(middle)) / 2;
        }

        /** The median of the n^2 distances among which each row's with itself is, the larger of two. */
        double upperMedianWithSelf() {
            return Math.sqrt(withSelf(rows * rows / 2));
        }

        /** The k-th smallest of n zeros and of all pairs twice. */
        private double withSelf(int k) {
            return k < rows ? 0 : Select.smallest(squares, (k - rows) / 2);
        }
    }
}
