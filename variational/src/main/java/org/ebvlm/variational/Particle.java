package org.ebvlm.variational;

import org.ebvlm.graph.Expr;

/**
 * A draw of h for each row of v, and its log density: computed together, which is cheaper and more stable than apart.
 *
 * @param h [n, hidden]; differentiable in the posterior's parameters where the draw is reparametrised
 * @param logProb log q(h | v), [n], in nats
 */
public record Particle(Expr h, Expr logProb) {}
