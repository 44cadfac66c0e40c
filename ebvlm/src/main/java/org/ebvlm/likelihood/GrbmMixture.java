package org.ebvlm.likelihood;

import java.util.Arrays;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Density;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;

/**
 * A {@link Grbm} with few hidden units as what it is, a mixture of 2^hidden Gaussians of one covariance, in double
 * precision:
 *
 * <pre>
 * p(v) = sum_h w_h N( v; b + S^2 M h, S^2 ),    S = diag(s)
 * log w_h = c . h + b' M h + 1/2 ||S M h||^2 - log sum over all h of the same
 * </pre>
 *
 * <p>So the density, its score, log Z, independent samples, mean and covariance are all known: the bed on which samplers and
 * estimates of this kind of model are tested.
 *
 * <pre>{@code
 * var exact = GrbmMixture.of(grbm);
 * exact.sample(1000, seed(7));
 * exact.logPartition();
 * }</pre>
 *
 * <p>Cost: 2^hidden times the width of v, once to make it and once for each density or score.
 */
public final class GrbmMixture implements Density {
    /** The most hidden units: 32,768 Gaussians. */
    public static final int LIMIT = 15;

    private final String name;
    private final double[] b;
    private final double[] std;
    /** A column of M for each hidden unit. */
    private final double[][] columns;
    /** log w_h, in the order of the states as binary numbers. */
    private final double[] logWeights;

    private final double logSum;

    private GrbmMixture(Grbm model) {
        BoltzmannMachine.Sides sides = model.sides();
        name = model.name() + " as a mixture";
        b = sides.evenBias();
        std = sides.std();
        columns = columns(sides.coupling(), model.hidden());
        double[] terms = new double[1 << model.hidden()];
        for (int state = 0; state < terms.length; state++) {
            terms[state] = logTerm(sides.oddBias(), state);
        }
        logSum = logSum(terms);
        logWeights = Arrays.stream(terms).map(term -> term - logSum).toArray();
    }

    /**
     * The mixture that a machine is.
     *
     * @throws SettingException if it has more than {@link #LIMIT} hidden units
     */
    public static GrbmMixture of(Grbm model) {
        if (model.hidden() > LIMIT) {
            throw new SettingException(Facts.that("GrbmMixture: too many Gaussians")
                    .expected("at most " + LIMIT + " hidden units")
                    .butWas(model.hidden())
                    .hint("BlockGibbs draws samples of such a machine, Ais estimates its log Z"));
        }
        return new GrbmMixture(model);
    }

    private static double[][] columns(double[] coupling, int hidden) {
        double[][] columns = new double[hidden][coupling.length / hidden];
        for (int k = 0; k < coupling.length; k++) {
            columns[k % hidden][k / hidden] = coupling[k];
        }
        return columns;
    }

    /** c . h + b' M h + 1/2 ||S M h||^2. */
    private double logTerm(double[] c, int state) {
        double[] field = field(state);
        double sum = 0;
        for (int j = 0; j < c.length; j++) {
            sum += (state >> j & 1) * c[j];
        }
        for (int i = 0; i < b.length; i++) {
            sum += field[i] * (b[i] + 0.5 * std[i] * std[i] * field[i]);
        }
        return sum;
    }

    /** M h. */
    private double[] field(int state) {
        double[] field = new double[b.length];
        for (int j = 0; j < columns.length; j++) {
            for (int i = 0; (state >> j & 1) == 1 && i < field.length; i++) {
                field[i] += columns[j][i];
            }
        }
        return field;
    }

    // ---------------------------------------------------------------- what it is

    @Override
    public String name() {
        return name;
    }

    @Override
    public int width() {
        return b.length;
    }

    /** log Z of the machine, exact: the volume of a Gaussian times the sum over h. */
    public LogPartition logPartition() {
        double logVolume = 0.5 * b.length * Math.log(2 * Math.PI);
        for (double each : std) {
            logVolume += Math.log(each);
        }
        return LogPartition.exact(logVolume + logSum, "sum of " + logWeights.length + " Gaussians");
    }

    /** The weights w_h; unit j of Gaussian number k is bit j of k. Their sum is one. */
    public double[] weights() {
        return Arrays.stream(logWeights).map(Math::exp).toArray();
    }

    /** The mean b + S^2 M h of one of the Gaussians, [visible]. */
    public double[] mean(int gaussian) {
        double[] mean = field(gaussian);
        for (int i = 0; i < mean.length; i++) {
            // b + s^2 (M h)
            mean[i] = b[i] + std[i] * std[i] * mean[i];
        }
        return mean;
    }

