package org.ebvlm.stein;

import java.util.Optional;
import java.util.OptionalDouble;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.scoring.Bandwidth;
import org.ebvlm.scoring.Kernel;

/** A kernel of the squared distance, k(x, y) = f(||x - y||^2 / length^2). */
final class RadialCloseness implements Closeness {
    private static final double TINY = 1e-30;
    /** The least squared length, in mean squared distances: of points that nearly all coincide the median is nothing. */
    private static final double LEAST = 1e-6;

    private final Kernel kernel;
    private final Kernel shape;
    private final double length;

    private RadialCloseness(Kernel kernel, Kernel shape, double length) {
        this.kernel = kernel;
        this.shape = shape;
        this.length = length;
    }

    static RadialCloseness of(Kernel kernel) {
        if (kernel.rule().isPresent()) {
            return new RadialCloseness(kernel, kernel.unit(), Double.NaN);
        }
        // A sum of kernels has no rule of its own, but one of its parts may still wait for data.
        if (!kernel.settledOn(Data.of("two points", new float[] {0, 1}, 1)).equals(kernel)) {
            throw new SettingException(Facts.that("SteinDirection.kernel: a part of the kernel waits for data")
                    .expected("one kernel with a rule, or a sum of kernels with bandwidths")
                    .butWas(kernel)
                    .hint("kernel.settledOn(data) settles it once and for all"));
        }
        return new RadialCloseness(kernel, kernel.unit(), kernel.length());
    }

    @Override
    public String name() {
        return kernel.name();
    }

    @Override
    public boolean seesDifferencesOnly() {
        return true;
    }

    /** The rule by which numbers outside of a graph find the length; empty if it is given. */
    Optional<Bandwidth> rule() {
        return kernel.rule();
    }

    double length() {
        return length;
    }

    @Override
    public Optional<Expr> square(Expr features) {
        if (kernel.rule().isEmpty()) {
            return Optional.of(Expr.constant(length * length));
        }
        Expr r2 = Distances.squares(features, features);
        return kernel.rule().get().squareOf(r2).map(square -> square.max(
                        r2.mean().times(LEAST))
                .max(TINY));
    }

    @Override
    public Pairs pairs(Expr at, Expr from, Expr square) {
        return new RadialPairs(at, from, square, Expr.constant(1));
    }

    /** grad_y k(y, x) of each row y beside the same row x, both [n, q]; [n, q]. */
    Expr slopeOf(Expr x, Expr y, Expr square) {
        Expr difference = y.minus(x);
        Expr r2 = difference.square().sumKeep(1).over(square);
        return difference.times(shape.slope(r2)).times(2).over(square);
    }

    private final class RadialPairs implements Pairs {
        private final Expr at;
        private final Expr from;
        private final Expr square;
        private final Expr weights;
        private final Expr r2;

        RadialPairs(Expr at, Expr from, Expr square, Expr weights) {
            this.at = at;
            this.from = from;
            this.square = square;
            this.weights = weights;
            this.r2 = Distances.squares(at, from).over(square);
        }

        @Override
        public Expr kernel() {
            return shape.value(r2).times(weights);
        }

        private Expr slope() {
            return shape.slope(r2).times(weights);
        }

        @Override
        public Pairs times(Expr others) {
            return new RadialPairs(at, from, square, weights.times(others));
        }

        @Override
        public Expr sum(Expr scores, double weight) {
            OptionalDouble rate = shape.logSlope();
            return rate.isPresent() ? withOneProduct(scores, 2 * weight * rate.getAsDouble()) : withTwo(scores, weight);
        }

        /** f' = a f:  sum over j of k_ij (s_j + 2 a x_j) - 2 a x_i sum over j of k_ij. */
        private Expr withOneProduct(Expr scores, double twice) {
            Expr rate = Expr.constant(twice).over(square);
            Expr k = kernel();
            return k.matmul(scores.plus(from.times(rate)))
                    .minus(k.sumKeep(1).times(at).times(rate));
        }

        /** sum over j of k_ij s_j + 2 f'_ij (x_j - x_i). */
        private Expr withTwo(Expr scores, double weight) {
            Expr slope = slope().times(2 * weight).over(square);
            return kernel().matmul(scores)
                    .plus(slope.matmul(from))
                    .minus(slope.sumKeep(1).times(at));
        }

        /** 2 f'_ij (x_j - x_i). */
        @Override
        public Expr slopes() {
            int m = at.shape(0);
            int n = from.shape(0);
            int q = at.shape(1);
            Expr slope = slope().times(2).over(square).reshape(m, n, 1);
            return from.reshape(1, n, q).minus(at.reshape(m, 1, q)).times(slope);
        }
    }
}
