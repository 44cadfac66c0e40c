package org.ebvlm.datasets;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/** A covariance matrix S = L L' with its Cholesky factor L, lower triangular. */
final class FullCovariance implements Covariance {
    private final double[][] matrix;
    private final double[][] factor;

    /** Keeps the matrix; refuses one that is not symmetric and positive definite. */
    FullCovariance(double[][] matrix) {
        this.matrix = matrix;
        this.factor = cholesky(matrix);
    }

    @Override
    public int width() {
        return factor.length;
    }

    @Override
    public double logDeterminant() {
        double sum = 0;
        for (int i = 0; i < width(); i++) {
            sum += 2 * StrictMath.log(factor[i][i]);
        }
        return sum;
    }

    @Override
    public void solve(double[] difference, double[] out) {
        // L z = difference, from the top
        for (int i = 0; i < width(); i++) {
            double rest = difference[i];
            for (int j = 0; j < i; j++) {
                rest -= factor[i][j] * out[j];
            }
            out[i] = rest / factor[i][i];
        }
        // L' out = z, from the bottom
        for (int i = width() - 1; i >= 0; i--) {
            double rest = out[i];
            for (int j = i + 1; j < width(); j++) {
                rest -= factor[j][i] * out[j];
            }
            out[i] = rest / factor[i][i];
        }
    }

    @Override
    public void color(double[] normal) {
        // L z, from the bottom: a row needs only what is above it.
        for (int i = width() - 1; i >= 0; i--) {
            double sum = 0;
            for (int j = 0; j <= i; j++) {
                sum += factor[i][j] * normal[j];
            }
            normal[i] = sum;
        }
    }

    @Override
    public Covariance plus(double variance) {
        double[][] sum = new double[width()][];
        for (int i = 0; i < width(); i++) {
            sum[i] = matrix[i].clone();
            sum[i][i] += variance;
        }
        return new FullCovariance(sum);
    }

    private static double[][] cholesky(double[][] matrix) {
        int n = matrix.length;
        double[][] factor = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                refuseAsymmetry(matrix, i, j);
                double rest = matrix[i][j];
                for (int k = 0; k < j; k++) {
                    rest -= factor[i][k] * factor[j][k];
                }
                factor[i][j] = i == j ? root(rest, i) : rest / factor[j][j];
            }
        }
        return factor;
    }

    private static double root(double pivot, int row) {
        if (!(pivot > 0)) {
            throw new SettingException(Facts.that("Gaussian: the covariance is not positive definite")
                    .expected("a positive pivot in every row of its Cholesky factorization")
                    .butWas(pivot + " in row " + row));
        }
        return Math.sqrt(pivot);
    }

    private static void refuseAsymmetry(double[][] matrix, int i, int j) {
        double scale = Math.abs(matrix[i][j]) + Math.abs(matrix[j][i]);
        if (Math.abs(matrix[i][j] - matrix[j][i]) > 1e-12 * scale) {
            throw new SettingException(Facts.that("Gaussian: the covariance is not symmetric")
                    .expected("equal numbers at (" + i + ", " + j + ") and (" + j + ", " + i + ")")
                    .butWas(matrix[i][j] + " and " + matrix[j][i]));
        }
    }
}
