package org.ebvlm.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.model.ModelFile;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Cores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SameDiff;

class ClassifierTest {
    private static final Grid GRID = Grid.grey(8, 8);

    @TempDir
    Path folder;

    /** Images of two kinds, mean +m and -m with |m| = 1 on a grating, and standard normal noise: row i is of kind i % 2. */
    private record Kinds(Data images, Data labels) {
        static Kinds draw(int n, long seed) {
            float[] x = new float[64 * n];
            Noise.seed(seed).normal(x, 0, x.length);
            float[] y = new float[n];
            for (int i = 0; i < n; i++) {
                y[i] = i % 2;
                for (int j = 0; j < 64; j++) {
                    x[64 * i + j] += (i % 2 == 0 ? 1 : -1) * m(j);
                }
            }
            return new Kinds(Data.of("kinds", x, 64).onGrid(GRID), Data.of("labels", y, 1));
        }

        /** Stripes of two columns. */
        static float m(int j) {
            return j % 4 < 2 ? 0.125f : -0.125f;
        }
    }

    private static Classifier small(Kinds train, int steps) {
        return Classifier.training()
                .channels(4)
                .features(8)
                .steps(steps)
                .rate(3e-3)
                .fit(train.images(), train.labels(), Noise.seed(2));
    }

    @Test
    void reachesTheBestPossibleAccuracyAndNoMore() {
        Classifier judge = small(Kinds.draw(20_000, 1), 400);
        Kinds test = Kinds.draw(4000, 9);
        Accuracy accuracy = judge.accuracy(test.images(), test.labels());
        // The kinds are told apart best by the sign of m . x, which is N(+-1, 1): Phi(1) = 0.8413, standard error
        // 0.0058.
        double best = 0.841345;
        assertTrue(accuracy.value() < best + 4 * 0.0058, "" + accuracy);
        assertTrue(accuracy.value() > best - 0.04, "" + accuracy);
        Data p = judge.probabilities(test.images());
        double gap = 0;
        for (int i = 0; i < p.rows(); i++) {
            assertEquals(1, p.at(i, 0) + p.at(i, 1), 1e-6);
            double product = 0;
            for (int j = 0; j < 64; j++) {
                product += Kinds.m(j) * test.images().at(i, j);
            }
            // p(kind 0 | x) = 1 / (1 + exp(-2 m . x)).
            gap += Math.abs(p.at(i, 0) - 1 / (1 + Math.exp(-2 * product))) / p.rows();
        }
        assertTrue(gap < 0.12, "mean distance to the true probability " + gap);
    }

    @Test
    void probabilitiesAreTheSoftmaxOfALayerOnTheFeatures() {
        Kinds few = Kinds.draw(150, 1);
        Classifier judge = small(few, 40);
        judge.save(folder, Map.of("data", "kinds"));
        SameDiff graph = ModelFile.loadGraph(folder, "classifier.sd");
        float[] w = graph.getVariable("head.W").getArr().dup('c').data().asFloat();
        float[] b = graph.getVariable("head.b").getArr().dup('c').data().asFloat();
        Data features = judge.features(few.images());
        Data p = judge.probabilities(few.images());
        assertEquals(8, features.width());
        assertEquals(150, features.rows());
        for (int i = 0; i < 150; i++) {
            double[] z = new double[2];
            for (int c = 0; c < 2; c++) {
                z[c] = b[c];
                for (int j = 0; j < 8; j++) {
                    z[c] += features.at(i, j) * w[2 * j + c];
                }
            }
            assertEquals(1 / (1 + Math.exp(z[1] - z[0])), p.at(i, 0), 1e-5, "image " + i);
            assertEquals(z[1] > z[0] ? 1 : 0, judge.predictions(few.images())[i]);
        }
    }

    @Test
    void aLoadedClassifierIsTheSavedOneToTheLastBit() {
        Kinds few = Kinds.draw(150, 1);
        Classifier judge = small(few, 40);
        Classifier loaded = Classifier.load(judge.save(folder.resolve("a/b"), Map.of("seed", "2")));
        assertArrayEquals(
                judge.probabilities(few.images()).values(),
                loaded.probabilities(few.images()).values());
        assertArrayEquals(
                judge.features(few.images()).values(),
                loaded.features(few.images()).values());
        assertEquals(judge.toString(), loaded.toString());
        assertThrows(DataException.class, () -> Classifier.load(folder.resolve("nowhere")));
    }

    @Test
    void theSameSeedGivesTheSameClassifier() {
        Kinds few = Kinds.draw(150, 1);
        assertArrayEquals(
                small(few, 40).probabilities(few.images()).values(),
                small(few, 40).probabilities(few.images()).values());
    }

    // ---------------------------------------------------------------- accuracy

