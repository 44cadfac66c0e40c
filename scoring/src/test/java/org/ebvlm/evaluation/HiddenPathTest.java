package org.ebvlm.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.Langevin;
import org.ebvlm.sampling.Target;
import org.ebvlm.sampling.Temperatures;
import org.ebvlm.variational.GaussianPosterior;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

class HiddenPathTest {

    /** What a code looks like: Langevin steps on v with h held have the conditional's moments. */
    @Test
    void drawsAtACodeAreThoseOfVisibleGivenHidden() {
        double step = 0.5;
        int n = 4000;
        Data draws = Langevin.steps(200)
                .stepSize(step)
                .temperatures(Temperatures.from(4).geometric(1, 150))
                .sample(
                        Target.visible(GaussianModels.joint(), Data.of("h", new float[] {-1.25f}, 1)),
                        n,
                        Noise.seed(5));
        GaussianModels.assertConditional(
                new int[] {0, 1, 2}, new int[] {3}, new double[] {-1.25}, step, draws, new int[] {0, 1, 2});
    }

    @Test
    void meansAreThoseOfThePosterior() {
        LatentEnergy model = MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(1));
        GaussianPosterior q = Posteriors.gaussian(model, Network.linear(), Noise.seed(2));
        float[] rows = new float[2 * 130];
        Noise.seed(3).normal(rows, 0, rows.length);
        Data means = HiddenPath.means(q, Data.of("rows", rows, 2));
        float[] w = q.parameters().values("layer.W");
        float[] b = q.parameters().values("layer.b");
        assertEquals(130, means.rows());
        for (int i = 0; i < 130; i++) {
            for (int j = 0; j < 3; j++) {
                // The encoder's columns are three means, then three log stds.
                assertEquals(rows[2 * i] * w[j] + rows[2 * i + 1] * w[6 + j] + b[j], means.at(i, j), 1e-5);
            }
        }
        assertThrows(ShapeException.class, () -> HiddenPath.means(q, Data.of("wide", new float[3], 3)));
    }

    @Test
    void linesGoInEqualStepsFromEndToEnd() {
        Data codes = Data.of(new float[][] {{1, 4}, {9, 9}, {3, -4}});
        assertArrayEquals(
                new float[] {1, 4, 1.5f, 2, 2, 0, 2.5f, -2, 3, -4},
                HiddenPath.between(codes, 0, 2, 5).values());
        assertArrayEquals(
                new float[] {3, 12, 0, 0, -3, -12},
                HiddenPath.across(codes, 0, 3, 3).values());
        assertThrows(SettingException.class, () -> HiddenPath.between(codes, 0, 2, 1));
    }
}
