package org.ebvlm.variational;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Layer;

/**
 * Layers drawn one after another, each given the one before: q(h) = q(h1) q(h2 | h1) ..., the first from a code that is given.
 *
 * @param layers as they lie in h
 * @param links from the units of each layer but the last to the code of the next
 */
record Chain(List<Layer> layers, List<Function<Expr, Expr>> links) {

    /** How a layer is drawn from its code; [n, numbers] to [n, units]. */
    interface Draw {
        Expr of(Layer layer, Expr code);
    }

    /** A draw for each row of the first code, with its log density. */
    Particle drawn(Expr first, Draw how) {
        List<Expr> units = new ArrayList<>();
        Expr log = null;
        Expr choice = null;
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            Expr code = i == 0 ? first : links.get(i - 1).apply(units.get(i - 1));
            Expr drawn = how.of(layer, code);
            Expr mass = layer.logProb(drawn, code);
            log = plus(log, mass);
            choice = layer.hasSmoothDraws() ? choice : plus(choice, mass);
            units.add(drawn);
        }
        return new Particle(Expr.concat(1, units), log, choice == null ? log : choice);
    }

    /** The log density of units; [n]. */
    Expr logProb(Expr first, Expr h) {
        Expr code = first;
        Expr log = null;
        int from = 0;
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            Expr units = h.slice(1, from, layer.units());
            log = plus(log, layer.logProb(units, code));
            code = i < links.size() ? links.get(i).apply(units) : null;
            from += layer.units();
        }
        return log;
    }

    private static Expr plus(Expr sum, Expr more) {
        return sum == null ? more : sum.plus(more);
    }
}
