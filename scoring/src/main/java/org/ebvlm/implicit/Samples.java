package org.ebvlm.implicit;

import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/** Points in double precision, all finite; {@link Data} holds single precision, which is enough for most of them. */
public final class Samples {
    private final String name;
    private final double[] values;
    private final int width;
    private final Data data;

    private Samples(String name, double[] values, int width, Data data) {
        this.data = data;
        this.name = name;
        this.values = values;
        this.width = width;
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new DataException(Facts.that("samples: a value is not finite")
                        .expected("finite numbers")
                        .butWas(values[i] + " in row " + i / width + ", column " + i % width)
                        .hint("a sampler that has diverged leaves such rows"));
            }
        }
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
        return new Samples("samples", values.clone(), width, null);
    }

    /** The rows of data. */
    public static Samples of(Data data) {
        float[] narrow = data.values();
        double[] values = new double[narrow.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = narrow[i];
        }
        return new Samples(data.name(), values, data.width(), data);
    }

    /** Number of points. */
    public int rows() {
        return values.length / width;
    }

    /** Numbers a point. */
    public int width() {
        return width;
    }

    /** A copy of all values, [n, width], row-major. */
    public double[] values() {
        return values.clone();
    }

    /** The values themselves, for reading. */
    double[] shared() {
        return values;
    }

    String name() {
        return name;
    }

    /** These rows, in this order. */
    Samples select(int[] rows) {
        double[] chosen = new double[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, rows[i] * width, chosen, i * width, width);
        }
        return new Samples(name, chosen, width, null);
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
