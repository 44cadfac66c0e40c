package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class LabelledEnergyTest {
    /** x, then labels 1 and 0 of two. */
    private static final double[] ROWS = {0.4, -1.1, 0.9, 0, 1, -2, 0.3, 0.1, 1, 0};

    /** encode(x) = x . (1, 2, -1), decode(f) = f (0.5, 0, 1) + (0, 1, 0), logits f (0.3, -0.2) + (0.1, 0). */
    private static LabelledEnergy linear(double slack) {
        AutoencoderEnergy autoencoder = AutoencoderEnergy.visible(3)
                .features(1)
                .encoder(Network.linear())
                .decoder(Network.linear())
                .root()
                .init(Noise.seed(1));
        LabelledEnergy model =
                LabelledEnergy.of(autoencoder).labels(2).slack(slack).init(Noise.seed(2));
        return model.with(model.parameters()
                .with("encoder.layer.W", new float[] {1, 2, -1})
                .with("encoder.layer.b", new float[] {0})
                .with("decoder.layer.W", new float[] {0.5f, 0, 1})
                .with("decoder.layer.b", new float[] {0, 1, 0})
                .with("classifier.layer.W", new float[] {0.3f, -0.2f})
                .with("classifier.layer.b", new float[] {0.1f, 0}));
    }

    private static double error(int row) {
        double a = ROWS[5 * row];
        double b = ROWS[5 * row + 1];
        double c = ROWS[5 * row + 2];
        double f = a + 2 * b - c;
        return Math.sqrt(Math.pow(a - 0.5 * f, 2) + Math.pow(b - 1, 2) + Math.pow(c - f, 2));
    }

    /** -log of the softmax of (0.3 f + 0.1, -0.2 f) at the label. */
    private static double crossEntropy(int row) {
        double f = ROWS[5 * row] + 2 * ROWS[5 * row + 1] - ROWS[5 * row + 2];
        double zero = Math.exp(0.3f * f + 0.1f);
        double one = Math.exp(-0.2f * f);
        return -Math.log((ROWS[5 * row + 3] == 1 ? zero : one) / (zero + one));
    }

    /** Half way between the cross entropies of the two rows: 0.20 and 1.05. */
    private static double between() {
        return (crossEntropy(0) + crossEntropy(1)) / 2;
    }

    @Test
    void theEnergyIsTheErrorAndTheCrossEntropyAboveTheSlack() {
        Expr v = Expr.input("v", 2, 5);
        for (double slack : new double[] {0, between(), 3}) {
            LabelledEnergy model = linear(slack);
            double[] energy = new Doubles().set(model.parameters()).set(v, ROWS).of(model.freeEnergy(v));
            for (int i = 0; i < 2; i++) {
                assertEquals(error(i) + Math.max(slack, crossEntropy(i)), energy[i], 1e-12);
            }
            assertEquals(model.freeEnergy(v), model.energy(v, null));
        }
        assertTrue(crossEntropy(0) < between() && crossEntropy(1) > between());
    }

    @Test
    void featuresAndLogitsAreOfXAlone() {
        Expr x = Expr.input("x", 1, 3);
        LabelledEnergy model = linear(0);
        Doubles at = new Doubles().set(model.parameters()).set(x, 0.4, -1.1, 0.9);
        double f = 0.4 - 2.2 - 0.9;
        assertArrayEquals(new double[] {f}, at.of(model.features(x)), 1e-12);
        assertArrayEquals(new double[] {0.3f * f + 0.1f, -0.2f * f}, at.of(model.logits(x)), 1e-12);
        assertEquals(3, model.width());
        assertEquals(2, model.labels());
        assertEquals(5, model.visible());
    }

    @Test
    void scoresAndParameterGradientsAreFiniteDifferences() {
        for (double slack : new double[] {0, 0.7}) {
            AutoencoderEnergy autoencoder = AutoencoderEnergy.visible(3)
                    .features(2)
                    .encoder(Network.elu(4))
                    .decoder(Network.elu(4))
                    .range(-1, 2)
                    .init(Noise.seed(3));
            LabelledEnergy model = LabelledEnergy.of(autoencoder)
                    .labels(2)
                    .slack(slack)
                    .classifier(Network.elu(3))
                    .init(Noise.seed(4));
            Expr v = Expr.input("v", 2, 5);
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

    /** Below the slack the score is the autoencoder's, and the classifier has no gradient; above, both are more. */
    @Test
    void theLabelHasNoForceBelowTheSlack() {
        LabelledEnergy model = linear(between());
        Expr v = Expr.input("v", 1, 5);
        Expr x = Expr.input("x", 1, 3);
        for (int row = 0; row < 2; row++) {
            double[] values = Arrays.copyOfRange(ROWS, 5 * row, 5 * row + 5);
            Doubles at = new Doubles().set(model.parameters()).set(v, values).set(x, Arrays.copyOf(values, 3));
            double[] joint = at.of(model.score(v));
            double[] alone = at.of(model.autoencoder().score(x));
            double[] slope =
                    at.of(model.parameters().gradient(model.freeEnergy(v).sum()));
            double[] ofError = at.of(model.parameters()
                    .gradient(model.autoencoder().freeEnergy(x).sum()));
            double byLabel = distance(joint, alone, 3);
            double ofParameters = distance(slope, ofError, slope.length);
            assertEquals(row == 0, byLabel < 1e-12, row + ": " + byLabel);
            assertEquals(row == 0, ofParameters < 1e-12, row + ": " + ofParameters);
        }
    }

    private static double distance(double[] a, double[] b, int first) {
        double sum = 0;
        for (int i = 0; i < first; i++) {
            sum += Math.pow(a[i] - b[i], 2);
        }
        return Math.sqrt(sum);
    }

    @Test
    void theAutoencoderKeepsItsValues() {
        AutoencoderEnergy autoencoder = AutoencoderEnergy.visible(3).features(2).init(Noise.seed(3));
        LabelledEnergy model = LabelledEnergy.of(autoencoder).labels(4).init(Noise.seed(4));
        for (String name : autoencoder.parameters().names()) {
            assertArrayEquals(
                    autoencoder.parameters().values(name), model.parameters().values(name), name);
        }
        assertEquals(
                autoencoder.parameters().size() + 4 * (2 + 1),
                model.parameters().size());
    }

    @Test
    void rowsAreXAndTheLabelInOneHotCode() {
        Data x = Data.of("x", new float[] {1, 2, 3, 4, 5, 6}, 3);
        Data rows = linear(0).rows(Labelled.of(x, Data.of("y", new float[] {1, 0}, 1)));
        assertArrayEquals(new float[] {1, 2, 3, 0, 1, 4, 5, 6, 1, 0}, rows.values());
        for (float wrong : new float[] {2, -1, 0.5f}) {
            Labelled labelled = Labelled.of(x, labels(wrong));
            assertThrows(DataException.class, () -> linear(0).rows(labelled));
        }
        Labelled wide = Labelled.of(Data.of("x", new float[8], 4), Data.of("y", new float[] {1, 0}, 1));
        assertThrows(ShapeException.class, () -> linear(0).rows(wide));
    }

    private static Data labels(float second) {
        return Data.of("y", new float[] {0, second}, 1);
    }

    @Test
    void rejectsAModelWithoutLabelsAndRowsOfWrongWidth() {
        AutoencoderEnergy autoencoder = AutoencoderEnergy.visible(3).features(1).init(Noise.seed(1));
        assertThrows(
                SettingException.class, () -> LabelledEnergy.of(autoencoder).init(Noise.seed(1)));
        assertThrows(
                SettingException.class, () -> LabelledEnergy.of(autoencoder).labels(1));
        assertThrows(
                SettingException.class, () -> LabelledEnergy.of(autoencoder).slack(-1));
        assertThrows(
                SettingException.class, () -> LabelledEnergy.of(autoencoder).slack(Double.NaN));
        assertThrows(ShapeException.class, () -> linear(0).freeEnergy(Expr.input("v", 2, 3)));
    }
}
