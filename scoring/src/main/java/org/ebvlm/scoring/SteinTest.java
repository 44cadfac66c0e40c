package org.ebvlm.scoring;

import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Density;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;

/**
 * A test of fit (Liu, Lee and Jordan, 2016; Chwialkowski, Strathmann and Gretton, 2016): do points come from the
 * distribution that has given scores there? No normalising constant is needed, and no draws from it.
 *
 * <pre>{@code
 * SteinTest.kernel(Imq.medianHeuristic()).bootstraps(1000).samples(data, density, Noise.seed(7));
 * }</pre>
 *
 * <p>If they do, the {@linkplain SteinStatistic U-statistic} is degenerate, and its law is imitated by giving rows
 * random weights of mean zero, U* = 1/(n (n - 1)) sum over i != j of a_i a_j u_ij:
 *
 * <ul>
 *   <li>for independent rows a_i = multinomial count - 1 (the published form with n (n - 1) in place of n^2, so that
 *       U and U* are on one scale);
 *   <li>for {@linkplain #correlated correlated} rows, in the order of their chain, signs that change with a small
 *       probability from row to row, so that neighbours are weighted alike. The multinomial weights take such rows for
 *       independent and reject far too often.
 * </ul>
 *
 * <p>The p-value (1 + number of U* at or above U) / (1 + bootstraps) has the right level as n grows. Power falls with the
 * width: one bandwidth sees little in hundreds of dimensions.
 *
 * <p>Cost: that of the statistic and n^2 / 2 x bootstraps multiplications in matrix products; memory 2 n x bootstraps
 * floats, no n x n matrix.
 */
public final class SteinTest {
    private final Kernel kernel;
    private final int bootstraps;
    private final double change;

    private SteinTest(Kernel kernel, int bootstraps, double change) {
        this.kernel = kernel;
        this.bootstraps = bootstraps;
        this.change = change;
    }

    /** With a kernel, for independent rows, by 1000 bootstraps. With the median heuristic, bandwidth from the points. */
    public static SteinTest kernel(Kernel kernel) {
        return new SteinTest(kernel, 1000, Double.NaN);
    }

    /** With another number of bootstraps; the least p-value is 1 / (1 + number). */
    public SteinTest bootstraps(int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("SteinTest.bootstraps: too few")
                    .expected("1 or more")
                    .butWas(number));
        }
        return new SteinTest(kernel, number, change);
    }

    /**
     * For rows in the order of a Markov chain, by the wild bootstrap.
     *
     * @param changeProbability of a sign from one row to the next: small against 1 / (rows that a correlation lasts),
     *     large against 1 / n. One half is for independent rows. On 400 rows of a chain whose neighbours correlate by 0.7,
     *     a test of level 0.05 rejected a true fit in 0.05 of 1000 cases at 0.02, in 0.13 at 0.1, in 0.49 at one half
     */
    public SteinTest correlated(double changeProbability) {
        if (!(changeProbability > 0 && changeProbability <= 0.5)) {
            throw new SettingException(Facts.that("SteinTest.correlated: not a probability of change")
                    .expected("above 0, at most 0.5")
                    .butWas(changeProbability));
        }
        return new SteinTest(kernel, bootstraps, changeProbability);
    }

    SteinTest withKernel(Kernel other) {
        return new SteinTest(other, bootstraps, change);
    }

    Kernel kernel() {
        return kernel;
    }

    /** Whether rows come from a density. */
    public GoodnessOfFit samples(Data rows, Density density, Noise noise) {
        return of(ScoredRows.of(rows, density), noise);
    }

    /**
     * Whether points come from the distribution that has these scores there.
     *
     * @param points [n, width], row-major
     * @param scores [n, width], row-major: gradients of the log density at the points
     * @throws org.ebvlm.errors.ShapeException if they are not rows of that width, equally many
     * @throws org.ebvlm.errors.DataException if there are fewer than two rows, a number is not finite, or the median
     *     heuristic finds no length
     */
    public GoodnessOfFit samples(double[] points, double[] scores, int width, Noise noise) {
        return of(ScoredRows.of(points, scores, width), noise);
    }

    /** Whether points come from the distribution that has these scores there; both [n, width], row-major. */
    public GoodnessOfFit samples(float[] points, float[] scores, int width, Noise noise) {
        return of(ScoredRows.of(points, scores, width), noise);
    }

    GoodnessOfFit of(ScoredRows rows, Noise noise) {
        Kernel settled = rows.settled(kernel);
        SteinPairs.Sums sums = SteinPairs.sums(settled, rows, imitations(rows.rows(), noise));
        double statistic = SteinStatistic.of(sums).uStatistic();
        double pairs = rows.rows() * (rows.rows() - 1.0);
        int above = 0;
        for (double each : sums.imitations()) {
            above += each / pairs >= statistic ? 1 : 0;
        }
        double p = (1.0 + above) / (1 + bootstraps);
        return new GoodnessOfFit(statistic, p, rows.rows(), bootstraps, method(), settled.name());
    }

    private boolean wild() {
        return !Double.isNaN(change);
    }

    private Bootstraps imitations(int n, Noise noise) {
        return wild() ? Bootstraps.wild(n, bootstraps, change, noise) : Bootstraps.multinomial(n, bootstraps, noise);
    }

    private String method() {
        return wild() ? String.format(Locale.ROOT, "wild bootstraps, change %.3g", change) : "multinomial bootstraps";
    }

    @Override
    public String toString() {
        return "SteinTest with " + kernel.name() + " by " + bootstraps + " " + method();
    }
}
