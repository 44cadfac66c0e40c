package org.ebvlm.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class ClassifierFrechetTest {
    private static final double[][] SKEWED = {{2, 0.7}, {0.7, 0.5}};
    private static final double[][] OTHER = {{0.4, -0.3}, {-0.3, 1.9}};

    private static double[][] diagonal(double... stds) {
        double[][] out = new double[stds.length][stds.length];
        for (int i = 0; i < stds.length; i++) {
            out[i][i] = stds[i] * stds[i];
        }
        return out;
    }

    private static Data gaussian(int n, double[] mean, double[][] root, long seed) {
        float[] e = new float[2 * n];
        Noise.seed(seed).normal(e, 0, e.length);
        float[] x = new float[2 * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < 2; j++) {
                x[2 * i + j] = (float) (mean[j] + root[j][0] * e[2 * i] + root[j][1] * e[2 * i + 1]);
            }
        }
        return Data.of("draws", x, 2);
    }

    /** For two by two matrices the trace of the root of M is sqrt(tr M + 2 sqrt(det M)). */
    private static double twoByTwo(double[] m1, double[][] s1, double[] m2, double[][] s2) {
        double trace = 0;
        double distance = 0;
        for (int i = 0; i < 2; i++) {
            distance += (m1[i] - m2[i]) * (m1[i] - m2[i]) + s1[i][i] + s2[i][i];
            for (int j = 0; j < 2; j++) {
                trace += s1[i][j] * s2[j][i];
            }
        }
        double det = (s1[0][0] * s1[1][1] - s1[0][1] * s1[1][0]) * (s2[0][0] * s2[1][1] - s2[0][1] * s2[1][0]);
        return distance - 2 * Math.sqrt(trace + 2 * Math.sqrt(det));
    }

    // ---------------------------------------------------------------- given moments

    @Test
    void ofIndependentCoordinatesItIsTheDistanceOfMeansAndStandardDeviations() {
        Moments a = new Moments(new double[] {1, -2, 0.5}, diagonal(0.3, 2, 1));
        Moments b = new Moments(new double[] {0, 1, 0.5}, diagonal(0.8, 0.5, 1));
        double expected = 1 + 9 + 0.5 * 0.5 + 1.5 * 1.5;
        assertEquals(expected, a.frechet(b), 1e-12);
        assertEquals(expected, b.frechet(a), 1e-12);
    }

    @Test
    void ofCovariancesThatDoNotCommuteItIsTheClosedFormForTwoCoordinates() {
        double[] m1 = {0.2, -1};
        double[] m2 = {1.1, 0.4};
        double expected = twoByTwo(m1, SKEWED, m2, OTHER);
        assertEquals(expected, new Moments(m1, SKEWED).frechet(new Moments(m2, OTHER)), 1e-12);
        assertEquals(expected, new Moments(m2, OTHER).frechet(new Moments(m1, SKEWED)), 1e-12);
    }

    @Test
    void isZeroToItselfAndTheTraceToAPoint() {
        Moments a = new Moments(new double[] {0.2, -1}, SKEWED);
        assertEquals(0, a.frechet(a), 1e-12);
        Moments point = new Moments(new double[] {0.2, 1}, new double[2][2]);
        assertEquals(4 + 2.5, a.frechet(point), 1e-12);
        Moments thin = new Moments(new double[] {0.2, -1}, new double[][] {{1, 1}, {1, 1}});
        assertEquals(twoByTwo(a.mean(), SKEWED, thin.mean(), thin.covariance()), a.frechet(thin), 1e-7);
    }

    // ---------------------------------------------------------------- rows

    @Test
    void momentsAreTheMeanAndTheUnbiasedCovariance() {
        Moments m = Moments.of(Data.of(new float[][] {{1, 2}, {3, -2}, {5, 3}}));
        assertArrayEquals(new double[] {3, 1}, m.mean(), 1e-15);
        // Gaps (-2, 1), (0, -3), (2, 2).
        assertArrayEquals(new double[] {4, 1}, m.covariance()[0], 1e-15);
        assertArrayEquals(new double[] {1, 7}, m.covariance()[1], 1e-15);
    }

    @Test
    void betweenDrawsItIsThatOfTheGaussiansAndALittleMore() {
        double[][] a = {{1, 0}, {0.5, 0.4}};
        double[][] b = {{0.6, -0.3}, {0, 1.2}};
        double[] m1 = {0, 0};
        double[] m2 = {0.7, -0.2};
        double exact = twoByTwo(m1, covariance(a), m2, covariance(b));
        int sets = 30;
        int n = 2000;
        double sum = 0;
        double squares = 0;
        for (int k = 0; k < sets; k++) {
            double each = ClassifierFrechet.between(gaussian(n, m1, a, 2L * k), gaussian(n, m2, b, 2L * k + 1));
            sum += each;
            squares += each * each;
        }
        double mean = sum / sets;
        double error = Math.sqrt((squares / sets - mean * mean) / (sets - 1)); // about 0.01
        // Means alone add (tr S1 + tr S2) / n = 0.0017 on the average; covariances a like amount.
        assertEquals(exact, mean, 4 * error + 0.005, "standard error " + error);
        assertTrue(error < 0.02, "" + error);
    }

    private static double[][] covariance(double[][] root) {
        double[][] out = new double[2][2];
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                out[i][j] = root[i][0] * root[j][0] + root[i][1] * root[j][1];
            }
        }
        return out;
    }

    @Test
    void halvesOfTheSameDrawsAreApartAndLessSoWhenThereAreMore() {
        double[][] unit = {{1, 0}, {0, 1}};
        double[] zero = {0, 0};
        double few = 0;
        double many = 0;
        for (int k = 0; k < 20; k++) {
            few += ClassifierFrechet.between(gaussian(50, zero, unit, 2L * k), gaussian(50, zero, unit, 2L * k + 1));
            many += ClassifierFrechet.between(gaussian(800, zero, unit, 2L * k), gaussian(800, zero, unit, 2L * k + 1));
        }
        assertTrue(many > 0);
        // In inverse proportion to the number of rows: sixteen times, here with a relative error of a quarter or so.
        assertEquals(16, few / many, 12);
        assertTrue(few > 4 * many, few + " and " + many);
    }

    @Test
    void rejectsRowsThatDoNotFit() {
        Data two = Data.of(new float[][] {{1, 2}, {3, 4}});
        assertThrows(ShapeException.class, () -> ClassifierFrechet.between(two, Data.of(new float[][] {{1}, {2}})));
        assertThrows(ShapeException.class, () -> ClassifierFrechet.between(two, Data.of(new float[][] {{1, 2}})));
    }
}
