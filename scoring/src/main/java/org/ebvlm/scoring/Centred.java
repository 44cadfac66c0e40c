package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.linear.Matrix;
import org.ebvlm.linear.Precision;

/** Rows about their mean, outside the heap. */
final class Centred {
    private Centred() {}

    static Matrix of(double[] values, int width, Precision precision) {
        int n = values.length / width;
        double rate = 1.0 / n;
        double[] mean = new double[width];
        for (int at = 0; at < values.length; at += width) {
            for (int k = 0; k < width; k++) {
                mean[k] += rate * values[at + k];
            }
        }
        Matrix centred = Matrix.of(n, width, precision);
        double[] row = new double[width];
        for (int i = 0; i < n; i++) {
            int at = i * width;
            for (int k = 0; k < width; k++) {
                row[k] = values[at + k] - mean[k];
            }
            centred.put(i, row, width);
        }
        return centred;
    }

    /** In single precision by loops in single precision: the origin need not be the mean to the last digit. */
    static Matrix of(Data data, Precision precision) {
        int n = data.rows();
        int width = data.width();
        if (precision == Precision.DOUBLE) {
            return of(values(data), width, precision);
        }
        float[] row = new float[width];
        float[] mean = new float[width];
        float rate = 1f / n;
        for (int i = 0; i < n; i++) {
            data.copyRow(i, row, 0);
            for (int k = 0; k < width; k++) {
                mean[k] += rate * row[k];
            }
        }
        Matrix centred = Matrix.of(n, width, precision);
        for (int i = 0; i < n; i++) {
            data.copyRow(i, row, 0);
            for (int k = 0; k < width; k++) {
                row[k] -= mean[k];
            }
            centred.put(i, row, width);
        }
        return centred;
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
