package org.ebvlm.implicit;

import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.linear.Precision;
import org.ebvlm.scoring.Distances;

/** Points in double precision, all finite; {@link Data} holds single precision, which is enough for most of them. */
public final class Samples {
    private final String name;
    private final int rows;
    private final int width;
    /** What they were made of, if it was data. */
    private final Data data;
    /** Null until asked for, where there are data. */
    private volatile double[] values;

    private Samples(String name, double[] values, int width) {
        this.name = name;
        this.rows = values.length / width;
        this.width = width;
        this.values = values;
        data = null;
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new DataException(Facts.that("samples: a value is not finite")
                        .expected("finite numbers")
                        .butWas(values[i] + " in row " + i / width + ", column " + i % width)
                        .hint("a sampler that has diverged leaves such rows"));
            }
        }
    }

    /** Data are finite. */
    private Samples(Data data) {
        name = data.name();
        rows = data.rows();
        width = data.width();
        this.data = data;
    }

    /**
     * Points laid row after row, copied.
     *
     * @param values [n, width], row-major
     * @throws ShapeException if they do not fill whole rows, or there are none
     * @throws DataException if one is infinite or not a number
     */
    public static Samples of(double[] values, int width) {
        if (width < 1 || values.length == 0 || values.length % width != 0) {
            throw new ShapeException(Facts.that("Samples.of: the values do not fill rows")
                    .expected("[n, " + width + "], row-major, n at least 1")
                    .butWas(values.length + " numbers"));
        }
        return new Samples("samples", values.clone(), width);
    }

    /** The rows of data. */
    public static Samples of(Data data) {
        return new Samples(data);
    }

    /** Number of points. */
    public int rows() {
        return rows;
    }

    /** Numbers a point. */
    public int width() {
        return width;
    }

    /** A copy of all values, [n, width], row-major. */
    public double[] values() {
        return shared().clone();
    }

    /** The values themselves, for reading. */
    double[] shared() {
        double[] present = values;
        if (present == null) {
            float[] narrow = data.values();
            present = new double[narrow.length];
            for (int i = 0; i < narrow.length; i++) {
                present[i] = narrow[i];
            }
            values = present;
        }
        return present;
    }

    /** Their squared distances; where there are many coordinates, in single precision. Of the caller, who closes them. */
    Distances distances() {
        return data != null ? Distances.of(data) : Distances.of(values, width, Precision.SINGLE, this::data);
    }

    String name() {
        return name;
    }

    /** These rows, in this order. */
    Samples select(int[] rows) {
        double[] chosen = new double[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(shared(), rows[i] * width, chosen, i * width, width);
        }
        return new Samples(name, chosen, width);
    }

    /** In single precision, for rules that take a bandwidth from data. */
    Data data() {
        if (data != null) {
            return data;
        }
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return Data.of(name, narrow, width);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d samples of width %d (%s)", rows(), width, name);
    }
}
