package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.linear.Matrix;
import org.ebvlm.linear.Precision;

/**
 * Rows about their mean, outside the heap; where they are wide, about the mean of some of them, evenly spaced. What matters is
 * an origin that is no farther from the rows than they are from each other, so that differences keep their digits wherever the
 * rows lie.
 */
final class Centred {
    /** Rows whose mean is about as near to all as that of all: its square is off by the variance over so many. */
    private static final int FEW = 16;
    /** Numbers that can be added in a small part of the time that all else takes. */
    private static final int QUICK = 16_384;

    private Centred() {}

    static Matrix of(double[] values, int width, Precision precision) {
        int n = values.length / width;
        int few = few(n, width);
        double rate = 1.0 / few;
        double[] origin = new double[width];
        for (int i = 0; i < few; i++) {
            int at = place(i, few, n) * width;
            for (int k = 0; k < width; k++) {
                origin[k] += rate * values[at + k];
            }
        }
        Matrix centred = Matrix.of(n, width, precision);
        double[] row = new double[width];
        for (int i = 0; i < n; i++) {
            int at = i * width;
            for (int k = 0; k < width; k++) {
                row[k] = values[at + k] - origin[k];
            }
            centred.put(i, row, width);
        }
        return centred;
    }

    /** In single precision by loops in single precision: where exactly the origin is does not matter. */
    static Matrix of(Data data, Precision precision) {
        int n = data.rows();
        int width = data.width();
        if (precision == Precision.DOUBLE) {
            return of(values(data), width, precision);
        }
        float[] row = new float[width];
        float[] origin = origin(data, row);
        Matrix centred = Matrix.of(n, width, precision);
        for (int i = 0; i < n; i++) {
            data.copyRow(i, row, 0);
            for (int k = 0; k < width; k++) {
                row[k] -= origin[k];
            }
            centred.put(i, row, width);
        }
        return centred;
    }

    private static float[] origin(Data data, float[] row) {
        int n = data.rows();
        int few = few(n, row.length);
        float rate = 1f / few;
        float[] origin = new float[row.length];
        for (int i = 0; i < few; i++) {
            data.copyRow(place(i, few, n), row, 0);
            for (int k = 0; k < row.length; k++) {
                origin[k] += rate * row[k];
            }
        }
        return origin;
    }

    private static int few(int n, int width) {
        return Math.min(n, Math.max(FEW, QUICK / width));
    }

    /** Where one of a few evenly spaced rows is among n. */
    private static int place(int i, int few, int n) {
        return (int) ((long) i * n / few);
    }

    private static double[] values(Data data) {
        float[] narrow = data.values();
        double[] values = new double[narrow.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = narrow[i];
        }
        return values;
    }
}
