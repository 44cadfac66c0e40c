package org.ebvlm.datasets;

import org.ebvlm.noise.Noise;

/**
 * A Gaussian bent along a parabola (Haario, Saksman and Tamminen, 1999), a test for samplers: long, thin and curved, with
 * tails that few draws reach.
 *
 * <pre>
 * x1 ~ N(0, v),   x2 = e + b (x1^2 - v),   e ~ N(0, 1)
 * log p(x) = -x1^2 / (2 v) - u^2 / 2 - log(2 pi sqrt(v)),   u = x2 - b (x1^2 - v)
 * </pre>
 *
 * <p>Means are zero; the variances are v and 1 + 2 b^2 v^2, and the coordinates are uncorrelated.
 */
public final class Banana implements Density {
    private final double bend;
    private final double variance;

    private Banana(double bend, double variance) {
        this.bend = bend;
        this.variance = variance;
    }

    /**
     * A banana.
     *
     * @param bend b; zero is a Gaussian
     * @param variance v, of the first coordinate
     * @throws org.ebvlm.errors.SettingException if the variance is not positive, or a number is not finite
     */
    public static Banana of(double bend, double variance) {
        return new Banana(Require.finite("Banana: the bend", bend), Require.positive("Banana: the variance", variance));
    }

    /** b. */
    public double bend() {
        return bend;
    }

    /** v. */
    public double variance() {
        return variance;
    }

    @Override
    public String name() {
        return "banana";
    }

    @Override
    public int width() {
        return 2;
    }

    /** u: how far the point lies above the parabola. */
    private double above(double[] point) {
        return point[1] - bend * (point[0] * point[0] - variance);
    }

    @Override
    public double logDensity(double[] point) {
        double u = above(point);
        return -0.5 * (point[0] * point[0] / variance + u * u)
                - StrictMath.log(2 * Math.PI)
                - 0.5 * StrictMath.log(variance);
    }

    @Override
    public void score(double[] point, double[] out) {
        double u = above(point);
        // d1 = -x1 / v + 2 b x1 u,   d2 = -u
        out[0] = -point[0] / variance + 2 * bend * point[0] * u;
        out[1] = -u;
    }

    @Override
    public Data sample(int n, Noise noise) {
        Draw draw = (out, source) -> {
            out[0] = Math.sqrt(variance) * source.nextNormal();
            out[1] = source.nextNormal() + bend * (out[0] * out[0] - variance);
        };
        return draw.data(this, n, noise);
    }

    @Override
    public String toString() {
        return name();
    }
}
