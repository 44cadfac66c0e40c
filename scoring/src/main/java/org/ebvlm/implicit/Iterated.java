package org.ebvlm.implicit;

import org.ebvlm.errors.Settings;
import org.ebvlm.linear.Dense;
import org.ebvlm.scoring.Kernel;

/** An estimator that takes so many steps toward its minimum, each a product with Gamma, and stops before it follows the noise. */
abstract class Iterated<S extends SampleScore> implements ScoreFromSamples<S> {
    final Kernel kernel;
    final Kind<S> kind;
    final int steps;

    Iterated(Kernel kernel, Kind<S> kind, String setting, int steps) {
        this.kernel = kernel;
        this.kind = kind;
        this.steps = Settings.atLeast(1, setting, steps);
    }

    /** What reports call the iteration. */
    abstract String method();

    /** s(y) = Gamma(y, X) c + a zeta(y). */
    record Solution(double[] c, double[] product, double a) {}

    /**
     * The coefficients after all steps.
     *
     * @param zeta at the samples
     */
    abstract Solution solve(Field field, double[] zeta, int n);

    @Override
    public final S fit(Samples samples) {
        Frame frame = Frame.of(kernel, samples);
        Field field = kind.field(frame);
        double[] zeta = field.zeta(frame.x());
        Solution found = solve(field, zeta, frame.n);
        double[] atSamples = Dense.plus(found.product, found.a, zeta);
        return kind.score(method() + ", " + steps + " steps", field, atSamples, found.c, found.a);
    }

    @Override
    public final String name() {
        return method() + ", " + kind.name(kernel) + ", " + steps + " steps";
    }

    @Override
    public final String toString() {
        return name();
    }
}
