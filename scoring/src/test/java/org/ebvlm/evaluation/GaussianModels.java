package org.ebvlm.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.ebvlm.datasets.Data;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.noise.Noise;

/** A Gaussian over three visible and one hidden number, E = 1/2 x'Lx - b.x with x = (v, h), and its conditionals. */
final class GaussianModels {
    static final double[][] L = {
        {1.5, 0.4, -0.2, 0.3},
        {0.4, 1.2, 0.5, -0.4},
        {-0.2, 0.5, 1.8, 0.2},
        {0.3, -0.4, 0.2, 1.1}
    };
    static final double[] B = {0.5, -1, 0.8, 0.3};

    private GaussianModels() {}

    /** With h real. */
    static EnergyModel joint() {
        LatentEnergy model = LatentEnergy.visible(3)
                .continuous(1)
                .zeros("L", 4, 4)
                .zeros("b", 4)
                .energy((g, v, h) -> {
                    var x = g.concat(1, v, h);
                    return x.mmul(g.getVariable("L"))
                            .mul(0.5)
                            .sub(g.getVariable("b"))
                            .mul(x)
                            .sum(1);
                })
                .init(Noise.seed(1));
        return model.with(model.parameters().with("L", flat(L)).with("b", floats(B)));
    }

    /** Without h: the same energy at h = 0, times a fair coin. */
    static EnergyModel visible() {
        LatentEnergy model = LatentEnergy.visible(3)
                .binary(1)
                .zeros("L", 3, 3)
                .zeros("b", 3)
                .energy((g, v, h) -> v.mmul(g.getVariable("L"))
                        .mul(0.5)
                        .sub(g.getVariable("b"))
                        .mul(v)
                        .sum(1)
                        .add(h.sum(1).mul(0)))
                .init(Noise.seed(1));
        double[][] inner = {{L[0][0], L[0][1], L[0][2]}, {L[1][0], L[1][1], L[1][2]}, {L[2][0], L[2][1], L[2][2]}};
        return model.with(model.parameters().with("L", flat(inner)).with("b", floats(new double[] {B[0], B[1], B[2]})));
    }

    private static float[] flat(double[][] matrix) {
        float[] out = new float[matrix.length * matrix.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) matrix[i / matrix.length][i % matrix.length];
        }
        return out;
    }

    static float[] floats(double[] x) {
        float[] out = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = (float) x[i];
        }
        return out;
    }

    /**
     * Asserts that draws of some coordinates have the mean of the conditional given the others, and the covariance at which
     * Langevin steps rest, (A - step^2 / 4 A^2)^-1 with A the part of L of what moves.
     *
     * @param moves coordinates that move
     * @param given coordinates that do not, and their values
     * @param draws one row a draw; the first columns of what moves, at {@code columns}
     */
    static void assertConditional(int[] moves, int[] given, double[] values, double step, Data draws, int[] columns) {
        int m = moves.length;
        double[] pull = new double[m];
        double[][] a = new double[m][m];
        double[][] rest = new double[m][m];
        for (int i = 0; i < m; i++) {
            pull[i] = B[moves[i]];
            for (int k = 0; k < given.length; k++) {
                pull[i] -= L[moves[i]][given[k]] * values[k];
            }
            for (int j = 0; j < m; j++) {
                a[i][j] = L[moves[i]][moves[j]];
            }
        }
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < m; j++) {
                rest[i][j] = a[i][j];
                for (int k = 0; k < m; k++) {
                    rest[i][j] -= step * step / 4 * a[i][k] * a[k][j];
                }
            }
        }
        double[][] precise = inverse(a);
        double[][] covariance = inverse(rest);
        Moments found = Moments.of(draws);
        int n = draws.rows();
        for (int i = 0; i < columns.length; i++) {
            double mean = 0;
            for (int j = 0; j < m; j++) {
                mean += precise[i][j] * pull[j];
            }
            double error = Math.sqrt(covariance[i][i] / n);
            assertEquals(mean, found.mean()[columns[i]], 4 * error, "mean " + i + ", standard error " + error);
            for (int j = 0; j < columns.length; j++) {
                // The standard error of a covariance of Gaussians.
                error = Math.sqrt((covariance[i][i] * covariance[j][j] + covariance[i][j] * covariance[i][j]) / n);
                assertEquals(
                        covariance[i][j],
                        found.covariance()[columns[i]][columns[j]],
                        4 * error,
                        "covariance " + i + " " + j + ", standard error " + error);
            }
        }
    }

    private static double[][] inverse(double[][] symmetric) {
        Eigen eigen = Eigen.of(symmetric);
        int n = symmetric.length;
        double[][] out = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < n; k++) {
                    out[i][j] += eigen.vectors[i][k] / eigen.values[k] * eigen.vectors[j][k];
                }
            }
        }
        return out;
    }
}
