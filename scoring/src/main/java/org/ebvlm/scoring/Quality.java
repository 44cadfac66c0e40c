package org.ebvlm.scoring;

import java.util.Locale;

/**
 * How good a random estimate of a vector is.
 *
 * @param biasSquared an unbiased estimate of || E estimate - truth ||^2, which may come out slightly negative where there is no bias
 * @param biasSquaredError its standard error
 * @param std root of the trace of the estimate's covariance: its typical distance from its own mean
 * @param signal length of the truth
 * @param millis time of one evaluation, a median, in milliseconds on this machine
 */
public record Quality(double biasSquared, double biasSquaredError, double std, double signal, double millis) {

    /** Length of the bias; zero where the estimate of its square is negative. */
    public double bias() {
        return Math.sqrt(Math.max(0, biasSquared));
    }

    /**
     * Standard error of {@link #bias}: half the range of roots from one error below the square to one above. Near zero,
     * where a length says little, it is the half of the length that would just be seen.
     */
    public double biasError() {
        double above = Math.sqrt(Math.max(0, biasSquared + biasSquaredError));
        double below = Math.sqrt(Math.max(0, biasSquared - biasSquaredError));
        return (above - below) / 2;
    }

    /** signal / std; infinite for an estimate without noise. */
    public double signalToNoise() {
        return std == 0 ? Double.POSITIVE_INFINITY : signal / std;
    }

    /** Root of the mean square distance to the truth, bias and noise together. */
    public double error() {
        return Math.sqrt(Math.max(0, biasSquared) + std * std);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "bias %.3g (standard error %.2g), std %.3g, signal to noise %.3g, %.3g ms",
                bias(),
                biasError(),
                std,
                signalToNoise(),
                millis);
    }
}
