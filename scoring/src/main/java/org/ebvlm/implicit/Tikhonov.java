package org.ebvlm.implicit;

import org.ebvlm.errors.Settings;
import org.ebvlm.linear.Dense;
import org.ebvlm.linear.Equations;
import org.ebvlm.scoring.Kernel;

/**
 * The regularised solution of Stein's identity among vector fields of a kernel (Zhou, Shi and Zhu, 2020, section 4.1),
 *
 * <pre>
 * minimise over fields s   1/(2 n) sum over i of ||s(x_i)||^2 + (s, zeta) + lambda/2 ||s||^2
 * c = (Gamma(X, X) + n lambda I)^-1 zeta(X) / lambda,   s(y) = Gamma(y, X) c - zeta(y) / lambda
 * zeta(y) = 1/n sum over j of div_j Gamma(y, x_j)
 * </pre>
 *
 * <p>With a curl-free kernel this is the kernel exponential family fitted by score matching, in full; with a kernel for each
 * coordinate it is {@link Stein} at the samples, with Stein's ridge = n lambda. Elsewhere it goes on as a field of the kernel.
 *
 * <p>Distances are in units of the bandwidth h, so lambda means the same on every scale; programs that work in the samples'
 * unit have lambda / h^2 for curl-free kernels, and the same lambda for others. Defaults: lambda 1e-2, which suits some
 * hundred samples; less for more.
 *
 * <p>Cost: n^3 / 3 multiplications for a kernel for each coordinate. A curl-free one has n d equations and (n d)^3 / 3: beyond
 * some thousand take {@link #conjugateGradients}, which needs n^2 d a step. A point costs n d.
 */
public final class Tikhonov<S extends SampleScore> implements ScoreFromSamples<S> {
    private final Kernel kernel;
    private final Kind<S> kind;
    private final double lambda;
    private final double tolerance;
    private final int most;

    private Tikhonov(Kernel kernel, Kind<S> kind, double lambda, double tolerance, int most) {
        this.kernel = kernel;
        this.kind = kind;
        this.lambda = lambda;
        this.tolerance = tolerance;
        this.most = most;
    }

    /** With a kernel for each coordinate by itself; a rule for its bandwidth is applied to the samples. */
    public static Tikhonov<SampleScore> kernel(Kernel kernel) {
        return new Tikhonov<>(kernel, Kind.DIAGONAL, 1e-2, 0, 0);
    }

    /** With the curl-free kernel made of one, whose fields are gradients; the samples then have a log density. */
    public static Tikhonov<SampleEnergy> curlFree(Kernel kernel) {
        return new Tikhonov<>(kernel, Kind.CURL_FREE, 1e-2, 0, 0);
    }

    /** How much smoothness counts; 1e-2 unless said otherwise. */
    public Tikhonov<S> ridge(double weight) {
        return new Tikhonov<>(kernel, kind, Settings.positive("Tikhonov.ridge", weight), tolerance, most);
    }

    /**
     * Solves by conjugate gradients in place of a factorisation.
     *
     * @param relativeResidual at which to stop, such as 1e-4
     * @param mostSteps at which to stop in any case, such as 40: stopping early regularises too
     */
    public Tikhonov<S> conjugateGradients(double relativeResidual, int mostSteps) {
        return new Tikhonov<>(
                kernel,
                kind,
                lambda,
                Settings.positive("Tikhonov.conjugateGradients: relativeResidual", relativeResidual),
                Settings.atLeast(1, "Tikhonov.conjugateGradients: mostSteps", mostSteps));
    }

    @Override
    public String name() {
        return "Tikhonov, " + kind.name(kernel) + ", ridge " + Settings.number(lambda)
                + (most == 0 ? "" : ", conjugate gradients");
    }

    @Override
    public S fit(Samples samples) {
        Frame frame = Frame.of(kernel, samples);
        Field field = kind.field(frame);
        double[] zeta = field.zeta(frame.x());
        // Gamma(X, X) c - zeta / lambda = -n lambda c
        double[] c = Dense.times(most == 0 ? direct(field, zeta) : iterated(field, zeta), 1 / lambda);
        return kind.score(
                "Tikhonov, ridge " + Settings.number(lambda), field, Dense.times(c, -frame.n * lambda), c, -1 / lambda);
    }

    private double[] direct(Field field, double[] zeta) {
        try (Equations equations =
                Equations.of(field.matrix(), field.equations(), field.frame.n * lambda, "Tikhonov")) {
            return equations.solve(zeta, field.columns());
        }
    }

    private double[] iterated(Field field, double[] zeta) {
        Field.Times times = field.times();
        double shift = field.frame.n * lambda;
        return ConjugateGradients.solve(c -> Dense.plus(times.of(c), shift, c), zeta, tolerance, most);
    }

    @Override
    public String toString() {
        return name();
    }
}
