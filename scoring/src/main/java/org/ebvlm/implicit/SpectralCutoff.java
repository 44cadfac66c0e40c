package org.ebvlm.implicit;

import java.util.Arrays;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.Settings;
import org.ebvlm.linear.Dense;
import org.ebvlm.linear.Spectrum;
import org.ebvlm.scoring.Kernel;

/**
 * The spectral Stein gradient estimator (Shi, Sun and Zhu, 2018), which is spectral cut-off in the family of Zhou, Shi and Zhu
 * (2020, section 4.3): the score in the directions of the kernel matrix's largest eigenvalues, and nothing of it in others,
 *
 * <pre>
 * Gamma(X, X) = U L U',   c = U_J L_J^-2 U_J' n zeta(X),   s(y) = -Gamma(y, X) c
 * </pre>
 *
 * so that at the samples G = -U_J L_J^-1 U_J' n zeta(X). With all eigenvalues and a kernel for each coordinate it is {@link
 * Stein} without a ridge.
 *
 * <p>How many: the fewest whose sum is a share of the trace ({@link #keep}, 0.99 unless said otherwise; the one that crosses
 * it is kept, where some programs drop it), or a {@linkplain #eigenvalues number}. Too many are noise divided by next to
 * nothing; too few miss the shape. Eigenvalues below rounding are never kept.
 *
 * <p>Cost: an eigendecomposition of n equations, about ten times a factorisation, of n d for a curl-free kernel; a point
 * costs n d.
 */
public final class SpectralCutoff<S extends SampleScore> implements ScoreFromSamples<S> {
    private final Kernel kernel;
    private final Kind<S> kind;
    private final double share;
    private final int number;

    private SpectralCutoff(Kernel kernel, Kind<S> kind, double share, int number) {
        this.kernel = kernel;
        this.kind = kind;
        this.share = share;
        this.number = number;
    }

    /** With a kernel for each coordinate by itself; a rule for its bandwidth is applied to the samples. */
    public static SpectralCutoff<SampleScore> kernel(Kernel kernel) {
        return new SpectralCutoff<>(kernel, Kind.DIAGONAL, 0.99, 0);
    }

    /** With the curl-free kernel made of one, whose fields are gradients; the samples then have a log density. */
    public static SpectralCutoff<SampleEnergy> curlFree(Kernel kernel) {
        return new SpectralCutoff<>(kernel, Kind.CURL_FREE, 0.99, 0);
    }

    /** Keeps the fewest eigenvalues whose sum is a share of the trace, 0 to 1. */
    public SpectralCutoff<S> keep(double shareOfTrace) {
        if (!(shareOfTrace > 0 && shareOfTrace <= 1)) {
            throw new SettingException(Facts.that("SpectralCutoff.keep: not a share")
                    .expected("above 0, at most 1")
                    .butWas(shareOfTrace));
        }
        return new SpectralCutoff<>(kernel, kind, shareOfTrace, 0);
    }

    /** Keeps so many eigenvalues. */
    public SpectralCutoff<S> eigenvalues(int kept) {
        return new SpectralCutoff<>(kernel, kind, share, Settings.atLeast(1, "SpectralCutoff.eigenvalues", kept));
    }

    @Override
    public String name() {
        return "spectral cut-off, " + kind.name(kernel) + ", "
                + (number > 0 ? number + " eigenvalues" : "keeping " + Settings.number(share));
    }

    @Override
    public S fit(Samples samples) {
        Frame frame = Frame.of(kernel, samples);
        Field field = kind.field(frame);
        int n = field.equations();
        int columns = field.columns();
        Spectrum spectrum = Spectrum.of(field.matrix(), n);
        int kept = kept(spectrum.values());
        double[] u = Arrays.copyOf(spectrum.vectors(), kept * n);
        double[] rates = Dense.product(u, Dense.times(field.zeta(frame.x()), -frame.n), kept, columns, n);
        divide(rates, spectrum.values(), columns);
        double[] atSamples = Dense.product(u, true, rates, false, n, columns, kept);
        divide(rates, spectrum.values(), columns);
        double[] c = Dense.product(u, true, rates, false, n, columns, kept);
        return kind.score("spectral cut-off, " + kept + " eigenvalues", field, atSamples, c, 0);
    }

    private static void divide(double[] rates, double[] values, int columns) {
        for (int i = 0; i < rates.length; i++) {
            rates[i] /= values[i / columns];
        }
    }

    private int kept(double[] values) {
        int sound = 0;
        double trace = 0;
        while (sound < values.length && values[sound] > values.length * Math.ulp(1.0) * values[0]) {
            trace += values[sound++];
        }
        if (sound == 0) {
            throw new DataException(Facts.that("SpectralCutoff: the kernel matrix has no positive eigenvalue")
                    .expected("at least one")
                    .butWas("the largest is " + values[0]));
        }
        if (number > 0) {
            return Math.min(number, sound);
        }
        double sum = 0;
        int kept = 0;
        while (kept < sound && sum < share * trace) {
            sum += values[kept++];
        }
        return Math.max(1, kept);
    }

    @Override
    public String toString() {
        return name();
    }
}
