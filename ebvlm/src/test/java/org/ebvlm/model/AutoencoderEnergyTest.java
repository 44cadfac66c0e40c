package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class AutoencoderEnergyTest {
    private static final double[] ROWS = {0.4, -1.1, 0.9, -2, 0.3, 0.1};

    /** encode(v) = v . (1, 2, -1), decode(f) = f (0.5, 0, 1) + (0, 1, 0). */
    static AutoencoderEnergy linear(boolean root) {
        AutoencoderEnergy.Builder builder = AutoencoderEnergy.visible(3)
                .features(1)
                .encoder(Network.linear())
                .decoder(Network.linear());
        AutoencoderEnergy model = (root ? builder.root() : builder).init(Noise.seed(1));
        return model.with(model.parameters()
                .with("encoder.layer.W", new float[] {1, 2, -1})
                .with("encoder.layer.b", new float[] {0})
                .with("decoder.layer.W", new float[] {0.5f, 0, 1})
                .with("decoder.layer.b", new float[] {0, 1, 0}));
    }

    /** Of two networks, with reconstructions between -1 and 2. */
    static AutoencoderEnergy squashed(boolean root) {
        AutoencoderEnergy.Builder builder = AutoencoderEnergy.visible(3)
                .features(2)
                .encoder(Network.elu(4))
                .decoder(Network.elu(4))
                .range(-1, 2);
        return (root ? builder.root() : builder).init(Noise.seed(3));
    }

    private static double squaredError(int row) {
        double a = ROWS[3 * row];
        double b = ROWS[3 * row + 1];
        double c = ROWS[3 * row + 2];
        double f = a + 2 * b - c;
        return Math.pow(a - 0.5 * f, 2) + Math.pow(b - 1, 2) + Math.pow(c - f, 2);
    }

    @Test
    void theEnergyIsTheSquaredErrorOrItsRoot() {
        Expr v = Expr.input("v", 2, 3);
        for (boolean root : new boolean[] {false, true}) {
            AutoencoderEnergy model = linear(root);
            double[] energy = new Doubles().set(model.parameters()).set(v, ROWS).of(model.freeEnergy(v));
            for (int i = 0; i < 2; i++) {
                assertEquals(root ? Math.sqrt(squaredError(i)) : squaredError(i), energy[i], 1e-12);
            }
            assertEquals(model.freeEnergy(v), model.energy(v, null));
        }
    }

    @Test
    void theFeaturesAreWhatTheEncoderMakes() {
        Expr v = Expr.input("v", 2, 3);
        AutoencoderEnergy model = linear(false);
        double[] features = new Doubles().set(model.parameters()).set(v, ROWS).of(model.features(v));
        assertArrayEquals(new double[] {0.4 - 2.2 - 0.9, -2 + 0.6 - 0.1}, features, 1e-12);
    }

    @Test
    void scoresAndParameterGradientsAreFiniteDifferences() {
        for (boolean root : new boolean[] {false, true}) {
            AutoencoderEnergy model = squashed(root);
            Expr v = Expr.input("v", 2, 3);
            Doubles at = new Doubles().set(model.parameters()).set(v, ROWS);
            Expr energy = model.freeEnergy(v).sum();
            double[] slope = at.differences(energy, v);
            double[] score = at.of(model.score(v));
            for (int i = 0; i < slope.length; i++) {
                assertEquals(-slope[i], score[i], 1e-8);
            }
            assertArrayEquals(
                    at.differences(energy, model.parameters().leaf()),
                    at.of(model.parameters().gradient(energy)),
                    1e-8);
        }
    }

    @Test
    void theRootHasNoGradientWhereTheErrorIsZero() {
        AutoencoderEnergy model = linear(true);
        Parameters zero = model.parameters().with("decoder.layer.b", new float[3]);
        AutoencoderEnergy atZero = model.with(zero);
        Expr v = Expr.input("v", 1, 3);
        double[] score = new Doubles().set(zero).set(v, 0, 0, 0).of(atZero.score(v));
        for (double each : score) {
            assertEquals(0, each, 1e-30);
        }
    }

    @Test
    void theRangeHoldsTheReconstruction() {
        Grid grid = Grid.grey(8, 8);
        AutoencoderEnergy model = AutoencoderEnergy.visible(64)
                .features(5)
                .encoder(Network.convolutions(grid, 3, 4).dense(6))
                .decoder(Network.deconvolutions(grid, 4, 3).dense(6))
                .range(0, 1)
                .init(Noise.seed(2));
        assertEquals(5, model.featureWidth());
        Expr v = Expr.constant(100, 2, 64);
        for (double x : new Doubles().set(model.parameters()).of(model.reconstruction(v))) {
            assertTrue(x >= 0 && x <= 1);
        }
    }

    @Test
    void rejectsAModelWithoutFeaturesAndRowsOfWrongWidth() {
        assertThrows(SettingException.class, () -> AutoencoderEnergy.visible(3).init(Noise.seed(1)));
        assertThrows(SettingException.class, () -> AutoencoderEnergy.visible(3).range(2, 1));
        assertThrows(ShapeException.class, () -> linear(false).freeEnergy(Expr.input("v", 2, 4)));
    }
}
