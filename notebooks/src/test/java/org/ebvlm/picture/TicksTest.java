package org.ebvlm.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TicksTest {
    @Test
    void ticksAreRoundNumbersInsideTheRange() {
        assertArrayEquals(new double[] {-2, 0, 2}, Ticks.over(new Range(-3, 3), 4));
        assertArrayEquals(new double[] {0, 0.5, 1}, Ticks.over(new Range(0, 1), 2), 1e-12);
        assertArrayEquals(new double[] {100, 150, 200}, Ticks.over(new Range(99, 201), 3), 1e-9);
    }

    @Test
    void numbersReadAsPeopleWriteThem() {
        assertEquals("0", Text.number(-0.0));
        assertEquals("0.3", Text.number(3 * 0.1));
        assertEquals("\u22121200", Text.number(-1200));
        assertEquals("1.5e6", Text.number(1_500_000));
        assertEquals("2e\u22125", Text.number(2e-5));
    }
}
