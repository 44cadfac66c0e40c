package org.ebvlm.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void atAnEvenPaceTheRateIsThePace() {
        Pace pace = new Pace(40, 7);
        for (int k = 1; k < 100; k++) {
            assertEquals(30, pace.at(40 + 3 * k, 7 + 0.1 * k), 1e-6);
        }
    }

    @Test
    void aSlowStartIsForgotten() {
        Pace pace = new Pace(0, 0);
        double rate = pace.at(1, 1);
        assertEquals(1, rate);
        // One step in the first second, a hundred in each after it.
        for (int second = 2; second <= 8; second++) {
            rate = pace.at(1 + 100L * (second - 1), second);
        }
        assertEquals(100, rate, 1e-9);
        assertTrue(8 / 701.0 > 1 / rate, "unlike the mean over all time");
    }

    @Test
    void whatIsLateWeighsAtLeastHalfOfTheTime() {
        Pace pace = new Pace(0, 0);
        long step = 0;
        for (int second = 1; second <= 64; second++) {
            step += 10;
            pace.at(step, second);
        }
        // The rate falls to nothing; it takes no longer than has passed until that shows as half.
        double rate = 10;
        for (int second = 65; second <= 192; second++) {
            rate = pace.at(step, second);
        }
        assertTrue(rate < 5, "" + rate);
    }
}
