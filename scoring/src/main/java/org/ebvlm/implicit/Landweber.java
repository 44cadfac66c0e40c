package org.ebvlm.implicit;

import org.ebvlm.errors.Interruption;
import org.ebvlm.linear.Dense;
import org.ebvlm.scoring.Kernel;

/**
 * Gradient descent on the objective of {@link Tikhonov} without its penalty, stopped early (Zhou, Shi and Zhu, 2020, section
 * 4.4): in functions s := s - w (Gamma s / n + zeta), from zero; in coefficients
 *
 * <pre>
 * c := c - (w/n) Gamma(X, X) c + (t w^2 / n) zeta(X),   t = 0 ... T - 1
 * s(y) = Gamma(y, X) c - T w zeta(y)
 * </pre>
 *
 * with the largest step that is surely stable, w = 1 / Gamma(x, x). The number of steps T is the setting, and takes the place
 * of 1/lambda: too many follow the noise. (A loop that is published for it has another sign and returns a multiple of -zeta.)
 *
 * <p>Cost: n^2 d a step, no factorisation. {@link NuMethod} gets as far in the square root of the steps.
 */
public final class Landweber<S extends SampleScore> extends Iterated<S> {
    private Landweber(Kernel kernel, Kind<S> kind, int steps) {
        super(kernel, kind, "Landweber.steps", steps);
    }

    /** With a kernel for each coordinate by itself; a rule for its bandwidth is applied to the samples. */
    public static Landweber<SampleScore> kernel(Kernel kernel) {
        return new Landweber<>(kernel, Kind.DIAGONAL, 100);
    }

    /** With the curl-free kernel made of one, whose fields are gradients; the samples then have a log density. */
    public static Landweber<SampleEnergy> curlFree(Kernel kernel) {
        return new Landweber<>(kernel, Kind.CURL_FREE, 100);
    }

    /** How many steps; 100 unless said otherwise. */
    public Landweber<S> steps(int number) {
        return new Landweber<>(kernel, kind, number);
    }

    @Override
    String method() {
        return "Landweber";
    }

    @Override
    Solution solve(Field field, double[] zeta, int n) {
        Field.Times times = field.times();
        double w = 1 / field.size();
        double[] c = new double[zeta.length];
        double[] product = new double[zeta.length];
        for (int t = 0; t < steps; t++) {
            Interruption.check("the estimate of a score by Landweber's iteration");
            Dense.addMultiple(-w / n, product, 0, c, 0, c.length);
            Dense.addMultiple(t * w * w / n, zeta, 0, c, 0, c.length);
            product = times.of(c);
        }
        return new Solution(c, product, -steps * w);
    }
}
