package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.errors.SettingException;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class BlockGibbsDrawTest {

    private static Grbm coupled(float w) {
        return Grbm.visible(1)
                .hidden(1)
                .fixedStd(1)
                .of(new float[] {w}, new float[] {-w * w / 2}, new float[] {0}, null);
    }

    @Test
    void keptDrawsEndWhereTheSampleDoes() {
        Grbm model = coupled(1);
        Chains chains = BlockGibbs.sweeps(20).warmup(3).thin(5).draw(model, 4, Noise.seed(1));
        assertEquals(4, chains.draws());
        assertArrayEquals(
                BlockGibbs.sweeps(23).sample(model, 4, Noise.seed(1)).values(),
                chains.draw(3).values());
        assertEquals(1, chains.acceptance());
    }

    /**
     * With c = -w^2 / 2 and b = 0, h is a fair coin, E[v | h] = w h, and v given the former v depends on it through one
     * coin: its autocorrelation at lag k is that of a chain of two states. Independent if w = 0, slow if w is large.
     */
    @Test
    void theEffectiveSampleSizeFallsAsTheModesMoveApart() {
        int draws = 500;
        int chains = 20;
        double independent = effective(coupled(0), chains, draws);
        // For independent draws the estimate spreads by a few percent about their number.
        assertEquals(chains * draws, independent, 0.1 * chains * draws);
        double near = effective(coupled(2), chains, draws);
        double far = effective(coupled(4), chains, draws);
        assertTrue(near < 0.8 * independent, "near " + near);
        assertTrue(far < 0.5 * near, "far " + far + ", near " + near);
    }

    private static double effective(Grbm model, int chains, int draws) {
        return BlockGibbs.sweeps(draws)
                .warmup(50)
                .draw(model, chains, Noise.seed(2))
                .effectiveSamples()[0];
    }

    @Test
    void refusesWhatCannotBe() {
        assertThrows(SettingException.class, () -> BlockGibbs.sweeps(5).thin(6));
        assertThrows(SettingException.class, () -> BlockGibbs.sweeps(5).warmup(-1));
        assertThrows(SettingException.class, () -> BlockGibbs.sweeps(5)
                .draw(MlpEnergy.visible(2).init(Noise.seed(1)), 3, Noise.seed(1)));
    }
}
