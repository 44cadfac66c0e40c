package org.ebvlm.implicit;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Shapes;
import org.ebvlm.scoring.Kernel;

/**
 * Points that are an expression, seen from a frame, and their pairs with its samples: what {@link Frame} computes in numbers,
 * as a part of a graph.
 */
final class Framed {
    /** Coordinates up to which differences are as quick as products, and lose no digits. */
    private static final int FEW = 6;

    final Frame frame;
    /** [m, d], about the samples' mean in lengths. */
    final Expr y;
    /** Squared distances of points to samples, [m, n]. */
    final Expr r2;

    private final Expr x;

    Framed(Frame frame, Expr points) {
        if (points.rank() != 2 || points.shape(1) != frame.d) {
            throw new ShapeException(Facts.that("score from samples: the points do not fit")
                    .expected("[m, " + frame.d + "], as wide as the samples")
                    .butWas(Shapes.text(points.shape())));
        }
        this.frame = frame;
        y = points.minus(Expr.constant(frame.origin(), frame.d)).times(1 / frame.length);
        x = Expr.constant(frame.x(), frame.n, frame.d);
        r2 = frame.d <= FEW ? byDifferences() : byProducts();
    }

    private Expr byDifferences() {
        Expr sum = null;
        for (int k = 0; k < frame.d; k++) {
            Expr samples = x.slice(1, k, 1).reshape(1, frame.n);
            Expr square = y.slice(1, k, 1).minus(samples).square();
            sum = sum == null ? square : sum.plus(square);
        }
        return sum;
    }

    /** ||x||^2 + ||y||^2 - 2 x . y. */
    private Expr byProducts() {
        Expr own = x.square().sum(1).reshape(1, frame.n);
        return y.square().sumKeep(1).plus(own).minus(products(x).times(2)).max(0);
    }

    /** f or a derivative at the pairs; [m, n]. */
    Expr pairs(Kernel.Part part) {
        return switch (part) {
            case VALUE -> frame.kernel.value(r2);
            case SLOPE -> frame.kernel.slope(r2);
            case BEND -> frame.kernel.bend(r2);
            case THIRD -> frame.kernel.third(r2);
        };
    }

    /** y_i . c_j of vectors at the samples, [n, d]; [m, n]. */
    Expr products(Expr c) {
        return y.matmul(c, false, true);
    }

    /** sum over j of w_ij (y_i - x_j), with weights [m, n]; [m, d]. */
    Expr drifts(Expr weights) {
        return weights.sumKeep(1).times(y).minus(weights.matmul(x));
    }

    /** Scores per unit of the samples, from scores per length. */
    Expr outside(Expr scores) {
        return scores.times(1 / frame.length);
    }
}
