package org.ebvlm.sampling;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How well chains have mixed, for one coordinate at a time (Vehtari, Gelman, Simpson, Carpenter and Buerkner, 2021, sections 3
 * and 4). Every chain is cut into halves; with n draws in each of M halves, W the mean of their variances
 * and B/n the variance of their means,
 *
 * <pre>
 * var+  = (n - 1)/n W + B/n,     R-hat = sqrt(var+ / W)
 * rho_t = 1 - (W - mean autocovariance at lag t) / var+
 * ESS   = M n / tau,             tau = -1 + 2 sum over k of min over j &lt;= k of (rho_2j + rho_2j+1)
 * </pre>
 *
 * the sum ending before the first negative pair (Geyer's initial monotone sequence, 1992). Where chains have different
 * conditions, means are taken about the mean of the chains that share one.
 *
 * <p>This is of numbers as they are. {@link #rhat(double[][], int)}, {@link #bulk} and {@link #tail} are the same of {@link Ranks}.
 */
final class Mixing {
    /** So that each half has a variance. */
    static final int LEAST_DRAWS = 4;

    private final double[][] halves;
    private final double[] means;
    private final int n;
    private final int conditions;
    private double within;
    private double total;

    private Mixing(double[][] halves, int conditions) {
        this.halves = halves;
        this.conditions = conditions;
        n = halves[0].length;
        means = new double[halves.length];
        center();
        measure();
    }

    /**
     * The mixing of one coordinate.
     *
     * @param halves of chains, first halves first
     * @param conditions chain i has condition i mod this
     */
    static Mixing of(double[][] halves, int conditions) {
        double[][] own = new double[halves.length][];
        for (int m = 0; m < own.length; m++) {
            own[m] = halves[m].clone();
        }
        return new Mixing(own, conditions);
    }

    /** The larger of the R-hats of ranks, in the bulk and folded about the median; not a number for chains that never move. */
    static double rhat(double[][] halves, int conditions) {
        Ranks ranks = new Ranks(halves, conditions);
        return DoubleStream.of(
                        of(ranks.normalScores(), conditions).rhat(),
                        of(ranks.foldedScores(), conditions).rhat())
                .filter(each -> !Double.isNaN(each))
                .max()
                .orElse(Double.NaN);
    }

    /** Effective samples of the ranks: for the middle of the distribution. */
    static double bulk(double[][] halves, int conditions) {
        return of(new Ranks(halves, conditions).normalScores(), conditions).effectiveSamples();
    }

    /** The lesser effective samples of the 5 % and 95 % quantiles; one that all draws share does not count. */
    static double tail(double[][] halves, int conditions) {
        Ranks ranks = new Ranks(halves, conditions);
        return DoubleStream.of(
                        of(ranks.atMost(0.05), conditions).effectiveSamples(),
                        of(ranks.atMost(0.95), conditions).effectiveSamples())
                .filter(each -> !Double.isNaN(each))
                .min()
                .orElse(Double.NaN);
    }

    /**
     * The halves of chains, of one coordinate.
     *
     * @param draws four or more, each [chains, width]
     * @return [2 chains, half the draws], first halves first
     */
    static double[][] halves(List<float[]> draws, int width, int column) {
        int chains = draws.get(0).length / width;
        int n = draws.size() / 2;
        // A draw in the middle of an odd number is left out.
        int second = draws.size() - n;
        double[][] halves = new double[2 * chains][n];
        for (int t = 0; t < n; t++) {
            for (int c = 0; c < chains; c++) {
                halves[c][t] = draws.get(t)[c * width + column];
                halves[chains + c][t] = draws.get(second + t)[c * width + column];
            }
        }
        return halves;
    }

    private void center() {
        for (int m = 0; m < halves.length; m++) {
            double sum = 0;
            for (double x : halves[m]) {
                sum += x;
            }
            means[m] = sum / n;
            for (int t = 0; t < n; t++) {
                halves[m][t] -= means[m];
            }
        }
    }

    private void measure() {
        within = autocovariance(0);
        // var+ = (n - 1)/n W + B/n
        total = (n - 1) * within / n + between();
    }

    /** Mean over the halves of sum_i x_i x_{i+t} / (n - 1). */
    private double autocovariance(int lag) {
        double sum = 0;
        for (double[] x : halves) {
            for (int i = 0; i + lag < n; i++) {
                sum += x[i] * x[i + lag];
            }
        }
        return sum / halves.length / (n - 1);
    }

    /** B/n: the variance of the means about those of their condition. */
    private double between() {
        int chains = halves.length / 2;
        double[] centers = new double[conditions];
        for (int m = 0; m < means.length; m++) {
            centers[m % chains % conditions] += means[m] * conditions / means.length;
        }
        double sum = 0;
        for (int m = 0; m < means.length; m++) {
            double off = means[m] - centers[m % chains % conditions];
            sum += off * off;
        }
        return sum / (means.length - conditions);
    }

    /** Split R-hat of the numbers as they are; not a number for chains that never move. */
    double rhat() {
        return Math.sqrt(total / within);
    }

    /** var+, the estimate of the variance of the stationary distribution. */
    double variance() {
        return total;
    }

    private double rho(int lag) {
        return 1 - (within - autocovariance(lag)) / total;
    }

    /** Number of independent draws that would estimate the mean as well. */
    double effectiveSamples() {
        double draws = (double) halves.length * n;
        double sum = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int t = 0; t + 1 < n; t += 2) {
            double pair = rho(t) + rho(t + 1);
            if (pair < 0) {
                break;
            }
            least = Math.min(least, pair);
            sum += least;
        }
        // Antithetic chains can beat independent draws; the bound keeps noise from claiming any number.
        double tau = Math.max(2 * sum - 1, 1 / Math.log10(draws));
        return total > 0 ? draws / tau : Double.NaN;
    }
}
