package org.ebvlm.training;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/** One of ND4J's updaters on a flat vector. */
final class Nd4jUpdater implements Updater {
    private final IUpdater config;

    Nd4jUpdater(IUpdater config) {
        this.config = config;
    }

    @Override
    public State start(int size) {
        return new Wrapped(config, size);
    }

    private static final class Wrapped implements State {
        private final INDArray state;
        private final INDArray staged;
        private final GradientUpdater<?> updater;

        Wrapped(IUpdater config, int size) {
            int stateSize = (int) config.stateSize(size);
            state = stateSize == 0 ? null : Nd4j.zeros(1, stateSize);
            staged = Nd4j.zeros(1, size);
            updater = config.instantiate(state, true);
        }

        @Override
        public void update(float[] parameters, float[] gradient, long step) {
            staged.data().asNioFloat().put(0, gradient);
            updater.applyUpdater(staged, (int) step, 0);
            staged.data().asNioFloat().get(0, gradient);
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] -= gradient[i];
            }
        }

        @Override
        public float[] save() {
            return state == null ? new float[0] : state.data().asFloat();
        }

        @Override
        public void restore(float[] saved) {
            if (state != null) {
                state.data().asNioFloat().put(0, saved);
            }
        }
    }

    @Override
    public String toString() {
        return config.toString();
    }
}
