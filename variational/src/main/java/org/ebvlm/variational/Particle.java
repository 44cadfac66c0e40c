package org.ebvlm.variational;

import org.ebvlm.graph.Expr;

/**
 * A draw of h for each row of v, and its log density: computed together, which is cheaper and more stable than apart.
 *
 * @param h [n, hidden]; differentiable in the posterior's parameters where the draw is reparametrised
 * @param logProb log q(h | v), [n], in nats
 * @param logChoice the part of log q of those units through which no derivative passes, [n]: what a score function is taken of
 *     where others of the same draw are reparametrised
 */
public record Particle(Expr h, Expr logProb, Expr logChoice) {

    /** A draw of one kind. */
    public Particle(Expr h, Expr logProb) {
        this(h, logProb, logProb);
    }
}
