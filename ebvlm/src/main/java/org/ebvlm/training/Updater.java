package org.ebvlm.training;

import org.nd4j.linalg.learning.config.IUpdater;

/** How parameters follow a gradient. A description; {@link #start} makes the state of one descent. */
public interface Updater {

    /** The state of a descent in {@code size} parameters. */
    State start(int size);

    /**
     * Whether finite parameters stay finite when the gradient is: then nobody need keep a copy and look them through after
     * each update. No unless said otherwise.
     */
    default boolean keepsFinite() {
        return false;
    }

    /** Whether long gradients may be shortened first, as a training's clipping says. */
    default boolean clips() {
        return true;
    }

    /** Any of ND4J's updaters, with its schedules. */
    static Updater of(IUpdater config) {
        return new Nd4jUpdater(config);
    }

    /** Moments and the like. */
    interface State {
        /**
         * Moves the parameters in place.
         *
         * @param parameters the vector
         * @param gradient of the loss; may be overwritten
         * @param step number of updates done before, from 0
         */
        void update(float[] parameters, float[] gradient, long step);

        /** All numbers of this state; a copy. */
        float[] save();

        /** Goes on from saved numbers. */
        void restore(float[] saved);
    }
}
