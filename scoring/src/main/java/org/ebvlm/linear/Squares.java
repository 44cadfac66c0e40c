package org.ebvlm.linear;

import java.util.function.IntToDoubleFunction;

/** Squared distances of one point to many: by differences where there are few coordinates, by products where there are many. */
public final class Squares {
    /** Coordinates up to which differences are as quick as products, and lose no digits. */
    private static final int FEW = 8;

    private Squares() {}

    /** Whether points of this width are better compared by differences. */
    public static boolean byDifferences(int width) {
        return width <= FEW;
    }

    /** Column by column, [width, n] of [n, width], so that loops over rows run through memory in order. */
    public static double[][] columns(double[] rows, int width) {
        int n = rows.length / width;
        double[][] columns = new double[width][n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < width; k++) {
                columns[k][i] = rows[i * width + k];
            }
        }
        return columns;
    }

    /**
     * Adds the squared differences of one coordinate.
     *
     * @param y the point's
     * @param column the others'
     * @param many how many others
     * @param out to what is from {@code at} on
     */
    public static void add(double y, double[] column, int many, double[] out, int at) {
        for (int j = 0; j < many; j++) {
            double difference = y - column[j];
            out[at + j] += difference * difference;
        }
    }

    /**
     * Turns products into squared distances, ||y||^2 + ||x||^2 - 2 y . x. Pairs so close that rounding has eaten the difference
     * are compared by their coordinates.
     *
     * @param values y . x_j
     * @param many how many of them
     * @param norm ||y||^2
     * @param norms ||x_j||^2
     * @param precision of the products
     * @param exact the squared distance to x_j
     */
    public static void ofProducts(
            double[] values, int many, double norm, double[] norms, Precision precision, IntToDoubleFunction exact) {
        double close = precision == Precision.SINGLE ? 1e-4 : 1e-9;
        // Without a branch, so that the virtual machine takes several at a time.
        for (int j = 0; j < many; j++) {
            values[j] = norm + norms[j] - 2 * values[j];
        }
        for (int j = 0; j < many; j++) {
            if (!(values[j] > close * (norm + norms[j]))) {
                values[j] = exact.applyAsDouble(j);
            }
        }
    }

    /** Of two rows of width numbers. */
    public static double difference(double[] a, int fromA, double[] b, int fromB, int width) {
        double sum = 0;
        for (int k = 0; k < width; k++) {
            double difference = a[fromA + k] - b[fromB + k];
            sum += difference * difference;
        }
        return sum;
    }
}
