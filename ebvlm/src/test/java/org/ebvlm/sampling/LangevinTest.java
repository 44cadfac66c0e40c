package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class LangevinTest {
    private static final Temperatures PLAIN = Temperatures.plain();

    private static Target normal(double std) {
        return Target.density("normal", 1, x -> x.square().sum(1).times(-0.5 / (std * std)));
    }

    /** Stationary at x = (1 - a) x + spread e with a = step^2 / (2 std^2). */
    private static double variance(double std, double step, double spread) {
        double a = step * step / (2 * std * std);
        return spread * spread / (1 - (1 - a) * (1 - a));
    }

    @Test
    void varianceIsThatOfStepSpreadAndTemperature() {
        double std = 0.7;
        double step = 0.4;
        Langevin langevin = Langevin.steps(60).stepSize(step).warmup(60);
        Averages.of(langevin.temperatures(PLAIN).draw(normal(std), 2000, Noise.seed(1)), x -> x[0] * x[0])
                .assertMean("plain", variance(std, step, step), 0.01);
        Averages.of(
                        langevin.temperatures(Temperatures.from(3)).draw(normal(std), 2000, Noise.seed(1)),
                        x -> x[0] * x[0])
                .assertMean("at temperature 3", variance(std, step, Math.sqrt(3) * step), 0.03);
        Averages.of(langevin.temperatures(PLAIN).spread(0.1).draw(normal(std), 2000, Noise.seed(1)), x -> x[0] * x[0])
                .assertMean("with less noise", variance(std, step, 0.1), 0.001);
    }

    @Test
    void withoutNoiseItIsGradientAscent() {
        Data starts = Data.of("starts", new float[] {3, -2}, 1);
        Chains chains =
                Langevin.steps(4).stepSize(0.6).spread(0).continuingFrom(starts).draw(normal(1), 2, Noise.seed(1));
        for (int t = 0; t < 4; t++) {
            double factor = Math.pow(1 - 0.18, t + 1);
            assertEquals(3 * factor, chains.at(t, 0, 0), 1e-6);
            assertEquals(-2 * factor, chains.at(t, 1, 0), 1e-6);
        }
    }

    @Test
    void aTemperatureOfZeroTakesTheNoiseAway() {
        Temperatures cooling = Temperatures.from(0.5).hold(1).linear(0, 1);
        // steps at 0.5, 0.5 and then at 0
        Data starts = Data.of("starts", new float[] {1}, 1);
        Langevin langevin =
                Langevin.steps(3).stepSize(0.5).continuingFrom(starts).temperatures(cooling);
        Chains chains = langevin.draw(normal(1), 1, Noise.seed(1));
        assertEquals(1, chains.draws(), "draws are kept once the temperature has ceased to change");
        float before = Langevin.steps(2)
                .stepSize(0.5)
                .continuingFrom(starts)
                .temperatures(cooling)
                .sample(normal(1), 1, Noise.seed(1))
                .at(0, 0);
        assertEquals(before * (1 - 0.125), chains.last().at(0, 0), 1e-6);
    }

    @Test
    void theLastStepDenoisesAndClipsVAlone() {
        // E = (v - h)^2 + h^2 / 2: dE/dv = 2 (v - h)
        LatentEnergy model = LatentEnergy.visible(1)
                .continuous(1)
                .energy((g, v, h) -> g.math.square(v.sub(h))
                        .sum(1)
                        .add(g.math.square(h).sum(1).mul(0.5)))
                .init(Noise.seed(1));
        Target joint = Target.joint(model);
        Data starts = Data.of("starts", new float[] {3, 1, -2, -4, 0.5f, 0.25f}, 2);
        Langevin still = Langevin.steps(1).stepSize(1e-7).continuingFrom(starts);
        float[] denoised = still.denoising(0.5).sample(joint, 3, Noise.seed(1)).values();
        // v - 1/4 * 2 (v - h)
        assertArrayEquals(new float[] {2, 1, -3, -4, 0.375f, 0.25f}, denoised, 1e-5f);
        Chains clipped = still.denoising(0.5).clipping(0, 1).draw(joint, 3, Noise.seed(1));
        assertArrayEquals(
                new float[] {1, 1, 0, -4, 0.375f, 0.25f}, clipped.last().values(), 1e-5f);
        assertArrayEquals(starts.values(), clipped.draw(0).values(), 1e-5f, "draws are left as they were");
        Data h = Data.of("h", new float[] {0, 1, 2}, 1);
        float[] given = Langevin.steps(1)
                .stepSize(1e-7)
                .continuingFrom(Data.of("v", new float[] {2, 2, 2}, 1))
                .denoising(0.5)
                .sample(Target.visible(model, h), 3, Noise.seed(1))
                .values();
        assertArrayEquals(new float[] {1, 1.5f, 2}, given, 1e-5f);
        Data v = Data.of("v", new float[] {0}, 1);
        assertThrows(
                SettingException.class,
                () -> Langevin.steps(1).clipping(0, 1).sample(Target.hidden(model, v), 1, Noise.seed(1)));
    }

    @Test
    void thePublishedRunEndsInItsRange() {
        // p = N(0.5, 0.05^2): at T -> 0 all noise has gone but that of the last few steps, and nothing is clipped.
        Target target =
                Target.density("normal", 1, x -> x.minus(0.5).square().sum(1).times(-0.5 / 0.0025));
        Data sample = Langevin.published().sample(target, 500, Noise.seed(1));
        double squares = 0;
        for (int i = 0; i < 500; i++) {
            squares += Math.pow(sample.at(i, 0) - 0.5, 2) / 500;
        }
        // v_t+1 = (1 - a) v_t + sqrt(T_t) s e from the stationary hot start, then denoised by 1 - 0.01 / 0.0025 = -3
        double a = 0.0002 / 0.0025;
        double variance = 1;
        for (int t = 0; t < 2700; t++) {
            variance = (1 - a) * (1 - a) * variance + Temperatures.published().at(t) * 0.0004;
        }
        assertEquals(9 * variance, squares, 4 * 9 * variance * Math.sqrt(2 / 500.0));
        assertTrue(Langevin.published().toString().contains("2700 steps"));
        Target edge = Target.density("edge", 1, x -> x.minus(1).square().sum(1).times(-0.5 / 0.01));
        Data clipped = Langevin.published().sample(edge, 200, Noise.seed(2));
        for (float x : clipped.values()) {
            assertTrue(x >= 0 && x <= 1, x + "");
        }
    }

    @Test
    void drawsAreKeptOnceTheTemperatureHasFallen() {
        assertEquals(25, Langevin.steps(100).draw(normal(1), 2, Noise.seed(1)).draws(), "after three quarters");
        assertEquals(
                100,
                Langevin.steps(100).warmup(40).draw(normal(1), 2, Noise.seed(1)).draws(),
                "after the warm-up");
        Data starts = Data.of("starts", new float[] {1}, 1);
        assertEquals(
                100,
                Langevin.steps(100)
                        .startingAt(starts)
                        .draw(normal(1), 2, Noise.seed(1))
                        .draws(),
                "from the first where there is no annealing");
        assertThrows(SettingException.class, () -> Langevin.published().draw(normal(1), 2, Noise.seed(1)));
        assertThrows(
                SettingException.class,
                () -> Langevin.steps(100).temperatures(Temperatures.published()).sample(normal(1), 2, Noise.seed(1)));
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertThrows(SettingException.class, () -> Langevin.steps(1).spread(-1));
        assertThrows(SettingException.class, () -> Langevin.steps(1).denoising(0));
        assertThrows(SettingException.class, () -> Langevin.steps(1).clipping(1, 1));
        assertThrows(SettingException.class, () -> Langevin.steps(1).stepSize(Double.POSITIVE_INFINITY));
    }
}
