package org.ebvlm.model;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.graph.Expr;

/** All states of a few binary units: the brute-force ground truth of a small model. */
public final class Enumeration {
    /** The most units that are enumerated inside an expression: 2^10 states. */
    public static final int LIMIT = 10;

    private final EnergyModel model;

    private Enumeration(EnergyModel model) {
        this.model = model;
    }

    /** The states of a model's hidden units. */
    public static Enumeration of(EnergyModel model) {
        return new Enumeration(model);
    }

    /** All states, a row each: [2^units, units]; unit j of state s is bit j of s. */
    public static Expr states(int units) {
        int count = 1 << units;
        double[] bits = new double[units * count];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (i / units) >> (i % units) & 1;
        }
        return Expr.constant(bits, count, units);
    }

    /** -E(v, h) for every state h: [n, 2^hidden]. */
    public Expr negativeEnergies(Expr v) {
        int units = model.hidden();
        Expr states = states(units);
        List<Expr> columns = new ArrayList<>();
        for (int s = 0; s < 1 << units; s++) {
            Expr h = states.slice(0, s, 1).broadcastTo(v.shape(0), units);
            columns.add(model.logUnnormalised(v, h).reshape(v.shape(0), 1));
        }
        return Expr.concat(1, columns);
    }

    /** p(h | v) for every state h: [n, 2^hidden]. */
    public Expr posterior(Expr v) {
        return negativeEnergies(v).softmax(1);
    }
}
