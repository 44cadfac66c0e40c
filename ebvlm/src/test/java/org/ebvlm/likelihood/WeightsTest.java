package org.ebvlm.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class WeightsTest {
    private static double[] normals(int n, double std, Noise noise) {
        double[] out = new double[n];
        for (int i = 0; i < n; i++) {
            out[i] = std * noise.nextNormal();
        }
        return out;
    }

    @Test
    void equalWeightsHaveNoErrorAndCountInFull() {
        Weights weights = new Weights(new double[] {-1000, -1000, -1000});
        assertEquals(-1000, weights.logMean(), 1e-12);
        assertEquals(0, weights.standardError(), 1e-12);
        assertEquals(3, weights.effectiveSize(), 1e-12);
        assertEquals(-1000, weights.interval(Noise.seed(1))[0], 1e-12);
        assertEquals(-1000, weights.interval(Noise.seed(1))[1], 1e-12);
    }

    @Test
    void oneWeightAmongManyCountsAsOne() {
        double[] logs = new double[50];
        logs[7] = 800;
        Weights weights = new Weights(logs);
        assertEquals(800 - Math.log(50), weights.logMean(), 1e-12);
        assertEquals(1, weights.effectiveSize(), 1e-12);
        assertEquals(1, weights.standardError(), 1e-12, "root of (n - 1) / n n / (n - 1) n / n");
    }

    @Test
    void meanErrorAndSizeAreThoseOfTheFormulas() {
        Weights weights = new Weights(new double[] {Math.log(1), Math.log(2), Math.log(6)});
        assertEquals(Math.log(3), weights.logMean(), 1e-12);
        // variance (4 + 1 + 9) / 2 = 7
        assertEquals(Math.sqrt(7.0 / 3) / 3, weights.standardError(), 1e-12);
        assertEquals(81.0 / 41, weights.effectiveSize(), 1e-12);
    }

    @Test
    void theIntervalHoldsTheTruthAboutAsOftenAsItSays() {
        // Log-normal weights of log std 0.6 have the mean exp(0.18).
        int held = 0;
        int runs = 400;
        for (int i = 0; i < runs; i++) {
            Noise noise = Noise.seed(i);
            double[] ends = new Weights(normals(200, 0.6, noise)).interval(noise.split("bootstrap"));
            held += ends[0] < 0.18 && 0.18 < ends[1] ? 1 : 0;
        }
        // 95 % with a standard error of 1.1 % over the runs; of 200 skewed weights the bootstrap misses 1 or 2 % more.
        assertTrue(held > 0.89 * runs && held < 0.99 * runs, held + " of " + runs);
    }

    @Test
    void theIntervalOfManyWeightsIsTheNormalOne() {
        Weights weights = new Weights(normals(4000, 0.3, Noise.seed(1)));
        double[] ends = weights.interval(Noise.seed(2));
        // The ends of 1000 resamples are known to about 5 %.
        assertEquals(2 * 1.96 * weights.standardError(), ends[1] - ends[0], 0.4 * weights.standardError());
        assertEquals(weights.logMean(), 0.5 * (ends[0] + ends[1]), 0.3 * weights.standardError());
    }
}
