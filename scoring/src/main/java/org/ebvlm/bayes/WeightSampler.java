package org.ebvlm.bayes;

import org.ebvlm.graph.Expr;
import org.ebvlm.program.Program;

/** How particles of weights move: one step of a chain, of which {@link WeightChains} makes many. */
public interface WeightSampler {

    /** What reports call it. */
    String name();

    /**
     * Where particles are after a step.
     *
     * @param particles [K, weights]
     * @param score the gradient there of the log joint density, or an unbiased estimate of it, [K, weights]
     * @param normal standard normal noise, [K, weights]
     * @return [K, weights]
     */
    Expr move(Expr particles, Expr score, Expr normal);

    /** Gives its own parameters to a program, if it has any. */
    default void give(Program program) {}
}
