package org.ebvlm.bayes;

import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.noise.Noise;

/**
 * Regression by a line, f = u . x + c, with normal noise, whose posterior is known: with rows (x, 1) in X,
 *
 * <pre>A = I / s^2 + X'X / noise^2,   mean = A^-1 X'y / noise^2,   covariance = A^-1</pre>
 */
final class Line {
    static final double NOISE = 0.5;

    final Labelled data;
    final BayesianNetwork network;
    final double[][] precision;
    final double[] mean;
    final double[][] covariance;

    Line(int rows, int width) {
        Noise noise = Noise.seed(5);
        float[] x = new float[rows * width];
        float[] y = new float[rows];
        noise.normal(x, 0, x.length);
        for (int i = 0; i < rows; i++) {
            double f = 0.3 + NOISE * noise.nextNormal();
            for (int j = 0; j < width; j++) {
                f += (j == 0 ? 0.8 : -0.4) * x[i * width + j];
            }
            y[i] = (float) f;
        }
        data = Labelled.of(Data.of("a line", x, width), Data.of("labels", y, 1));
        network = BayesianNetwork.inputs(width).gaussian(NOISE);
        int d = width + 1;
        precision = new double[d][d];
        double[] right = new double[d];
        for (int a = 0; a < d; a++) {
            for (int b = 0; b < d; b++) {
                precision[a][b] = a == b ? 1 : 0;
                for (int i = 0; i < rows; i++) {
                    precision[a][b] += column(i, a) * column(i, b) / (NOISE * NOISE);
                }
            }
            for (int i = 0; i < rows; i++) {
                right[a] += column(i, a) * y[i] / (NOISE * NOISE);
            }
        }
        covariance = inverse(precision);
        mean = new double[d];
        for (int a = 0; a < d; a++) {
            for (int b = 0; b < d; b++) {
                mean[a] += covariance[a][b] * right[b];
            }
        }
    }

    private double column(int row, int which) {
        return which < data.width() ? data.rows().at(row, which) : 1;
    }

    /** By Gauss and Jordan. */
    static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        double[][] m = new double[n][2 * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(matrix[i], 0, m[i], 0, n);
            m[i][n + i] = 1;
        }
        for (int p = 0; p < n; p++) {
            double pivot = m[p][p];
            for (int j = 0; j < 2 * n; j++) {
                m[p][j] /= pivot;
            }
            for (int i = 0; i < n; i++) {
                double factor = m[i][p];
                for (int j = 0; i != p && j < 2 * n; j++) {
                    m[i][j] -= factor * m[p][j];
                }
            }
        }
        double[][] out = new double[n][n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(m[i], n, out[i], 0, n);
        }
        return out;
    }

    static double[] means(Data particles) {
        double[] means = new double[particles.width()];
        for (int k = 0; k < particles.rows(); k++) {
            for (int a = 0; a < means.length; a++) {
                means[a] += particles.at(k, a) / (double) particles.rows();
            }
        }
        return means;
    }

    static double[][] covariance(Data particles) {
        double[] means = means(particles);
        double[][] covariance = new double[means.length][means.length];
        for (int k = 0; k < particles.rows(); k++) {
            for (int a = 0; a < means.length; a++) {
                for (int b = 0; b < means.length; b++) {
                    covariance[a][b] += (particles.at(k, a) - means[a])
                            * (particles.at(k, b) - means[b])
                            / (particles.rows() - 1.0);
                }
            }
        }
        return covariance;
    }
}
