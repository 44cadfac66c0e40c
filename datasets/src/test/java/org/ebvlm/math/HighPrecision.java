package org.ebvlm.math;

import java.math.BigDecimal;
import java.math.MathContext;

/** Slow series in 600 decimal digits, to hold the fast functions against. */
final class HighPrecision {
    private static final MathContext DIGITS = new MathContext(600);
    private static final BigDecimal TINY = new BigDecimal("1e-560");
    private static final BigDecimal PI = pi();

    private HighPrecision() {}

    /** exp(x) = sum x^n / n!, for x >= 0. */
    static BigDecimal exp(BigDecimal x) {
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = term;
        for (int n = 1; term.compareTo(TINY) > 0; n++) {
            term = term.multiply(x, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        return sum;
    }

    /** erf(x) = 2/sqrt(pi) sum (-1)^n x^(2n+1) / (n! (2n+1)). */
    static BigDecimal erf(double x) {
        BigDecimal square = new BigDecimal(x).pow(2);
        BigDecimal power = new BigDecimal(x);
        BigDecimal sum = BigDecimal.ZERO;
        for (int n = 0; power.abs().compareTo(TINY) > 0; n++) {
            sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), DIGITS), DIGITS);
            power = power.multiply(square, DIGITS).negate().divide(BigDecimal.valueOf(n + 1L), DIGITS);
        }
        return sum.multiply(BigDecimal.valueOf(2)).divide(PI.sqrt(DIGITS), DIGITS);
    }

    static BigDecimal erfc(double x) {
        return BigDecimal.ONE.subtract(erf(x), DIGITS);
    }

    static BigDecimal erfcx(double x) {
        return exp(new BigDecimal(x).pow(2)).multiply(erfc(x), DIGITS);
    }

    /** Machin: pi = 16 atan(1/5) - 4 atan(1/239). */
    private static BigDecimal pi() {
        return arcTangentOfInverse(5)
                .multiply(BigDecimal.valueOf(16))
                .subtract(arcTangentOfInverse(239).multiply(BigDecimal.valueOf(4)), DIGITS);
    }

    private static BigDecimal arcTangentOfInverse(long k) {
        BigDecimal power = BigDecimal.ONE.divide(BigDecimal.valueOf(k), DIGITS);
        BigDecimal sum = BigDecimal.ZERO;
        for (int n = 0; power.abs().compareTo(TINY) > 0; n++) {
            sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), DIGITS), DIGITS);
            power = power.divide(BigDecimal.valueOf(-k * k), DIGITS);
        }
        return sum;
    }
}
