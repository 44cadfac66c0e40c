package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.BernoulliRbm;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Run;
import org.ebvlm.training.Stepper;
import org.ebvlm.training.Training;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CdTest {
    private static Sampled gradient(Objective loss, EnergyModel model, Expr batch, float[] rows, int runs) {
        Phase phase = loss.phases(model, Points.data(), batch).get(0);
        return Sampled.of(
                model.parameters().gradient(phase.loss()), runs, List.of(model.parameters()), Map.of(batch, rows));
    }

    /** dF/dtheta at points of the line. */
    private static final class Slope {
        private final Expr at = Expr.input("v", 1, 1);
        private final Expr gradient;
        private final Doubles given;

        Slope(Grbm model) {
            gradient = model.parameters().gradient(model.freeEnergy(at).sum());
            given = new Doubles().set(model.parameters());
        }

        double[] at(double v) {
            return given.set(at, v).of(gradient);
        }
    }

    /** E over h given v, and over v_1 given h by quadrature, of dF/dtheta(v_1). */
    private static double[] afterOneSweep(Grbm model, Slope slope, double v) {
        double[] p = Enumerated.posterior(model, new double[] {v});
        float[] w = model.parameters().values("W");
        double b = model.parameters().values("b")[0];
        double s = model.stdValues()[0];
        double[] sum = new double[model.parameters().size()];
        double step = 0.1;
        for (int state = 0; state < p.length; state++) {
            double[] h = Models.bits(state, model.hidden());
            double mean = b;
            for (int j = 0; j < h.length; j++) {
                mean += s * s * w[j] * h[j];
            }
            for (double e = -8; e < 8; e += step) {
                double weight = p[state] * Math.exp(-e * e / 2) / Math.sqrt(2 * Math.PI) * step;
                double[] each = slope.at(mean + s * e);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += weight * each[i];
                }
            }
        }
        return sum;
    }

    @Test
    void theMeanGradientOfOneSweepIsTheSumOverStatesAndTheIntegralOverV() {
        Grbm drawn = Grbm.visible(1).hidden(2).init(Noise.seed(3));
        Grbm model = drawn.with(
                drawn.parameters().with("W", new float[] {1.3f, -0.8f}).with("logStd", new float[] {-0.25f}));
        double v = 0.7;
        Slope slope = new Slope(model);
        double[] expected = slope.at(v);
        double[] negative = afterOneSweep(model, slope, v);
        for (int i = 0; i < expected.length; i++) {
            expected[i] -= negative[i];
        }
        Expr batch = Expr.input("batch", 1000, 1);
        Sampled sampled = gradient(Cd.steps(1), model, batch, Sampled.copies(new double[] {v}, 1000), 400);
        sampled.assertAgrees("CD-1", expected);
        // Another chain than this sweep would be seen.
        sampled.assertDiffers("no sweep", new double[expected.length]);
        assertTrue(gradient(Cd.steps(2), model, batch, Sampled.copies(new double[] {v}, 1000), 400)
                        .distance(expected)
                > 8);
    }

    /** 200 copies of the four points; the chains forget where they began, so the mean is that of maximum likelihood. */
    private static void assertApproachesMaximumLikelihood(Cd loss, double bias) {
        Grbm model = Models.machine();
        int rows = 800;
        Expr batch = Expr.input("batch", rows, 2);
        Sampled sampled = gradient(loss, model, batch, Sampled.copies(Points.ROWS, rows / 4), 100);
        Expr four = Points.batch();
        Doubles given = Points.given(model, four);
        double[] exact = Points.gradient(given, model, Points.last(MaximumLikelihood.exact(), model, four));
        for (int i = 0; i < exact.length; i++) {
            // Four standard errors of 80,000 chains, and the stated bias.
            assertEquals(exact[i], sampled.mean[i], 4 * sampled.error[i] + bias, loss + ", " + i);
            assertTrue(sampled.error[i] < 0.01, "and the errors are small: " + sampled.error[i]);
        }
    }

    /** On all 8 states of v: the probabilities of v_1 given v by the two conditionals, and with them the mean of dF/dtheta. */
    @Test
    void theMeanGradientOfOneSweepOfABinaryMachineIsTheSumOverStates() {
        BernoulliRbm model = BernoulliRbm.visible(3).hidden(2).init(Noise.seed(3));
        double[] point = {1, 0, 1};
        Expr v = Expr.input("v", 1, 3);
        Expr h = Expr.input("h", 1, 2);
        Expr slope = model.parameters().gradient(model.freeEnergy(v).sum());
        Doubles given = new Doubles().set(model.parameters()).set(v, point);
        double[] expected = given.of(slope);
        double[] p = Enumerated.posterior(model, point);
        for (int state = 0; state < 4; state++) {
            double[] mean = given.set(h, Models.bits(state, 2)).of(model.visibleMean(h));
            for (int next = 0; next < 8; next++) {
                double[] bits = Models.bits(next, 3);
                double weight = p[state];
                for (int i = 0; i < 3; i++) {
                    weight *= bits[i] == 1 ? mean[i] : 1 - mean[i];
                }
                double[] each = given.set(v, bits).of(slope);
                for (int i = 0; i < expected.length; i++) {
                    expected[i] -= weight * each[i];
                }
            }
        }
        Expr batch = Expr.input("batch", 1000, 3);
        gradient(Cd.steps(1), model, batch, Sampled.copies(point, 1000), 400).assertAgrees("CD-1", expected);
    }

    @Test
    void manySweepsHaveTheGradientOfMaximumLikelihood() {
        assertApproachesMaximumLikelihood(Cd.steps(12), 0);
    }

    @Test
    void manyLangevinStepsHaveTheGradientOfMaximumLikelihoodUpToTheOrderOfTheSquaredStep() {
        assertApproachesMaximumLikelihood(Cd.steps(40).langevin(0.45), 0.45 * 0.45 / 2);
    }

    @Test
    void oneLangevinStepIsTheFormula() {
        LatentEnergy model = Models.interacting();
        Expr batch = Points.batch();
        Phase phase = Points.last(Cd.steps(1).langevin(0.2), model, batch);
        Doubles given = Points.given(model, batch).draw(Noise.seed(3), phase.loss());
        double[] e = drawn(Noise.seed(3));
        double[] s = given.of(model.score(batch));
        double[] moved = new double[8];
        for (int i = 0; i < 8; i++) {
            moved[i] = Points.ROWS[i] + 0.02 * s[i] + 0.2 * e[i];
        }
        Expr chain = Points.batch();
        given.set(chain, moved);
        Expr gap = model.freeEnergy(batch).mean().minus(model.freeEnergy(chain).mean());
        assertEquals(given.scalar(gap), given.scalar(phase.value()), 1e-10);
        assertArrayEquals(
                given.differences(gap, model.parameters().leaf()), Points.gradient(given, model, phase), 1e-6);
    }

    private static double[] drawn(Noise noise) {
        float[] e = new float[8];
        noise.normal(e, 0, 8);
        return Doubles.widened(e);
    }

    // ---------------------------------------------------------------- persistent chains

    @Test
    void persistentChainsStartAtRowsOfTheDataAndMoveByGibbsSweeps() {
        Grbm model = Models.machine();
        Expr batch = Points.batch();
        List<Phase> phases = Cd.steps(3).persistent(6).phases(model, Points.data(), batch);
        assertEquals(
                List.of("chainFreeEnergy", "objective"),
                phases.stream().map(Phase::name).toList());
        assertEquals(3, phases.get(0).repeats());
        float[] start = phases.get(0).fitted().parameters().values();
        assertEquals(12, start.length);
        for (int i = 0; i < 6; i++) {
            assertTrue(isRow(start[2 * i], start[2 * i + 1]), Arrays.toString(start));
        }
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < i; j++) {
                assertTrue(start[2 * i] != start[2 * j], "each row once before any twice");
            }
        }
    }

    private static boolean isRow(float x, float y) {
        boolean found = false;
        for (int i = 0; i < 4; i++) {
            found |= (float) Points.ROWS[2 * i] == x && (float) Points.ROWS[2 * i + 1] == y;
        }
        return found;
    }

    /** With the model at rest the kept chains become draws of it: first and second moments are those of the mixture. */
    @Test
    void keptChainsOfAModelAtRestBecomeItsDraws() {
        Grbm model = Models.machine();
        Expr batch = Points.batch();
        int chains = 2000;
        List<Phase> phases = Cd.steps(1).persistent(chains).phases(model, Points.data(), batch);
        Phase moving = phases.get(0);
        try (Stepper stepper = new Stepper(
                List.of(moving), batch, Adam.rate(1), List.of(model.parameters()), Double.POSITIVE_INFINITY)) {
            Noise noise = Noise.seed(8);
            for (int t = 0; t < 50; t++) {
                stepper.step(noise);
            }
            float[] v = stepper.current(moving.fitted().parameters()).values();
            double[] moments = new double[6];
            for (int i = 0; i < chains; i++) {
                double x = v[2 * i];
                double y = v[2 * i + 1];
                double[] each = {x, y, x * x, x * y, y * y, x * x * x * x};
                for (int k = 0; k < 6; k++) {
                    moments[k] += each[k] / chains;
                }
            }
            double[] truth = Plane.moments(model);
            // The variance of a mean of n draws of x is E x^2 / n at most, of x^2 at most E x^4 / n.
            assertEquals(truth[0], moments[0], 4 * Math.sqrt(truth[2] / chains));
            assertEquals(truth[1], moments[1], 4 * Math.sqrt(truth[4] / chains));
            assertEquals(truth[2], moments[2], 4 * Math.sqrt(truth[5] / chains));
        }
    }

    @Test
    void theObjectiveComparesRowsWithTheKeptChains() {
        Grbm model = Models.machine();
        Expr batch = Points.batch();
        List<Phase> phases = Cd.steps(1).persistent().phases(model, Points.data(), batch);
        Phase phase = phases.get(1);
        double[] chain = {0.1, 0.2, -0.5, 1, 2, -1, 0.3, 0.3};
        Doubles given = Points.given(model, batch)
                .set(phases.get(0).fitted().parameters().leaf(), chain);
        Expr other = Points.batch();
        given.set(other, chain);
        Expr gap = model.freeEnergy(batch).mean().minus(model.freeEnergy(other).mean());
        assertEquals(given.scalar(gap), given.scalar(phase.value()), 1e-12);
        assertArrayEquals(
                given.differences(gap, model.parameters().leaf()), Points.gradient(given, model, phase), 1e-7);
    }

    @Test
    void chainsAreSavedAndGoOnToTheBit(@TempDir Path folder) {
        Path file = folder.resolve("chains.ckpt");
        float[] whole = run(40, null, null).model().parameters().values();
        run(20, file, null);
        assertArrayEquals(whole, run(40, null, file).model().parameters().values());
    }

    private static Run run(int steps, Path save, Path resume) {
        float[] values = new float[200];
        Noise.seed(6).normal(values, 0, values.length);
        Training training = Training.of(Models.machine())
                .minimizing(Cd.steps(2).persistent())
                .on(Data.of("points", values, 2))
                .batches(10)
                .steps(steps);
        training = save == null ? training : training.checkpoint(save, 20);
        return (resume == null ? training : training.resuming(resume)).fit(Noise.seed(1));
    }

    // ---------------------------------------------------------------- the rest

    @Test
    void refusesWhatHasNoChain() {
        LatentEnergy mlp = MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(1));
        Points.assertRefused("langevin", Cd.steps(1), Models.interacting());
        Points.assertRefused("langevin", Cd.steps(1), Models.deep());
        BernoulliRbm binary = BernoulliRbm.visible(2).hidden(3).init(Noise.seed(1));
        Points.assertRefused("real v", Cd.steps(1).langevin(0.1), binary);
        Points.assertRefused("Vages", Cd.steps(1).langevin(0.1), mlp);
        assertThrows(SettingException.class, () -> Cd.steps(0));
        assertThrows(SettingException.class, () -> Cd.steps(1).persistent(0));
        assertThrows(SettingException.class, () -> Cd.steps(1).langevin(0));
        assertThrows(SettingException.class, () -> Cd.steps(1).langevin(Double.NaN));
    }
}
