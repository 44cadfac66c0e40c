package org.ebvlm.stein;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.training.Updater;

/**
 * The steps of the particle programs of Liu and Wang (2016), called AdaGrad there; the mean of squares decays, so it is closer
 * to RMSprop:
 *
 * <pre>
 * u = g^2 at the first step,   u = decay u + (1 - decay) g^2 after it
 * x = x - rate g / (1e-6 + sqrt(u))
 * </pre>
 *
 * <p>The first step of each coordinate is one rate long, whatever the gradient. Steps do not become small by themselves:
 * near the end points tremble by about a rate where the direction changes its sign.
 */
public final class DecayingAdaGrad implements Updater {
    private static final double FUDGE = 1e-6;

    private final double rate;
    private final double decay;

    private DecayingAdaGrad(double rate, double decay) {
        this.rate = rate;
        this.decay = decay;
    }

    /** Steps of about this length in each coordinate; decay 0.9. */
    public static DecayingAdaGrad rate(double length) {
        if (!(length > 0 && length < Double.POSITIVE_INFINITY)) {
            throw new SettingException(Facts.that("DecayingAdaGrad.rate: not a length")
                    .expected("a positive number, for example 0.05")
                    .butWas(length));
        }
        return new DecayingAdaGrad(length, 0.9);
    }

    /** How much of the mean of squares is kept from step to step; 0.9 unless said otherwise. */
    public DecayingAdaGrad decay(double share) {
        if (!(share >= 0 && share < 1)) {
            throw new SettingException(Facts.that("DecayingAdaGrad.decay: out of range")
                    .expected("from 0 up to, not including, 1")
                    .butWas(share));
        }
        return new DecayingAdaGrad(rate, share);
    }

    /** No step is longer than rate / sqrt(1 - decay). */
    @Override
    public boolean keepsFinite() {
        return true;
    }

    @Override
    public State start(int size) {
        return new Squares(size);
    }

    private final class Squares implements State {
        private final float[] u;

        Squares(int size) {
            u = new float[size];
        }

        @Override
        public void update(float[] parameters, float[] gradient, long step) {
            float kept = step == 0 ? 0 : (float) decay;
            float taken = 1 - kept;
            for (int i = 0; i < u.length; i++) {
                float g = gradient[i];
                u[i] = kept * u[i] + taken * g * g;
                parameters[i] -= (float) (rate * g / (FUDGE + Math.sqrt(u[i])));
            }
        }

        @Override
        public float[] save() {
            return u.clone();
        }

        @Override
        public void restore(float[] saved) {
            System.arraycopy(saved, 0, u, 0, u.length);
        }
    }

    @Override
    public String toString() {
        return "DecayingAdaGrad[rate " + rate + ", decay " + decay + "]";
    }
}
