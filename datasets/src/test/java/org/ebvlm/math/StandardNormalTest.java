package org.ebvlm.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StandardNormalTest {
    @Test
    void massBelowAgreesWithTheErrorFunctionInHighPrecision() {
        for (double x : new double[] {-25, -12, -6, -3, -1.001, -1, -0.999, -0.3, 0, 0.5, 2, 5}) {
            // Phi(x) = erfc(-x / sqrt 2) / 2; the rounding of the argument alone moves its logarithm by x^2 2^-53.
            double root = -x / Math.sqrt(2);
            double exact = logOf(HighPrecision.erfc(root)) - Math.log(2);
            assertEquals(exact, StandardNormal.logMassBelow(x), 1e-14 * Math.max(1, x * x), "at " + x);
        }
    }

    @Test
    void massBelowGoesOnFarBeyondTheSmallestDouble() {
        // Mills: Phi(-x) = phi(x) / x (1 - 1/x^2 + 3/x^4 - ...)
        double x = 1e4;
        double exact = StandardNormal.logDensity(x) - Math.log(x) + Math.log1p(-1 / (x * x));
        assertEquals(exact, StandardNormal.logMassBelow(-x), 1e-15 * x * x);
    }

    @Test
    void massBetweenAgreesWithNumericalIntegrationOfTheDensity() {
        double[][] intervals = {
            {-1, 1},
            {-0.1, 3},
            {0, 0.5},
            {0.2, 0.2001},
            {2, 3},
            {-9, -8.5},
            {8, 20},
            {30, 31},
            {-200, -199.99},
            {-40, 50}
        };
        for (double[] interval : intervals) {
            double low = interval[0];
            double high = interval[1];
            assertEquals(
                    logIntegral(low, high),
                    StandardNormal.logMassBetween(low, high),
                    1e-10,
                    "between " + low + " and " + high);
        }
    }

    @Test
    void massOfAnEmptyIntervalIsZero() {
        assertEquals(Double.NEGATIVE_INFINITY, StandardNormal.logMassBetween(1, 1));
        assertEquals(Double.NEGATIVE_INFINITY, StandardNormal.logMassBetween(2, 1));
        assertEquals(0, StandardNormal.logMassBetween(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY), 1e-15);
        assertTrue(Double.isNaN(StandardNormal.logMassBetween(Double.NaN, 1)));
    }

    @Test
    void sumsOfExponentialsNeitherOverflowNorVanish() {
        assertEquals(1000 + Math.log(3), LogSumExp.of(new double[] {1000, 1000, 1000}), 1e-12);
        assertEquals(-1000 + Math.log1p(Math.exp(-1)), LogSumExp.of(new double[] {-1000, -1001}), 1e-12);
        assertEquals(Double.NEGATIVE_INFINITY, LogSumExp.of(new double[] {Double.NEGATIVE_INFINITY}));
        assertEquals(Double.NEGATIVE_INFINITY, LogSumExp.of(new double[0]));
    }

    /** Simpson's rule for exp(log density - its largest value) on the part of the interval that matters. */
    private static double logIntegral(double low, double high) {
        double nearest = low > 0 ? low : high < 0 ? high : 0;
        double peak = StandardNormal.logDensity(nearest);
        double reach = Math.abs(nearest) > 1 ? 45 / Math.abs(nearest) : 12;
        double from = Math.max(low, nearest - reach);
        double to = Math.min(high, nearest + reach);
        int n = 20_000;
        double sum = 0;
        for (int i = 0; i <= n; i++) {
            double weight = i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.exp(StandardNormal.logDensity(from + (to - from) * i / n) - peak);
        }
        return peak + Math.log(sum * (to - from) / (3 * n));
    }

    private static double logOf(java.math.BigDecimal value) {
        int exponent = value.precision() - value.scale();
        return Math.log(value.movePointLeft(exponent).doubleValue()) + exponent * Math.log(10);
    }

    @Test
    void quantilesHaveTheirMassBelowThem() {
        for (double p : new double[] {1e-300, 1e-12, 0.001, 0.0999, 0.1, 0.3, 0.4999, 0.5}) {
            double x = StandardNormal.quantile(p);
            assertEquals(Math.log(p), StandardNormal.logMassBelow(x), 1e-14 * Math.max(1, x * x), "at " + p);
            assertEquals(-x, StandardNormal.quantile(1 - p), p < 1e-3 ? Double.POSITIVE_INFINITY : 1e-12);
        }
        // As tables have it.
        assertEquals(1.959963984540054, StandardNormal.quantile(0.975), 1e-13);
    }

    @Test
    void quantilesOfNoMassAreInfiniteAndOfNoShareNotNumbers() {
        assertEquals(Double.NEGATIVE_INFINITY, StandardNormal.quantile(0));
        assertEquals(Double.POSITIVE_INFINITY, StandardNormal.quantile(1));
        assertTrue(Double.isNaN(StandardNormal.quantile(-0.1)) && Double.isNaN(StandardNormal.quantile(1.1)));
        assertTrue(Double.isNaN(StandardNormal.quantile(Double.NaN)));
    }
}
