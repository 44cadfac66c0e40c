package org.ebvlm.likelihood;

import java.util.Locale;

/**
 * log Z of a model, in nats.
 *
 * @param value the number
 * @param standardError zero where it is exact
 * @param method how it was found
 */
public record LogPartition(double value, double standardError, String method) {
    /** Whether it is exact up to rounding. */
    public boolean isExact() {
        return standardError == 0;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "log Z = %.5g", value)
                + (isExact() ? "" : String.format(Locale.ROOT, " (standard error %.2g)", standardError)) + ", "
                + method;
    }
}
