package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.sampling.Ancestral;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayeredModelTest {
    private static <M extends EnergyModel> M scattered(M model, int seed) {
        float[] values = new float[model.parameters().size()];
        Noise.seed(seed).normal(values, 0, values.length);
        @SuppressWarnings("unchecked")
        M moved = (M) model.with(model.parameters().with(values));
        return moved;
    }

    /** v of one choice of three and h of two bits below one choice of two. */
    private static LayeredModel discrete() {
        return scattered(
                LayeredModel.visible(Layer.categorical(1, 3))
                        .hidden(Layer.bernoulli(2), Layer.categorical(1, 2))
                        .init(Noise.seed(1)),
                2);
    }

    private static LayeredModel mixed() {
        return scattered(
                LayeredModel.visible(Layer.bernoulli(2))
                        .hidden(Layer.gaussian(1), Layer.categorical(2, 2))
                        .init(Noise.seed(1)),
                3);
    }

    // ---------------------------------------------------------------- layers

    /** The masses of all three classes, of two groups, with loops. */
    @Test
    void aCategoricalLayersMassIsThatOfASoftmaxInEachGroup() {
        Layer layer = Layer.categorical(2, 3);
        double[] z = {0.3, -1.2, 0.8, 2, 0.1, -0.4};
        Expr x = Expr.input("x", 1, 6);
        Expr code = Expr.constant(z, 1, 6);
        double sum = 0;
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                double[] units = new double[6];
                units[a] = 1;
                units[3 + b] = 1;
                double log = new Doubles().set(x, units).scalar(layer.logProb(x, code));
                double by = Math.exp(z[a]) / (Math.exp(z[0]) + Math.exp(z[1]) + Math.exp(z[2]));
                by *= Math.exp(z[3 + b]) / (Math.exp(z[3]) + Math.exp(z[4]) + Math.exp(z[5]));
                assertEquals(Math.log(by), log, 1e-12);
                sum += Math.exp(log);
            }
        }
        assertEquals(1, sum, 1e-12);
    }

    @Test
    void aGaussianLayersDensityIsItsFormula() {
        Expr x = Expr.constant(new double[] {0.4, -1}, 1, 2);
        Expr code = Expr.constant(new double[] {0.1, 0.5, -0.3, 0.7}, 1, 4);
        double log = 0;
        double[][] each = {{0.4, 0.1, Math.exp(-0.3)}, {-1, 0.5, Math.exp(0.7)}};
        for (double[] u : each) {
            double scaled = (u[0] - u[1]) / u[2];
            log += -0.5 * scaled * scaled - Math.log(u[2] * Math.sqrt(2 * Math.PI));
        }
        assertEquals(log, new Doubles().scalar(Layer.gaussian(2).logProb(x, code)), 1e-12);
        Expr means = Expr.constant(new double[] {0.1, 0.5}, 1, 2);
        double fixed = 0;
        for (double[] u : each) {
            fixed += -0.5 * Math.pow((u[0] - u[1]) / 0.6, 2) - Math.log(0.6 * Math.sqrt(2 * Math.PI));
        }
        assertEquals(fixed, new Doubles().scalar(Layer.gaussian(2).fixedStd(0.6).logProb(x, means)), 1e-12);
    }

    /** 40,000 draws of each; a frequency's standard error is at most 0.0025. */
    @Test
    void categoricalDrawsAreOneHotAndComeAsOftenAsTheirProbability() {
        double[] p = {0.5, 0.1, 0.15, 0.25, 1e-9, 0.3, 0.7 - 2e-9, 1e-9};
        double[] z = Arrays.stream(p).map(Math::log).toArray();
        int rows = 40_000;
        Layer layer = Layer.categorical(2, 4);
        Expr code = Expr.constant(z, 1, 8).broadcastTo(rows, 8);
        try (Program program = Program.of(layer.draw(code), layer.straightThrough(code), layer.relaxed(code, 0.02))) {
            program.draw(Noise.seed(5));
            program.run();
            for (int output = 0; output < 3; output++) {
                float[] x = program.value(output);
                double[] often = new double[8];
                for (int r = 0; r < rows; r++) {
                    for (int g = 0; g < 2; g++) {
                        double group = 0;
                        double most = 0;
                        for (int c = 0; c < 4; c++) {
                            double unit = x[8 * r + 4 * g + c];
                            group += unit;
                            most = Math.max(most, unit);
                            often[4 * g + c] += unit / rows;
                        }
                        assertEquals(1, group, output == 0 ? 0 : 1e-5);
                        assertTrue(output > 0 || most == 1);
                    }
                }
                assertArrayEquals(p, often, 4 * 0.0025, "output " + output);
            }
        }
    }

    @Test
    void aStraightThroughDrawHasTheDerivativeOfItsMeanAndARelaxedOneItsOwn() {
        Layer layer = Layer.categorical(2, 3);
        Expr code = Expr.input("code", 1, 6);
        double[] weights = {0.3, -1, 2, 0.5, 0.7, -0.2};
        Expr w = Expr.constant(weights, 1, 6);

        Expr at = code.point();
        Expr y = layer.straightThrough(at).times(w).sum();
        Expr mean = layer.mean(at).times(w).sum();
        Doubles given = new Doubles().set(code, 0.1, 0.4, -1, 0, 0.9, 1.3).draw(Noise.seed(3), y);
        assertArrayEquals(
                given.of(Differentiation.gradient(mean, at)), given.of(Differentiation.gradient(y, at)), 1e-14);
        Expr relaxed = layer.relaxed(at, 0.7).times(w).sum();
        Doubles held = new Doubles().set(code, 0.1, 0.4, -1, 0, 0.9, 1.3).draw(Noise.seed(3), relaxed);
        assertArrayEquals(held.differences(relaxed, code), held.of(Differentiation.gradient(relaxed, at)), 1e-8);
    }

    @Test
    void aLayerIsReadBackFromItsText() {
        for (Layer each : List.of(
                Layer.bernoulli(3),
                Layer.categorical(2, 4),
                Layer.gaussian(5),
                Layer.gaussian(5).fixedStd(0.25))) {
            assertEquals(each, Layer.of(each.toString()));
        }
        assertThrows(RuntimeException.class, () -> Layer.of("cauchy 3"));
    }

    // ---------------------------------------------------------------- the joint density

    /** Minus the energy is the sum over layers, each given the one above by its linear map, and v, h have mass one in all. */
    @Test
    void theEnergyIsMinusTheLogJointAndItsProbabilitiesSumToOne() {
        LayeredModel model = discrete();
        assertEquals(Latents.MIXED, model.latents());
        Expr v = Expr.input("v", 1, 3);
        Expr h = Expr.input("h", 1, 4);
        Expr energy = model.energy(v, h);
        double sum = 0;
        for (int s = 0; s < 3 * 4 * 2; s++) {
            double[] row = new double[3];
            row[s % 3] = 1;
            double[] bits = {s / 3 % 2, s / 6 % 2};
            int first = s / 12;
            double[] top = {first, 1 - first};
            double e = new Doubles()
                    .set(model.parameters())
                    .set(v, row)
                    .set(h, bits[0], bits[1], top[0], top[1])
                    .scalar(energy);
            double log = choice(row, code(model, 0, bits)) + choice(top, widened(model, "prior"));
            double[] odds = code(model, 1, top);
            for (int j = 0; j < 2; j++) {
                log += bits[j] * odds[j] - Math.log1p(Math.exp(odds[j]));
            }
            assertEquals(-log, e, 1e-12);
            sum += Math.exp(-e);
        }
        assertEquals(1, sum, 1e-12);
    }

    private static double choice(double[] x, double[] z) {
        double dot = 0;
        double total = 0;
        for (int i = 0; i < x.length; i++) {
            dot += x[i] * z[i];
            total += Math.exp(z[i]);
        }
        return dot - Math.log(total);
    }

    private static double[] widened(LayeredModel model, String name) {
        return Doubles.widened(model.parameters().values(name));
    }

    private static double[] code(LayeredModel model, int link, double... above) {
        double[] w = widened(model, "W" + (link + 1));
        double[] z = widened(model, "b" + (link + 1));
        for (int j = 0; j < above.length; j++) {
            for (int i = 0; i < z.length; i++) {
                z[i] += above[j] * w[j * z.length + i];
            }
        }
        return z;
    }

    /** One real unit integrated by the trapezium rule, the rest summed. */
    @Test
    void withARealLayerTheDensityIntegratesToOne() {
        for (boolean fixed : new boolean[] {false, true}) {
            LayeredModel.Builder plan = LayeredModel.visible(Layer.bernoulli(1));
            LayeredModel model = scattered(
                    (fixed
                                    ? plan.fixedPrior().hidden(Layer.categorical(1, 2), Layer.gaussian(1))
                                    : plan.hidden(Layer.categorical(1, 2), Layer.gaussian(1)))
                            .init(Noise.seed(1)),
                    4);
            int nodes = 801;
            Expr v = Expr.input("v", nodes, 1);
            Expr h = Expr.input("h", nodes, 3);
            double step = 80.0 / (nodes - 1);
            double sum = 0;
            for (int s = 0; s < 4; s++) {
                double[] rows = new double[nodes];
                double[] units = new double[3 * nodes];
                for (int i = 0; i < nodes; i++) {
                    rows[i] = s % 2;
                    units[3 * i + s / 2] = 1;
                    units[3 * i + 2] = -40 + i * step;
                }
                double[] e = new Doubles()
                        .set(model.parameters())
                        .set(v, rows)
                        .set(h, units)
                        .of(model.energy(v, h));
                sum += step * Arrays.stream(e).map(x -> Math.exp(-x)).sum();
            }
            // Constants of a SameDiff expression are of single precision.
            assertEquals(1, sum, 1e-6);
        }
    }

    /** A learned prior begins at zeros, so at first both are the same. */
    @Test
    void aFixedPriorIsThatOfACodeOfZeros() {
        for (Layer top : List.of(
                Layer.bernoulli(4),
                Layer.categorical(2, 2),
                Layer.gaussian(4),
                Layer.gaussian(4).fixedStd(0.7))) {
            LayeredModel.Builder plan = LayeredModel.visible(Layer.bernoulli(2)).hidden(top);
            LayeredModel learned = plan.init(Noise.seed(1));
            LayeredModel fixed = plan.fixedPrior().init(Noise.seed(1));
            assertTrue(!fixed.parameters().names().contains("prior"));
            Expr v = Expr.constant(new double[] {1, 0, 0, 1}, 2, 2);
            Expr h = Expr.constant(new double[] {1, 0, 0, 1, 0, 1, 0, 1}, 2, 4);
            assertArrayEquals(
                    new Doubles().set(learned.parameters()).of(learned.energy(v, h)),
                    new Doubles().set(fixed.parameters()).of(fixed.energy(v, h)),
                    1e-6,
                    top.toString());
            assertArrayEquals(
                    Ancestral.sampler().sample(learned, 3, Noise.seed(2)).values(),
                    Ancestral.sampler().sample(fixed, 3, Noise.seed(2)).values());
        }
    }

    @Test
    void layersOfBitsAreASigmoidBeliefNetwork() {
        Sbn sbn = Sbn.visible(3).hidden(2, 4).init(Noise.seed(7));
        LayeredModel same = LayeredModel.visible(Layer.bernoulli(3))
                .hidden(Layer.bernoulli(2), Layer.bernoulli(4))
                .init(Noise.seed(7));
        assertEquals(Latents.BINARY, same.latents());
        assertEquals(sbn.parameters().names(), same.parameters().names());
        assertArrayEquals(sbn.parameters().values(), same.parameters().values());
        Expr v = Expr.input("v", 2, 3);
        Expr h = Expr.input("h", 2, 6);
        double[] rows = {1, 0, 1, 0, 1, 1};
        double[] units = {1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0};
        assertArrayEquals(
                new Doubles().set(sbn.parameters()).set(v, rows).set(h, units).of(sbn.energy(v, h)),
                new Doubles().set(same.parameters()).set(v, rows).set(h, units).of(same.energy(v, h)));
        assertEquals(
                Latents.CONTINUOUS,
                LayeredModel.visible(Layer.bernoulli(3))
                        .hidden(Layer.gaussian(2), Layer.gaussian(1))
                        .init(Noise.seed(7))
                        .latents());
    }

    // ---------------------------------------------------------------- draws and files

    /** 40,000 samples; a frequency's standard error is at most 0.0025. */
    @Test
    void samplesComeAsOftenAsTheModelSays() {
        LayeredModel model = discrete();
        double[] p = new double[3];
        Expr v = Expr.input("v", 1, 3);
        Expr h = Expr.input("h", 1, 4);
        for (int s = 0; s < 24; s++) {
            double[] row = new double[3];
            row[s % 3] = 1;
            int first = s / 12;
            p[s % 3] += Math.exp(-new Doubles()
                    .set(model.parameters())
                    .set(v, row)
                    .set(h, s / 3 % 2, s / 6 % 2, first, 1 - first)
                    .scalar(model.energy(v, h)));
        }
        int rows = 40_000;
        double[] often = new double[3];
        float[] drawn = Ancestral.sampler().sample(model, rows, Noise.seed(3)).values();
        for (int i = 0; i < drawn.length; i++) {
            often[i % 3] += drawn[i] / (double) rows;
        }
        assertArrayEquals(p, often, 4 * 0.0025);
    }

    /** v of real units: mean and variance of 40,000 samples of a model of one Gaussian layer, standard errors below 0.012 and 0.03. */
    @Test
    void samplesOfARealLayerHaveItsMoments() {
        LayeredModel drawn = LayeredModel.visible(Layer.gaussian(1).fixedStd(0.5))
                .hidden(Layer.gaussian(1))
                .init(Noise.seed(1));
        LayeredModel model = drawn.with(drawn.parameters()
                .with("W1", new float[] {1.5f})
                .with("b1", new float[] {-0.3f})
                .with("prior", new float[] {0.4f, (float) Math.log(0.8)}));
        float[] v = Ancestral.sampler().sample(model, 40_000, Noise.seed(2)).values();
        double mean = 0;
        double square = 0;
        for (float each : v) {
            mean += each / 40_000.0;
            square += each * each / 40_000.0;
        }
        assertEquals(1.5 * 0.4 - 0.3, mean, 4 * 0.012);
        // W^2 0.8^2 + 0.5^2
        assertEquals(1.5 * 1.5 * 0.64 + 0.25, square - mean * mean, 4 * 0.03);
    }

    @Test
    void aSavedModelIsReadBack(@TempDir Path folder) {
        for (LayeredModel model : List.of(discrete(), mixed())) {
            Path its = folder.resolve(model.name().replace('/', '-'));
            ModelFile.save(model, its, Map.of());
            LayeredModel loaded = assertInstanceOf(LayeredModel.class, ModelFile.load(its));
            assertEquals(model.toString(), loaded.toString());
            assertEquals(model.hiddenLayers(), loaded.hiddenLayers());
            assertEquals(model.latents(), loaded.latents());
            assertArrayEquals(
                    Ancestral.sampler().sample(model, 5, Noise.seed(1)).values(),
                    Ancestral.sampler().sample(loaded, 5, Noise.seed(1)).values());
        }
    }

    @Test
    void rejectsWhatIsNotAModel() {
        assertThrows(SettingException.class, () -> Layer.categorical(2, 1));
        assertThrows(SettingException.class, () -> Layer.bernoulli(0));
        assertThrows(SettingException.class, () -> Layer.gaussian(2).fixedStd(0));
        assertTrue(assertThrows(SettingException.class, () -> LayeredModel.visible(Layer.gaussian(2)))
                .getMessage()
                .contains("fixedStd"));
        assertThrows(SettingException.class, () -> LayeredModel.visible(Layer.bernoulli(2))
                .init(Noise.seed(1)));
        assertThrows(SettingException.class, () -> LayeredModel.visible(Layer.bernoulli(2))
                .hidden());
        // Its states are not those of bits, so they cannot be enumerated as such.
        assertTrue(assertThrows(SettingException.class, () -> discrete().freeEnergy(Expr.input("v", 1, 3)))
                .getMessage()
                .contains("MIXED"));
    }
}
