package org.ebvlm.picture;

import java.util.Arrays;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;

/** What a picture refuses before it draws anything. */
final class Checks {
    private Checks() {}

    /** The new value of a setting that has none yet. */
    static <T> T once(String what, T before, T now) {
        if (before != null) {
            throw new SettingException(
                    Facts.that(what + ": set twice").expected("one setting").butWas(before + ", then " + now));
        }
        return given(what, now);
    }

    static <T> T given(String what, T value) {
        if (value == null) {
            throw new SettingException(
                    Facts.that(what + ": nothing given").expected("a value").butWas("null"));
        }
        return value;
    }

    /** Refuses to draw before a setting has a value. */
    static void set(String what, Object value, String name, String example) {
        if (value == null) {
            throw new SettingException(Facts.that(what + ".picture: " + name + " is not set")
                    .expected(name)
                    .butWas("none")
                    .hint("add for instance " + example));
        }
    }

    static int atLeast(String what, int least, int value) {
        if (value < least) {
            throw new SettingException(Facts.that(what + ": too small")
                    .expected(least + " or more")
                    .butWas(value));
        }
        return value;
    }

    /** A copy of the rows of (x, y), of which at least one must be finite. */
    static float[] points(String what, float[] rowMajor) {
        given(what, rowMajor);
        if (rowMajor.length == 0 || rowMajor.length % 2 != 0) {
            throw new ShapeException(Facts.that(what + ": not rows of two numbers")
                    .expected("[n, 2] in one array: x and y of the first point, of the second, ...")
                    .butWas("an array of " + rowMajor.length + " numbers"));
        }
        if (finiteRows(rowMajor) == 0) {
            throw new DataException(Facts.that(what + ": no point is finite")
                    .expected("at least one point with finite x and y")
                    .butWas(rowMajor.length / 2 + " points with NaN or infinite coordinates"));
        }
        return rowMajor.clone();
    }

    static boolean finiteRow(float[] points, int row) {
        return Float.isFinite(points[2 * row]) && Float.isFinite(points[2 * row + 1]);
    }

    static int finiteRows(float[] points) {
        int finite = 0;
        for (int row = 0; row < points.length / 2; row++) {
            finite += finiteRow(points, row) ? 1 : 0;
        }
        return finite;
    }

    static void sameLength(String what, int expected, int length) {
        if (expected != length) {
            throw new ShapeException(Facts.that(what + ": the lengths do not match")
                    .expected(expected + " numbers")
                    .butWas(length));
        }
    }

    static double finite(String what, double value) {
        allFinite(what, new double[] {value});
        return value;
    }

    static void allFinite(String what, double[] values) {
        double[] odd = Arrays.stream(values).filter(v -> !Double.isFinite(v)).toArray();
        if (odd.length > 0) {
            throw new DataException(Facts.that(what + ": not finite")
                    .expected("finite numbers")
                    .butWas(odd.length + " of " + values.length + ", the first of them " + odd[0]));
        }
    }

    /** For a logarithmic axis; NaN passes. */
    static void allPositive(String what, double[] values) {
        double[] odd = Arrays.stream(values).filter(v -> v <= 0).toArray();
        if (odd.length > 0) {
            throw new DataException(Facts.that(what + ": a logarithmic axis has no place for zero or less")
                    .expected("positive numbers")
                    .butWas(odd.length + " of " + values.length + ", the first of them " + odd[0])
                    .hint("leave the axis linear, or draw what is lost against the best value"));
        }
    }
}
