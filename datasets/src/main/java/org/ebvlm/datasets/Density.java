package org.ebvlm.datasets;

import java.util.Optional;
import org.ebvlm.noise.Noise;

/**
 * A probability density known exactly: normalized, with its score, and with draws from it. It is what a model fitted to
 * the draws can be judged against.
 *
 * <p>A distribution that is known only up to a constant, or only through its draws, is not a density in this sense; data
 * drawn from it have none. Implementations never change and may be shared between threads.
 */
public interface Density {
    /** What the density is called. */
    String name();

    /** The number of coordinates of a point. */
    int width();

    /**
     * The logarithm of the density at a point.
     *
     * @param point [width]
     * @return in nats; minus infinity where the density is zero
     */
    double logDensity(double[] point);

    /**
     * The gradient of {@link #logDensity} with respect to the point.
     *
     * @param point [width]
     * @param out [width], receives the score; NaN where the density is zero
     */
    void score(double[] point, double[] out);

    /**
     * Independent draws; the data know this density.
     *
     * @param n how many, at least 1
     */
    Data sample(int n, Noise noise);

    /**
     * The density of a draw plus independent Gaussian noise of this standard deviation in every coordinate; empty where it
     * has no closed form.
     */
    default Optional<Density> convolved(double std) {
        return Optional.empty();
    }
}
