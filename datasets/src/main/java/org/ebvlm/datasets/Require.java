package org.ebvlm.datasets;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;

/** Conditions on settings, each with the value in the message. */
final class Require {
    private Require() {}

    static double positive(String what, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new SettingException(Facts.that(what + " is out of range")
                    .expected("a positive, finite number")
                    .butWas(value));
        }
        return value;
    }

    static double finite(String what, double value) {
        if (!Double.isFinite(value)) {
            throw new SettingException(Facts.that(what + " is out of range")
                    .expected("a finite number")
                    .butWas(value));
        }
        return value;
    }

    static int atLeast(int least, String what, int value) {
        if (value < least) {
            throw new SettingException(Facts.that(what + " is out of range")
                    .expected("at least " + least)
                    .butWas(value));
        }
        return value;
    }

    static void width(String what, int expected, int was) {
        if (expected != was) {
            throw new ShapeException(
                    Facts.that(what + " has the wrong width").expected(expected).butWas(was));
        }
    }
}
