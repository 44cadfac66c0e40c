package org.ebvlm.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

/** What {@link DensityContractTest} does not ask of a banana. */
class BananaTest {

    @Test
    void drawsOfThePublishedShapeHaveItsMoments() {
        int n = 100_000;
        Data draws = Datasets.banana(n, Noise.seed(1));
        double[] sums = new double[5];
        for (int i = 0; i < n; i++) {
            double x = draws.at(i, 0);
            double y = draws.at(i, 1);
            sums[0] += x / n;
            sums[1] += y / n;
            sums[2] += x * x / n;
            sums[3] += y * y / n;
            sums[4] += x * y / n;
        }
        // Var x2 = 1 + 2 b^2 v^2 = 19. Standard errors: 10, sqrt(19), v sqrt 2 over the root of n; x2^2 has heavy
        // tails, with a
        // standard deviation of 68 (E x2^4 = 3 + 6 * 18 + 60 * 81), x1 x2 one of 96 (E x1^2 x2^2 = v + 10 b^2 v^3).
        double root = Math.sqrt(n);
        assertEquals(0, sums[0], 4 * 10 / root);
        assertEquals(0, sums[1], 4 * Math.sqrt(19) / root);
        assertEquals(100, sums[2], 4 * 100 * Math.sqrt(2) / root);
        assertEquals(19, sums[3], 4 * 68 / root);
        assertEquals(0, sums[4], 4 * 96 / root);
    }

    @Test
    void withoutABendItIsAGaussian() {
        Gaussian gaussian = Gaussian.diagonal(new double[2], new double[] {3, 1});
        double[] point = {2.3, -0.7};
        assertEquals(gaussian.logDensity(point), Banana.of(0, 9).logDensity(point), 1e-13);
    }

    @Test
    void shapesThatAreNoneAreRefused() {
        assertThrows(SettingException.class, () -> Banana.of(0.1, 0));
        assertThrows(SettingException.class, () -> Banana.of(Double.NaN, 1));
    }
}
