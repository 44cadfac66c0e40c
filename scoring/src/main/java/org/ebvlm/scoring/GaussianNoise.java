package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;

/**
 * A Gaussian to tell data from, u = mean + L e with L L' the covariance and e standard normal:
 *
 * <pre>log p(v) = -1/2 || L^-1 (v - mean) ||^2 - sum of log L_ii - width/2 log 2 pi</pre>
 */
public final class GaussianNoise implements NoiseDensity {
    /** Of the mean variance, added to every variance: data in few directions still make a density. */
    private static final double RIDGE = 1e-3;

    private final String name;
    private final double[] mean;
    private final double[][] factor;

    private GaussianNoise(String name, double[] mean, double[][] factor) {
        this.name = name;
        this.mean = mean;
        this.factor = factor;
    }

    /** The standard normal of a width. */
    public static GaussianNoise standard(int width) {
        double[][] identity = new double[width][width];
        for (int i = 0; i < width; i++) {
            identity[i][i] = 1;
        }
        return new GaussianNoise("standard normal", new double[width], identity);
    }

    /**
     * With mean and covariance of the data, each variance enlarged by a thousandth of the mean variance. Costs rows x
     * width^2 once.
     *
     * @throws DataException if all rows are alike
     */
    public static GaussianNoise fittedTo(Data data) {
        int width = data.width();
        double[] mean = new double[width];
        for (int i = 0; i < data.rows(); i++) {
            for (int j = 0; j < width; j++) {
                mean[j] += (double) data.at(i, j) / data.rows();
            }
        }
        double[][] covariance = covariance(data, mean);
        double trace = 0;
        for (int j = 0; j < width; j++) {
            trace += covariance[j][j];
        }
        if (!(trace > 0)) {
            throw new DataException(Facts.that("GaussianNoise.fittedTo: all rows of " + data.name() + " are alike")
                    .expected("rows that vary")
                    .butWas("variance " + trace));
        }
        for (int j = 0; j < width; j++) {
            covariance[j][j] += RIDGE * trace / width;
        }
        return new GaussianNoise("Gaussian fitted to " + data.name(), mean, cholesky(covariance));
    }

    private static double[][] covariance(Data data, double[] mean) {
        int width = mean.length;
        double[][] sum = new double[width][width];
        for (int i = 0; i < data.rows(); i++) {
            for (int j = 0; j < width; j++) {
                double gap = data.at(i, j) - mean[j];
                for (int k = 0; k <= j; k++) {
                    sum[j][k] += gap * (data.at(i, k) - mean[k]) / data.rows();
                }
            }
        }
        return sum;
    }

    /** L with L L' = a, from the lower half of a: {@code L_jk = ( a_jk - sum over m < k of L_jm L_km ) / L_kk}. */
    private static double[][] cholesky(double[][] a) {
        double[][] l = new double[a.length][a.length];
        for (int j = 0; j < a.length; j++) {
            for (int k = 0; k <= j; k++) {
                double rest = a[j][k];
                for (int m = 0; m < k; m++) {
                    rest -= l[j][m] * l[k][m];
                }
                l[j][k] = j == k ? Math.sqrt(rest) : rest / l[k][k];
            }
        }
        return l;
    }

    /** L^-1, column by column. */
    private double[] inverse() {
        int width = mean.length;
        double[] out = new double[width * width];
        for (int c = 0; c < width; c++) {
            for (int j = c; j < width; j++) {
                double rest = j == c ? 1 : 0;
                for (int m = c; m < j; m++) {
                    rest -= factor[j][m] * out[m * width + c];
                }
                out[j * width + c] = rest / factor[j][j];
            }
        }
        return out;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int width() {
        return mean.length;
    }

    @Override
    public Expr sample(int rows) {
        int width = mean.length;
        double[] flat = new double[width * width];
        for (int j = 0; j < width; j++) {
            System.arraycopy(factor[j], 0, flat, j * width, width);
        }
        Expr e = Expr.noise(Leaf.Source.NORMAL, "contrast", rows, width);
        return e.matmul(Expr.constant(flat, width, width), false, true).plus(Expr.constant(mean, width));
    }

    @Override
    public Expr logDensity(Expr v) {
        int width = mean.length;
        double volume = 0.5 * width * Math.log(2 * Math.PI);
        for (int j = 0; j < width; j++) {
            volume += Math.log(factor[j][j]);
        }
        Expr e = v.minus(Expr.constant(mean, width)).matmul(Expr.constant(inverse(), width, width), false, true);
        return e.square().sum(1).times(-0.5).minus(volume);
    }

    @Override
    public String toString() {
        return name;
    }
}
