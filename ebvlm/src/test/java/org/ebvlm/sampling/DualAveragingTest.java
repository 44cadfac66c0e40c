package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class DualAveragingTest {

    @Test
    void settlesWhereTheAcceptanceIsTheWantedOne() {
        // An acceptance that falls with the step size as exp(-s / 3), seen with noise: 0.8 is at s = -3 log 0.8.
        Noise noise = Noise.seed(1);
        for (double wanted : new double[] {0.574, 0.8}) {
            for (double first : new double[] {0.01, 1, 50}) {
                DualAveraging averaging = new DualAveraging(first, wanted);
                for (int t = 0; t < 2000; t++) {
                    double acceptance = Math.exp(-averaging.next() / 3) + 0.05 * noise.nextNormal();
                    averaging.update(Math.max(0, Math.min(1, acceptance)));
                }
                assertEquals(wanted, Math.exp(-averaging.settled() / 3), 0.01, "from " + first);
            }
        }
    }

    @Test
    void firstStepsAreThoseOfTheFormula() {
        // t = 1: H = (0.8 - 0.5) / 11, log s = log 10 - sqrt(1) / 0.05 H, log S = log s as t^-kappa = 1
        DualAveraging averaging = new DualAveraging(1, 0.8);
        averaging.update(0.5);
        double log = Math.log(10) - 20 * 0.3 / 11;
        assertEquals(log, Math.log(averaging.next()), 1e-12);
        assertEquals(log, Math.log(averaging.settled()), 1e-12);
        // t = 2: H = 11/12 H + (0.8 - 1) / 12
        averaging.update(1);
        double second = Math.log(10) - Math.sqrt(2) * 20 * (11.0 / 12 * 0.3 / 11 - 0.2 / 12);
        assertEquals(second, Math.log(averaging.next()), 1e-12);
        double weight = Math.pow(2, -0.75);
        assertEquals(weight * second + (1 - weight) * log, Math.log(averaging.settled()), 1e-12);
    }
}
