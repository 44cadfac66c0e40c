package org.ebvlm.scoring;

import java.util.Locale;

/**
 * What a {@link SteinTest} found.
 *
 * @param statistic the U-statistic of KSD^2; may be slightly negative
 * @param pValue (1 + bootstraps at or above the statistic) / (1 + bootstraps): small where rows and scores do not go
 *     together
 * @param rows how many were compared
 * @param bootstraps how many imitations of the statistic were drawn
 * @param method which kind of bootstrap
 * @param kernel with its bandwidth
 */
public record GoodnessOfFit(double statistic, double pValue, int rows, int bootstraps, String method, String kernel) {

    /** Whether a test of this level rejects the fit. */
    public boolean rejectedAt(double level) {
        return pValue <= level;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "KSD^2 = %.4g on %d rows, p = %.3g%n  %s; %d %s, so p is %.2g at least",
                statistic,
                rows,
                pValue,
                kernel,
                bootstraps,
                method,
                1.0 / (1 + bootstraps));
    }
}
