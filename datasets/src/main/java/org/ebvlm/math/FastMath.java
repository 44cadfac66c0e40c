package org.ebvlm.math;

/**
 * Single-precision elementary functions, a few nanoseconds each and the same to the last bit on every machine.
 *
 * <p>Range reduction and polynomials in the manner of Cephes (Moshier). Largest relative error, measured against {@link
 * StrictMath} in the tests: below 5e-7 ({@code log} near one: absolute; the trigonometric pair: absolute 1e-6, since
 * doubling an angle twice doubles rounding errors too). Infinities and NaN go through as in {@link Math}; results below the smallest normal number are
 * zero.
 */
public final class FastMath {
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float QUARTER_TURN = (float) (Math.PI / 2);

    private FastMath() {}

    /** exp(x): infinite above 88.72, zero below -87.33. */
    public static float exp(float x) {
        if (!(x < 88.722f)) {
            return Float.isNaN(x) ? x : Float.POSITIVE_INFINITY;
        }
        if (x < -87.336f) {
            return 0f;
        }
        // x = n log 2 + r, |r| <= log(2) / 2
        int n = (int) (x * LOG2_E + (x < 0 ? -0.5f : 0.5f));
        float r = x - n * LN2_HIGH - n * LN2_LOW;
        float p = 1 + r + r * r * expTail(r);
        // Two factors, so that n = 128 does not overflow the exponent field.
        int half = n >> 1;
        return p * power(half) * power(n - half);
    }

    /** exp(x) - 1, precise also near zero. */
    public static float expm1(float x) {
        return Math.abs(x) < 0.35f ? x + x * x * expTail(x) : exp(x) - 1;
    }

    /** (exp(r) - 1 - r) / r^2 for |r| <= 0.35. */
    private static float expTail(float r) {
        return ((((1.9875691500e-4f * r + 1.3981999507e-3f) * r + 8.3334519073e-3f) * r + 4.1665795894e-2f) * r
                                + 1.6666665459e-1f)
                        * r
                + 5.0000001201e-1f;
    }

    private static float power(int n) {
        return Float.intBitsToFloat((n + 127) << 23);
    }

    /** Natural logarithm; minus infinity at zero, NaN below. */
    public static float log(float x) {
        if (!(x >= Float.MIN_NORMAL && x < Float.POSITIVE_INFINITY)) {
            return (float) Math.log(x);
        }
        // x = 2^e (1 + f), 1 + f in [sqrt(1/2), sqrt(2))
        int bits = Float.floatToRawIntBits(x) - 0x3F3504F3;
        int e = bits >> 23;
        float f = Float.intBitsToFloat((bits & 0x007FFFFF) + 0x3F3504F3) - 1;
        return log(e, f);
    }

    /** log(2^e (1 + f)) for a whole number e and 1 + f from sqrt(1/2) to sqrt(2). */
    public static float log(float e, float f) {
        float z = f * f;
        float p = 7.0376836292e-2f;
        p = p * f - 1.1514610310e-1f;
        p = p * f + 1.1676998740e-1f;
        p = p * f - 1.2420140846e-1f;
        p = p * f + 1.4249322787e-1f;
        p = p * f - 1.6668057665e-1f;
        p = p * f + 2.0000714765e-1f;
        p = p * f - 2.4999993993e-1f;
        p = p * f + 3.3333331174e-1f;
        float tail = f * z * p + e * LN2_LOW - 0.5f * z;
        return f + tail + e * LN2_HIGH;
    }

    /** log(1 + x), precise also near zero (Kahan's correction of the rounding of 1 + x). */
    public static float log1p(float x) {
        float u = 1 + x;
        if (u == 1f || !(u < Float.POSITIVE_INFINITY)) {
            return x;
        }
        return u <= 0f ? (float) Math.log1p(x) : log(u) * (x / (u - 1));
    }

    /** 1 / (1 + exp(-x)). */
    public static float sigmoid(float x) {
        return 1 / (1 + exp(-x));
    }

    /** log(1 + exp(x)), without overflow. */
    public static float softplus(float x) {
        return Math.max(x, 0f) + log1p(exp(-Math.abs(x)));
    }

    /** Hyperbolic tangent. */
    public static float tanh(float x) {
        float z = Math.abs(x);
        if (z >= 0.625f) {
            return Math.copySign(1 - 2 / (exp(2 * z) + 1), x);
        }
        float s = x * x;
        float p = -5.70498872745e-3f;
        p = p * s + 2.06390887954e-2f;
        p = p * s - 5.37397155531e-2f;
        p = p * s + 1.33314422036e-1f;
        p = p * s - 3.33332819422e-1f;
        return p * s * x + x;
    }

    /** sin(2 pi t) for t from -1/2 to 1/2. */
    public static float sinTurn(float t) {
        float s = sinEighth(t * QUARTER_TURN);
        float c = cosEighth(t * QUARTER_TURN);
        return 4 * s * c * (1 - 2 * s * s);
    }

    /** cos(2 pi t) for t from -1/2 to 1/2. */
    public static float cosTurn(float t) {
        float s = sinEighth(t * QUARTER_TURN);
        float c = cosEighth(t * QUARTER_TURN);
        float twice = 2 * s * c;
        return 1 - 2 * twice * twice;
    }

    /** sin(a) for |a| <= pi/4. */
    private static float sinEighth(float a) {
        float z = a * a;
        return ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * a + a;
    }

    /** cos(a) for |a| <= pi/4. */
    private static float cosEighth(float a) {
        float z = a * a;
        return ((2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * z * z - 0.5f * z + 1;
    }
}
