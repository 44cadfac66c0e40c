package org.ebvlm.scoring;

import org.ebvlm.graph.Expr;

/** A density that can be drawn from and evaluated inside a program: what data are told from in {@link Nce} and {@link Vnce}. */
public interface NoiseDensity {
    /** What reports call it. */
    String name();

    /** Width of a point. */
    int width();

    /** Independent draws, [rows, width], of noise inputs of their own. */
    Expr sample(int rows);

    /** The logarithm of the density, normalised, in nats; [n] for v of [n, width]. */
    Expr logDensity(Expr v);
}
