package org.ebvlm.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/** A named series of points, each with a standard error that may be zero; a y that is not finite is a gap. */
final class Curve {
    final String name;
    final double[] x;
    final double[] y;
    private final double[] error;

    /** A curve whose standard errors may be null. */
    Curve(String what, String name, double[] x, double[] y, double[] error) {
        this.name = Checks.given(what, name);
        String whose = what + ", curve \"" + name + "\"";
        this.x = Checks.given(whose, x).clone();
        this.y = Checks.given(whose, y).clone();
        this.error = error == null ? new double[y.length] : error.clone();
        if (x.length == 0) {
            throw new ShapeException(Facts.that(whose + ": no points")
                    .expected("one point or more")
                    .butWas("empty arrays"));
        }
        Checks.sameLength(whose + ", x and y", x.length, y.length);
        Checks.sameLength(whose + ", y and standard errors", y.length, this.error.length);
        Checks.allFinite(whose + ", x", x);
        Range.around(whose + ", y", y);
        refuseNegativeErrors(whose);
    }

    private void refuseNegativeErrors(String whose) {
        for (double width : error) {
            if (width < 0) {
                throw new DataException(Facts.that(whose + ": a standard error is negative")
                        .expected("zero, a positive number, or NaN where it is unknown")
                        .butWas(width));
            }
        }
    }

    double below(int i) {
        return y[i] - width(i);
    }

    double above(int i) {
        return y[i] + width(i);
    }

    boolean hasErrors() {
        return IntStream.range(0, y.length).anyMatch(i -> width(i) > 0);
    }

    boolean shows(int i) {
        return Double.isFinite(y[i]);
    }

    /** Half the height of the band: the standard error, or zero where that is unknown. */
    private double width(int i) {
        return Double.isFinite(error[i]) ? error[i] : 0;
    }

    /** The stretches without a gap, as pairs of first index and index after the last. */
    List<int[]> stretches() {
        List<int[]> stretches = new ArrayList<>();
        int start = 0;
        while (start < y.length) {
            int end = start;
            while (end < y.length && shows(end)) {
                end++;
            }
            if (end > start) {
                stretches.add(new int[] {start, end});
            }
            start = end + 1;
        }
        return stretches;
    }
}
