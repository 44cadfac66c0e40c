package org.ebvlm.errors;

import java.util.Locale;

/** Numbers that set something: checked as they are given, and as reports write them. */
public final class Settings {
    private Settings() {}

    /**
     * A number added to a diagonal.
     *
     * @param what the setting, for the error: {@code "Stein.ridge"}
     * @throws SettingException unless it is finite and zero or more
     */
    public static double ridge(String what, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new SettingException(
                    Facts.that(what + ": not a ridge").expected("zero or more").butWas(value));
        }
        return value;
    }

    /**
     * A positive number.
     *
     * @throws SettingException unless it is finite and above zero
     */
    public static double positive(String what, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new SettingException(Facts.that(what + ": out of range")
                    .expected("a positive number")
                    .butWas(value));
        }
        return value;
    }

    /**
     * A count.
     *
     * @throws SettingException if it is less than the least
     */
    public static int atLeast(int least, String what, int value) {
        if (value < least) {
            throw new SettingException(
                    Facts.that(what + ": too few").expected(least + " or more").butWas(value));
        }
        return value;
    }

    /** Three digits. */
    public static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
