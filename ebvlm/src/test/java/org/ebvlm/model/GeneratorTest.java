package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Grid;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private static Generator plain() {
        return Generator.noise(3).visible(2).init(Noise.seed(1));
    }

    @Test
    void samplesOfALinearSamplerHaveItsMeanAndCovariance() {
        Generator generator =
                Generator.noise(2).visible(2).network(Network.linear()).init(Noise.seed(1));
        Parameters p =
                generator.parameters().with("layer.W", new float[] {2, 1, 0, 1}).with("layer.b", new float[] {3, -1});
        int n = 20_000;
        Data samples = generator.with(p).samples(n, Noise.seed(2));
        // x = z W + b: variances 4 and 2, covariance 2; standard errors of the means 0.014 and 0.01, of the covariance
        // 0.025.
        assertEquals(3, mean(samples, 0), 4 * 2 / Math.sqrt(n));
        assertEquals(-1, mean(samples, 1), 4 * Math.sqrt(2.0 / n));
        double covariance = 0;
        for (int i = 0; i < n; i++) {
            covariance += (samples.at(i, 0) - 3.0) * (samples.at(i, 1) + 1.0) / n;
        }
        assertEquals(2, covariance, 4 * Math.sqrt((4 * 2 + 2 * 2) / (double) n));
    }

    private static double mean(Data data, int column) {
        double sum = 0;
        for (int i = 0; i < data.rows(); i++) {
            sum += data.at(i, column);
        }
        return sum / data.rows();
    }

    @Test
    void uniformNoiseLiesBetweenMinusOneAndOne() {
        Generator generator = Generator.noise(1)
                .uniform()
                .visible(1)
                .network(Network.linear())
                .init(Noise.seed(1));
        Parameters p = generator.parameters().with("layer.W", new float[] {1}).with("layer.b", new float[] {0});
        int n = 10_000;
        float[] x = column(generator.with(p).samples(n, Noise.seed(3)));
        double least = 1;
        double most = -1;
        double square = 0;
        for (float each : x) {
            least = Math.min(least, each);
            most = Math.max(most, each);
            square += each * each / (double) n;
        }
        assertTrue(least >= -1 && least < -0.99 && most <= 1 && most > 0.99, least + " to " + most);
        // The square's variance is 1/5 - 1/9.
        assertEquals(1.0 / 3, square, 4 * Math.sqrt((1.0 / 5 - 1.0 / 9) / n));
    }

    private static float[] column(Data data) {
        float[] out = new float[data.rows()];
        for (int i = 0; i < out.length; i++) {
            out[i] = data.at(i, 0);
        }
        return out;
    }

    @Test
    void theRangeIsASigmoidOfTheNetwork() {
        Generator generator = Generator.noise(3).visible(2).range(-1, 2).init(Noise.seed(1));
        Expr z = Expr.input("z", 2, 3);
        Doubles at = new Doubles().set(generator.parameters()).set(z, 0.3, -1, 2, 5, 0.1, -0.2);
        double[] raw = at.of(generator.network().apply(z));
        double[] expected =
                Arrays.stream(raw).map(y -> -1 + 3 / (1 + Math.exp(-y))).toArray();
        assertArrayEquals(expected, at.of(generator.at(z)), 1e-12);
    }

    @Test
    void gradientsOfSamplesAreFiniteDifferences() {
        Generator generator = Generator.noise(2)
                .visible(2)
                .network(Network.elu(3))
                .range(0, 1)
                .init(Noise.seed(1));
        Expr y = generator.draw(4).sin().sum();
        Doubles at = new Doubles().set(generator.parameters()).draw(Noise.seed(5), y);
        assertArrayEquals(
                at.differences(y, generator.parameters().leaf()),
                at.of(generator.parameters().gradient(y)),
                1e-8);
    }

    @Test
    void everyDrawHasNoiseOfItsOwn() {
        Generator generator = plain();
        try (Program program = Program.of(generator.draw(5), generator.draw(5))) {
            generator.parameters().give(program);
            program.draw(Noise.seed(1));
            program.run();
            assertFalse(Arrays.equals(program.value(0), program.value(1)));
        }
    }

    @Test
    void theSameSourceGivesTheSameSamples() {
        Generator generator = plain();
        assertEquals(
                generator.samples(10, Noise.seed(4)).provenance().sha256(),
                generator.samples(10, Noise.seed(4)).provenance().sha256());
        assertNotEquals(
                generator.samples(10, Noise.seed(4)).provenance().sha256(),
                generator.samples(10, Noise.seed(5)).provenance().sha256());
    }

    // ---------------------------------------------------------------- labels

    @Test
    void randomLabelsAreOneHotAndEquallyOften() {
        Generator generator = Generator.noise(1).labels(4).visible(2).init(Noise.seed(1));
        int n = 4_000;
        Expr noise = generator.noiseRows(n);
        assertArrayEquals(new int[] {n, 5}, noise.shape());
        int[] counts = new int[4];
        try (Program program = Program.of(noise)) {
            program.draw(Noise.seed(2));
            program.run();
            for (int i = 0; i < n; i++) {
                float[] row = Arrays.copyOfRange(program.value(0), 5 * i + 1, 5 * i + 5);
                float sum = 0;
                for (int k = 0; k < 4; k++) {
                    assertTrue(row[k] == 0 || row[k] == 1);
                    sum += row[k];
                    counts[k] += (int) row[k];
                }
                assertEquals(1, sum);
            }
        }
        for (int count : counts) {
            assertEquals(n / 4.0, count, 4 * Math.sqrt(n * 0.25 * 0.75));
        }
    }

    @Test
    void randomLabelsAreAsOftenAsTheFrequenciesSay() {
        double[] shares = {0, 0.5, 0.2, 0, 0.3, 0};
        Generator generator = Generator.noise(1)
                .labelFrequencies(0, 50, 20, 0, 30, 0)
                .visible(2)
                .init(Noise.seed(1));
        int n = 10_000;
        float[] rows = values(generator.noiseRows(n), Noise.seed(3));
        for (int k = 0; k < 6; k++) {
            double count = 0;
            for (int i = 0; i < n; i++) {
                count += rows[7 * i + 1 + k];
            }
            assertEquals(n * shares[k], count, 4 * Math.sqrt(n * shares[k] * (1 - shares[k])));
        }
    }

    @Test
    void labelFrequenciesAreThoseOfTheData() {
        Data labels = Data.of("y", new float[] {2, 0, 2, 2}, 1);
        Labelled data = Labelled.of(Data.of("x", new float[8], 2), labels);
        Generator generator = Generator.noise(1).labelsOf(data).visible(2).init(Noise.seed(1));
        assertEquals(3, generator.labels());
        float[] rows = values(generator.noiseRows(4_000), Noise.seed(3));
        double[] counts = new double[3];
        for (int i = 0; i < rows.length; i++) {
            if (i % 4 > 0) {
                counts[i % 4 - 1] += rows[i];
            }
        }
        assertEquals(1_000, counts[0], 4 * Math.sqrt(4_000 * 0.25 * 0.75));
        assertEquals(0, counts[1]);
        Labelled halves = Labelled.of(Data.of("x", new float[2], 2), Data.of("y", new float[] {0.5f}, 1));
        assertThrows(DataException.class, () -> Generator.noise(1).labelsOf(halves));
    }

    private static float[] values(Expr x, Noise noise) {
        try (Program program = Program.of(x)) {
            program.draw(noise);
            program.run();
            return program.value(0).clone();
        }
    }

    @Test
    void aLabelGivenIsTheLabelOfTheSample() {
        Generator generator = Generator.noise(2)
                .labels(3)
                .visible(1)
                .network(Network.linear())
                .init(Noise.seed(1));
        Parameters p = generator
                .parameters()
                .with("layer.W", new float[] {0, 0, 10, 20, 30})
                .with("layer.b", new float[] {1});
        float[] x = column(generator.with(p).samples(new int[] {2, 0, 1, 2}, Noise.seed(1)));
        assertArrayEquals(new float[] {31, 11, 21, 31}, x);
    }

    // ---------------------------------------------------------------- batch normalisation

    private static Generator normalised() {
        return Generator.noise(2)
                .labels(2)
                .uniform()
                .visible(20)
                .network(Network.deconvolutions(Grid.grey(4, 5), 3, 2)
                        .dense(4)
                        .window(5)
                        .activation(Activation.SOFTPLUS)
                        .batchNormalised())
                .range(0, 1)
                .reference(40)
                .init(Noise.seed(1));
    }

    @Test
    void samplesOfABatchNormalisedSamplerDependOnTheirOwnNoiseAlone() {
        Generator generator = normalised();
        double[] rows = {0.3, -1, 1, 0, 0.7, 0.2, 0, 1, -0.4, 0.9, 1, 0};
        Expr three = Expr.input("three", 3, 4);
        Expr one = Expr.input("one", 1, 4);
        Doubles at = new Doubles().set(generator.parameters()).set(three, rows);
        double[] together = at.of(generator.settled(three));
        for (int i = 0; i < 3; i++) {
            double[] alone =
                    at.set(one, Arrays.copyOfRange(rows, 4 * i, 4 * i + 4)).of(generator.settled(one));
            assertArrayEquals(Arrays.copyOfRange(together, 20 * i, 20 * i + 20), alone, 1e-10);
        }
        assertFalse(Arrays.equals(together, at.of(generator.at(three))));
    }

    @Test
    void theReferenceRowsThemselvesAreDrawnAsTheyAreLearned() {
        Generator generator = normalised();
        Doubles at = new Doubles().set(generator.parameters());
        assertArrayEquals(
                at.of(generator.at(generator.reference())), at.of(generator.settled(generator.reference())), 1e-10);
    }

    @Test
    void referenceRowsHaveEachLabelInItsShare() {
        Generator generator = Generator.noise(3)
                .labelFrequencies(1, 0, 3)
                .visible(1)
                .reference(40)
                .init(Noise.seed(1));
        double[] rows = new Doubles().of(generator.reference());
        double[] counts = new double[3];
        for (int i = 0; i < rows.length; i++) {
            if (i % 6 > 2) {
                counts[i % 6 - 3] += rows[i];
            }
        }
        assertArrayEquals(new double[] {10, 0, 30}, counts);
    }

    /** Weights before a normalisation may be larger or smaller: nothing changes, but for the floor under the variance. */
    @Test
    void normalisationTakesAwayTheScaleOfTheLayerBeforeIt() {
        Generator generator = normalised();
        Expr z = Expr.constant(new double[] {0.3, -1, 1, 0, 0.7, 0.2, 0, 1, -0.4, 0.9, 1, 0}, 3, 4);
        double[] before = new Doubles().set(generator.parameters()).of(generator.at(z));
        Parameters large = generator.parameters();
        for (String name : List.of("dense0.W", "image.W", "deconvolution0.W")) {
            float[] values = large.values(name);
            for (int i = 0; i < values.length; i++) {
                values[i] *= 20;
            }
            large = large.with(name, values);
        }
        double[] after = new Doubles().set(large).of(generator.at(z));
        assertArrayEquals(before, after, 2e-2);
        assertFalse(generator.parameters().names().contains("image.b"), "a bias that a normalisation takes away");
    }

    @Test
    void gradientsThroughMomentsAreFiniteDifferences() {
        Generator generator = normalised();
        Expr z = Expr.constant(new double[] {0.3, -1, 1, 0, 0.7, 0.2, 0, 1, -0.4, 0.9, 1, 0}, 3, 4);
        for (Expr x : List.of(generator.at(z), generator.settled(z))) {
            Expr y = x.sin().square().sum();
            Doubles at = new Doubles().set(generator.parameters());
            assertArrayEquals(
                    at.differences(y, generator.parameters().leaf()),
                    at.of(generator.parameters().gradient(y)),
                    1e-6);
        }
    }

    // ---------------------------------------------------------------- refusals

    @Test
    void rejectsWhatIsNotASampler() {
        assertThrows(SettingException.class, () -> Generator.noise(0));
        assertThrows(SettingException.class, () -> Generator.noise(2).init(Noise.seed(1)));
        assertThrows(SettingException.class, () -> Generator.noise(2).range(1, 1));
        assertThrows(ShapeException.class, () -> plain().at(Expr.input("z", 2, 4)));
        assertThrows(SettingException.class, () -> plain().noiseRows(new int[] {0}));
        Generator labelled = Generator.noise(1).labels(2).visible(1).init(Noise.seed(1));
        assertThrows(SettingException.class, () -> labelled.noiseRows(new int[] {2}));
        assertThrows(SettingException.class, () -> plain().samples(0, Noise.seed(1)));
        assertThrows(SettingException.class, () -> Generator.noise(2).labelFrequencies());
        assertThrows(SettingException.class, () -> Generator.noise(2).labelFrequencies(0, 0));
        assertThrows(SettingException.class, () -> Generator.noise(2).labelFrequencies(1, -1));
        assertThrows(SettingException.class, () -> Generator.noise(2).labelFrequencies(1, Double.NaN));
        assertThrows(SettingException.class, () -> Generator.noise(2).reference(1));
        assertThrows(ShapeException.class, () -> plain().settled(Expr.input("z", 2, 4)));
        assertThrows(SettingException.class, () -> Network.deconvolutions(Grid.grey(4, 4), 2)
                .window(4));
    }
}
