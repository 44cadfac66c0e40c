package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class DeviationsTest {
    private static final int REPEATS = 100;
    private static final int TRIALS = 400;

    /** Estimates of (3, 4) that are off by (b, 0), with noise of two standard deviations. */
    private static Quality trial(double b, Noise noise) {
        Deviations deviations = new Deviations(2, REPEATS);
        for (int r = 0; r < REPEATS; r++) {
            float x = (float) (3 + b + 0.5 * noise.nextNormal());
            float y = (float) (4 + 2 * noise.nextNormal());
            deviations.add(new float[] {x, y}, new float[] {3, 4});
        }
        return deviations.accuracy(1, 1.5);
    }

    @Test
    void theSquaredBiasIsUnbiasedAndItsStandardErrorIsItsSpread() {
        for (double b : new double[] {0, 1}) {
            Noise noise = Noise.seed(3);
            double mean = 0;
            double squares = 0;
            double claimed = 0;
            double variance = 0;
            for (int t = 0; t < TRIALS; t++) {
                Quality each = trial(b, noise);
                mean += each.biasSquared() / TRIALS;
                squares += each.biasSquared() * each.biasSquared() / TRIALS;
                claimed += each.biasSquaredError() * each.biasSquaredError() / TRIALS;
                variance += each.std() * each.std() / TRIALS;
                assertEquals(5, each.signal(), 1e-6);
            }
            double spread = Math.sqrt(squares - mean * mean);
            // The square of one mean of 100 would be too large by 4.25 / 100, which is more than 5 standard errors.
            assertEquals(b * b, mean, 4 * spread / Math.sqrt(TRIALS), "bias " + b);
            assertTrue(spread / Math.sqrt(TRIALS) < 4.25 / REPEATS / 5, "spread " + spread);
            double ratio = Math.sqrt(claimed) / spread;
            assertTrue(b == 0 ? ratio > 0.9 && ratio < 1.8 : Math.abs(ratio - 1) < 0.2, b + ": " + ratio);
            // 4.25 = 0.25 + 4; the variance of a mean of 400 variances of 100 is 2 (0.25^2 + 4^2) / 100 / 400.
            assertEquals(4.25, variance, 4 * Math.sqrt(2 * 16.0625 / 99 / TRIALS));
        }
    }

    @Test
    void perRowNumbersAreRootMeanSquares() {
        Deviations deviations = new Deviations(4, 40);
        for (int r = 0; r < 40; r++) {
            float s = r % 2 == 0 ? 1 : -1;
            deviations.add(new float[] {4 + s, 4, 0, 1}, new float[] {3, 4, 0, 0});
        }
        Quality found = deviations.accuracy(2, 0.25);
        // d = (1, 0, 0, 1): squares sum to 2, in two rows; the noise of variance 40 / 39 is in one element of them.
        assertEquals(1, found.biasSquared(), 1e-12);
        assertEquals(0, found.biasSquaredError(), 1e-12);
        assertEquals(Math.sqrt(40 / 39.0 / 2), found.std(), 1e-12);
        assertEquals(Math.sqrt(25 / 2.0), found.signal(), 1e-12);
        assertEquals(found.signal() / found.std(), found.signalToNoise());
        assertEquals(Math.sqrt(1 + 40 / 39.0 / 2), found.error(), 1e-12);
        assertEquals(0.25, found.millis());
    }

    @Test
    void lengthsComeFromSquaresThatMayBeNegative() {
        Quality nothing = new Quality(-0.01, 0.04, 0, 1, 1);
        assertEquals(0, nothing.bias());
        assertEquals(Math.sqrt(0.03) / 2, nothing.biasError(), 1e-12);
        assertEquals(Double.POSITIVE_INFINITY, nothing.signalToNoise());
        Quality large = new Quality(1, 0.02, 1, 1, 1);
        assertEquals(1, large.bias());
        assertEquals(0.01, large.biasError(), 1e-5);
    }
}
