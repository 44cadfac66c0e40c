package org.ebvlm.sampling;

import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;

/** The Metropolis test between where each chain was and where its path has led. A path that is not finite is rejected. */
final class Choice {
    private static final double HUGE = 3e38;
    /** exp of this is nothing to a uniform number of 24 bits. */
    private static final double NEVER = -60;

    final Place here;
    final Place there;
    /** Of [chains]. */
    final Expr probability;

    final Expr position;
    final Expr slope;
    final Expr logDensity;

    /** The state of all chains at one end of their paths; log density [chains], all else [chains, width]. */
    record Place(Expr position, Expr momentum, Expr slope, Expr logDensity) {
        static Place of(String name, int chains, int width) {
            return new Place(
                    Expr.input(name + " position", chains, width),
                    Expr.input(name + " momentum", chains, width),
                    Expr.input(name + " slope", chains, width),
                    Expr.input(name + " log density", chains));
        }

        /** 1 where everything is finite, else 0: no comparison holds for what is not a number. */
        Expr finite() {
            Expr size = position.abs().plus(slope.abs()).sum(1).plus(logDensity.abs());
            return size.filled(HUGE).greater(size);
        }
    }

    Choice(int chains, int width) {
        here = Place.of("here", chains, width);
        there = Place.of("there", chains, width);
        // log p(x') - ||m'||^2 / 2 - (log p(x) - ||m||^2 / 2), the squares by their difference, which rounds less
        Expr kinetic = here.momentum
                .minus(there.momentum)
                .dot(here.momentum.plus(there.momentum))
                .times(0.5);
        Expr gain = there.logDensity.minus(here.logDensity).plus(kinetic);
        Expr possible = there.finite().times(gain.greater(NEVER));
        probability = possible.where(gain.min(0).exp(), possible.filled(0));
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", chains);
        Expr accepted = probability.greater(u);
        Expr rows = accepted.reshape(chains, 1);
        position = rows.where(there.position, here.position);
        slope = rows.where(there.slope, here.slope);
        logDensity = accepted.where(there.logDensity, here.logDensity);
    }
}
