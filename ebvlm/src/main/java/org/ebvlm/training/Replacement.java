package org.ebvlm.training;

/** The updater that puts the gradient in the parameters' place: for phases whose gradient is the next value. */
enum Replacement implements Updater {
    OF_ALL;

    @Override
    public boolean keepsFinite() {
        return true;
    }

    @Override
    public boolean clips() {
        return false;
    }

    @Override
    public State start(int size) {
        return new State() {
            @Override
            public void update(float[] parameters, float[] gradient, long step) {
                System.arraycopy(gradient, 0, parameters, 0, size);
            }

            @Override
            public float[] save() {
                return new float[0];
            }

            @Override
            public void restore(float[] saved) {}
        };
    }
}
