package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;

class HiddenLangevinTest {
    private static final double[] V = {0.8, -1.3};
    private static final double[] H = {0.4, 2.1};

    /** The step sizes and noises of a schedule at step t = 1, 2, ... */
    private interface Schedule {
        double at(int t);
    }

    /** h - alpha_t / 2 (2 h - v) + sigma_t e, in a loop, with the noise drawn step by step. */
    private static double[] plain(int steps, Schedule alpha, Schedule sigma) {
        double[] h = H.clone();
        Noise noise = Noise.seed(4);
        for (int t = 1; t <= steps; t++) {
            float[] e = new float[2];
            if (sigma.at(t) > 0) {
                noise.normal(e, 0, 2);
            }
            for (int j = 0; j < 2; j++) {
                h[j] += -alpha.at(t) / 2 * (2 * h[j] - V[j]) + sigma.at(t) * e[j];
            }
        }
        return h;
    }

    private static double[] moved(HiddenLangevin moves) {
        Expr v = Expr.input("v", 1, 2);
        Expr h = Expr.input("h", 1, 2);
        Expr after = moves.move(Models.halving(), v, h);
        return new Doubles().set(v, V).set(h, H).draw(Noise.seed(4), after).of(after);
    }

    @Test
    void aStepIsTheFormula() {
        assertArrayEquals(
                plain(1, t -> 0.3, t -> 0.2),
                moved(HiddenLangevin.steps(1).stepSize(0.3).spread(0.2)),
                1e-12);
        // h = 0.4, v = 0.8: the slope is 0 there; h = 2.1, v = -1.3: 5.5.
        assertArrayEquals(
                new double[] {0.4, 2.1 - 0.15 * 5.5},
                moved(HiddenLangevin.steps(1).stepSize(0.3).spread(0)),
                1e-12);
    }

    @Test
    void theStepIsTheSlopeOfAnyEnergyInHiddenAlone() {
        LatentEnergy model = MlpEnergy.visible(2).hidden(2).width(4).init(Noise.seed(1));
        Expr v = Expr.input("v", 1, 2);
        Expr h = Expr.input("h", 1, 2);
        Expr after = HiddenLangevin.steps(1).stepSize(0.3).spread(0).move(model, v, h);
        Doubles given = new Doubles().set(model.parameters()).set(v, V).set(h, H);
        double[] slope = given.differences(model.energy(v, h), h);
        assertArrayEquals(new double[] {H[0] - 0.15 * slope[0], H[1] - 0.15 * slope[1]}, given.of(after), 1e-8);
    }

    @Test
    void defaultsAreThePublishedOnes() {
        assertArrayEquals(plain(5, t -> 1e-2, t -> 1e-4), moved(HiddenLangevin.steps(5)), 1e-12);
    }

    @Test
    void constantStepsStayDecayedOnesFallLikeOneOverTheStepAnnealedOnesLoseTheirNoise() {
        HiddenLangevin four = HiddenLangevin.steps(4).stepSize(0.3).spread(0.2);
        assertArrayEquals(plain(4, t -> 0.3, t -> 0.2), moved(four), 1e-12);
        assertArrayEquals(plain(4, t -> 0.3 / t, t -> 0.2 / t), moved(four.decayed()), 1e-12);
        // Linearly to nothing at the last step.
        double[] noise = {0.15, 0.1, 0.05, 0};
        assertArrayEquals(plain(4, t -> 0.3, t -> noise[t - 1]), moved(four.annealed()), 1e-12);
    }

    @Test
    void plainNoiseIsTheRootOfTheStepSizeWhicheverIsSaidFirst() {
        double[] expected = plain(3, t -> 0.09, t -> 0.3);
        assertArrayEquals(expected, moved(HiddenLangevin.steps(3).stepSize(0.09).plain()), 1e-12);
        assertArrayEquals(expected, moved(HiddenLangevin.steps(3).plain().stepSize(0.09)), 1e-12);
    }

    @Test
    void manySmallPlainStepsReachThePosteriorOfTheModel() {
        int n = 20_000;
        double a = 0.1;
        Expr v = Expr.input("v", n, 2);
        Expr h = Expr.input("h", n, 2);
        Expr after = HiddenLangevin.steps(50).stepSize(a).plain().move(Models.halving(), v, h);
        float[] points = new float[2 * n];
        float[] start = new float[2 * n];
        for (int i = 0; i < points.length; i++) {
            points[i] = (float) V[i % 2];
            start[i] = 3;
        }
        try (Program program = Program.of(after)) {
            program.set(v, points);
            program.set(h, start);
            program.draw(Noise.seed(2));
            program.run();
            for (int j = 0; j < 2; j++) {
                double sum = 0;
                double squares = 0;
                for (int i = 0; i < n; i++) {
                    double x = program.value(0)[2 * i + j] - V[j] / 2;
                    sum += x;
                    squares += x * x;
                }
                // h - v/2 shrinks by 1 - a a step: what is left of the start is (3 - v/2) 0.9^50, at most 0.02.
                // The variance is a / (1 - (1 - a)^2) = 1 / (2 - a), where p(h | v) has 1/2.
                double variance = 1 / (2 - a);
                double left = (3 - V[j] / 2) * Math.pow(1 - a, 50);
                double mean = sum / n;
                double meanError = Math.sqrt(variance / n); // 0.0051
                double varianceError = variance * Math.sqrt(2.0 / n); // 0.0053
                assertEquals(left, mean, 4 * meanError, "mean");
                assertEquals(variance, squares / n - mean * mean, 4 * varianceError, "variance");
                assertEquals(0.5, squares / n - mean * mean, 0.0264 + 4 * varianceError, "near that of p(h | v)");
            }
        }
    }

    @Test
    void noDerivativeFlowsThroughTheMoves() {
        LatentEnergy model = MlpEnergy.visible(2).hidden(2).width(4).init(Noise.seed(1));
        Expr v = Expr.input("v", 3, 2);
        Expr h = Expr.input("h", 3, 2);
        for (HiddenLangevin moves :
                List.of(HiddenLangevin.steps(2), HiddenLangevin.steps(2).spread(0))) {
            Expr after = moves.move(model, v, h).square().sum();
            assertTrue(Differentiation.gradient(after, v).is(0));
            assertTrue(Differentiation.gradient(after, h).is(0));
            assertTrue(model.parameters().gradient(after).is(0));
        }
    }

    @Test
    void withoutNoiseNoneIsDrawn() {
        Expr v = Expr.input("v", 1, 2);
        Expr h = Expr.input("h", 1, 2);
        Expr after = HiddenLangevin.steps(3).spread(0).move(Models.halving(), v, h);
        assertFalse(Expr.sorted(List.of(after)).stream()
                .anyMatch(e -> e.op() instanceof Leaf.Input input && input.source() != Leaf.Source.GIVEN));
    }

    @Test
    void rejectsSettingsOutOfRange() {
        assertThrows(SettingException.class, () -> HiddenLangevin.steps(0));
        HiddenLangevin moves = HiddenLangevin.steps(1);
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(SettingException.class, () -> moves.stepSize(bad));
        }
        for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(SettingException.class, () -> moves.spread(bad));
        }
    }
}
