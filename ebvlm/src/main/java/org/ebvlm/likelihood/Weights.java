package org.ebvlm.likelihood;

import java.util.Arrays;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.noise.Noise;

/** Importance weights known by their logarithms, and what their mean is worth. */
final class Weights {
    private static final int RESAMPLES = 1000;
    private static final double TAIL = 0.025;

    /** The largest logarithm, and the weights divided by the weight it belongs to. */
    private final double top;

    private final double[] relative;
    private final double mean;
    private final double squares;

    Weights(double[] logs) {
        top = Arrays.stream(logs).max().orElseThrow();
        relative = Arrays.stream(logs).map(w -> Math.exp(w - top)).toArray();
        mean = Arrays.stream(relative).average().orElseThrow();
        squares = Arrays.stream(relative).map(w -> w * w).average().orElseThrow();
    }

    /**
     * log Z by annealing: the base plus (from the base to the model) or minus (backwards) the logarithm of the mean weight.
     *
     * @param sign 1 or -1
     */
    static LogPartition logPartition(double base, int sign, double[] logs, String method, Noise noise) {
        requireFinite(logs);
        Weights weights = new Weights(logs);
        double[] interval = weights.interval(noise.split("bootstrap"));
        return new LogPartition(
                base + sign * weights.logMean(),
                weights.standardError(),
                base + sign * interval[sign > 0 ? 0 : 1],
                base + sign * interval[sign > 0 ? 1 : 0],
                weights.effectiveSize(),
                logs.length,
                method);
    }

    private static void requireFinite(double[] logs) {
        for (int i = 0; i < logs.length; i++) {
            if (!Double.isFinite(logs[i])) {
                throw new DivergenceException(Facts.that("log Z by annealing: a chain left the finite numbers")
                        .expected("finite log weights")
                        .butWas(logs[i] + " in chain " + i)
                        .hint("look at the parameters: a coupling or a standard deviation is too large or not finite"));
            }
        }
    }

    /** log of the mean weight. */
    double logMean() {
        return top + Math.log(mean);
    }

    /** The standard error of the logarithm of the mean, by the delta method: that of the mean over the mean. */
    double standardError() {
        int n = relative.length;
        double variance = (squares - mean * mean) * n / (n - 1);
        return Math.sqrt(Math.max(0, variance) / n) / mean;
    }

    /** (sum of w)^2 / sum of w^2. */
    double effectiveSize() {
        return relative.length * mean * mean / squares;
    }

    /** The middle 95 % of log mean weights of resampled weights (Efron, 1979): its two ends. */
    double[] interval(Noise noise) {
        double[] means = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            double sum = 0;
            for (int i = 0; i < relative.length; i++) {
                sum += relative[noise.nextInt(relative.length)];
            }
            means[r] = top + Math.log(sum / relative.length);
        }
        Arrays.sort(means);
        int cut = (int) (TAIL * RESAMPLES);
        return new double[] {means[cut], means[RESAMPLES - 1 - cut]};
    }
}
