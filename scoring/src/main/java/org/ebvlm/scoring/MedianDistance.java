package org.ebvlm.scoring;

import java.util.stream.IntStream;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.graph.Expr;

/** Median distances between rows of a data set, lengths that kernels can be scaled by. */
final class MedianDistance {
    static final int ROWS = 500;
    private static final int MOST = 2000;

    private MedianDistance() {}

    /** Of the first rows. */
    static double of(Distances distances) {
        return positive(Pairs.of(distances, Math.min(ROWS, distances.rows())).distance(), distances);
    }

    /** Of all rows, or of as many as one can compare with each other, evenly spaced. */
    static Pairs ofAll(Distances distances) {
        long n = distances.rows();
        if (n <= MOST) {
            return Pairs.of(distances, distances.rows());
        }
        Data some = distances
                .data()
                .select(IntStream.range(0, MOST).map(i -> (int) (i * n / MOST)).toArray());
        try (Distances between = Distances.of(some)) {
            return Pairs.of(between, MOST);
        }
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
    static double positive(double median, Distances distances) {
        if (!(median > 0)) {
            throw new DataException(Facts.that("median heuristic: the median distance is zero")
                    .expected("rows that differ")
                    .butWas("at least half of all pairs of rows of "
                            + distances.data().name() + " are equal")
                    .hint("give a bandwidth"));
        }
        return median;
    }

    /**
     * All pairs of different rows.
     *
     * @param rows n
     * @param squares of their distances, the first n (n - 1) / 2
     */
    record Pairs(int rows, double[] squares) {

        static Pairs of(Distances distances, int rows) {
            if (rows < 2) {
                throw new DataException(Facts.that("median heuristic: too few rows")
                        .expected("2 or more")
                        .butWas(rows + " in " + distances.data().name())
                        .hint("give a bandwidth"));
            }
            return new Pairs(rows, distances.squares(rows));
        }

        private int pairs() {
            return rows * (rows - 1) / 2;
        }

        /** The median; the larger of two. */
        double distance() {
            return Math.sqrt(Select.smallest(squares, pairs(), pairs() / 2));
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
            return k < rows ? 0 : Select.smallest(squares, pairs(), (k - rows) / 2);
        }
    }
}
