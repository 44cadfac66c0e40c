package org.ebvlm.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FastMathTest {
    private interface FloatFunction {
        float at(float x);
    }

    /** Every function against StrictMath over its range, a million points, error relative to max(|value|, floor). */
    @TestFactory
    java.util.List<DynamicTest> agreesWithStrictMath() {
        return java.util.List.of(
                row("exp", FastMath::exp, StrictMath::exp, -87, 88, 0),
                row("expm1", FastMath::expm1, StrictMath::expm1, -20, 20, 0),
                row("expm1 near zero", FastMath::expm1, StrictMath::expm1, -1e-3, 1e-3, 0),
                row("log", FastMath::log, StrictMath::log, 1e-6, 1e6, 1),
                row("log near one", FastMath::log, StrictMath::log, 0.5, 2, 1),
                row("log1p", FastMath::log1p, StrictMath::log1p, -0.9, 50, 1),
                row("log1p near zero", FastMath::log1p, StrictMath::log1p, -1e-3, 1e-3, 0),
                row("sigmoid", FastMath::sigmoid, x -> 1 / (1 + StrictMath.exp(-x)), -80, 80, 0),
                row("softplus", FastMath::softplus, x -> x > 30 ? x : StrictMath.log1p(StrictMath.exp(x)), -80, 80, 0),
                row("tanh", FastMath::tanh, StrictMath::tanh, -12, 12, 0),
                row("sinTurn", FastMath::sinTurn, t -> StrictMath.sin(2 * Math.PI * t), -0.5, 0.5, 2),
                row("cosTurn", FastMath::cosTurn, t -> StrictMath.cos(2 * Math.PI * t), -0.5, 0.5, 2));
    }

    private static DynamicTest row(
            String name, FloatFunction fast, DoubleUnaryOperator exact, double low, double high, double floor) {
        return DynamicTest.dynamicTest(name, () -> {
            double worst = 0;
            int n = 1_000_000;
            for (int i = 0; i <= n; i++) {
                float x = (float) (low + (high - low) * i / n);
                double truth = exact.applyAsDouble(x);
                double scale = Math.max(Math.abs(truth), floor);
                if (scale > 0) {
                    worst = Math.max(worst, Math.abs(fast.at(x) - truth) / scale);
                }
            }
            assertTrue(worst < 5e-7, name + ": largest error " + worst);
        });
    }

    @Test
    void goesThroughInfinitiesAndNaN() {
        assertEquals(Float.POSITIVE_INFINITY, FastMath.exp(89));
        assertEquals(0f, FastMath.exp(-1e9f));
        assertTrue(Float.isNaN(FastMath.exp(Float.NaN)));
        assertEquals(Float.NEGATIVE_INFINITY, FastMath.log(0));
        assertTrue(Float.isNaN(FastMath.log(-1)));
        assertEquals(Float.POSITIVE_INFINITY, FastMath.log(Float.POSITIVE_INFINITY));
        assertEquals(1f, FastMath.tanh(100));
        assertEquals(0f, FastMath.sigmoid(-200));
        assertEquals(200f, FastMath.softplus(200));
        assertEquals(Float.NEGATIVE_INFINITY, FastMath.log1p(-1));
        assertTrue(Float.isNaN(FastMath.tanh(Float.NaN)));
    }
}
