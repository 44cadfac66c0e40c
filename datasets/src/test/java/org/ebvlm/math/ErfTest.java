package org.ebvlm.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class ErfTest {
    private static final double[] POINTS = {
        1e-9, 0.01, 0.2, 0.4687, 0.46875, 0.4688, 0.7, 1, 1.5, 2, 2.7, 3.3, 3.999, 4, 4.001, 5, 6.6, 9, 12.3, 17, 20
    };

    @Test
    void erfAgreesWithItsSeriesToFifteenDigits() {
        for (double x : POINTS) {
            assertClose(HighPrecision.erf(x), Erf.erf(x), x);
            assertEquals(-Erf.erf(x), Erf.erf(-x));
        }
    }

    @Test
    void erfcAgreesWithItsSeriesToFifteenDigitsHoweverSmallItIs() {
        for (double x : POINTS) {
            assertClose(HighPrecision.erfc(x), Erf.erfc(x), x);
            assertClose(HighPrecision.erfc(-x), Erf.erfc(-x), -x);
        }
    }

    @Test
    void erfcxAgreesWithItsSeriesToFifteenDigits() {
        for (double x : POINTS) {
            assertClose(HighPrecision.erfcx(x), Erf.erfcx(x), x);
        }
        assertClose(HighPrecision.erfcx(-5), Erf.erfcx(-5), -5);
    }

    @Test
    void valuesAtTheEndsAreTheLimits() {
        assertEquals(0, Erf.erf(0));
        assertEquals(1, Erf.erf(Double.POSITIVE_INFINITY));
        assertEquals(0, Erf.erfc(Double.POSITIVE_INFINITY));
        assertEquals(2, Erf.erfc(Double.NEGATIVE_INFINITY));
        assertEquals(0, Erf.erfcx(Double.POSITIVE_INFINITY));
        assertEquals(Double.POSITIVE_INFINITY, Erf.erfcx(-40));
        assertEquals(1 / (1e8 * Math.sqrt(Math.PI)), Erf.erfcx(1e8), 1e-23);
        assertTrue(Double.isNaN(Erf.erf(Double.NaN)));
        assertTrue(Double.isNaN(Erf.erfc(Double.NaN)));
        assertTrue(Double.isNaN(Erf.erfcx(Double.NaN)));
    }

    private static void assertClose(BigDecimal exact, double fast, double x) {
        double error = new BigDecimal(fast)
                .subtract(exact)
                .divide(exact, MathContext.DECIMAL64)
                .doubleValue();
        assertTrue(Math.abs(error) < 1e-15, "relative error " + error + " at " + x);
    }
}
