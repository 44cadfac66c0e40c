package org.ebvlm.sampling;

import org.ebvlm.noise.Noise;

/**
 * One move of a Markov chain, for all chains at once: compiled once, holds where the chains are, and may be used alone,
 * move by move. Single-threaded.
 */
public interface Transition extends AutoCloseable {

    /** Moves every chain by one step. */
    void move(Noise noise);

    /**
     * Moves every chain by one step of the warm-up, whose draws are not used, so that the move may be tuned.
     *
     * @param step number of this step, from 0
     * @param steps how many there are
     */
    default void warm(Noise noise, int step, int steps) {
        move(noise);
    }

    /** Where the chains are: [chains, width], row-major. Each move writes it anew; to be read only. */
    float[] state();

    /** Width of a row of the state. */
    int width();

    /** Mean over the chains of the probability of accepting the last move; one for moves that need no test. */
    default double acceptance() {
        return 1;
    }

    /** The present step size; not a number for moves without one. */
    default double stepSize() {
        return Double.NaN;
    }

    /**
     * What is to be done once after the last move, before the state is looked at.
     *
     * @throws org.ebvlm.errors.DivergenceException if a chain has not moved at all or has left the finite numbers
     */
    default void finish() {}

    /** Frees what lies outside the Java heap. */
    @Override
    void close();
}
