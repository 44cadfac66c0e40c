package org.ebvlm.datasets;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ebvlm.errors.SettingException;
import org.ebvlm.math.LogSumExp;
import org.ebvlm.noise.Noise;

/**
 * A weighted sum of Gaussians, {@code p(x) = sum_k w_k N(x; m_k, S_k)}.
 *
 * <p>Its score is the mean of the components' scores under their responsibilities for the point; it stays precise where
 * every component underflows.
 */
public final class GaussianMixture implements Density {
    private final double[] weights;
    private final List<Gaussian> components;

    private GaussianMixture(double[] weights, List<Gaussian> components) {
        this.weights = weights;
        this.components = components;
    }

    /**
     * A mixture of any Gaussians.
     *
     * @param weights positive, one a component; only their proportions count
     * @throws org.ebvlm.errors.ShapeException if weights and components differ in number, or components in width
     * @throws SettingException if there are none, or a weight is not positive
     */
    public static GaussianMixture of(double[] weights, List<Gaussian> components) {
        Require.atLeast(1, "GaussianMixture: the number of components", components.size());
        Require.width("GaussianMixture: the list of weights", components.size(), weights.length);
        for (Gaussian component : components) {
            Require.width("GaussianMixture: a component", components.get(0).width(), component.width());
        }
        double sum = 0;
        for (double weight : weights) {
            sum += Require.positive("GaussianMixture: a weight", weight);
        }
        double total = sum;
        return new GaussianMixture(Arrays.stream(weights).map(w -> w / total).toArray(), List.copyOf(components));
    }

    /**
     * Equally heavy round Gaussians.
     *
     * @param means [components, width]
     * @param std standard deviation of every coordinate
     * @throws SettingException if there are no means, or std is not positive
     */
    public static GaussianMixture isotropic(double[][] means, double std) {
        double[] weights = new double[means.length];
        Arrays.fill(weights, 1);
        return of(
                weights,
                Arrays.stream(means).map(mean -> Gaussian.isotropic(mean, std)).toList());
    }

    /** The weights; their sum is one. */
    public double[] weights() {
        return weights.clone();
    }

    /** The Gaussians, as many as weights. */
    public List<Gaussian> components() {
        return components;
    }

    @Override
    public String name() {
        return "mixture of " + components.size() + " Gaussians in " + width() + " dimensions";
    }

    @Override
    public int width() {
        return components.get(0).width();
    }

    @Override
    public double logDensity(double[] point) {
        return LogSumExp.of(logTerms(point));
    }

    @Override
    public void score(double[] point, double[] out) {
        double[] terms = logTerms(point);
        double logDensity = LogSumExp.of(terms);
        double[] score = new double[width()];
        Arrays.fill(out, 0, width(), 0);
        for (int k = 0; k < terms.length; k++) {
            double responsibility = StrictMath.exp(terms[k] - logDensity);
            components.get(k).score(point, score);
            for (int i = 0; i < score.length; i++) {
                out[i] += responsibility * score[i];
            }
        }
    }

    @Override
    public Data sample(int n, Noise noise) {
        Draw draw = (out, source) -> components.get(pick(source.nextDouble())).draw(out, source);
        return draw.data(this, n, noise);
    }

    /** The mixture of the components, each convolved. */
    @Override
    public Optional<Density> convolved(double std) {
        return Optional.of(new GaussianMixture(
                weights, components.stream().map(c -> c.plus(std)).toList()));
    }

    /** log(w_k N(x; m_k, S_k)) for every k. */
    private double[] logTerms(double[] point) {
        double[] terms = new double[weights.length];
        for (int k = 0; k < terms.length; k++) {
            terms[k] = StrictMath.log(weights[k]) + components.get(k).logDensity(point);
        }
        return terms;
    }

    /** The component in whose share of [0, 1) the number lies; the last one takes what rounding leaves. */
    private int pick(double u) {
        int k = 0;
        for (double below = weights[0]; u >= below && k < weights.length - 1; below += weights[k]) {
            k++;
        }
        return k;
    }

    @Override
    public String toString() {
        return name();
    }
}
