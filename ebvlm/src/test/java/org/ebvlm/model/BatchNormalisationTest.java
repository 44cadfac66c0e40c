package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class BatchNormalisationTest {
    /** Two images of 1 x 2 pixels and 3 channels. */
    private static final double[] IMAGES = {0.4, -1.1, 0.9, 2, 0.3, 0.1, -0.6, 1.4, 0.2, 0.8, -0.9, 1.1};

    private static final double[] GAIN = {1.5, -0.5, 2};
    private static final double[] SHIFT = {0.1, 0.2, -0.3};

    private static GraphFunction layer() {
        Blueprint plan = new Blueprint("layer").argument("x", 6);
        BatchNormalisation.plan(plan, "layer", 3);
        GraphFunction function = plan.body(g -> BatchNormalisation.apply(
                                g, "layer", g.getVariable("x").reshape(-1, 1, 2, 3), 0, 1, 2)
                        .reshape(-1, 6))
                .init(Noise.seed(1));
        return function.with(function.parameters()
                .with("layer.gain", new float[] {1.5f, -0.5f, 2})
                .with("layer.shift", new float[] {0.1f, 0.2f, -0.3f}));
    }

    /** gain (x - m) / sqrt(s + 1e-5) + shift, with m and s over images and pixels. */
    @Test
    void aChannelHasItsMomentsOverImagesAndPixels() {
        Expr x = Expr.input("x", 2, 6);
        GraphFunction layer = layer();
        double[] y = new Doubles().set(layer.parameters()).set(x, IMAGES).of(layer.apply(java.util.Map.of("x", x)));
        for (int channel = 0; channel < 3; channel++) {
            double mean = 0;
            double variance = 0;
            for (int i = 0; i < 4; i++) {
                mean += IMAGES[3 * i + channel] / 4;
            }
            for (int i = 0; i < 4; i++) {
                variance += Math.pow(IMAGES[3 * i + channel] - mean, 2) / 4;
            }
            for (int i = 0; i < 4; i++) {
                double expected = (float) GAIN[channel] * (IMAGES[3 * i + channel] - mean) / Math.sqrt(variance + 1e-5)
                        + (float) SHIFT[channel];
                assertEquals(expected, y[3 * i + channel], 1e-10);
            }
        }
    }

    @Test
    void itsMomentsCanBeFoundByName() {
        assertEquals(
                List.of("layer.batchMean", "layer.batchVariance"), BatchNormalisation.moments(layer().variables()));
        assertEquals(
                List.of(),
                BatchNormalisation.moments(
                        Network.linear().init(2, 3, Noise.seed(1)).function().variables()));
    }
}
