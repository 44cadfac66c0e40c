package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.ebvlm.errors.SettingException;
import org.junit.jupiter.api.Test;

class TemperaturesTest {

    @Test
    void publishedScheduleHasItsValuesAtTheCorners() {
        Temperatures published = Temperatures.published();
        assertEquals(2700, published.steps());
        assertEquals(100, published.at(0));
        assertEquals(100, published.at(499));
        assertEquals(100, published.at(500));
        assertEquals(10, published.at(1500), 1e-12);
        assertEquals(1, published.at(2500));
        assertEquals(0.5, published.at(2600), 1e-15);
        assertEquals(1 / 200.0, published.at(2699), 1e-15);
        assertEquals(0, published.at(2700));
        assertEquals(0, published.at(1_000_000));
    }

    @Test
    void geometricStepsHaveOneFactorAndLinearStepsOneDifference() {
        Temperatures down = Temperatures.from(8).geometric(1, 3).linear(4, 6);
        double[] expected = {8, 4, 2, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4};
        for (int t = 0; t < expected.length; t++) {
            assertEquals(expected[t], down.at(t), 1e-12, "step " + t);
        }
    }

    @Test
    void phasesNeedNotBeWhole() {
        Temperatures falling = Temperatures.falling(1.5);
        assertEquals(2, falling.steps());
        assertEquals(100, falling.at(0), 1e-12);
        assertEquals(Math.pow(100, 1 / 3.0), falling.at(1), 1e-12);
        assertEquals(1, falling.at(2));
    }

    @Test
    void plainIsOneAndAlterationsLeaveTheOriginal() {
        Temperatures plain = Temperatures.plain();
        plain.hold(3).linear(0, 2);
        assertEquals(0, plain.steps());
        assertEquals(1, plain.at(0));
        assertEquals(1, plain.at(77));
    }

    @Test
    void temperaturesThatCannotBeAreRefused() {
        assertThrows(SettingException.class, () -> Temperatures.from(-1));
        assertThrows(SettingException.class, () -> Temperatures.from(Double.NaN));
        assertThrows(SettingException.class, () -> Temperatures.from(0).geometric(1, 10));
        assertThrows(SettingException.class, () -> Temperatures.from(1).geometric(0, 10));
        assertThrows(SettingException.class, () -> Temperatures.from(1).linear(-0.1, 10));
        assertThrows(SettingException.class, () -> Temperatures.from(1).hold(0));
    }

    @Test
    void aScheduleReadsAsASentence() {
        assertEquals(
                "temperature 100.0 for 500 steps, then 100.0 geometrically to 1.0 over 2000 steps, then 1.0 to 0.0 over 200"
                        + " steps",
                Temperatures.published().toString());
    }
}
