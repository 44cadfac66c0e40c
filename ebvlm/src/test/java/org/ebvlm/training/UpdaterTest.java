package org.ebvlm.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class UpdaterTest {
    private static final int SIZE = 7;

    private static float[] gradient(long step) {
        float[] g = new float[SIZE];
        Noise.seed(step).normal(g, 0, SIZE);
        g[0] = 0;
        g[1] *= 1e-6f;
        g[2] *= 1e4f;
        return g;
    }

    private static void assertSamePath(Updater one, Updater other, int steps, double relative) {
        float[] x = gradient(-1);
        float[] y = x.clone();
        Updater.State a = one.start(SIZE);
        Updater.State b = other.start(SIZE);
        for (int t = 0; t < steps; t++) {
            a.update(x, gradient(t), t);
            b.update(y, gradient(t), t);
            for (int i = 0; i < SIZE; i++) {
                assertEquals(x[i], y[i], relative * (1 + Math.abs(x[i])), "step " + t + ", place " + i);
            }
        }
    }

    /** Under a constant gradient each step of Adam is as long as its rate. */
    @Test
    void aCosineFallsFromTheRateToTheLastAndStaysThere() {
        Updater.State state = Adam.rate(0.1).cosineTo(0.02, 4).epsilon(1e-20).start(1);
        double[] expected = {0.1, 0.06 + 0.04 * Math.sqrt(0.5), 0.06, 0.06 - 0.04 * Math.sqrt(0.5), 0.02, 0.02, 0.02};
        float[] x = {1};
        for (int t = 0; t < expected.length; t++) {
            float before = x[0];
            state.update(x, new float[] {3}, t);
            assertEquals(expected[t], before - x[0], 1e-5, "update " + t);
        }
        assertThrows(SettingException.class, () -> Adam.rate(0.1).cosineTo(0.2, 4));
        assertThrows(SettingException.class, () -> Adam.rate(0.1).cosineTo(0.01, 0));
    }

    @Test
    void adamIsNd4jsAdam() {
        assertSamePath(Adam.rate(0.01), Updater.of(new org.nd4j.linalg.learning.config.Adam(0.01)), 200, 1e-5);
        assertSamePath(
                Adam.rate(0.1).betas(0.5, 0.9).epsilon(1e-3),
                Updater.of(new org.nd4j.linalg.learning.config.Adam(0.1, 0.5, 0.9, 1e-3)),
                200,
                1e-5);
    }

    @Test
    void adamIsTheFormulaOfThePaper() {
        float[] x = gradient(-1);
        double[] exact = {x[0], x[1], x[2], x[3], x[4], x[5], x[6]};
        double[] m = new double[SIZE];
        double[] u = new double[SIZE];
        Updater.State adam = Adam.rate(0.02).betas(0.8, 0.95).epsilon(1e-8).start(SIZE);
        for (int t = 1; t <= 50; t++) {
            float[] g = gradient(t);
            adam.update(x, g.clone(), t - 1);
            for (int i = 0; i < SIZE; i++) {
                m[i] = 0.8 * m[i] + 0.2 * g[i];
                u[i] = 0.95 * u[i] + 0.05 * g[i] * g[i];
                double rate = 0.02 * Math.sqrt(1 - Math.pow(0.95, t)) / (1 - Math.pow(0.8, t));
                exact[i] -= rate * m[i] / (Math.sqrt(u[i]) + 1e-8);
                assertEquals(exact[i], x[i], 1e-5 * (1 + Math.abs(exact[i])), "step " + t + ", place " + i);
            }
        }
    }

    @Test
    void adamFollowsASchedule() {
        MapSchedule.Builder schedule =
                new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.1).add(3, 0.001);
        assertSamePath(
                Adam.schedule(schedule.build()),
                Updater.of(new org.nd4j.linalg.learning.config.Adam(schedule.build())),
                10,
                1e-5);
        float[] x = new float[1];
        Updater.State state = Adam.schedule(schedule.build()).start(1);
        for (int t = 0; t < 5; t++) {
            float before = x[0];
            state.update(x, new float[] {1}, t);
            // a constant gradient of Adam moves by the rate itself
            assertEquals(t < 3 ? 0.1 : 0.001, before - x[0], 1e-6, "step " + t);
        }
    }

    @Test
    void sgdIsARateTimesTheGradient() {
        float[] x = {1, 2};
        Updater.of(new Sgd(0.5)).start(2).update(x, new float[] {1, -4}, 0);
        assertArrayEquals(new float[] {0.5f, 4}, x);
    }

    @TestFactory
    List<DynamicTest> everyUpdaterDescendsAndGoesOnFromSavedNumbersToTheBit() {
        List<IUpdater> nd4j = List.of(
                new Sgd(0.05),
                new Nesterovs(0.02, 0.9),
                new AdaGrad(0.3),
                new RmsProp(0.02),
                new AdaDelta(),
                new AdaMax(0.05),
                new Nadam(0.05),
                new AMSGrad(0.05),
                new org.nd4j.linalg.learning.config.Adam(0.05));
        List<Updater> all =
                new java.util.ArrayList<>(nd4j.stream().map(Updater::of).toList());
        all.add(Adam.rate(0.05));
        return all.stream()
                .map(u -> dynamicTest(u.toString(), () -> assertDescends(u)))
                .toList();
    }

    /** On half the squared distance to (1, -2). */
    private static void assertDescends(Updater updater) {
        float[] x = {0, 0};
        Updater.State state = updater.start(2);
        float[] saved = null;
        float[] there = null;
        for (int t = 0; t < 400; t++) {
            if (t == 151) {
                saved = state.save();
                there = x.clone();
            }
            state.update(x, new float[] {x[0] - 1, x[1] + 2}, t);
        }
        double distance = Math.hypot(x[0] - 1, x[1] + 2);
        assertEquals(true, distance < Math.sqrt(5) - 0.05, "distance " + distance);
        Updater.State again = updater.start(2);
        again.restore(saved);
        for (int t = 151; t < 400; t++) {
            again.update(there, new float[] {there[0] - 1, there[1] + 2}, t);
        }
        assertArrayEquals(x, there);
    }

    @Test
    void rejectsImpossibleSettings() {
        assertThrows(SettingException.class, () -> Adam.rate(0));
        assertThrows(SettingException.class, () -> Adam.rate(Double.NaN));
        assertThrows(SettingException.class, () -> Adam.rate(1e-3).betas(1, 0.9));
    }
}
