package org.ebvlm.implicit;

import java.util.stream.IntStream;
import org.ebvlm.errors.Settings;
import org.ebvlm.linear.Dense;
import org.ebvlm.linear.Equations;
import org.ebvlm.scoring.Kernel;

/**
 * {@link Tikhonov} among fields of fewer samples (Zhou, Shi and Zhu, 2020, section 4.2; Sutherland et al., 2018): those of a
 * subset Z, evenly spaced in the order given, fitted to all,
 *
 * <pre>
 * s(y) = -Gamma(y, Z) c,   c = (Gamma(Z, X) Gamma(X, Z) / n + lambda Gamma(Z, Z) + 1e-7 I)^-1 zeta(Z)
 * </pre>
 *
 * <p>For thousands of samples, of which some hundreds span what there is to see. Units and meaning of lambda as there.
 *
 * <p>Cost for m centres: n m^2 + m^3 / 3 multiplications, with n d and m d in the place of n and m for a curl-free kernel. A
 * point costs m d. Samples that come in an order of their own, sorted say, should be shuffled first.
 */
public final class Nystrom<S extends SampleScore> implements ScoreFromSamples<S> {
    private static final double JITTER = 1e-7;

    private final Kernel kernel;
    private final Kind<S> kind;
    private final double lambda;
    private final int centres;

    private Nystrom(Kernel kernel, Kind<S> kind, double lambda, int centres) {
        this.kernel = kernel;
        this.kind = kind;
        this.lambda = lambda;
        this.centres = centres;
    }

    /** With a kernel for each coordinate by itself; a rule for its bandwidth is applied to the samples. */
    public static Nystrom<SampleScore> kernel(Kernel kernel) {
        return new Nystrom<>(kernel, Kind.DIAGONAL, 1e-2, 100);
    }

    /** With the curl-free kernel made of one, whose fields are gradients; the samples then have a log density. */
    public static Nystrom<SampleEnergy> curlFree(Kernel kernel) {
        return new Nystrom<>(kernel, Kind.CURL_FREE, 1e-2, 100);
    }

    /** How much smoothness counts; 1e-2 unless said otherwise. */
    public Nystrom<S> ridge(double weight) {
        return new Nystrom<>(kernel, kind, Settings.positive("Nystrom.ridge", weight), centres);
    }

    /** How many of the samples span the fields, at most; 100 unless said otherwise. */
    public Nystrom<S> centres(int number) {
        return new Nystrom<>(kernel, kind, lambda, Settings.atLeast(1, "Nystrom.centres", number));
    }

    @Override
    public String name() {
        return "Nystrom, " + kind.name(kernel) + ", ridge " + Settings.number(lambda) + ", " + centres + " centres";
    }

    @Override
    public S fit(Samples samples) {
        Kernel settled = Frame.settledKernel(kernel, samples);
        Frame all = Frame.settled(settled, samples);
        Field fromAll = kind.field(all);
        Samples chosen = chosen(samples);
        Frame few = Frame.settled(settled, chosen);
        Field field = kind.field(few);
        double[] cross = fromAll.matrixOf(all.inside(chosen));
        double[] normal = field.matrix();
        double[] product =
                Dense.product(cross, false, cross, true, field.equations(), field.equations(), fromAll.equations());
        for (int i = 0; i < normal.length; i++) {
            normal[i] = product[i] / all.n + lambda * normal[i];
        }
        try (Equations equations = Equations.of(normal, field.equations(), JITTER, "Nystrom")) {
            double[] c = Dense.times(equations.solve(fromAll.zeta(all.inside(chosen)), field.columns()), -1);
            return kind.score(
                    "Nystrom, ridge " + Settings.number(lambda) + ", " + few.n + " centres",
                    field,
                    field.at(few.inside(samples), c),
                    c,
                    0);
        }
    }

    private Samples chosen(Samples samples) {
        long n = samples.rows();
        int many = (int) Math.min(n, centres);
        return samples.select(
                IntStream.range(0, many).map(i -> (int) (i * n / many)).toArray());
    }

    @Override
    public String toString() {
        return name();
    }
}
