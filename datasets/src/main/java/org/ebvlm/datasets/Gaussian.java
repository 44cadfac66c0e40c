package org.ebvlm.datasets;

import java.util.Arrays;
import java.util.Optional;
import org.ebvlm.noise.Noise;

/**
 * The normal density {@code exp(-(x - m)' S^-1 (x - m) / 2) / sqrt(det(2 pi S))}, with score {@code -S^-1 (x - m)}.
 *
 * <p>Cost of a point: width operations for a diagonal covariance, width^2 for a full one, whose making costs width^3.
 */
public final class Gaussian implements Density {
    private static final double LOG_TWO_PI = 2 * 0.91893853320467274178;

    private final double[] mean;
    private final Covariance covariance;
    private final double logNormalizer;

    private Gaussian(double[] mean, Covariance covariance) {
        this.mean = mean;
        this.covariance = covariance;
        this.logNormalizer = -0.5 * (covariance.logDeterminant() + mean.length * LOG_TWO_PI);
    }

    /**
     * A round Gaussian.
     *
     * @param std standard deviation of every coordinate
     * @throws org.ebvlm.errors.SettingException if std is not positive
     */
    public static Gaussian isotropic(double[] mean, double std) {
        double[] all = new double[mean.length];
        Arrays.fill(all, std);
        return diagonal(mean, all);
    }

    /**
     * A Gaussian with independent coordinates.
     *
     * @param std their standard deviations
     * @throws org.ebvlm.errors.ShapeException if mean and std differ in length
     * @throws org.ebvlm.errors.SettingException if a std is not positive
     */
    public static Gaussian diagonal(double[] mean, double[] std) {
        Require.width("Gaussian.diagonal: std", mean.length, std.length);
        double[] variance = new double[std.length];
        for (int i = 0; i < std.length; i++) {
            variance[i] = Math.pow(Require.positive("Gaussian: std", std[i]), 2);
        }
        return new Gaussian(mean.clone(), new DiagonalCovariance(variance));
    }

    /**
     * A Gaussian with any covariance.
     *
     * @param covariance [width, width], symmetric and positive definite
     * @throws org.ebvlm.errors.ShapeException if it has not the width of the mean
     * @throws org.ebvlm.errors.SettingException if it is not symmetric or not positive definite
     */
    public static Gaussian full(double[] mean, double[][] covariance) {
        Require.width("Gaussian.full: covariance", mean.length, covariance.length);
        double[][] copy = new double[mean.length][];
        for (int i = 0; i < mean.length; i++) {
            Require.width("Gaussian.full: row " + i + " of the covariance", mean.length, covariance[i].length);
            copy[i] = covariance[i].clone();
        }
        return new Gaussian(mean.clone(), new FullCovariance(copy));
    }

    /** The mean, [width]. */
    public double[] mean() {
        return mean.clone();
    }

    @Override
    public String name() {
        return "Gaussian in " + width() + " dimensions";
    }

    @Override
    public int width() {
        return mean.length;
    }

    @Override
    public double logDensity(double[] point) {
        double[] score = new double[width()];
        score(point, score);
        // (x - m)' S^-1 (x - m) = -(x - m)' score
        double square = 0;
        for (int i = 0; i < width(); i++) {
            square -= (point[i] - mean[i]) * score[i];
        }
        return logNormalizer - 0.5 * square;
    }

    @Override
    public void score(double[] point, double[] out) {
        double[] difference = new double[width()];
        for (int i = 0; i < width(); i++) {
            difference[i] = mean[i] - point[i];
        }
        covariance.solve(difference, out);
    }

    @Override
    public Data sample(int n, Noise noise) {
        Draw draw = this::draw;
        return draw.data(this, n, noise);
    }

    /** The Gaussian with covariance S + std^2 I. */
    @Override
    public Optional<Density> convolved(double std) {
        return Optional.of(plus(std));
    }

    Gaussian plus(double std) {
        Require.positive("Gaussian.convolved: std", std);
        return new Gaussian(mean, covariance.plus(std * std));
    }

    void draw(double[] out, Noise noise) {
        for (int i = 0; i < out.length; i++) {
            out[i] = noise.nextNormal();
        }
        covariance.color(out);
        for (int i = 0; i < out.length; i++) {
            out[i] += mean[i];
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
