package org.ebvlm.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class DensityTest {
    @Test
    void fullGaussianAgreesWithTheInverseOfItsMatrix() {
        // S = [[2, 0.5], [0.5, 1]], det S = 1.75, S^-1 = [[1, -0.5], [-0.5, 2]] / 1.75
        Gaussian gaussian = Gaussian.full(new double[] {1, 2}, new double[][] {{2, 0.5}, {0.5, 1}});
        double[] score = new double[2];
        gaussian.score(new double[] {2, 4}, score);
        assertEquals(-(1 * 1 - 0.5 * 2) / 1.75, score[0], 1e-14);
        assertEquals(-(-0.5 * 1 + 2 * 2) / 1.75, score[1], 1e-14);
        double square = (1 * 1 - 2 * 0.5 * 1 * 2 + 2 * 4) / 1.75;
        double exact = -0.5 * square - 0.5 * Math.log(1.75) - Math.log(2 * Math.PI);
        assertEquals(exact, gaussian.logDensity(new double[] {2, 4}), 1e-14);
    }

    @Test
    void diagonalAndFullGaussianOfTheSameCovarianceAgree() {
        double[] mean = {1, -1, 0.5};
        Gaussian diagonal = Gaussian.diagonal(mean, new double[] {0.5, 1, 2});
        Gaussian full = Gaussian.full(mean, new double[][] {{0.25, 0, 0}, {0, 1, 0}, {0, 0, 4}});
        double[] point = {0.2, 0.3, -0.4};
        assertEquals(diagonal.logDensity(point), full.logDensity(point), 1e-14);
    }

    @Test
    void mixtureScoreStaysPreciseWhereEveryComponentUnderflows() {
        GaussianMixture mixture = GaussianMixture.isotropic(new double[][] {{-1, 0}, {1, 0}}, 0.1);
        double[] score = new double[2];
        mixture.score(new double[] {50, 0}, score);
        assertEquals(-49 / 0.01, score[0], 1e-9);
        assertEquals(
                -0.5 * 490 * 490 - Math.log(2 * Math.PI * 0.01) - Math.log(2),
                mixture.logDensity(new double[] {50, 0}),
                1e-9);
    }

    @Test
    void checkerboardHasDensityTwoOnTwoQuarters() {
        Checkerboard board = new Checkerboard(2);
        assertEquals(Math.log(2), board.logDensity(new double[] {0.25, 0.25}));
        assertEquals(Math.log(2), board.logDensity(new double[] {0.75, 0.75}));
        assertEquals(Double.NEGATIVE_INFINITY, board.logDensity(new double[] {0.25, 0.75}));
        assertEquals(Double.NEGATIVE_INFINITY, board.logDensity(new double[] {-0.1, -0.1}));
        assertEquals(Double.NEGATIVE_INFINITY, board.logDensity(new double[] {1.1, 1.1}));
        double[] score = new double[2];
        board.score(new double[] {0.25, 0.75}, score);
        assertTrue(Double.isNaN(score[0]));
    }

    @Test
    void noisedCheckerboardPointsHomeFromAnyDistance() {
        // Far to the right of (1, y), the mass that counts is at the right edge: the score is that of a tail from
        // there.
        double std = 0.3;
        NoisedCheckerboard board = new NoisedCheckerboard(new Checkerboard(2), std);
        double[] score = new double[2];
        for (double distance : new double[] {10, 1e2, 1e4}) {
            double[] point = {1 + distance, 0.75};
            board.score(point, score);
            double tail = distance / (std * std);
            assertTrue(Double.isFinite(board.logDensity(point)));
            // Mills: the slope of log Phi(-d) is -(d + 1/d + ...)
            assertEquals(-(tail + 1 / distance), score[0], 1e-4 * tail);
            assertEquals(0, score[1], 1e-6);
        }
    }

    @Test
    void littleNoiseLeavesTheMiddleOfACellAsItIs() {
        NoisedCheckerboard board = new NoisedCheckerboard(new Checkerboard(2), 1e-3);
        assertEquals(Math.log(2), board.logDensity(new double[] {0.25, 0.25}), 1e-12);
        // On an edge half the noise's mass is inside.
        assertEquals(0, board.logDensity(new double[] {0, 0.25}), 1e-12);
    }

    @Test
    void convolvingTwiceAddsVariances() {
        double[] point = {0.4, 0.9};
        for (Density density : List.of(new Checkerboard(2), Gaussian.isotropic(new double[2], 0.5))) {
            Density twice =
                    density.convolved(0.3).flatMap(d -> d.convolved(0.4)).orElseThrow();
            Density once = density.convolved(0.5).orElseThrow();
            assertEquals(once.logDensity(point), twice.logDensity(point), 1e-12);
        }
    }

    @Test
    void wrongSettingsAreRefusedWithTheirValue() {
        assertSays("-1.0", () -> Gaussian.isotropic(new double[2], -1));
        assertSays("not positive definite", () -> Gaussian.full(new double[2], new double[][] {{1, 2}, {2, 1}}));
        assertSays("not symmetric", () -> Gaussian.full(new double[2], new double[][] {{1, 0.5}, {0.1, 1}}));
        assertSays("number of components", () -> GaussianMixture.isotropic(new double[0][], 1));
        assertSays("0", () -> new Checkerboard(0));
        assertSays("NaN", () -> new Checkerboard(2).convolved(Double.NaN));
        assertSays("number of draws", () -> new Checkerboard(2).sample(0, Noise.seed(1)));
        assertThrows(ShapeException.class, () -> Gaussian.diagonal(new double[2], new double[3]));
        assertThrows(
                ShapeException.class,
                () -> GaussianMixture.of(
                        new double[] {1},
                        List.of(Gaussian.isotropic(new double[2], 1), Gaussian.isotropic(new double[2], 1))));
    }

    private static void assertSays(String part, org.junit.jupiter.api.function.Executable action) {
        String message = assertThrows(SettingException.class, action).getMessage();
        assertTrue(message.contains(part) && message.contains("expected") && message.contains("but was"), message);
    }
}
