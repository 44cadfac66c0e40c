package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.model.DeepBoltzmann;
import org.ebvlm.model.Energy;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Machines;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.PlainGrbm;
import org.ebvlm.model.Vae;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplerTest {
    private static final int CHAINS = 20_000;

    /** Overlapping components, so that short chains reach the stationary distribution. */
    private static Grbm mixture() {
        return Grbm.visible(2)
                .hidden(2)
                .of(
                        new float[] {1.2f, -0.5f, 0.4f, 0.9f},
                        new float[] {0.3f, -0.6f},
                        new float[] {-0.5f, 0.25f},
                        new float[] {0.8f, 1.1f});
    }

    /** Standard normal in v when h is summed out, whatever c. */
    private static Grbm gaussian(double std) {
        return Grbm.visible(1)
                .hidden(1)
                .of(new float[1], new float[] {0.5f}, new float[] {0.7f}, new float[] {(float) std});
    }

    /** A sample mean against its expectation, within four standard errors taken from the sample. */
    private static void assertMean(String what, double expected, double[] sample) {
        double sum = 0;
        double squares = 0;
        for (double x : sample) {
            sum += x;
            squares += x * x;
        }
        double mean = sum / sample.length;
        double error = Math.sqrt((squares / sample.length - mean * mean) / sample.length);
        assertEquals(expected, mean, 4 * error, what + ", standard error " + error);
    }

    private static double[] products(Data sample, int i, int k) {
        double[] out = new double[sample.rows()];
        for (int r = 0; r < out.length; r++) {
            out[r] = sample.at(r, i) * (k < 0 ? 1 : sample.at(r, k));
        }
        return out;
    }

    private static void assertMoments(double[] moments, Data sample) {
        for (int i = 0; i < 2; i++) {
            assertMean("mean of v" + i, moments[i], products(sample, i, -1));
            for (int k = 0; k <= i; k++) {
                assertMean("mean of v" + i + " v" + k, moments[2 + 2 * i + k], products(sample, i, k));
            }
        }
    }

    @Test
    void blockGibbsHasTheMomentsOfTheMixture() {
        Data sample = BlockGibbs.sweeps(40).sample(mixture(), CHAINS, Noise.seed(1));
        assertMoments(new PlainGrbm(mixture()).moments(), sample);
    }

    @Test
    void blockGibbsShowingMeansHasTheMomentsOfTheMeans() {
        PlainGrbm plain = new PlainGrbm(mixture());
        double[] moments = plain.moments();
        for (int i = 0; i < 2; i++) {
            moments[2 + 3 * i] -= plain.s[i] * plain.s[i]; // E[m m'] = E[v v'] - s^2
        }
        assertMoments(moments, BlockGibbs.sweeps(40).showingMeans().sample(mixture(), CHAINS, Noise.seed(2)));
    }

    static List<BoltzmannMachine> machines() {
        return Machines.all();
    }

    @ParameterizedTest
    @MethodSource("machines")
    void blockGibbsHasTheMomentsOfTheMarginal(BoltzmannMachine model) {
        Machines.Marginal marginal = new Machines.Marginal(model);
        Data sample = BlockGibbs.sweeps(60).sample(model, CHAINS, Noise.seed(1));
        Data means = BlockGibbs.sweeps(60).showingMeans().sample(model, CHAINS, Noise.seed(2));
        assertEquals(model.visible(), sample.width());
        for (int i = 0; i < model.visible(); i++) {
            int at = i;
            assertMean("mean of v" + i, marginal.mean(v -> v[at]), products(sample, i, -1));
            assertMean("mean of the mean of v" + i, marginal.mean(v -> v[at]), products(means, i, -1));
            for (int k = 0; k <= i; k++) {
                int other = k;
                assertMean("mean of v" + i + " v" + k, marginal.mean(v -> v[at] * v[other]), products(sample, i, k));
            }
        }
        if (model.hasBinaryVisible()) {
            for (float x : sample.values()) {
                assertTrue(x == 0 || x == 1, "not binary: " + x);
            }
        }
    }

    @Test
    void blockGibbsOfADeepMachineStartsVAtTheGivenRows() {
        // v acts on h1 so strongly that h1 says after one sweep where v was, and v goes back there.
        DeepBoltzmann drawn =
                DeepBoltzmann.visible(1).hidden(1, 2).fixedStd(0.1).init(Noise.seed(1));
        BoltzmannMachine model = drawn.with(drawn.parameters().with("W1", new float[] {100}));
        Data starts = Data.of("starts", new float[] {1, -1}, 1);
        Data sample = BlockGibbs.sweeps(1).startingAt(starts).showingMeans().sample(model, 1000, Noise.seed(6));
        int up = 0;
        for (int i = 0; i < 1000; i++) {
            up += sample.at(i, 0) == 1 ? 1 : 0;
            assertTrue(sample.at(i, 0) == 1 || sample.at(i, 0) == 0, "s^2 W1 h1");
        }
        assertEquals(500, up, 4 * Math.sqrt(250), "each start as often");
    }

    @Test
    void ancestralSamplesOfALinearDecoderHaveItsMeanAndCovariance() {
        Vae drawn = Vae.visible(2).hidden(1).fixedStd(0.5).init(Noise.seed(3));
        Vae model = drawn.with(
                drawn.parameters().with("layer.W", new float[] {1.2f, -0.7f}).with("layer.b", new float[] {0.3f, 0.1f
                }));
        Data sample = Ancestral.sampler().sample(model, CHAINS, Noise.seed(1));
        Data means = Ancestral.sampler().showingMeans().sample(model, CHAINS, Noise.seed(1));
        assertMean("mean of v0", 0.3, products(sample, 0, -1));
        assertMean("mean of v0 v1", 0.03 - 1.2 * 0.7, products(sample, 0, 1));
        assertMean("mean of v0 v0", 0.09 + 1.44 + 0.25, products(sample, 0, 0));
        assertMean("mean of v1 v1 of means", 0.01 + 0.49, products(means, 1, 1));
        Vae binary = Vae.visible(1).hidden(1).binaryVisible().init(Noise.seed(3));
        Vae coin = binary.with(binary.parameters().with(new float[] {0, 1}));
        Data coins = Ancestral.sampler().sample(coin, CHAINS, Noise.seed(2));
        assertMean("share of ones", 1 / (1 + Math.exp(-1)), products(coins, 0, -1));
        assertMean("zeros and ones alone", 1 / (1 + Math.exp(-1)), products(coins, 0, 0));
        assertThrows(SettingException.class, () -> Ancestral.sampler().sample(mixture(), 1, Noise.seed(1)));
    }

    @Test
    void langevinOfAnEnergyWithoutHiddenUnitsHasItsMoments() {
        // E = 1/2 |v - b|^2 is stationary at the variance 1 / (1 - step^2 / 4).
        Energy drawn = Energy.visible(2)
                .zeros("b", 2)
                .energy((g, v) ->
                        g.math.square(v.sub(g.getVariable("b"))).sum(1).mul(0.5))
                .init(Noise.seed(1));
        Energy model = drawn.with(drawn.parameters().with("b", new float[] {1, -2}));
        Data sample = Langevin.steps(200).stepSize(0.5).sample(model, CHAINS, Noise.seed(3));
        assertMean("mean of v0", 1, products(sample, 0, -1));
        assertMean("mean of v1", -2, products(sample, 1, -1));
        assertMean("mean of v1 v1", 4 + 1 / (1 - 0.25 / 4), products(sample, 1, 1));
    }

    @Test
    void blockGibbsSaysWhichChainLeftTheFiniteNumbers() {
        Grbm model = gaussian(1).with(gaussian(1).parameters().with("b", new float[] {Float.NaN}));
        DivergenceException error = assertThrows(
                DivergenceException.class, () -> BlockGibbs.sweeps(2).sample(model, 3, Noise.seed(1)));
        assertTrue(error.getMessage().contains("chain 0"), error.getMessage());
    }

    @Test
    void langevinOnAGaussianHasTheVarianceThatItsStepSizeImplies() {
        double step = 0.8;
        double std = 0.6;
        // x' = (1 - a) x + step e with a = step^2 / (2 std^2) is stationary at step^2 / (1 - (1 - a)^2).
        double a = step * step / (2 * std * std);
        double variance = step * step / (1 - (1 - a) * (1 - a));
        Data sample = Langevin.steps(200).stepSize(step).sample(gaussian(std), CHAINS, Noise.seed(3));
        double mean = gaussian(std).parameters().values("b")[0];
        assertMean("mean", mean, products(sample, 0, -1));
        assertMean("second moment", mean * mean + variance, products(sample, 0, 0));
        assertTrue(variance > 1.5 * std * std, "the bias of the step is large enough to be seen");
    }

    @Test
    void langevinOfSmallStepsHasTheMomentsOfTheMixture() {
        double[] moments = new PlainGrbm(mixture()).moments();
        Data sample = Langevin.steps(1200).stepSize(0.12).sample(mixture(), 4000, Noise.seed(4));
        // The bias of the second moments is of the order of step^2 / 4 = 0.4%, below the standard error of about 2%.
        assertMoments(moments, sample);
    }

    @Test
    void langevinWithRealHiddenUnitsMovesBothTogether() {
        // E = (v - h)^2 + h^2 / 2 has the precision P = [2 -2; -2 3]; the chain's is P - step^2 / 4 P^2.
        LatentEnergy model = LatentEnergy.visible(1)
                .continuous(1)
                .energy((g, v, h) -> g.math.square(v.sub(h))
                        .sum(1)
                        .add(g.math.square(h).sum(1).mul(0.5)))
                .init(Noise.seed(1));
        double quarter = 0.3 * 0.3 / 4;
        double vv = 2 - quarter * (4 + 4);
        double vh = -2 - quarter * (-4 - 6);
        double hh = 3 - quarter * (4 + 9);
        double variance = hh / (vv * hh - vh * vh);
        Data sample = Langevin.steps(1500).stepSize(0.3).sample(model, 8000, Noise.seed(5));
        assertMean("mean", 0, products(sample, 0, -1));
        assertMean("second moment", variance, products(sample, 0, 0));
    }

    @Test
    void langevinFromGivenStartsIsNotHeated() {
        Data starts = Data.of("starts", new float[] {5, -5}, 1);
        Data sample = Langevin.steps(1).stepSize(1e-4).startingAt(starts).sample(gaussian(1), 1000, Noise.seed(6));
        int up = 0;
        for (int i = 0; i < 1000; i++) {
            assertEquals(5, Math.abs(sample.at(i, 0)), 1e-3);
            up += sample.at(i, 0) > 0 ? 1 : 0;
        }
        assertEquals(500, up, 4 * Math.sqrt(250), "each start as often");
    }

    @Test
    void sameSeedGivesTheSameSamplesAndAnotherSeedOthers() {
        for (Sampler sampler : new Sampler[] {BlockGibbs.sweeps(5), Langevin.steps(5)}) {
            float[] once = sampler.sample(mixture(), 7, Noise.seed(1)).values();
            assertArrayEquals(once, sampler.sample(mixture(), 7, Noise.seed(1)).values(), sampler + "");
            assertTrue(once[0] != sampler.sample(mixture(), 7, Noise.seed(2)).values()[0], sampler + "");
        }
    }

    @Test
    void errorsSayWhatToDo() {
        LatentEnergy mlp = MlpEnergy.visible(2).hidden(2).width(4).init(Noise.seed(1));
        SettingException gibbs =
                assertThrows(SettingException.class, () -> BlockGibbs.sweeps(1).sample(mlp, 1, Noise.seed(1)));
        assertTrue(gibbs.getMessage().contains("Langevin"), gibbs.getMessage());
        assertThrows(SettingException.class, () -> BlockGibbs.sweeps(0));
        assertThrows(SettingException.class, () -> Langevin.steps(0));
        assertThrows(SettingException.class, () -> Langevin.steps(1).stepSize(-1));
        DivergenceException far = assertThrows(
                DivergenceException.class,
                () -> Langevin.steps(200).stepSize(10).sample(gaussian(1), 2, Noise.seed(1)));
        assertTrue(far.getMessage().contains("smaller step size"), far.getMessage());
    }
}
