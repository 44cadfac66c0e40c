package org.ebvlm.sampling;

import org.ebvlm.graph.Expr;

/**
 * One leap of the leapfrog method for all chains, with one gradient: momentum by half a step, position by a step, momentum
 * by half a step. It conserves volume, and with the momentum reversed it goes back where it came from.
 */
final class Leap {
    /** Where it starts: [chains, width]. */
    final Expr position;
    /** [chains, width]; standard normal at the beginning of a path. */
    final Expr momentum;
    /** What moves follow at the start, the gradient of the log density unless said otherwise: [chains, width]. */
    final Expr slope;
    /** [1]. */
    final Expr step;
    /** By how much a column's step is longer: [width]. */
    final Expr scale;

    final Expr nextPosition;
    final Expr nextMomentum;
    final Expr nextSlope;
    /** At the end: [chains]. */
    final Expr logDensity;

    Leap(Target target, int chains) {
        position = Expr.input("position", chains, target.width());
        momentum = Expr.input("momentum", chains, target.width());
        slope = Expr.input("slope", chains, target.width());
        step = Expr.input("step", 1);
        scale = Expr.input("scale", target.width());
        Expr stride = step.times(scale);
        Expr half = stride.times(0.5);
        // m = m + step/2 s(x),   s = d log p/dx unless another field is followed
        Expr middle = momentum.plus(slope.times(half));
        // x = x + step m
        nextPosition = position.plus(middle.times(stride)).point();
        logDensity = target.logDensity(nextPosition);
        nextSlope = target.slope(nextPosition, logDensity);
        // m = m + step/2 s(x)
        nextMomentum = middle.plus(nextSlope.times(half));
    }
}
