package org.ebvlm.implicit;

import org.ebvlm.errors.Settings;
import org.ebvlm.linear.Dense;
import org.ebvlm.linear.Equations;
import org.ebvlm.scoring.Kernel;

/**
 * The parametric Stein estimator (Li and Turner, 2018, equation 19): log q(y) = sum over k of a_k k(y, x_k) + const, with the
 * coefficients that minimise the kernel Stein discrepancy of the samples to q, the same kernel in both places:
 *
 * <pre>
 * minimise over a   n^2 KSD_V^2 + ridge ||a||^2 = a' Lambda a - 2 a' b + const + ridge ||a||^2
 * a = (Lambda + ridge I)^-1 b
 * Lambda = 4 ( S.(P K P) + P (K.S) P - P ((K P).S) - ((P K).S) P ),   b = -2 ( P (X.D) 1 - (X.(P D)) 1 )
 * </pre>
 *
 * with S = X X', P = f', a dot for elementwise products, and D as in {@link Stein}.
 *
 * <p>Distances are in units of the bandwidth h, so the ridge means the same on every scale; for the Gaussian kernel the
 * published equations have theirs h^2 times as large. Against {@link Stein} it gives a log density and costs n d, not n^2,
 * at a new point; at the samples it is usually less exact, and it needs a wide kernel.
 *
 * <p>Cost: five products of n x n matrices and a factorisation; memory 64 n^2 bytes.
 */
public final class SteinEnergy implements ScoreFromSamples<SampleEnergy> {
    private final Kernel kernel;
    private final double ridge;
    private final boolean unbiased;

    private SteinEnergy(Kernel kernel, double ridge, boolean unbiased) {
        this.kernel = kernel;
        this.ridge = ridge;
        this.unbiased = unbiased;
    }

    /** With a kernel; a rule for its bandwidth is applied to the samples. Ridge 1. */
    public static SteinEnergy kernel(Kernel kernel) {
        return new SteinEnergy(kernel, 1, false);
    }

    /** What is added to the diagonal of Lambda; 1 unless said otherwise. */
    public SteinEnergy ridge(double value) {
        return new SteinEnergy(kernel, Settings.ridge("SteinEnergy.ridge", value), unbiased);
    }

    /**
     * Makes KSD_U^2, the mean over pairs of different samples, small in place of that over all pairs: the K in the middle of
     * Lambda, in P K P, K.S and K P, then lacks its diagonal, and b stays, as no pair of a sample with itself is in it. Lambda
     * may then be indefinite; the paper uses the usual form only.
     */
    public SteinEnergy uStatistic() {
        return new SteinEnergy(kernel, ridge, true);
    }

    @Override
    public String name() {
        return "parametric Stein" + (unbiased ? " of different pairs, " : ", ") + kernel.name() + ", ridge "
                + Settings.number(ridge);
    }

    @Override
    public SampleEnergy fit(Samples samples) {
        Frame frame = Frame.of(kernel, samples);
        double[] p = frame.pairs(Kernel.Part.SLOPE);
        try (Equations equations = Equations.of(lambda(frame, p, unbiased), frame.n, ridge, "SteinEnergy")) {
            return KernelExpansion.of(
                    "parametric Stein, ridge " + Settings.number(ridge), frame, equations.solve(b(frame, p), 1));
        }
    }

    static double[] lambda(Frame frame, double[] p, boolean unbiased) {
        int n = frame.n;
        double[] k = frame.pairs(Kernel.Part.VALUE);
        for (int i = 0; i < n && unbiased; i++) {
            k[i * n + i] = 0;
        }
        double[] s = frame.products();
        double[] kp = Dense.product(k, p, n, n, n);
        double[] first = Dense.times(Dense.product(p, kp, n, n, n), s);
        double[] second = Dense.product(Dense.product(p, Dense.times(k, s), n, n, n), p, n, n, n);
        double[] third = Dense.product(p, Dense.times(kp, s), n, n, n);
        double[] lambda = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                int at = i * n + j;
                lambda[at] = 4 * (first[at] + second[at] - third[at] - third[j * n + i]);
            }
        }
        return lambda;
    }

    static double[] b(Frame frame, double[] p) {
        double[] d = frame.identity(frame.x());
        double[] one = Dense.product(p, Dense.rowDots(frame.x(), d, frame.d), frame.n, 1, frame.n);
        double[] other = Dense.rowDots(frame.x(), Dense.product(p, d, frame.n, frame.d, frame.n), frame.d);
        return Dense.times(Dense.plus(one, -1, other), -2);
    }

    @Override
    public String toString() {
        return name();
    }
}
