package org.ebvlm.scoring;

import java.util.Locale;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/** Noise levels for the rows of a batch, from the smallest for the first row to the largest for the last. */
public final class NoiseGrid {
    private final double from;
    private final double to;
    private final boolean geometric;

    private NoiseGrid(double from, double to, boolean geometric) {
        if (!(from > 0 && to >= from) || to == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that("NoiseGrid: not a range of standard deviations")
                    .expected("0 < from <= to")
                    .butWas(from + ", " + to));
        }
        this.from = from;
        this.to = to;
        this.geometric = geometric;
    }

    /** Levels in equal ratios; published: 0.1 to 3 for MNIST. */
    public static NoiseGrid geometric(double from, double to) {
        return new NoiseGrid(from, to, true);
    }

    /** Levels in equal steps; published: 0.05 to 1.2 for CIFAR-10 and CelebA. */
    public static NoiseGrid linear(double from, double to) {
        return new NoiseGrid(from, to, false);
    }

    /** The levels of a batch of n rows; the first alone if n is 1. */
    double[] levels(int n) {
        double[] levels = new double[n];
        for (int i = 0; i < n; i++) {
            double part = n == 1 ? 0 : i / (n - 1.0);
            levels[i] = geometric ? from * Math.pow(to / from, part) : from + (to - from) * part;
        }
        return levels;
    }

    double smallest() {
        return from;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s to %s, %s", from, to, geometric ? "geometric" : "linear");
    }
}
