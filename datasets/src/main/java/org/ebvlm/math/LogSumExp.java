package org.ebvlm.math;

/** Sums of numbers known by their logarithms. */
public final class LogSumExp {
    private LogSumExp() {}

    /** log of the sum of exp(term), without overflow; minus infinity for no terms. */
    public static double of(double[] terms) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double term : terms) {
            largest = Math.max(largest, term);
        }
        if (Double.isInfinite(largest)) {
            return largest;
        }
        double sum = 0;
        for (double term : terms) {
            sum += StrictMath.exp(term - largest);
        }
        return largest + StrictMath.log(sum);
    }
}
