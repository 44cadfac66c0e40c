package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

/** What the acceptance test and the warm-up of Mala and Hmc do. */
class MetropolisTest {
    private static final List<MetropolisSampler<?>> SAMPLERS =
            List.of(Mala.steps(300).warmup(200), Hmc.steps(60).warmup(100).leaps(5));

    private static final Target GAUSSIAN = normal(0.6);

    private static Target normal(double std) {
        return Target.density("normal", 1, x -> x.square().sum(1).times(-0.5 / (std * std)));
    }

    @Test
    void atAStepWhereLangevinIsPlainlyBiasedTheAcceptedOnesAreNot() {
        double std = 0.6;
        double step = 0.8;
        double a = step * step / (2 * std * std);
        double langevin = step * step / (1 - (1 - a) * (1 - a));
        double leapfrog = std * std / (1 - step * step / (4 * std * std));
        Chains biased = Langevin.steps(400)
                .stepSize(step)
                .warmup(50)
                .temperatures(Temperatures.plain())
                .draw(GAUSSIAN, 400, Noise.seed(8));
        Averages squares = Averages.of(biased, x -> x[0] * x[0]);
        squares.assertMean("Langevin's own variance", langevin, 0.02);
        assertTrue(squares.errorsFrom(std * std) > 20, "the bias shows");
        assertEquals(1, biased.acceptance());
        for (MetropolisSampler<?> sampler : SAMPLERS) {
            Chains chains = sampler.stepSize(step).draw(GAUSSIAN, 400, Noise.seed(8));
            Averages exact = Averages.of(chains, x -> x[0] * x[0]);
            exact.assertMean(sampler + "", std * std, 0.01);
            assertTrue(exact.errorsFrom(leapfrog) > 20, sampler + ": an accepted bias would show");
            assertTrue(chains.acceptance() < 0.95, sampler + ": something is rejected");
            assertEquals(step, chains.stepSize(), 1e-7);
        }
    }

    @Test
    void acceptanceOfMalaOnAGaussianIsThatOfQuadrature() {
        // E min(1, p(x') q(x | x') / p(x) q(x' | x)) by a fine grid over x and the noise.
        double s = 0.9;
        double sum = 0;
        double d = 0.02;
        for (double x = -6; x < 6; x += d) {
            for (double e = -6; e < 6; e += d) {
                double to = x - s * s / 2 * x + s * e;
                double back = (x - (1 - s * s / 2) * to) / s;
                double ratio = Math.exp((x * x - to * to + e * e - back * back) / 2);
                sum += Math.min(1, ratio) * Math.exp(-(x * x + e * e) / 2) / (2 * Math.PI) * d * d;
            }
        }
        Chains chains = Mala.steps(200).warmup(50).stepSize(s).draw(normal(1), 1000, Noise.seed(9));
        // 200,000 probabilities of standard deviation below one half; neighbours in a chain are alike for a few steps.
        assertEquals(sum, chains.acceptance(), 4 * 0.5 * Math.sqrt(5 / 200_000.0));
    }

    @Test
    void warmUpFindsTheStepThatIsAcceptedAsOftenAsWanted() {
        // In ten dimensions with standard deviations from 0.3 to 1.
        double[] precision = new double[10];
        for (int j = 0; j < 10; j++) {
            precision[j] = Math.pow(10, j / 9.0);
        }
        Target target = Target.density(
                "scales",
                10,
                x -> x.square().times(Expr.constant(precision, 10)).sum(1).times(-0.5));
        Chains mala = Mala.steps(200).warmup(400).draw(target, 100, Noise.seed(10));
        assertEquals(0.574, mala.acceptance(), 0.03, mala + "");
        Chains hmc = Hmc.steps(100).warmup(300).draw(target, 100, Noise.seed(10));
        assertEquals(0.8, hmc.acceptance(), 0.04, hmc + "");
        Chains wanted = Hmc.steps(100).warmup(300).acceptance(0.65).draw(target, 100, Noise.seed(10));
        assertEquals(0.65, wanted.acceptance(), 0.04, wanted + "");
        assertTrue(wanted.stepSize() > hmc.stepSize());
    }

