package org.ebvlm.bayes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.implicit.EntropyGradient;
import org.ebvlm.noise.Noise;
import org.ebvlm.scoring.Rbf;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Progress;
import org.ebvlm.training.Run;
import org.junit.jupiter.api.Test;

class LearnedSamplerTest {
    private static final Line LINE = new Line(30, 2);

    private static double[] wide(float[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }

    private static LearnedSampler sampler() {
        return LearnedSampler.units(3).scale(0.01).init(Noise.seed(1));
    }

    /** With other values than the first, so that no part of it is idle. */
    private static double[] values(LearnedSampler sampler) {
        double[] values = wide(sampler.parameters().values());
        Noise noise = Noise.seed(2);
        for (int i = 0; i < values.length; i++) {
            values[i] += 0.5 * noise.nextNormal();
        }
        return values;
    }

    @Test
    void aStepIsTheOneThatTheFormulaSays() {
        LearnedSampler sampler = sampler();
        double[] p = values(sampler);
        double[] theta = {0.3, -1.2, 2};
        double[] g = {4, 0.5, -3};
        double[] z = {1, -0.7, 0.2};
        Expr t = Expr.input("t", 1, 3);
        Expr s = Expr.input("g", 1, 3);
        Expr n = Expr.input("z", 1, 3);
        double[] found = Interpreter.evaluate(
                sampler.move(t, s, n),
                Map.of(t, theta, s, g, n, z, sampler.parameters().leaf(), p));
        // In the order A [2, 3], a [3], u [3], b, w [3], c.
        for (int i = 0; i < 3; i++) {
            double drift = p[12];
            double variance = p[16];
            for (int u = 0; u < 3; u++) {
                double feature = Math.log1p(Math.exp(p[u] * theta[i] + p[3 + u] * g[i] + p[6 + u]));
                drift += p[9 + u] * feature;
                variance += p[13 + u] * feature;
            }
            double spread = Math.sqrt(0.01 * (Math.max(0, variance) + 1e-6));
            assertEquals(theta[i] + 0.01 * drift + spread * z[i], found[i], 1e-12);
        }
    }

    @Test
    void beforeTrainingItsNoiseIsThatOfLangevinDynamics() {
        LearnedSampler sampler = LearnedSampler.units(20).scale(1e-3).init(Noise.seed(1));
        Expr t = Expr.input("t", 1, 2);
        Expr z = Expr.input("z", 1, 2);
        double[] found = Interpreter.evaluate(
                sampler.move(t, t.filled(0), z),
                Map.of(
                        t,
                        new double[2],
                        z,
                        new double[] {1, -1},
                        sampler.parameters().leaf(),
                        wide(sampler.parameters().values())));
        assertEquals(2 * Math.sqrt(2e-3), found[0] - found[1], 1e-6);
    }

    /**
     * One step, two particles: theta moves with b by the scale and with c by scale z / (2 sqrt(scale (c + tiny))), so the
     * slopes of -1/2 sum of (g - G) . theta follow by hand.
     */
    @Test
    void theLossHasTheSlopesThatFollowByHand() {
        LearnedSampler sampler = sampler();
        Expr theta = Expr.input("theta", 2, 2);
        Expr z = Expr.input("z", 2, 2);
        Expr g = Expr.input("g", 2, 2);
        double[] starts = {0.5, 1, -0.5, 0.2};
        double[] normal = {1, -1, 0.5, 2};
        double[] score = {3, -2, 1, 0.5};
        EntropyGradient entropy = EntropyGradient.kernel(Rbf.medianHeuristic()).bandwidth(1);
        Expr moved = sampler.move(theta, theta.filled(0), z).point();
        Expr slope = sampler.parameters().gradient(Unrolled.loss(moved, g, entropy));
        Map<Expr, double[]> at = new HashMap<>(Map.of(theta, starts, z, normal, g, score));
        at.put(sampler.parameters().leaf(), wide(sampler.parameters().values()));
        double[] x = Interpreter.evaluate(moved, at);
        double[] found = Interpreter.evaluate(slope, at);
        // Two samples: G_1 = -k (x_1 - x_2) / (h^2 (1 + ridge - k)), G_2 = -G_1.
        double r2 = (x[0] - x[2]) * (x[0] - x[2]) + (x[1] - x[3]) * (x[1] - x[3]);
        double k = Math.exp(-r2 / 2);
        double b = 0;
        double c = 0;
        for (int i = 0; i < 4; i++) {
            double gap = i < 2 ? x[i] - x[i + 2] : x[i] - x[i - 2];
            double own = -k * gap / (2 - k);
            // gap is x_1 - x_2 for the first and x_2 - x_1 for the second, so the sign is right for both.
            b -= 0.5 * 0.01 * (score[i] - own);
            c -= 0.5 * (score[i] - own) * normal[i] * 0.01 / (2 * Math.sqrt(0.01 * (2 + 1e-6)));
        }
        assertEquals(b, found[12], 1e-9);
        assertEquals(c, found[16], 1e-9);
    }

    // ---------------------------------------------------------------- learning

    private static SamplerRun learned(EntropyGradient entropy) {
        return SamplerTraining.of(LearnedSampler.units(20).scale(1e-3).init(Noise.seed(3)))
                .on(LINE.network, LINE.data)
                .entropy(entropy)
                .particles(80)
                .batches(30)
                .restarting(5)
                .with(Adam.rate(5e-3))
                .updates(250)
                .fit(Noise.seed(4));
    }

    private static Data sampled(LearnedSampler sampler) {
        return WeightChains.of(LINE.network)
                .on(LINE.data)
                .by(sampler)
                .particles(1000)
                .batches(30)
                .steps(50)
                .sample(Noise.seed(5));
    }

    /** The learned mean is within half a standard deviation, spreads within a third: the ridge narrows, a finite training does the rest. */
    @Test
    void itLearnsTheMeanAndTheSpreadOfALine() {
        Data particles = sampled(
                learned(EntropyGradient.kernel(Rbf.medianHeuristic()).ridge(0.1).steps(8))
                        .sampler());
        double[] mean = Line.means(particles);
        double[][] covariance = Line.covariance(particles);
        for (int a = 0; a < 3; a++) {
            double std = Math.sqrt(LINE.covariance[a][a]);
            assertEquals(LINE.mean[a], mean[a], 0.5 * std);
            assertEquals(1, Math.sqrt(covariance[a][a]) / std, 0.33);
        }
    }

    @Test
    void withoutEntropyItFallsToTheMode() {
        Data particles = sampled(learned(EntropyGradient.none()).sampler());
        double[][] covariance = Line.covariance(particles);
        for (int a = 0; a < 3; a++) {
            assertTrue(covariance[a][a] < 0.1 * LINE.covariance[a][a], covariance[a][a] + "");
        }
    }

    @Test
    void theSameSourceGivesTheSameSampler() {
        assertArrayEquals(few(Noise.seed(1)).objective(), few(Noise.seed(1)).objective());
        assertArrayEquals(
                few(Noise.seed(1)).sampler().parameters().values(),
                few(Noise.seed(1)).sampler().parameters().values());
    }

    private static SamplerRun few(Noise noise) {
        return training().fit(noise);
    }

    private static SamplerTraining training() {
        return SamplerTraining.of(sampler())
                .on(LINE.network, LINE.data)
                .particles(10)
                .unrolled(2)
                .updates(5);
    }

    @Test
    void reportsComeAndAnInterruptLeavesWhatWasLearned() {
        List<Progress> reports = new ArrayList<>();
        Thread.currentThread().interrupt();
        SamplerRun run = training().reporting(reports::add).fit(Noise.seed(1));
        assertEquals(Run.Ending.INTERRUPTED, run.ending());
        assertEquals(0, run.updates());
        assertEquals(Run.Ending.INTERRUPTED, reports.get(0).ending().orElseThrow());
        assertTrue(run.toString().contains("interrupted after 0 updates"), run.toString());
        assertEquals(Run.Ending.FINISHED, few(Noise.seed(1)).ending());
    }

    @Test
    void whatIsMissingSaidTwiceOrWrongIsRefused() {
        assertThrows(SettingException.class, () -> SamplerTraining.of(sampler()).fit(Noise.seed(1)));
        assertThrows(SettingException.class, () -> training().updates(3));
        assertThrows(SettingException.class, () -> training().batches(31).fit(Noise.seed(1)));
        assertThrows(SettingException.class, () -> SamplerTraining.of(sampler()).particles(1));
        assertThrows(SettingException.class, () -> LearnedSampler.units(0));
        assertThrows(SettingException.class, () -> LearnedSampler.units(1).scale(0));
    }
}
