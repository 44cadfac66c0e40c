package org.ebvlm.model;

import org.ebvlm.graph.Expr;

/**
 * A model that is drawn from the top down, p(v, h) = p(h) p(v | h), both factors densities: minus its energy is log p(v, h)
 * as it stands, log Z = 0, and independent samples cost one pass ({@code Ancestral}).
 */
public interface Directed extends EnergyModel {

    @Override
    default boolean isNormalised() {
        return true;
    }

    /** A draw of h from its prior, with noise inputs of its own; [rows, hidden]. */
    Expr hiddenDraw(int rows);

    /** E[v | h]; [n, visible]. */
    Expr visibleMean(Expr h);

    /** A draw of v given its conditional mean, with a noise input of its own; [n, visible]. */
    Expr visibleDraw(Expr mean);
}