    @Test
    void theIntervalIsWilsons() {
        for (Accuracy accuracy : new Accuracy[] {new Accuracy(97, 100), new Accuracy(1, 3), new Accuracy(500, 1000)}) {
            // Its ends are where the observed share is 1.96 standard deviations away.
            for (double p : new double[] {accuracy.low(), accuracy.high()}) {
                double distance = Math.abs(accuracy.value() - p) / Math.sqrt(p * (1 - p) / accuracy.of());
                assertEquals(1.959964, distance, 1e-6, "" + accuracy);
            }
            assertTrue(accuracy.low() < accuracy.value() && accuracy.value() < accuracy.high());
        }
        assertEquals(1, new Accuracy(50, 50).high(), 1e-12);
        assertTrue(new Accuracy(50, 50).low() > 0.9);
        assertEquals(0.05, new Accuracy(50, 100).standardError(), 1e-12);
    }

    // ---------------------------------------------------------------- refusals

    @Test
    void rejectsWhatCannotBeLearnedFrom() {
        Kinds few = Kinds.draw(10, 1);
        ClassifierTraining training = Classifier.training().steps(1);
        Noise noise = Noise.seed(1);
        Data bare = Data.of("rows", few.images().values(), 64);
        assertTrue(assertThrows(ShapeException.class, () -> training.fit(bare, few.labels(), noise))
                .getMessage()
                .contains("onGrid"));
        assertThrows(
                ShapeException.class,
                () -> training.fit(few.images(), few.labels().take(9), noise));
        assertThrows(
                DataException.class,
                () -> training.fit(
                        few.images(), Data.of("halves", new float[] {0, 1, 0, 1, 0.5f, 1, 0, 1, 0, 1}, 1), noise));
        assertThrows(
                DataException.class,
                () -> training.fit(
                        few.images(), Data.of("minus", new float[] {0, 1, 0, 1, -1, 1, 0, 1, 0, 1}, 1), noise));
        assertThrows(DataException.class, () -> training.fit(few.images(), Data.of("one", new float[10], 1), noise));
        assertThrows(SettingException.class, () -> training.steps(0));
        assertThrows(SettingException.class, () -> training.features(0));
        assertThrows(SettingException.class, () -> training.channels(4, 0));
        assertThrows(SettingException.class, () -> training.rate(Double.NaN));
        Classifier judge = training.fit(few.images(), few.labels(), noise);
        assertThrows(ShapeException.class, () -> judge.features(Data.of("wide", new float[65], 65)));
    }

    // ---------------------------------------------------------------- real digits

    private static Path file(String name) {
        Path path = Path.of(System.getProperty("ebvlm.data", "../../shared/data"), name);
        assumeTrue(Files.exists(path), "skipped: no " + name + " at " + path + "; set -Debvlm.data=<folder>");
        return path;
    }

    @Test
    void learnsDigitsAndTellsThemFromNoise() {
        Data images = Datasets.idx(file("mnist/t10k-images-idx3-ubyte.gz"));
        Data labels = Datasets.idx(file("mnist/t10k-labels-idx1-ubyte.gz"));
        // On one core: cores that wait for each other are slow where other processes use them, too.
        Cores.onOne(() -> {
            assertLearns(images, labels);
            return null;
        });
    }

    private static void assertLearns(Data images, Data labels) {
        Classifier judge = Classifier.training()
                .channels(8, 16)
                .features(32)
                .steps(300)
                .rate(4e-3)
                .fit(images.rows(0, 5000), labels.rows(0, 5000), Noise.seed(1));
        Data unseen = images.rows(5000, 7000);
        Accuracy accuracy = judge.accuracy(unseen, labels.rows(5000, 7000));
        assertEquals(10, judge.classes());
        // Five thousand digits, each seen six times; the standard error is 0.006 at most.
        assertTrue(accuracy.value() > 0.9, "" + accuracy);
        Data first = unseen.rows(0, 1000);
        Data second = unseen.rows(1000, 2000);
        Data noisy = second.noised(0.5, Noise.seed(4));
        ClassifierFrechet distance = ClassifierFrechet.against(first, judge);
        double same = distance.of(second).value();
        assertTrue(same > 0 && 3 * same < distance.of(noisy).value(), same + " and " + distance.of(noisy));
        double score = ClassifierScore.by(judge).splits(4).of(first).value();
        assertTrue(score > 6 && score <= 10, "score of digits " + score);
        float[] one = new float[200 * 784];
        for (int i = 0; i < 200; i++) {
            first.copyRow(0, one, 784 * i);
        }
        assertEquals(
                1, ClassifierScore.by(judge).of(Data.of("the same", one, 784)).value(), 1e-5);
    }
}
