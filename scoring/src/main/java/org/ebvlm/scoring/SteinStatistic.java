package org.ebvlm.scoring;

import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Density;

/**
 * The squared kernel Stein discrepancy of points to whatever distribution has given scores there, as plain numbers:
 *
 * <pre>
 * U = 1/(n (n - 1)) sum over i != j of u_ij          unbiased; negative now and then where the fit is good
 * V = 1/n^2         sum over i, j  of u_ij           never negative; too high by about E u(v, v) / n
 * </pre>
 *
 * with u the {@linkplain KernelSteinDiscrepancy Stein kernel}. Scores may come from anywhere: a model, a {@link Density},
 * another program. If they are unbiased estimates, with noise of their own in each row, U stays unbiased, since u is
 * linear in each score and no row meets itself; V does not.
 *
 * <p>Precision: pairs are worked out in single precision, from points about their mean, and added in double. Rounding moves
 * U by less than a thousandth of its standard error, also where rows are far from the origin or lie in clusters a thousand
 * bandwidths apart, and by less than 1e-6 of the mean of |u_ij| where the spread is a few bandwidths. Scores may be as
 * large as 1e15 / bandwidth.
 *
 * <p>Cost: n^2 / 2 pairs, of about 5 d multiplications up to four coordinates and otherwise 3 d in matrix products, 2 d
 * with the {@link Rbf} kernel; on as many threads as {@link org.ebvlm.program.Cores#used} says, with a result that does
 * not depend on their number. Memory for n rows, and for tiles of 224 by 224 pairs.
 *
 * @param uStatistic the unbiased estimate U
 * @param vStatistic the mean V over all pairs, each row's with itself among them
 * @param standardError of U for independent rows, by the jackknife, about 2 std(h_i) / sqrt(n) with h_i the mean of u_ij
 *     over j; NaN for two rows. If the points do come from the distribution, U is no longer nearly normal and this is
 *     about sqrt(2) too large: use {@link SteinTest} to decide whether they do
 * @param rows n
 */
public record SteinStatistic(double uStatistic, double vStatistic, double standardError, int rows) {

    /**
     * Of points with their scores.
     *
     * @param kernel with the median heuristic, it takes its bandwidth from the points
     * @param points [n, width], row-major
     * @param scores [n, width], row-major: gradients of the log density at the points
     * @throws org.ebvlm.errors.ShapeException if they are not rows of that width, equally many
     * @throws org.ebvlm.errors.DataException if there are fewer than two rows, a number is not finite, or the median
     *     heuristic finds no length
     */
    public static SteinStatistic of(Kernel kernel, double[] points, double[] scores, int width) {
        return of(kernel, ScoredRows.of(points, scores, width));
    }

    /** Of points with their scores, both [n, width], row-major. */
    public static SteinStatistic of(Kernel kernel, float[] points, float[] scores, int width) {
        return of(kernel, ScoredRows.of(points, scores, width));
    }

    /** Of rows to a known density. */
    public static SteinStatistic of(Kernel kernel, Data rows, Density density) {
        return of(kernel, ScoredRows.of(rows, density));
    }

    static SteinStatistic of(Kernel kernel, ScoredRows rows) {
        return of(SteinPairs.sums(rows.settled(kernel), rows, Bootstraps.none()));
    }

    static SteinStatistic of(SteinPairs.Sums pairs) {
        double[] sums = pairs.rows();
        double n = sums.length;
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        double mean = total / (n * (n - 1));
        double squares = 0;
        for (double sum : sums) {
            double deviation = sum / (n - 1) - mean;
            squares += deviation * deviation;
        }
        // (n - 1)/n sum of (U without i - U)^2, where U without i - U = -2 (h_i - U)/(n - 2)
        double error = n < 3 ? Double.NaN : 2 / (n - 2) * Math.sqrt((n - 1) / n * squares);
        return new SteinStatistic(mean, (total + pairs.diagonal()) / (n * n), error, sums.length);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "KSD^2 = %.4g (standard error %.2g) on %d rows", uStatistic, standardError, rows);
    }
}
