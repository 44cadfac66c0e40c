package org.ebvlm.scoring;

import static org.ebvlm.scoring.SteinSamples.normal;
import static org.ebvlm.scoring.SteinSamples.standardScores;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Gaussian;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class SteinTestTest {
    private static final SteinTest TEST = SteinTest.kernel(Imq.bandwidth(1)).bootstraps(199);

    /** The share of repetitions in which points are found not to come from N(0, I). */
    private static double rejections(int times, SteinTest test, int width, IntFunction<double[]> points) {
        return IntStream.range(0, times)
                        .filter(seed -> test.samples(
                                        points.apply(seed),
                                        standardScores(points.apply(seed)),
                                        width,
                                        Noise.seed(seed).split("test"))
                                .rejectedAt(0.05))
                        .count()
                / (double) times;
    }

    private static double[] chain(int n, double correlation, int seed) {
        Noise noise = Noise.seed(seed);
        double[] points = new double[n];
        points[0] = noise.nextNormal();
        for (int i = 1; i < n; i++) {
            points[i] = correlation * points[i - 1] + Math.sqrt(1 - correlation * correlation) * noise.nextNormal();
        }
        return points;
    }

    @Test
    void rejectsATrueFitAsOftenAsTheLevelSays() {
        // Two standard deviations of a share of 400 at 0.05.
        double allowed = 2 * Math.sqrt(0.05 * 0.95 / 400);
        IntFunction<double[]> points = seed -> normal(100, new double[1], 1, Noise.seed(seed));
        assertEquals(0.05, rejections(400, TEST, 1, points), allowed);
        assertEquals(0.05, rejections(400, TEST.correlated(0.5), 1, points), allowed);
    }

    @Test
    void rejectsAWrongFitNearlyAlways() {
        double[] shift = {0.5, -0.3, 0.2};
        assertTrue(rejections(50, TEST, 3, seed -> normal(200, shift, 1, Noise.seed(seed))) > 0.95);
        assertTrue(
                rejections(50, TEST, 2, seed -> normal(300, new double[2], Math.sqrt(1.5), Noise.seed(seed))) > 0.95);
    }

    @Test
    void wildBootstrapKeepsItsLevelOnAChainWhereTheMultinomialOneDoesNot() {
        IntFunction<double[]> points = seed -> chain(400, 0.7, seed);
        double wild = rejections(200, TEST.correlated(0.02), 1, points);
        double multinomial = rejections(200, TEST, 1, points);
        // Four standard deviations of a share of 200 at 0.05 are 0.06.
        assertTrue(wild < 0.11, "wild " + wild);
        assertTrue(multinomial > 0.3, "multinomial " + multinomial);
    }

    @Test
    void wildBootstrapFindsAWrongFitOnAChain() {
        IntFunction<double[]> points = seed -> IntStream.range(0, 400)
                .mapToDouble(i -> chain(400, 0.5, seed)[i] + 1)
                .toArray();
        assertTrue(rejections(20, TEST.correlated(0.05), 1, points) > 0.9);
    }

    @Test
    void pValueIsTheShareOfBootstrapsAtOrAboveTheStatistic() {
        double[] far = normal(50, new double[] {9}, 1, Noise.seed(1));
        GoodnessOfFit found = TEST.samples(far, standardScores(far), 1, Noise.seed(2));
        assertEquals(1.0 / 200, found.pValue());
        assertTrue(found.rejectedAt(0.005) && !found.rejectedAt(0.0049));
        assertEquals(50, found.rows());
        assertEquals(199, found.bootstraps());
    }

    @Test
    void bootstrapEqualsADoubleLoopOverPairs() {
        for (int n : new int[] {2, 70, 2 * SteinPairs.BLOCK + 3}) {
            double[] points = normal(n, new double[1], 1, Noise.seed(5));
            double[] scores = normal(n, new double[1], 1, Noise.seed(7));
            compare(points, scores, Bootstraps.multinomial(n, 3, Noise.seed(6)), multinomial(n, 3, Noise.seed(6)));
            compare(points, scores, Bootstraps.wild(n, 3, 0.2, Noise.seed(6)), wild(n, 3, 0.2, Noise.seed(6)));
        }
    }

    /** With u = k ((s - r) (s' + r) + 1), r = x - y, of the Gaussian kernel with bandwidth one. */
    private static void compare(double[] x, double[] s, Bootstraps bootstraps, double[][] weights) {
        double[] found = SteinPairs.sums(Rbf.bandwidth(1), ScoredRows.of(x, s, 1), bootstraps)
                .imitations();
        for (int b = 0; b < weights.length; b++) {
            double sum = 0;
            double size = 0;
            for (int i = 0; i < x.length; i++) {
                for (int j = 0; j < x.length; j++) {
                    double r = x[i] - x[j];
                    double u = Math.exp(-r * r / 2) * ((s[i] - r) * (s[j] + r) + 1);
                    sum += i == j ? 0 : weights[b][i] * weights[b][j] * u;
                    size += i == j ? 0 : Math.abs(weights[b][i] * weights[b][j] * u);
                }
            }
            assertEquals(sum, found[b], 1e-6 * size);
        }
    }

    /** n (w - 1/n), w the shares of rows in n draws. */
    private static double[][] multinomial(int n, int number, Noise noise) {
        double[][] weights = new double[number][n];
        for (double[] each : weights) {
            for (int draw = 0; draw < n; draw++) {
                each[noise.nextInt(n)] += 1;
            }
            for (int i = 0; i < n; i++) {
                each[i] = n * (each[i] / n - 1.0 / n);
            }
        }
        return weights;
    }

    private static double[][] wild(int n, int number, double change, Noise noise) {
        double[][] weights = new double[number][n];
        for (double[] each : weights) {
            double sign = 1;
            for (int i = 0; i < n; i++) {
                sign *= noise.nextDouble() < change ? -1 : 1;
                each[i] = sign;
            }
        }
        return weights;
    }

    @Test
    void sameNoiseGivesTheSameResult() {
        double[] points = normal(60, new double[2], 1, Noise.seed(1));
        assertEquals(
                TEST.samples(points, standardScores(points), 2, Noise.seed(2)),
                TEST.samples(points, standardScores(points), 2, Noise.seed(2)));
    }

    @Test
    void testsRowsAgainstAKnownDensity() {
        Gaussian density = Gaussian.isotropic(new double[] {1, -2}, 0.5);
        Data own = density.sample(200, Noise.seed(1));
        Data other = Gaussian.isotropic(new double[] {1.4, -2}, 0.5).sample(200, Noise.seed(2));
        SteinTest test = SteinTest.kernel(Imq.medianHeuristic());
        assertTrue(test.samples(own, density, Noise.seed(3)).pValue() > 0.01);
        GoodnessOfFit found = test.samples(other, density, Noise.seed(3));
        assertTrue(found.rejectedAt(0.01));
        String text = found.toString();
        assertTrue(text.contains("on 200 rows, p = 0.000999"), text);
        assertTrue(text.contains("1000 multinomial bootstraps"), text);
    }

    @Test
    void rejectsIllegalSettingsAndRows() {
        assertThrows(SettingException.class, () -> TEST.bootstraps(0));
        for (double change : new double[] {0, -0.1, 0.51, Double.NaN}) {
            assertThrows(SettingException.class, () -> TEST.correlated(change));
        }
        assertThrows(DataException.class, () -> TEST.samples(new double[1], new double[1], 1, Noise.seed(1)));
    }
}
