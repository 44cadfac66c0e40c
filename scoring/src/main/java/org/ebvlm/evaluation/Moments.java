package org.ebvlm.evaluation;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/**
 * Mean and covariance of rows, in double precision.
 *
 * @param mean [width]
 * @param covariance [width][width], over n - 1
 */
record Moments(double[] mean, double[][] covariance) {

    static Moments of(Data rows) {
        int n = rows.rows();
        int width = rows.width();
        if (n < 2) {
            throw new ShapeException(Facts.that("too few rows for a covariance")
                    .expected("2 or more; many times the width, " + width + ", for a small error")
                    .butWas(n + " in " + rows.name()));
        }
        double[] mean = new double[width];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < width; j++) {
                mean[j] += rows.at(i, j) / (double) n;
            }
        }
        double[][] covariance = new double[width][width];
        double[] gap = new double[width];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < width; j++) {
                gap[j] = rows.at(i, j) - mean[j];
            }
            for (int j = 0; j < width; j++) {
                for (int k = 0; k <= j; k++) {
                    covariance[j][k] += gap[j] * gap[k] / (n - 1.0);
                }
            }
        }
        for (int j = 0; j < width; j++) {
            for (int k = 0; k < j; k++) {
                covariance[k][j] = covariance[j][k];
            }
        }
        return new Moments(mean, covariance);
    }

    /** |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)). */
    double frechet(Moments other) {
        double sum = -2 * rootTrace(covariance, other.covariance);
        for (int i = 0; i < mean.length; i++) {
            double gap = mean[i] - other.mean[i];
            sum += gap * gap + covariance[i][i] + other.covariance[i][i];
        }
        return Math.max(0, sum);
    }

    /** tr (S1 S2)^(1/2) = tr (R S2 R)^(1/2) with R the root of S1: the sum of the roots of the eigenvalues. */
    private static double rootTrace(double[][] first, double[][] second) {
        double[][] root = Eigen.of(first).root();
        double[][] between = product(product(root, second), root);
        int n = root.length;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double mean = (between[i][j] + between[j][i]) / 2;
                between[i][j] = mean;
                between[j][i] = mean;
            }
        }
        double trace = 0;
        for (double value : Eigen.of(between).values) {
            trace += Math.sqrt(Math.max(0, value));
        }
        return trace;
    }

    private static double[][] product(double[][] a, double[][] b) {
        int n = a.length;
        double[][] out = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                for (int j = 0; j < n; j++) {
                    out[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return out;
    }
}
