package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class MlpEnergyTest {
    private static final double[] V = {0.6, -1.2};
    private static final double[] H = {0.3, -0.8, 1.4};

    private final LatentEnergy model = MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(4));

    private DoubleUnaryOperator activation = x -> x > 0 ? x : Math.expm1(x);

    private double[] linear(String layer, double[] x) {
        float[] w = model.parameters().values(layer + ".W");
        float[] b = model.parameters().values(layer + ".b");
        double[] out = Doubles.widened(b);
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < out.length; j++) {
                out[j] += x[i] * w[i * out.length + j];
            }
        }
        return out;
    }

    private double[] active(double[] x) {
        return Arrays.stream(x).map(activation).toArray();
    }

    /** sum of active(A [l(f(v)) + h ; h] + a)^2. */
    private double plain(double[] v, double[] h) {
        double[] x = v;
        for (int block = 0; block < 3; block++) {
            double[] inner = active(linear("out" + block, active(linear("in" + block, x))));
            double[] shortcut = linear("shortcut" + block, x);
            for (int i = 0; i < inner.length; i++) {
                inner[i] += shortcut[i];
            }
            x = inner;
        }
        double[] features = linear("toHidden", x);
        double[] both = new double[2 * h.length];
        for (int j = 0; j < h.length; j++) {
            both[j] = features[j] + h[j];
            both[h.length + j] = h[j];
        }
        double sum = 0;
        for (double each : active(linear("head", both))) {
            sum += each * each;
        }
        return sum;
    }

    @Test
    void anotherActivationIsTheSameNetworkWithAnotherFunction() {
        LatentEnergy swish = MlpEnergy.visible(2)
                .hidden(3)
                .width(6)
                .activation(Activation.SWISH)
                .init(Noise.seed(4));
        activation = x -> x / (1 + Math.exp(-x));
        Expr v = Expr.constant(V, 1, 2);
        Expr h = Expr.constant(H, 1, 3);
        Doubles given = new Doubles().set(swish.parameters());
        assertEquals(plain(V, H), given.scalar(swish.energy(v, h)), 1e-12);
    }

    @Test
    void energyIsTheFormula() {
        Expr v = Expr.input("v", 2, 2);
        Expr h = Expr.input("h", 2, 3);
        double[] energies = new Doubles()
                .set(model.parameters())
                .set(v, V[0], V[1], 1, 2)
                .set(h, H[0], H[1], H[2], -1, 0, 2)
                .of(model.energy(v, h));
        assertEquals(plain(V, H), energies[0], 1e-12);
        assertEquals(plain(new double[] {1, 2}, new double[] {-1, 0, 2}), energies[1], 1e-12);
    }

    @Test
    void gradientsInVisibleHiddenAndParametersAreFiniteDifferences() {
        Expr v = Expr.input("v", 1, 2);
        Expr h = Expr.input("h", 1, 3);
        Expr energy = model.energy(v, h);
        Doubles given = new Doubles().set(model.parameters()).set(v, V).set(h, H);
        assertArrayEquals(given.differences(energy, v), given.of(Differentiation.gradient(energy, v)), 1e-7);
        assertArrayEquals(given.differences(energy, h), given.of(Differentiation.gradient(energy, h)), 1e-7);
        Expr leaf = model.parameters().leaf();
        assertArrayEquals(
                given.differences(energy, leaf), given.of(model.parameters().gradient(energy.sum())), 1e-7);
    }

    @Test
    void hasContinuousHiddenUnitsAndPositiveWidths() {
        assertEquals(Latents.CONTINUOUS, model.latents());
        assertThrows(SettingException.class, () -> MlpEnergy.visible(2).width(0));
        assertThrows(
                SettingException.class,
                () -> MlpEnergy.visible(2).hidden(3).width(5).init(Noise.seed(1)));
        assertThrows(
                SettingException.class, () -> MlpEnergy.visible(2).hidden(0).init(Noise.seed(1)));
        assertThrows(SettingException.class, () -> MlpEnergy.visible(0).init(Noise.seed(1)));
    }
}
