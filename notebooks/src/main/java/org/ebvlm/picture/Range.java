package org.ebvlm.picture;

import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/** An interval of numbers, low below high, both finite. */
record Range(double low, double high) {

    /** The interval a caller asked for. */
    static Range of(String what, double low, double high) {
        // The width of two finite ends may still overflow.
        if (!(low < high) || !Double.isFinite(high - low)) {
            throw new SettingException(Facts.that(what + ": not a range")
                    .expected("two finite numbers, the lower one first")
                    .butWas("[" + low + ", " + high + "]"));
        }
        return new Range(low, high);
    }

    /** The smallest interval around the finite values; one of width 1 if they are all the same. */
    static Range around(String what, double[] values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (Double.isFinite(value)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        if (low > high) {
            throw new DataException(Facts.that(what + ": no value is finite")
                    .expected("at least one finite value")
                    .butWas(values.length + " values, all NaN or infinite"));
        }
        return low < high ? of(what, low, high) : new Range(low - margin(low), low + margin(low));
    }

    /** Half a unit, or more where half a unit would be lost in rounding. */
    private static double margin(double value) {
        return Math.max(0.5, Math.abs(value) * 1e-6);
    }

    double width() {
        return high - low;
    }

    double middle() {
        return low + width() / 2;
    }

    /** Where the value lies: 0 at the low end, 1 at the high end. */
    double fraction(double value) {
        return (value - low) / width();
    }

    double at(double fraction) {
        return low + fraction * width();
    }

    /** This interval with the fraction of its width added at either end. */
    Range padded(double fraction) {
        return new Range(low - fraction * width(), high + fraction * width());
    }

    /** This interval made at least so wide about its middle. */
    Range atLeast(double width) {
        return width() >= width ? this : new Range(middle() - width / 2, middle() + width / 2);
    }
}