    /** E[v] = b + S^2 M E[h], [visible]. */
    public double[] mean() {
        double[] h = hiddenMean();
        double[] mean = b.clone();
        for (int j = 0; j < h.length; j++) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += std[i] * std[i] * columns[j][i] * h[j];
            }
        }
        return mean;
    }

    /** Cov[v] = S^2 + S^2 M Cov[h] M' S^2, [visible, visible]. */
    public double[][] covariance() {
        double[][] ofHidden = hiddenCovariance();
        double[][] cov = new double[b.length][b.length];
        for (int i = 0; i < b.length; i++) {
            for (int k = 0; k < b.length; k++) {
                cov[i][k] = square(std[i]) * square(std[k]) * form(ofHidden, i, k);
            }
            cov[i][i] += square(std[i]);
        }
        return cov;
    }

    /** (M C M')_ik. */
    private double form(double[][] c, int i, int k) {
        double sum = 0;
        for (int j = 0; j < c.length; j++) {
            for (int l = 0; l < c.length; l++) {
                sum += columns[j][i] * c[j][l] * columns[l][k];
            }
        }
        return sum;
    }

    /** E[h] under the machine, [hidden]. */
    private double[] hiddenMean() {
        double[] mean = new double[columns.length];
        for (int state = 0; state < logWeights.length; state++) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += (state >> j & 1) * Math.exp(logWeights[state]);
            }
        }
        return mean;
    }

    private double[][] hiddenCovariance() {
        double[] mean = hiddenMean();
        double[][] cov = new double[mean.length][mean.length];
        for (int state = 0; state < logWeights.length; state++) {
            for (int j = 0; j < mean.length; j++) {
                for (int k = 0; k < mean.length; k++) {
                    cov[j][k] +=
                            Math.exp(logWeights[state]) * ((state >> j & 1) - mean[j]) * ((state >> k & 1) - mean[k]);
                }
            }
        }
        return cov;
    }

    // ---------------------------------------------------------------- as a density

    @Override
    public double logDensity(double[] point) {
        return logSum(logTerms(point));
    }

    /** sum over h of p(h | v) S^-2 (b + S^2 M h - v), [visible]. */
    @Override
    public void score(double[] point, double[] out) {
        double[] terms = logTerms(point);
        double logDensity = logSum(terms);
        double[] h = new double[columns.length];
        for (int state = 0; state < terms.length; state++) {
            for (int j = 0; j < h.length; j++) {
                h[j] += (state >> j & 1) * Math.exp(terms[state] - logDensity);
            }
        }
        for (int i = 0; i < b.length; i++) {
            out[i] = (b[i] - point[i]) / square(std[i]);
            for (int j = 0; j < h.length; j++) {
                out[i] += columns[j][i] * h[j];
            }
        }
    }

    /** log w_h + log N(v; b + S^2 M h, S^2), for every h. */
    private double[] logTerms(double[] point) {
        double[] terms = logWeights.clone();
        for (int state = 0; state < terms.length; state++) {
            double[] mean = mean(state);
            for (int i = 0; i < mean.length; i++) {
                terms[state] -=
                        0.5 * square((point[i] - mean[i]) / std[i]) + Math.log(std[i]) + 0.5 * Math.log(2 * Math.PI);
            }
        }
        return terms;
    }

    /** Independent draws: a Gaussian by its weight, then a point of it. */
    @Override
    public Data sample(int n, Noise noise) {
        if (n < 1) {
            throw new SettingException(Facts.that("GrbmMixture.sample: too few")
                    .expected("1 or more")
                    .butWas(n));
        }
        double[] below = below();
        float[] e = new float[b.length];
        float[] rows = new float[Math.multiplyExact(n, b.length)];
        for (int r = 0; r < n; r++) {
            double[] mean = mean(drawn(below, noise.nextDouble()));
            noise.normal(e, 0, e.length);
            for (int i = 0; i < mean.length; i++) {
                rows[r * b.length + i] = (float) (mean[i] + std[i] * e[i]);
            }
        }
        return Data.of("samples of " + name, rows, b.length).drawnFrom(this);
    }

    /** The sum of the weights up to each Gaussian, itself included. */
    private double[] below() {
        double[] below = weights();
        Arrays.parallelPrefix(below, Double::sum);
        return below;
    }

    /** The Gaussian in whose share of [0, 1) the number lies; the last one takes what rounding leaves. */
    private static int drawn(double[] below, double u) {
        int at = Arrays.binarySearch(below, u);
        return Math.min(at >= 0 ? at + 1 : -at - 1, below.length - 1);
    }

    private static double square(double x) {
        return x * x;
    }

    private static double logSum(double[] terms) {
        double top = Arrays.stream(terms).max().orElseThrow();
        double sum = 0;
        for (double term : terms) {
            sum += Math.exp(term - top);
        }
        return top + Math.log(sum);
    }

    @Override
    public String toString() {
        return name + " of " + logWeights.length + " Gaussians in " + b.length + " dimensions";
    }
}
