package org.ebvlm.likelihood;

import org.ebvlm.datasets.Scaling;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.sampling.Target;

/**
 * One leap of all chains between a Gaussian and a target, accepted or rejected, in the Gaussian's own units: x = mean + std z with z
 * standard normal at first, and log f_t(z) = t log f(x) - (1 - t) ||z||^2 / 2 up to a constant.
 */
final class AnnealedLeap {
    private static final double HUGE = 3e38;

    /** Of [chains, width]: z, its momentum, and d log f / dz. */
    final Expr position;

    final Expr momentum;
    final Expr slope;
    /** log f, [chains]. */
    final Expr logDensity;
    /** t and the step size, [1] each. */
    final Expr scale;

    final Expr step;

    final Expr nextPosition;
    final Expr nextMomentum;
    final Expr nextSlope;
    final Expr nextLogDensity;
    /** Of acceptance, [chains]. */
    final Expr probability;

    private final Target target;
    private final Expr mean;
    private final Expr std;

    AnnealedLeap(Target target, int chains, Scaling start) {
        int width = target.width();
        this.target = target;
        this.mean = Expr.constant(start.mean(), width);
        this.std = Expr.constant(start.std(), width);
        position = Expr.input("position", chains, width);
        momentum = Expr.input("momentum", chains, width);
        slope = Expr.input("slope", chains, width);
        logDensity = Expr.input("log density", chains);
        scale = Expr.input("scale", 1);
        step = Expr.input("step", 1);

        // m = sqrt(kept) m + sqrt(1 - kept) n,   kept = 2^-step
        Expr kept = step.times(-Math.log(2)).exp();
        Expr fresh = Expr.noise(Leaf.Source.NORMAL, "n", chains, width);
        Expr pushed =
                momentum.times(kept.sqrt()).plus(fresh.times(kept.neg().plus(1).sqrt()));
        // One leap: momentum by half a step, position by a step, momentum by half a step.
        Expr half = step.times(0.5);
        Expr middle = pushed.plus(annealed(slope, position).times(half));
        Expr there = position.plus(middle.times(step)).point();
        Expr slopeThere = slope(there);
        Expr end = middle.plus(annealed(slopeThere, there).times(half));
        Expr logThere = logDensity(there);

        // log a = log f_t(z') - ||m'||^2 / 2 - (log f_t(z) - ||m||^2 / 2), squares by their differences
        Expr gain = logThere.minus(logDensity)
                .times(scale)
                .plus(halfSquares(position, there).times(scale.neg().plus(1)))
                .plus(halfSquares(pushed, end));
        Expr size = there.abs().plus(slopeThere.abs()).sum(1).plus(logThere.abs());
        Expr finite = size.filled(HUGE).greater(size);
        probability = finite.where(gain.min(0).exp(), size.filled(0));
        Expr accepted = probability.greater(Expr.noise(Leaf.Source.UNIFORM, "u", chains));
        Expr rows = accepted.reshape(chains, 1);
        nextPosition = rows.where(there, position);
        // Turned about where the leap is rejected: otherwise the move would not leave f_t as it is.
        nextMomentum = rows.where(end, pushed.neg());
        nextSlope = rows.where(slopeThere, slope);
        nextLogDensity = accepted.where(logThere, logDensity);
    }

    /** log f at z: [chains]. */
    Expr logDensity(Expr z) {
        return target.logDensity(z.times(std).plus(mean));
    }

    /** d log f / dz: [chains, width]. */
    Expr slope(Expr z) {
        return target.score(z.times(std).plus(mean)).times(std);
    }

    /** d log f_t / dz = t d log f / dz - (1 - t) z. */
    private Expr annealed(Expr slope, Expr z) {
        return slope.plus(z).times(scale).minus(z);
    }

    /** (||a||^2 - ||b||^2) / 2 of each row. */
    private static Expr halfSquares(Expr a, Expr b) {
        return a.minus(b).dot(a.plus(b)).times(0.5);
    }
}
