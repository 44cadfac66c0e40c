package org.ebvlm.implicit;

import java.util.Arrays;
import org.ebvlm.errors.Settings;
import org.ebvlm.linear.Dense;
import org.ebvlm.linear.Equations;
import org.ebvlm.scoring.Kernel;

/**
 * Score matching (Hyvarinen, 2005) of a kernel exponential family, log q(y) = sum over k of a_k k(y, x_k) + const, in the form
 * without derivatives as features (Strathmann et al., 2015, called "lite"; Li and Turner, 2018, appendix):
 *
 * <pre>
 * minimise over a   sum over j of ( 1/2 ||s(x_j)||^2 + div s(x_j) ) + ridge/2 ||a||^2
 * a = (Sigma + ridge I)^-1 v
 * Sigma_kl = 4 sum over j of f'_jk f'_jl (x_k - x_j) . (x_l - x_j),   v_k = -sum over j of (2 d f'_jk + 4 f''_jk r_jk^2)
 * </pre>
 *
 * <p>Distances are in units of the bandwidth h, so the ridge means the same on every scale; for the Gaussian kernel the
 * published equations have theirs h^2 times as large. A ridge is needed: neighbouring samples have nearly the same section.
 *
 * <p>Cost: three products of n x n matrices; memory 48 n^2 bytes. New points cost n d each. The tails are poor: far from the
 * samples the log density is flat.
 */
public final class KernelScoreMatching implements ScoreFromSamples<SampleEnergy> {
    private final Kernel kernel;
    private final double ridge;

    private KernelScoreMatching(Kernel kernel, double ridge) {
        this.kernel = kernel;
        this.ridge = ridge;
    }

    /** With a kernel; a rule for its bandwidth is applied to the samples. Ridge 1. */
    public static KernelScoreMatching kernel(Kernel kernel) {
        return new KernelScoreMatching(kernel, 1);
    }

    /** What is added to the diagonal of Sigma; 1 unless said otherwise. */
    public KernelScoreMatching ridge(double value) {
        return new KernelScoreMatching(kernel, Settings.ridge("KernelScoreMatching.ridge", value));
    }

    @Override
    public String name() {
        return "kernel score matching, " + kernel.name() + ", ridge " + Settings.number(ridge);
    }

    @Override
    public SampleEnergy fit(Samples samples) {
        Frame frame = Frame.of(kernel, samples);
        double[] slopes = frame.pairs(Kernel.Part.SLOPE);
        try (Equations equations = Equations.of(sigma(frame, slopes), frame.n, ridge, "KernelScoreMatching")) {
            return KernelExpansion.of(
                    "score matching, ridge " + Settings.number(ridge), frame, equations.solve(v(frame, slopes), 1));
        }
    }

    /** Sigma = 4 ( (P P).S - (P.S) P - P (P.S) + P diag(S) P ), S = X X', P = f'. */
    static double[] sigma(Frame frame, double[] p) {
        int n = frame.n;
        double[] s = frame.products();
        double[] ps = Dense.times(p, s);
        double[] crossed = Dense.product(p, ps, n, n, n);
        double[] sigma = Dense.times(Dense.product(p, p, n, n, n), s);
        double[] scaled = p.clone();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                scaled[i * n + j] *= s[j * n + j];
            }
        }
        double[] middle = Dense.product(scaled, p, n, n, n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                sigma[i * n + j] = 4 * (sigma[i * n + j] - crossed[i * n + j] - crossed[j * n + i] + middle[i * n + j]);
            }
        }
        return sigma;
    }

    private static double[] v(Frame frame, double[] slopes) {
        int n = frame.n;
        double[] bends = frame.pairs(Kernel.Part.BEND);
        double[] v = new double[n];
        for (int from = 0; from < n; from += Frame.TILE) {
            int to = Math.min(n, from + Frame.TILE);
            double[] y = Arrays.copyOfRange(frame.x(), from * frame.d, to * frame.d);
            double[] r2 = frame.squaredDistances(y, n);
            for (int j = from; j < to; j++) {
                for (int k = 0; k < n; k++) {
                    int at = j * n + k;
                    v[k] -= 2 * frame.d * slopes[at] + 4 * bends[at] * r2[(j - from) * n + k];
                }
            }
        }
        return v;
    }

    @Override
    public String toString() {
        return name();
    }
}
