package org.ebvlm.math;

/**
 * Logarithms of the standard normal density and of its masses, precise however far out in a tail they lie.
 *
 * <p>All values are in nats. NaN goes through.
 */
public final class StandardNormal {
    private static final double HALF_LOG_TWO_PI = 0.91893853320467274178;
    private static final double SQRT_HALF = Math.sqrt(0.5);

    private StandardNormal() {}

    /** log of the density at x: -x^2/2 - log(2 pi)/2. */
    public static double logDensity(double x) {
        return -0.5 * x * x - HALF_LOG_TWO_PI;
    }

    /** log Phi(x), the mass below x. */
    public static double logMassBelow(double x) {
        if (x < -1) {
            // Phi(x) = exp(-x^2/2) erfcx(-x / sqrt 2) / 2
            return -0.5 * x * x + StrictMath.log(0.5 * Erf.erfcx(-x * SQRT_HALF));
        }
        return StrictMath.log1p(-0.5 * Erf.erfc(x * SQRT_HALF));
    }

    /** log(Phi(high) - Phi(low)), the mass between two points; minus infinity unless low is below high. */
    public static double logMassBetween(double low, double high) {
        if (low >= high) {
            return Double.NEGATIVE_INFINITY;
        }
        if (low > 0) {
            return logMassBetween(-high, -low);
        }
        if (high > 0) {
            // Two positive terms: nothing cancels.
            return StrictMath.log(0.5 * (Erf.erf(high * SQRT_HALF) + Erf.erf(-low * SQRT_HALF)));
        }
        double logHigh = logMassBelow(high);
        return logHigh + StrictMath.log(-StrictMath.expm1(logMassBelow(low) - logHigh));
    }
}
