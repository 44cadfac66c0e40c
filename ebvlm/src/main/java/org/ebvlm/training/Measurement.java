package org.ebvlm.training;

import java.util.Locale;

/**
 * A measured number.
 *
 * @param name what was measured
 * @param value the number
 * @param standardError of the value; zero where it is exact, NaN where it is not known
 */
public record Measurement(String name, double value, double standardError) {
    @Override
    public String toString() {
        String error = standardError > 0
                ? String.format(Locale.ROOT, " (standard error %.2g)", standardError)
                : Double.isNaN(standardError) ? " (standard error not known)" : "";
        return String.format(Locale.ROOT, "%s = %.4g%s", name, value, error);
    }
}
