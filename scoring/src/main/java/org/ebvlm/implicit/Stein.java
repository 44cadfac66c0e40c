package org.ebvlm.implicit;

import java.util.Optional;
import org.ebvlm.errors.Settings;
import org.ebvlm.linear.Dense;
import org.ebvlm.linear.Equations;
import org.ebvlm.scoring.Distances;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.scoring.Rbf;

/**
 * The Stein gradient estimator (Li and Turner, 2018, equation 8): the ridge solution of Stein's identity with the kernel's
 * sections at the samples as test functions,
 *
 * <pre>
 * G    = -(K + ridge I)^-1 D,   K_ij = k(x_i, x_j),   D_i = sum over j of grad_j k(x_i, x_j)
 * s(y) = -(k(y, y) + ridge - k_y' t)^-1 (k_y' G - (t + 1)' grad_y k(x, y)),   t = (K + ridge I)^-1 k_y   (equation 18)
 * </pre>
 *
 * <p>G minimises KSD_V^2(q, G) + ridge/n^2 ||G||^2, the discrepancy of the samples to the distribution whose score is G. At a
 * new point y the answer is what the estimator would say of y had it been one more sample. Far from all samples it is zero:
 * a chain that runs away is not called back.
 *
 * <p>Defaults: the Gaussian kernel with the median distance as bandwidth, ridge 1, which suit 100 to 500 samples. On 500
 * draws of N(0, I) of width 1 to 10 the relative error is about a quarter, and 0.2 to 0.5 is usual; bandwidths that shrink
 * with n, as particle methods have them, cost half of the accuracy and more. Bias is towards zero, larger in the tails and
 * with the ridge. Where the distribution is known up to a constant, use its score.
 *
 * <p>For the Gaussian kernel D need not be formed: G = (X - (K + ridge I)^-1 diag(K 1 + ridge) X) / h^2. (Published code
 * leaves the second ridge out; it then depends on where the origin is.)
 *
 * <p>Double precision; above 64 coordinates or 300 samples single, with a relative error below 1e-4, as long as n / ridge is
 * 2000 at most and rounding moves no squared distance by more than 5e-5 h^2. Squared distances are worked out once, for the
 * bandwidth and the matrix.
 *
 * <p>Cost: n^2 d / 2 + n^3 / 6 + n^2 d multiplications; with d > n, for 128 samples at most or d above 8 n, n^2 d / 2 + n^3 +
 * n^2 d, half of the n^3 for so few samples in single precision; memory 20 n^2 bytes while it works, in double precision 28.
 * At new points n^2 each, and once n^3 / 6 and 8 n^2 bytes, kept.
 */
public final class Stein implements ScoreFromSamples<SampleScore> {
    /** Coordinates from which on products take most of the time. */
    private static final int MANY = 64;
    /** Samples from which on the factorisation takes most of the time. */
    private static final int LARGE = 300;
    /** Bandwidths beyond this, or below one over it, whose squares are too large or too small for single precision. */
    private static final double LONGEST = 1e12;
    /** How far off squared distances may be in single precision, in units of the bandwidth. */
    private static final double ALLOWED = 5e-5;

    private final Kernel kernel;
    private final double ridge;
    private final boolean unbiased;

    private Stein(Kernel kernel, double ridge, boolean unbiased) {
        this.kernel = kernel;
        this.ridge = ridge;
        this.unbiased = unbiased;
    }

    /** With a kernel; a rule for its bandwidth is applied to the samples. */
    public static Stein kernel(Kernel kernel) {
        return new Stein(kernel, 1, false);
    }

    /** With a Gaussian kernel of the median distance, and ridge 1. */
    public static Stein gaussian() {
        return kernel(Rbf.medianHeuristic());
    }

    /**
     * What is added to the diagonal of K, as the paper has it; 1 unless said otherwise. Other programs' lambda is ridge / n^2
     * or ridge / n: see {@link Tikhonov}.
     *
     * @param value zero or more; with zero, samples must differ from each other
     */
    public Stein ridge(double value) {
        return new Stein(kernel, Settings.ridge("Stein.ridge", value), unbiased);
    }

    /**
     * The form that makes the mean over pairs of different samples small, KSD_U^2, in place of that over all pairs: K without its
     * diagonal,
     *
     * <pre>G = -(K - diag(K) + ridge I)^-1 D,   D as before, as no pair of a sample with itself is in it</pre>
     *
     * which is the usual form with a ridge that is k(x, x) less, 1 for the kernels here. Up to a ridge of about k(x, x) the
     * matrix is indefinite and can be nearly singular: scores are then anything. The paper uses the usual form only (section
     * 3.1); this one is for comparisons, with a ridge above k(x, x).
     */
    public Stein uStatistic() {
        return new Stein(kernel, ridge, true);
    }

    @Override
    public String name() {
        return "Stein" + (unbiased ? " of different pairs, " : ", ") + kernel.name() + ", ridge "
                + Settings.number(ridge);
    }

    @Override
    public SampleScore fit(Samples samples) {
        try (Distances distances = samples.distances()) {
            Kernel settled = kernel.settledOn(distances);
            Frame frame = Frame.settled(settled, samples);
            // K - diag(K) + ridge I = K + (ridge - k(x, x)) I
            double shift = unbiased ? ridge - frame.atZero(Kernel.Part.VALUE) : ridge;
            Values scores = inSingle(frame, distances, shift)
                    .or(() -> inDouble(frame, distances, shift))
                    .orElseGet(() -> byExchanges(frame, shift));
            return new SteinScore(frame, shift, scores);
        }
    }

    /** Where it saves time and the condition number, (n + ridge) / ridge at most, leaves four digits. */
    private static Optional<Values> inSingle(Frame frame, Distances distances, double ridge) {
        boolean pays = frame.d > MANY || frame.n > LARGE;
        boolean usual = frame.length > 1 / LONGEST && frame.length < LONGEST;
        if (!pays || !usual || !(ridge > 0 && frame.n / ridge <= 2000)) {
            return Optional.empty();
        }
        distances.squares(frame.n);
        return distances.rounding() > ALLOWED * frame.length * frame.length
                ? Optional.empty()
                : SteinEquations.solved(frame, distances, ridge);
    }

    private static Optional<Values> inDouble(Frame frame, Distances distances, double ridge) {
        distances.toDouble();
        return SteinEquations.solved(frame, distances, ridge);
    }

    /** Where the matrix is not positive definite. */
    private static Values byExchanges(Frame frame, double ridge) {
        double[] k = frame.lowerPairs(Kernel.Part.VALUE);
        try (Equations equations = Equations.of(k, frame.n, ridge, "Stein")) {
            return Values.of(frame.outside(Dense.times(equations.solve(frame.identity(frame.x()), frame.d), -1)));
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
