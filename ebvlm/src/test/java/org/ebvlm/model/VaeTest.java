package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class VaeTest {
    static Vae real() {
        Vae drawn = Vae.visible(2).hidden(1).decoder(Network.elu(4)).init(Noise.seed(1));
        return drawn.with(drawn.parameters().with("logStd", new float[] {-0.4f, 0.3f}));
    }

    static Vae binary() {
        return Vae.visible(2).hidden(1).decoder(Network.elu(4)).binaryVisible().init(Noise.seed(2));
    }

    /** The integral over h of exp(-E(v, h)), by the trapezoid rule: exact to rounding where the decoder is smooth. */
    private static double marginal(Vae model, double... point) {
        int n = 401;
        double mesh = 0.05;
        double[] rows = new double[2 * n];
        double[] grid = new double[n];
        for (int i = 0; i < n; i++) {
            grid[i] = (i - n / 2) * mesh;
            rows[2 * i] = point[0];
            rows[2 * i + 1] = point[1];
        }
        Expr v = Expr.input("v", n, 2);
        Expr h = Expr.input("h", n, 1);
        double sum = 0;
        for (double each :
                new Doubles().set(model.parameters()).set(v, rows).set(h, grid).of(model.logUnnormalised(v, h))) {
            sum += mesh * Math.exp(each);
        }
        return sum;
    }

    @Test
    void probabilitiesOfAllBinaryStatesSumToOne() {
        double sum = marginal(binary(), 0, 0) + marginal(binary(), 0, 1);
        assertEquals(1, sum + marginal(binary(), 1, 0) + marginal(binary(), 1, 1), 1e-9);
    }

    @Test
    void theDensityOfRealVIntegratesToOne() {
        Vae model = real();
        double mesh = 0.6;
        double sum = 0;
        for (int i = -14; i <= 14; i++) {
            for (int k = -14; k <= 14; k++) {
                sum += mesh * mesh * marginal(model, i * mesh, k * mesh);
            }
        }
        assertEquals(1, sum, 1e-5);
    }

    @Test
    void theMarginalOfALinearDecoderIsGaussian() {
        for (Vae drawn : List.of(
                Vae.visible(2).hidden(1).init(Noise.seed(3)),
                Vae.visible(2).hidden(1).fixedStd(0.5).init(Noise.seed(3)))) {
            float[] w = {1.2f, -0.7f};
            float[] b = {0.3f, 0.1f};
            Vae model = drawn.with(drawn.parameters().with("layer.W", w).with("layer.b", b));
            double s2 = drawn.parameters().names().contains("logStd") ? 1 : 0.25;
            // v has the mean b and the covariance w w' + s^2 I.
            double c00 = (double) w[0] * w[0] + s2;
            double c11 = (double) w[1] * w[1] + s2;
            double c01 = (double) w[0] * w[1];
            double det = c00 * c11 - c01 * c01;
            double x = 0.9 - b[0];
            double y = -0.4 - b[1];
            double quadratic = (c11 * x * x - 2 * c01 * x * y + c00 * y * y) / det;
            double expected = Math.exp(-0.5 * quadratic) / (2 * Math.PI * Math.sqrt(det));
            assertEquals(expected, marginal(model, 0.9, -0.4), 1e-8);
        }
    }

    @Test
    void decodingGivesTheMeanOfV() {
        Expr h = Expr.input("h", 1, 1);
        Vae binary = binary();
        Doubles at = new Doubles().set(binary.parameters()).set(h, 0.7);
        double[] mean = at.of(binary.visibleMean(h));
        for (int i = 0; i < 2; i++) {
            assertEquals(1 / (1 + Math.exp(-at.of(binary.decode(h))[i])), mean[i], 1e-12);
        }
        Vae real = real();
        Doubles other = new Doubles().set(real.parameters()).set(h, 0.7);
        assertArrayEquals(other.of(real.decode(h)), other.of(real.visibleMean(h)));
    }

    @Test
    void itIsANormalisedModelWithoutAFreeEnergy() {
        assertTrue(real().isNormalised());
        assertFalse(real().hasFreeEnergy());
        assertTrue(binary().hasBinaryVisible() && !real().hasBinaryVisible());
        assertEquals(Latents.CONTINUOUS, real().latents());
        assertEquals(1, real().toString().lines().count());
    }

    @Test
    void rejectsSentencesThatDoNotHoldTogether() {
        assertThrows(SettingException.class, () -> Vae.visible(2).init(Noise.seed(1)));
        assertThrows(SettingException.class, () -> Vae.visible(2).fixedStd(0));
        assertThrows(
                SettingException.class,
                () -> Vae.visible(2).hidden(1).fixedStd(1).binaryVisible().init(Noise.seed(1)));
    }
}
