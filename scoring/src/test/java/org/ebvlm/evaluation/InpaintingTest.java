package org.ebvlm.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.model.BernoulliRbm;
import org.ebvlm.model.Energy;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.Hmc;
import org.ebvlm.sampling.Langevin;
import org.ebvlm.sampling.Temperatures;
import org.junit.jupiter.api.Test;

class InpaintingTest {
    private static final int DRAWS = 4000;
    private static final double STEP = 0.5;

    /** Many copies of a row whose missing values hold nonsense. */
    private static Data copies(int n, float... row) {
        float[] all = new float[n * row.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = row[i % row.length];
        }
        return Data.of("rows", all, row.length);
    }

    private static Data filled(EnergyModel model, boolean[] missing, float... row) {
        return Inpainting.of(copies(DRAWS, row))
                .missing(missing)
                .by(Langevin.steps(200)
                        .stepSize(STEP)
                        .temperatures(Temperatures.from(4).geometric(1, 150)))
                .fill(model, Noise.seed(3));
    }

    @Test
    void drawsAreThoseOfTheConditionalWithHiddenSummedOut() {
        Data draws = filled(GaussianModels.joint(), new boolean[] {false, true, true}, 1.5f, 99, -99);
        // What moves is v2, v3 and h, given v1 = 1.5.
        GaussianModels.assertConditional(
                new int[] {1, 2, 3}, new int[] {0}, new double[] {1.5}, STEP, draws, new int[] {1, 2});
    }

    @Test
    void aValueBetweenKnownOnesHasItsConditional() {
        Data draws = filled(GaussianModels.joint(), new boolean[] {false, true, false}, -0.7f, 0, 2);
        GaussianModels.assertConditional(
                new int[] {1, 3}, new int[] {0, 2}, new double[] {(float) -0.7, 2}, STEP, draws, new int[] {1});
    }

    @Test
    void withAFreeEnergyHiddenDoesNotAppear() {
        Data draws = filled(GaussianModels.visible(), new boolean[] {true, false, true}, 0, 1.5f, 0);
        GaussianModels.assertConditional(
                new int[] {0, 2}, new int[] {1}, new double[] {1.5}, STEP, draws, new int[] {0, 2});
    }

    @Test
    void anEnergyWithoutLatentsIsEnough() {
        Energy model = Energy.visible(3)
                .energy((g, v) -> g.math.square(v.sub(2)).sum(1).mul(0.5))
                .init(Noise.seed(1));
        Data draws = filled(model, new boolean[] {false, true, false}, 0, 0, 0);
        // A variance of 1 / (1 - step^2 / 4) around 2.
        double variance = 1 / (1 - STEP * STEP / 4);
        assertEquals(2, Moments.of(draws).mean()[1], 4 * Math.sqrt(variance / DRAWS));
        assertEquals(variance, Moments.of(draws).covariance()[1][1], 4 * variance * Math.sqrt(2.0 / DRAWS));
    }

    @Test
    void knownValuesStayToTheLastBitAndTheImageKeepsItsShape() {
        float[] values = new float[12];
        Noise.seed(2).normal(values, 0, 12);
        Data rows = Data.of("rows", values, 3).onGrid(new Grid(1, 3, 1));
        Data whole = Inpainting.of(rows)
                .missing(new boolean[] {false, true, false})
                .by(Langevin.steps(5))
                .fill(GaussianModels.joint(), Noise.seed(3));
        for (int i = 0; i < 4; i++) {
            assertEquals(rows.at(i, 0), whole.at(i, 0));
            assertTrue(rows.at(i, 1) != whole.at(i, 1));
            assertEquals(rows.at(i, 2), whole.at(i, 2));
        }
        assertEquals(rows.grid(), whole.grid());
    }

    @Test
    void whatStandsAtMissingValuesDoesNotMatter() {
        boolean[] missing = {false, true, true};
        assertArrayEquals(
                filled(GaussianModels.joint(), missing, 1, 2, 3).values(),
                filled(GaussianModels.joint(), missing, 1, -50, 8).values());
    }

    @Test
    void theFirstStepHasTheNoiseOfTheHottestTemperature() {
        Data draws = Inpainting.of(copies(DRAWS, 0, 0, 0))
                .missing(new boolean[] {false, true, false})
                .by(Langevin.steps(1)
                        .stepSize(STEP)
                        .temperatures(Temperatures.from(9).hold(1)))
                .fill(GaussianModels.visible(), Noise.seed(3));
        // A standard normal start shrinks by 1 - step^2 / 2 L, then gets noise of variance T step^2.
        double shrinks = 1 - STEP * STEP / 2 * GaussianModels.L[1][1];
        double variance = shrinks * shrinks + 9 * STEP * STEP;
        assertEquals(variance, Moments.of(draws).covariance()[1][1], 4 * variance * Math.sqrt(2.0 / DRAWS));
    }

    /** Hamiltonian steps are accepted or not, so the conditional's moments are met without the error of a step. */
    @Test
    void anySamplerMayMoveTheChains() {
        Data draws = Inpainting.of(copies(DRAWS, 0, 1.5f, 0))
                .missing(new boolean[] {true, false, true})
                .by(Hmc.steps(60).warmup(60).leaps(5))
                .fill(GaussianModels.visible(), Noise.seed(3));
        GaussianModels.assertConditional(
                new int[] {0, 2}, new int[] {1}, new double[] {1.5}, 0, draws, new int[] {0, 2});
    }

    @Test
    void rejectsWhatCannotBeFilled() {
        EnergyModel model = GaussianModels.joint();
        Inpainting rows = Inpainting.of(copies(2, 1, 2, 3));
        Noise noise = Noise.seed(1);
        assertThrows(ShapeException.class, () -> rows.missing(new boolean[2]).fill(model, noise));
        assertThrows(SettingException.class, () -> rows.fill(model, noise));
        assertThrows(SettingException.class, () -> rows.missing(new boolean[3]).fill(model, noise));
        Inpainting all = rows.missing(new boolean[] {true, true, true});
        Grbm other = Grbm.visible(4).hidden(2).init(noise);
        assertThrows(ShapeException.class, () -> all.fill(other, noise));
        BernoulliRbm binary = BernoulliRbm.visible(3).hidden(2).init(noise);
        assertThrows(SettingException.class, () -> all.fill(binary, noise));
        LatentEnergy many = LatentEnergy.visible(3)
                .binary(40)
                .energy((g, v, h) -> v.sum(1).add(h.sum(1)))
                .init(noise);
        assertThrows(SettingException.class, () -> all.fill(many, noise));
    }

    @Test
    void aChainThatLeavesTheFiniteNumbersIsNamed() {
        Inpainting far = Inpainting.of(copies(2, 1, 2, 3))
                .missing(new boolean[] {true, true, true})
                .by(Langevin.steps(200).stepSize(50));
        DivergenceException error =
                assertThrows(DivergenceException.class, () -> far.fill(GaussianModels.joint(), Noise.seed(1)));
        assertTrue(
                error.getMessage().contains("chain 0") && error.getMessage().contains("smaller"), error.getMessage());
    }
}
