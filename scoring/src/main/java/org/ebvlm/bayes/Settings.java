package org.ebvlm.bayes;

import java.util.Locale;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/** Settings checked as they are given, and how reports write them. */
final class Settings {
    private Settings() {}

    static double positive(String what, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new SettingException(Facts.that(what + ": out of range")
                    .expected("a positive number")
                    .butWas(value));
        }
        return value;
    }

    static int atLeast(int least, String what, int value) {
        if (value < least) {
            throw new SettingException(
                    Facts.that(what + ": too few").expected(least + " or more").butWas(value));
        }
        return value;
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
