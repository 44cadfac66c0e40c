package org.ebvlm.implicit;

import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.Settings;
import org.ebvlm.linear.Dense;
import org.ebvlm.scoring.Kernel;

/**
 * {@link Landweber}'s iteration accelerated by the nu-method, nu = 1 (Engl, Hanke and Neubauer, 1996; Zhou, Shi and Zhu, 2020,
 * section 4.4): T steps do what T^2 of the other do,
 *
 * <pre>
 * u_t = (t-1)(2t-3)(2t+2nu-1) / ((t+2nu-1)(2t+4nu-1)(2t+2nu-3)),   w_t = 4(2t+2nu-1)(t+nu-1) / ((t+2nu-1)(2t+4nu-1))
 * s_t = s_t-1 + u_t (s_t-1 - s_t-2) - w_t (Gamma s_t-1 / n + zeta),   s_1 = -(4nu+2)/(4nu+1) zeta
 * </pre>
 *
 * in units in which Gamma(x, x) is 1. The setting is lambda, with T = floor(1 / sqrt(lambda)) + 1 steps, or T itself.
 *
 * <p>Cost: n^2 d a step, no factorisation, so it reaches where {@link Tikhonov} with a curl-free kernel cannot: thousands of
 * samples of hundreds of coordinates.
 */
public final class NuMethod<S extends SampleScore> extends Iterated<S> {
    private static final double NU = 1;

    private NuMethod(Kernel kernel, Kind<S> kind, int steps) {
        super(kernel, kind, "NuMethod.steps", steps);
    }

    /** With a kernel for each coordinate by itself; a rule for its bandwidth is applied to the samples. */
    public static NuMethod<SampleScore> kernel(Kernel kernel) {
        return new NuMethod<>(kernel, Kind.DIAGONAL, 11);
    }

    /** With the curl-free kernel made of one, whose fields are gradients; the samples then have a log density. */
    public static NuMethod<SampleEnergy> curlFree(Kernel kernel) {
        return new NuMethod<>(kernel, Kind.CURL_FREE, 11);
    }

    /** As many steps as regularise like this weight, floor(1 / sqrt(weight)) + 1; 1e-2 unless said otherwise. */
    public NuMethod<S> ridge(double weight) {
        double steps = Math.floor(1 / Math.sqrt(Settings.positive("NuMethod.ridge", weight))) + 1;
        return steps((int) Math.min(1e6, steps));
    }

    /** How many steps. */
    public NuMethod<S> steps(int number) {
        return new NuMethod<>(kernel, kind, number);
    }

    @Override
    String method() {
        return "nu-method";
    }

    @Override
    Solution solve(Field field, double[] zeta, int n) {
        Field.Times times = field.times();
        double size = field.size();
        double[] c = new double[zeta.length];
        double[] before = new double[zeta.length];
        double[] product = new double[zeta.length];
        double a = -(4 * NU + 2) / (4 * NU + 1) / size;
        double aBefore = 0;
        for (int t = 2; t <= steps; t++) {
            Interruption.check("the estimate of a score by the nu-method");
            double u = (t - 1)
                    * (2 * t - 3)
                    * (2 * t + 2 * NU - 1)
                    / ((t + 2 * NU - 1) * (2 * t + 4 * NU - 1) * (2 * t + 2 * NU - 3));
            double w = 4 * (2 * t + 2 * NU - 1) * (t + NU - 1) / ((t + 2 * NU - 1) * (2 * t + 4 * NU - 1)) / size;
            // c + u (c - c_before) - w (a zeta + Gamma c) / n
            double[] next = Dense.plus(Dense.times(c, 1 + u), -u, before);
            Dense.addMultiple(-w / n, product, 0, next, 0, next.length);
            Dense.addMultiple(-w * a / n, zeta, 0, next, 0, next.length);
            double aNext = (1 + u) * a - u * aBefore - w;
            before = c;
            c = next;
            aBefore = a;
            a = aNext;
            product = times.of(c);
        }
        return new Solution(c, product, a);
    }
}
