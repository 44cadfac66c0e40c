package org.ebvlm.implicit;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.graph.Expr;
import org.ebvlm.linear.Dense;
import org.ebvlm.scoring.Kernel;

/**
 * The score of a kernel density estimate, the plug-in that others are compared with:
 *
 * <pre>q(y) = 1/n sum over j of k(y, x_j),   s(y) = sum over j of grad_y k(y, x_j) / sum over j of k(y, x_j)</pre>
 *
 * <p>It is the score of q convolved with the kernel, so it points the right way with the wrong length: of N(0, s^2 I) the
 * fraction s^2 / (s^2 + h^2) is left, which with the median distance is one part in 2 d + 1. A small bandwidth is noisy
 * instead. Use it where a density is wanted as well, in few dimensions. With the Gaussian kernel far points are handled
 * without underflow.
 *
 * <p>Cost: n d a point, no n x n matrix.
 */
public final class Kde implements ScoreFromSamples<SampleEnergy> {
    private final Kernel kernel;

    private Kde(Kernel kernel) {
        this.kernel = kernel;
    }

    /** With a kernel; a rule for its bandwidth is applied to the samples. */
    public static Kde kernel(Kernel kernel) {
        return new Kde(kernel);
    }

    @Override
    public String name() {
        return "kernel density, " + kernel.name();
    }

    @Override
    public SampleEnergy fit(Samples samples) {
        Frame frame = Frame.of(kernel, samples);
        return new Score(frame, frame.outside(scores(frame, frame.x())));
    }

    /** Weights of the pairs of points and samples, and the log of the factor taken out of each row. */
    private record Weights(double[] values, double[] slopes, double[] logs) {}

    private static Weights weights(Frame frame, double[] y) {
        double[] r2 = frame.squaredDistances(y, frame.n);
        double[] logs = new double[y.length / frame.d];
        OptionalDouble rate = frame.kernel.logSlope();
        if (rate.isPresent()) {
            // exp(rate r^2) = exp(rate least) exp(rate (r^2 - least)): the nearest sample always counts.
            for (int i = 0; i < logs.length; i++) {
                double least =
                        Arrays.stream(r2, i * frame.n, (i + 1) * frame.n).min().getAsDouble();
                logs[i] = rate.getAsDouble() * least;
                for (int j = i * frame.n; j < (i + 1) * frame.n; j++) {
                    r2[j] -= least;
                }
            }
        }
        double[] slopes = new double[r2.length];
        frame.kernel.evaluate(Kernel.Part.SLOPE, r2, r2.length, slopes);
        frame.kernel.evaluate(Kernel.Part.VALUE, r2, r2.length, r2);
        return new Weights(r2, slopes, logs);
    }

    private static double[] scores(Frame frame, double[] y) {
        double[] out = new double[y.length];
        for (int from = 0; from < y.length; from += Frame.TILE * frame.d) {
            double[] some = Arrays.copyOfRange(y, from, Math.min(y.length, from + Frame.TILE * frame.d));
            Weights weights = weights(frame, some);
            double[] sums = positive(Dense.rowSums(weights.values, frame.n), from / frame.d);
            double[] drifts = frame.drifts(weights.slopes, some);
            for (int i = 0; i < some.length; i++) {
                out[from + i] = 2 * drifts[i] / sums[i / frame.d];
            }
        }
        return out;
    }

    private static double[] positive(double[] sums, int first) {
        for (int i = 0; i < sums.length; i++) {
            if (!(sums[i] > 0)) {
                throw new DataException(Facts.that("Kde: the density estimate is not positive")
                        .expected("a positive sum of kernels")
                        .butWas(sums[i] + " at point " + (first + i))
                        .hint("use a kernel that is positive everywhere, such as Rbf or Imq"));
            }
        }
        return sums;
    }

    private static final class Score extends Fitted implements SampleEnergy {
        Score(Frame frame, double[] atSamples) {
            super(() -> "kernel density", frame, Values.of(atSamples));
        }

        @Override
        double[] inside(double[] y) {
            return scores(frame, y);
        }

        @Override
        Expr inside(Framed y) {
            OptionalDouble rate = frame.kernel.logSlope();
            if (rate.isPresent()) {
                Expr shares = y.r2.times(rate.getAsDouble()).softmax(1);
                return y.drifts(shares).times(2 * rate.getAsDouble());
            }
            Expr sums = y.pairs(Kernel.Part.VALUE).sumKeep(1);
            return y.drifts(y.pairs(Kernel.Part.SLOPE)).times(2).over(sums);
        }

        @Override
        public Expr logDensity(Expr points) {
            Framed y = new Framed(frame, points);
            OptionalDouble rate = frame.kernel.logSlope();
            Expr log = rate.isPresent()
                    ? y.r2.times(rate.getAsDouble()).logSumExp(1)
                    : y.pairs(Kernel.Part.VALUE).sum(1).log();
            return log.minus(Math.log(frame.n));
        }

        @Override
        public double[] logDensity(Samples points) {
            double[] y = frame.inside(points);
            double[] out = new double[points.rows()];
            for (int from = 0; from < y.length; from += Frame.TILE * frame.d) {
                double[] some = Arrays.copyOfRange(y, from, Math.min(y.length, from + Frame.TILE * frame.d));
                Weights weights = weights(frame, some);
                double[] sums = positive(Dense.rowSums(weights.values, frame.n), from / frame.d);
                for (int i = 0; i < sums.length; i++) {
                    out[from / frame.d + i] = weights.logs[i] + Math.log(sums[i] / frame.n);
                }
            }
            return out;
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
