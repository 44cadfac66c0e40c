package org.ebvlm.evaluation;

import java.util.Locale;

/**
 * How many of some rows were classified rightly.
 *
 * @param right how many
 * @param of of how many, at least one
 */
public record Accuracy(int right, int of) {
    private static final double Z = 1.959963984540054;

    /** The share that is right. */
    public double value() {
        return (double) right / of;
    }

    /** sqrt(p (1 - p) / n). */
    public double standardError() {
        return Math.sqrt(value() * (1 - value()) / of);
    }

    /** Lower end of the 95 percent interval of Wilson (1927). */
    public double low() {
        return centre() - halfWidth();
    }

    /** Upper end of the 95 percent interval of Wilson (1927). */
    public double high() {
        return centre() + halfWidth();
    }

    /** (p + z^2 / 2n) / (1 + z^2 / n). */
    private double centre() {
        return (value() + Z * Z / (2 * of)) / (1 + Z * Z / of);
    }

    /** z sqrt(p (1 - p) / n + z^2 / 4n^2) / (1 + z^2 / n). */
    private double halfWidth() {
        return Z * Math.sqrt(value() * (1 - value()) / of + Z * Z / (4.0 * of * of)) / (1 + Z * Z / of);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "accuracy %.4f (%d of %d, 95%% %.4f to %.4f)", value(), right, of, low(), high());
    }
}
