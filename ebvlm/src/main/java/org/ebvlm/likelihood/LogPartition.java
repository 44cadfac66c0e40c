package org.ebvlm.likelihood;

import java.util.Locale;

/**
 * log Z of a model, in nats.
 *
 * @param value the number
 * @param standardError zero where it is exact
 * @param low lower end of a 95 % confidence interval; the value where it is exact
 * @param high its upper end
 * @param effectiveChains how many chains of equal weight would vary as much; NaN where it is exact
 * @param chains chains that were run; 0 where it is exact
 * @param method how it was found
 */
public record LogPartition(
        double value,
        double standardError,
        double low,
        double high,
        double effectiveChains,
        int chains,
        String method) {

    /** A share of effective chains below which an estimate rests on few of them. */
    private static final double FEW = 0.1;

    /** A number that is known. */
    public static LogPartition exact(double value, String method) {
        return new LogPartition(value, 0, value, value, Double.NaN, 0, method);
    }

    /** Whether it is exact up to rounding. */
    public boolean isExact() {
        return chains == 0;
    }

    /** Whether few chains carry most of the weight, so that neither the error nor the interval can be relied on. */
    public boolean restsOnFewChains() {
        return !isExact() && effectiveChains < FEW * chains;
    }

    @Override
    public String toString() {
        String text = String.format(Locale.ROOT, "log Z = %.5g", value);
        if (!isExact()) {
            text += String.format(
                    Locale.ROOT, " (standard error %.2g, 95 %% interval %.6g to %.6g)", standardError, low, high);
        }
        text += ", " + method;
        return restsOnFewChains() ? text + "\n" + warning() : text;
    }

    private String warning() {
        return String.format(
                Locale.ROOT,
                "warning: the weight is that of %.1f of %d chains, so neither the error nor the interval can be relied on; "
                        + "take more scales",
                effectiveChains,
                chains);
    }
}