    @Test
    void scalingFindsTheScalesOfTheColumns() {
        double[] std = {0.02, 1, 50};
        Target target = Target.density(
                "scales", 3, x -> x.over(Expr.constant(std, 3)).square().sum(1).times(-0.5));
        Hmc hmc = Hmc.steps(100).warmup(300).leaps(8);
        Chains plain = hmc.draw(target, 50, Noise.seed(11));
        Chains scaled = hmc.scaling().draw(target, 50, Noise.seed(11));
        assertTrue(plain.effectiveSamples()[2] < 100, "without: " + plain);
        assertTrue(scaled.effectiveSamples()[2] > 2000, "with: " + scaled);
        for (int j = 0; j < 3; j++) {
            int column = j;
            Averages.of(scaled, x -> x[column] * x[column] / (std[column] * std[column]))
                    .assertMean("square " + j, 1, 0.05);
        }
    }

    @Test
    void pathsOfOneLengthWouldComeBackButDrawnLengthsDoNot() {
        // On a standard normal a path of time 2 pi comes back to its start; 10 leaps of 0.628 make one.
        Chains chains = Hmc.steps(200).leaps(10).stepSize(2 * Math.PI / 10).draw(normal(1), 100, Noise.seed(12));
        assertTrue(chains.effectiveSamples()[0] > 2000, chains + "");
    }

    // ---------------------------------------------------------------- what cannot go on

    @Test
    void aChainThatCannotMoveIsAnErrorThatNamesIt() {
        Data starts = Data.of("starts", new float[] {0, 0, 1e6f}, 1);
        // A step that is right for a standard normal, with one chain on a cliff: exp(-x^4).
        Target quartic =
                Target.density("quartic", 1, x -> x.square().square().sum(1).neg());
        DivergenceException stuck = assertThrows(
                DivergenceException.class,
                () -> Mala.steps(20).stepSize(0.5).continuingFrom(starts).sample(quartic, 3, Noise.seed(1)));
        assertTrue(stuck.getMessage().contains("chain 2 cannot move"), stuck.getMessage());
        Target root = Target.density("root", 1, x -> x.sqrt().sum(1).neg());
        DivergenceException outside = assertThrows(
                DivergenceException.class,
                () -> Hmc.steps(20).startingAround(-9).sample(root, 3, Noise.seed(1)));
        assertTrue(outside.getMessage().contains("chain 0 starts where"), outside.getMessage());
        Target flat = Target.density("flat", 2, x -> x.times(0).sum(1));
        DivergenceException everywhere =
                assertThrows(DivergenceException.class, () -> Mala.steps(20).sample(flat, 3, Noise.seed(1)));
        assertTrue(everywhere.getMessage().contains("flat"), everywhere.getMessage());
    }

    @Test
    void settingsThatContradictAreRefused() {
        assertThrows(SettingException.class, () -> Mala.steps(0));
        assertThrows(SettingException.class, () -> Hmc.steps(5).leaps(0));
        assertThrows(SettingException.class, () -> Hmc.steps(5).warmup(-1));
        assertThrows(SettingException.class, () -> Hmc.steps(5).acceptance(1));
        assertThrows(SettingException.class, () -> Hmc.steps(5).stepSize(0));
        Noise noise = Noise.seed(1);
        assertThrows(SettingException.class, () -> Mala.steps(5).warmup(0).sample(GAUSSIAN, 2, noise));
        assertThrows(
                SettingException.class,
                () -> Mala.steps(5).stepSize(1).acceptance(0.5).sample(GAUSSIAN, 2, noise));
        assertThrows(
                SettingException.class, () -> Hmc.steps(5).warmup(20).scaling().sample(GAUSSIAN, 2, noise));
    }
}
