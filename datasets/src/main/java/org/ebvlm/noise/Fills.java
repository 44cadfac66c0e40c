package org.ebvlm.noise;

import org.ebvlm.math.FastMath;

/**
 * Makes many numbers from the words of a {@link Noise}. Every loop is short and runs over whole arrays from their
 * beginning, because only such loops become vector instructions; what cannot (moving bits between words, integers and
 * floats) has loops of its own.
 */
final class Fills {
    private static final int HALF = Noise.BLOCK / 2;
    private static final float UNIT = 0x1p-24f;
    private static final long[] STEPS = steps();

    private final long[] words = new long[HALF];
    private final float[] uniforms = new float[Noise.BLOCK];
    private final float[] exponents = new float[HALF];
    private final float[] fractions = new float[HALF];
    private final float[] radii = new float[HALF];
    private final float[] angles = new float[HALF];

    private static long[] steps() {
        long[] steps = new long[HALF];
        for (int i = 0; i < HALF; i++) {
            steps[i] = Noise.GAMMA * (i + 1);
        }
        return steps;
    }

    void uniform(long start, float[] out, int offset, int length) {
        for (int at = 0; at < length; at += Noise.BLOCK) {
            int n = Math.min(Noise.BLOCK, length - at);
            mix(start + Noise.GAMMA * (at / 2), words, n / 2 + n % 2);
            spread(out, offset + at, n);
        }
    }

    private static void mix(long start, long[] words, int n) {
        for (int i = 0; i < n; i++) {
            words[i] = Noise.mix(start + STEPS[i]);
        }
    }

    private void spread(float[] out, int offset, int n) {
        for (int i = 0; i < n / 2; i++) {
            out[offset + 2 * i] = unit((int) words[i]);
            out[offset + 2 * i + 1] = unit((int) (words[i] >>> 32));
        }
        if (n % 2 == 1) {
            out[offset + n - 1] = unit((int) words[n / 2]);
        }
    }

    /** (k + 1/2) / 2^23, where k are the upper 23 of 32 bits; exact. */
    private static float unit(int bits) {
        return ((bits >>> 8) | 1) * UNIT;
    }

    void normal(long start, float[] out, int offset, int length) {
        for (int at = 0; at < length; at += Noise.BLOCK) {
            int n = Math.min(Noise.BLOCK, length - at);
            int half = n / 2 + n % 2;
            uniform(start + Noise.GAMMA * (at / 2), uniforms, 0, 2 * half);
            System.arraycopy(uniforms, half, angles, 0, half);
            split(uniforms, exponents, fractions, half);
            radius(exponents, fractions, radii, half);
            turn(radii, angles, half);
            System.arraycopy(radii, 0, out, offset + at, half);
            System.arraycopy(angles, 0, out, offset + at + half, n - half);
        }
    }

    /** u = 2^e (1 + f), 1 + f in [sqrt(1/2), sqrt(2)). */
    private static void split(float[] u, float[] e, float[] f, int n) {
        for (int i = 0; i < n; i++) {
            int bits = Float.floatToRawIntBits(u[i]) - 0x3F3504F3;
            e[i] = bits >> 23;
            f[i] = Float.intBitsToFloat((bits & 0x007FFFFF) + 0x3F3504F3) - 1;
        }
    }

    private static void radius(float[] e, float[] f, float[] r, int n) {
        for (int i = 0; i < n; i++) {
            // r = sqrt(-2 log u)
            r[i] = (float) Math.sqrt(-2 * FastMath.log(e[i], f[i]));
        }
    }

    /** (r, u) becomes (r cos a, r sin a), a = 2 pi (u - 1/2). */
    private static void turn(float[] r, float[] u, int n) {
        for (int i = 0; i < n; i++) {
            float t = u[i] - 0.5f;
            float radius = r[i];
            r[i] = radius * FastMath.cosTurn(t);
            u[i] = radius * FastMath.sinTurn(t);
        }
    }

    static void rademacher(long start, float[] out, int offset, int length) {
        for (int at = 0; at < length; at += 64) {
            long word = Noise.mix(start + Noise.GAMMA * (at / 64 + 1));
            int n = Math.min(64, length - at);
            for (int j = 0; j < n; j++) {
                out[offset + at + j] = Float.intBitsToFloat(((int) (word >>> j) << 31) | 0x3F800000);
            }
        }
    }
}
