package org.ebvlm.math;

/**
 * Logarithms of the standard normal density and of its masses, precise however far out in a tail they lie, and quantiles.
 *
 * <p>All logarithms are in nats. NaN goes through.
 */
public final class StandardNormal {
    private static final double HALF_LOG_TWO_PI = 0.91893853320467274178;
    private static final double SQRT_HALF = Math.sqrt(0.5);

    /** Steps from which on a quantile does not change any more. */
    private static final int NEWTON = 8;

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

    /**
     * Phi^-1(p), the point below which lies a mass of p; infinite for 0 and 1, not a number outside of them. Precise to the last
     * digits for p below one half, above as far as p itself tells.
     */
    public static double quantile(double p) {
        if (p > 0.5) {
            return -quantile(1 - p);
        }
        if (!(p > 0)) {
            return p == 0 ? Double.NEGATIVE_INFINITY : Double.NaN;
        }
        double log = StrictMath.log(p);
        // x ~ -sqrt(-2 log p - log(2 pi) - log(that)) far out, 0 at one half; log Phi is concave, so Newton's steps end
        // rightly.
        double x = p < 0.1 ? -StrictMath.sqrt(-2 * log - StrictMath.log(-2 * log)) : 0;
        for (int i = 0; i < NEWTON; i++) {
            double off = logMassBelow(x) - log;
            // d/dx log Phi(x) = phi(x) / Phi(x)
            x -= off * StrictMath.exp(logMassBelow(x) - logDensity(x));
        }
        return x;
    }
}
