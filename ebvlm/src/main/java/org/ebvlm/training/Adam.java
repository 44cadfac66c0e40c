package org.ebvlm.training;

import java.util.Arrays;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Adam (Kingma and Ba, 2015, algorithm 1 in its efficient form), the same as ND4J's to rounding:
 *
 * <pre>
 * m = b1 m + (1 - b1) g,   u = b2 u + (1 - b2) g^2
 * x = x - rate sqrt(1 - b2^t) / (1 - b1^t)  m / (sqrt(u) + epsilon)
 * </pre>
 */
public final class Adam implements Updater {
    private final double rate;
    private final ISchedule schedule;
    private final double beta1;
    private final double beta2;
    private final double epsilon;

    private Adam(double rate, ISchedule schedule, double beta1, double beta2, double epsilon) {
        this.rate = rate;
        this.schedule = schedule;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
    }

    /** Adam with a constant learning rate, betas 0.9 and 0.999, epsilon 1e-8. */
    public static Adam rate(double rate) {
        if (!(rate > 0) || rate == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that("Adam.rate: not a learning rate")
                    .expected("a positive number, for example 1e-3")
                    .butWas(rate));
        }
        return new Adam(rate, null, 0.9, 0.999, 1e-8);
    }

    /** Adam with one of ND4J's schedules, counted in updates. */
    public static Adam schedule(ISchedule schedule) {
        return new Adam(Double.NaN, schedule, 0.9, 0.999, 1e-8);
    }

    /**
     * Lets the rate fall along half a cosine, from where it is to {@code last} after a number of updates, and stay there.
     * A phase that runs K times in a step counts K updates a step.
     */
    public Adam cosineTo(double last, long updates) {
        if (!(last >= 0 && last <= rate) || updates < 1) {
            throw new SettingException(Facts.that("Adam.cosineTo: not a fall of the learning rate")
                    .expected("a last rate from 0 to " + rate + ", and 1 or more updates")
                    .butWas(last + ", " + updates));
        }
        return new Adam(rate, new Cosine(rate, last, updates), beta1, beta2, epsilon);
    }

    /** Other decay rates of the two moments. */
    public Adam betas(double first, double second) {
        if (!(first >= 0 && first < 1 && second >= 0 && second < 1)) {
            throw new SettingException(Facts.that("Adam.betas: out of range")
                    .expected("two numbers from 0 up to, not including, 1")
                    .butWas(first + ", " + second));
        }
        return new Adam(rate, schedule, first, second, epsilon);
    }

    /** Another guard against division by zero. */
    public Adam epsilon(double epsilon) {
        return new Adam(rate, schedule, beta1, beta2, epsilon);
    }

    /** With a rate that does not grow: no step is longer than a few times the rate. */
    @Override
    public boolean keepsFinite() {
        return schedule == null || schedule instanceof Cosine;
    }

    @Override
    public State start(int size) {
        return new Moments(size);
    }

    private final class Moments implements State {
        private final int size;
        private final float[] m;
        private final float[] u;

        Moments(int size) {
            this.size = size;
            m = new float[size];
            u = new float[size];
        }

        @Override
        public void update(float[] parameters, float[] gradient, long step) {
            double now = schedule == null ? rate : schedule.valueAt((int) step, 0);
            double t = step + 1;
            float alpha = (float) (now * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t)));
            descend(parameters, gradient, m, u, alpha, (float) beta1, (float) beta2, (float) epsilon);
        }

        @Override
        public float[] save() {
            float[] both = Arrays.copyOf(m, 2 * size);
            System.arraycopy(u, 0, both, size, size);
            return both;
        }

        @Override
        public void restore(float[] saved) {
            System.arraycopy(saved, 0, m, 0, size);
            System.arraycopy(saved, size, u, 0, size);
        }
    }

    private static void descend(
            float[] x, float[] g, float[] m, float[] u, float alpha, float b1, float b2, float epsilon) {
        float rest1 = 1 - b1;
        float rest2 = 1 - b2;
        for (int i = 0; i < x.length; i++) {
            m[i] = b1 * m[i] + rest1 * g[i];
            u[i] = b2 * u[i] + rest2 * g[i] * g[i];
            x[i] -= alpha * m[i] / ((float) Math.sqrt(u[i]) + epsilon);
        }
    }

    @Override
    public String toString() {
        return "Adam[" + (schedule == null ? "rate " + rate : schedule.toString()) + ", betas " + beta1 + " " + beta2
                + "]";
    }
}
