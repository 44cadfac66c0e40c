package org.ebvlm.scoring;

/**
 * The exponential function of many numbers that are not positive, in loops without branches, which the virtual machine runs
 * several numbers at a time: exp(x) = exp(x / 1024)^1024, by Taylor's polynomial of degree 16 and ten squares. Relative error
 * below 3e-13; what is below exp(-700) is exp(-700).
 */
final class Decay {
    private static final double LEAST = -700;
    private static final int SQUARES = 1024;

    private Decay() {}

    /** exp(rate x), rate negative, x not; may be in place. */
    static void of(double rate, double[] x, int size, double[] out) {
        double scaled = rate / SQUARES;
        for (int i = 0; i < size; i++) {
            out[i] = Math.max(scaled * x[i], LEAST / SQUARES);
        }
        polynomial(size, out);
        squares(size, out);
    }

    /** sum over k of y^k / k!. */
    private static void polynomial(int size, double[] values) {
        for (int i = 0; i < size; i++) {
            double y = values[i];
            double p = 4.7794773323873853e-14;
            p = p * y + 7.6471637318198165e-13;
            p = p * y + 1.1470745597729725e-11;
            p = p * y + 1.6059043836821613e-10;
            p = p * y + 2.08767569878681e-9;
            p = p * y + 2.505210838544172e-8;
            p = p * y + 2.755731922398589e-7;
            p = p * y + 2.7557319223985893e-6;
            p = p * y + 2.48015873015873e-5;
            p = p * y + 1.984126984126984e-4;
            p = p * y + 1.388888888888889e-3;
            p = p * y + 8.333333333333333e-3;
            p = p * y + 4.1666666666666664e-2;
            p = p * y + 0.16666666666666666;
            p = p * y + 0.5;
            p = p * y + 1;
            values[i] = p * y + 1;
        }
    }

    /** Each to the power of 1024. */
    private static void squares(int size, double[] values) {
        for (int i = 0; i < size; i++) {
            double p = values[i];
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            p *= p;
            values[i] = p * p;
        }
    }
}
