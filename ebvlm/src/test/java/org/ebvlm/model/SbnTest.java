package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.likelihood.LogLikelihood;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.Ancestral;
import org.ebvlm.training.Snapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SbnTest {
    private static Sbn network() {
        Sbn drawn = Sbn.visible(2).hidden(3, 2).init(Noise.seed(1));
        float[] values = new float[drawn.parameters().size()];
        Noise.seed(2).normal(values, 0, values.length);
        return drawn.with(drawn.parameters().with(values));
    }

    private static double[] bits(int state, int units) {
        double[] h = new double[units];
        for (int j = 0; j < units; j++) {
            h[j] = state >> j & 1;
        }
        return h;
    }

    /** log of a Bernoulli mass with log odds a sum of rows of weights. */
    private static double logMass(double[] below, double[] above, float[] weights, float[] bias) {
        double sum = 0;
        for (int i = 0; i < below.length; i++) {
            double z = bias[i];
            for (int j = 0; j < above.length; j++) {
                z += above[j] * weights[j * below.length + i];
            }
            sum += Math.log(below[i] == 1 ? 1 / (1 + Math.exp(-z)) : 1 / (1 + Math.exp(z)));
        }
        return sum;
    }

    /** log p(v, h) by the definition, layer by layer. */
    private static double logJoint(Sbn model, double[] v, double... h) {
        Parameters p = model.parameters();
        double[] h1 = {h[0], h[1], h[2]};
        double[] h2 = {h[3], h[4]};
        return logMass(v, h1, p.values("W1"), p.values("b1"))
                + logMass(h1, h2, p.values("W2"), p.values("b2"))
                + logMass(h2, new double[0], new float[0], p.values("prior"));
    }

    @Test
    void theEnergyIsMinusTheLogJointAndItsProbabilitiesSumToOne() {
        Sbn model = network();
        assertTrue(model.isNormalised() && model.hasBinaryVisible());
        assertEquals(List.of(3, 2), model.layers());
        Expr v = Expr.input("v", 1, 2);
        Expr h = Expr.input("h", 1, 5);
        Expr energy = model.energy(v, h);
        double sum = 0;
        for (int s = 0; s < 1 << 7; s++) {
            double[] row = bits(s, 2);
            double[] hidden = bits(s >> 2, 5);
            double e = new Doubles()
                    .set(model.parameters())
                    .set(v, row)
                    .set(h, hidden)
                    .scalar(energy);
            assertEquals(-logJoint(model, row, hidden), e, 1e-12);
            sum += Math.exp(-e);
        }
        assertEquals(1, sum, 1e-12);
    }

    /** Frequencies of 40,000 samples; the standard error of each is at most 0.0025. */
    @Test
    void samplesComeAsOftenAsTheLikelihoodSays() {
        Sbn model = network();
        Data drawn = Ancestral.sampler().sample(model, 40_000, Noise.seed(3));
        Data means = Ancestral.sampler().showingMeans().sample(model, 40_000, Noise.seed(4));
        double[] counts = new double[4];
        double[] mean = new double[2];
        for (int r = 0; r < drawn.rows(); r++) {
            counts[(int) (drawn.at(r, 0) + 2 * drawn.at(r, 1))] += 1.0 / drawn.rows();
            mean[0] += (double) means.at(r, 0) / drawn.rows();
            mean[1] += (double) means.at(r, 1) / drawn.rows();
        }
        double[] expected = new double[4];
        Expr v = Expr.input("v", 1, 2);
        for (int s = 0; s < 4; s++) {
            double[] row = bits(s, 2);
            expected[s] =
                    Math.exp(-new Doubles().set(model.parameters()).set(v, row).scalar(model.freeEnergy(v)));
            Data one = Data.of("one", new float[] {(float) row[0], (float) row[1]}, 2);
            assertEquals(
                    Math.log(expected[s]),
                    LogLikelihood.on(one)
                            .measure(Snapshot.of(model, Noise.seed(1)))
                            .value(),
                    1e-5);
        }
        assertArrayEquals(expected, counts, 0.01);
        assertArrayEquals(new double[] {expected[1] + expected[3], expected[2] + expected[3]}, mean, 0.01);
    }

    @Test
    void aFixedPriorIsOneHalf() {
        Sbn model = Sbn.visible(2).hidden(2).fixedPrior().init(Noise.seed(1));
        assertEquals(List.of("W1", "b1"), model.parameters().names());
        Expr v = Expr.input("v", 1, 2);
        Expr h = Expr.input("h", 1, 2);
        double[] row = {1, 0};
        double[] hidden = {1, 1};
        double expected = logMass(
                        row,
                        hidden,
                        model.parameters().values("W1"),
                        model.parameters().values("b1"))
                - 2 * Math.log(2);
        assertEquals(
                -expected,
                new Doubles().set(model.parameters()).set(v, row).set(h, hidden).scalar(model.energy(v, h)),
                1e-6);
        double mean = 0;
        Data drawn = Ancestral.sampler().showingMeans().sample(model, 1, Noise.seed(1));
        mean += drawn.at(0, 0);
        assertTrue(mean > 0 && mean < 1);
    }

    /** Normal with variance 1 / (units above): 784 x 200 of them, so the standard error of the variance is 0.4 %. */
    @Test
    void weightsBeginWithVarianceOneOverTheUnitsAbove() {
        Sbn model = Sbn.visible(784).hidden(200, 50).init(Noise.seed(1));
        assertEquals("Sbn 784/200/50", model.name());
        double squares = 0;
        for (float w : model.parameters().values("W1")) {
            squares += (double) w * w;
        }
        assertEquals(1.0 / 200, squares / (784 * 200), 0.02 / 200);
        for (String name : List.of("b1", "b2", "prior")) {
            assertArrayEquals(
                    new float[model.parameters().values(name).length],
                    model.parameters().values(name));
        }
        // Decoder 237,984 and prior 200 for the published sizes.
        assertEquals(
                237_984 + 200,
                Sbn.visible(784)
                        .hidden(200, 200, 200)
                        .init(Noise.seed(1))
                        .parameters()
                        .size());
    }

    @Test
    void savedAndReadBackItIsTheSame(@TempDir Path folder) {
        Sbn model = network();
        ModelFile.save(model, folder, Map.of());
        Sbn read = (Sbn) ModelFile.load(folder);
        assertEquals(model.layers(), read.layers());
        assertTrue(read.isNormalised() && read.hasBinaryVisible());
        Expr v = Expr.input("v", 1, 2);
        double[] row = {0, 1};
        assertEquals(
                new Doubles().set(model.parameters()).set(v, row).scalar(model.freeEnergy(v)),
                new Doubles().set(read.parameters()).set(v, row).scalar(read.freeEnergy(v)),
                1e-12);
    }

    @Test
    void aWrittenDirectedModelSaysThatItIsNormalisedAndKeepsSayingSo(@TempDir Path folder) {
        LatentEnergy written = LatentEnergy.visible(1)
                .binary(1)
                .normalised()
                .binaryVisible()
                .normal("w", 0.5, 1)
                .energy((g, v, h) -> g.nn.softplus(h.mul(g.getVariable("w")))
                        .sub(v.mul(h).mul(g.getVariable("w")))
                        .sum(1)
                        .add(Math.log(2)))
                .init(Noise.seed(1));
        assertTrue(written.isNormalised() && written.with(written.parameters()).isNormalised());
        ModelFile.save(written, folder, Map.of());
        EnergyModel read = ModelFile.load(folder);
        assertTrue(read.isNormalised() && read.hasBinaryVisible());
        Data both = Data.of("both", new float[] {0, 1}, 1);
        double mean =
                LogLikelihood.on(both).measure(Snapshot.of(read, Noise.seed(1))).value();
        double w = written.parameters().values("w")[0];
        double p = 0.5 * (0.5 + 1 / (1 + Math.exp(-w)));
        assertEquals(0.5 * (Math.log(p) + Math.log(1 - p)), mean, 1e-6);
    }

    @Test
    void rejectsNetworksWithoutLayers() {
        assertThrows(SettingException.class, () -> Sbn.visible(2).init(Noise.seed(1)));
        assertThrows(SettingException.class, () -> Sbn.visible(2).hidden());
        assertThrows(SettingException.class, () -> Sbn.visible(2).hidden(1).hidden(2));
        assertThrows(SettingException.class, () -> Sbn.visible(2).hidden(2, 0));
        assertThrows(SettingException.class, () -> Ancestral.sampler()
                .sample(Grbm.visible(2).hidden(2).init(Noise.seed(1)), 3, Noise.seed(1)));
    }
}
