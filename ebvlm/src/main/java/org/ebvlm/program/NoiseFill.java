package org.ebvlm.program;

import org.ebvlm.graph.Leaf;
import org.ebvlm.noise.Noise;

/**
 * Fills whole arrays from a {@link Noise}: by vector code if there is any, else by the source's own loops. The numbers
 * are the same to the bit.
 */
final class NoiseFill {
    private static final int HALF = Noise.BLOCK / 2;

    /** Below this many numbers the vector code's overhead is not worth while. */
    private static final int FEW = 16;

    private NoiseKernels kernels;

    // What does not fill whole vectors is made here and copied; the room beyond is for a last vector.
    private final float[] numbers = new float[Noise.BLOCK + Vectors.lanes()];
    private final float[] radii = new float[HALF + Vectors.lanes()];

    /** By vector code as soon as that is faster. */
    NoiseFill() {
        this(null);
    }

    /** By this vector code. */
    NoiseFill(NoiseKernels kernels) {
        this.kernels = kernels;
    }

    /** Fills the whole array. */
    void fill(Leaf.Source source, Noise noise, float[] out) {
        if (kernels == null) {
            kernels = WarmNoise.kernels(out.length);
        }
        switch (source) {
            case NORMAL -> normal(noise, out);
            case UNIFORM -> uniform(noise, out);
            case RADEMACHER -> rademacher(noise, out);
            case GIVEN -> throw new IllegalStateException("not a noise input");
        }
    }

    private boolean plain(float[] out) {
        return kernels == null || out.length < FEW;
    }

    private void uniform(Noise noise, float[] out) {
        if (plain(out)) {
            noise.uniform(out, 0, out.length);
            return;
        }
        int n = out.length;
        int whole = n - n % Vectors.lanes();
        long start = noise.take(n / 2 + n % 2);
        kernels.uniform(start, out, 0, whole);
        if (whole < n) {
            kernels.uniform(start + Noise.GAMMA * (whole / 2), numbers, 0, n - whole);
            System.arraycopy(numbers, 0, out, whole, n - whole);
        }
    }

    private void normal(Noise noise, float[] out) {
        if (plain(out)) {
            noise.normal(out, 0, out.length);
            return;
        }
        int n = out.length;
        int whole = n - n % Noise.BLOCK;
        long start = noise.take(n / 2 + n % 2);
        for (int at = 0; at < whole; at += Noise.BLOCK) {
            kernels.uniform(start + Noise.GAMMA * (at / 2), out, at, Noise.BLOCK);
            kernels.squaredRadius(out, at, out, at, HALF);
            kernels.turn(out, at, out, at + HALF, HALF);
        }
        if (whole < n) {
            lastNormal(start + Noise.GAMMA * (whole / 2), out, whole, n - whole);
        }
    }

    private void lastNormal(long start, float[] out, int at, int n) {
        int half = n / 2 + n % 2;
        kernels.uniform(start, numbers, 0, 2 * half);
        kernels.squaredRadius(numbers, 0, radii, 0, half);
        kernels.turn(radii, 0, numbers, half, half);
        System.arraycopy(radii, 0, out, at, half);
        System.arraycopy(numbers, half, out, at + half, n - half);
    }

    private void rademacher(Noise noise, float[] out) {
        if (plain(out)) {
            noise.rademacher(out, 0, out.length);
            return;
        }
        int n = out.length;
        int whole = n - n % 64;
        long start = noise.take(n / 64 + (n % 64 == 0 ? 0 : 1));
        kernels.rademacher(start, out, 0, whole);
        if (whole < n) {
            kernels.rademacher(start + Noise.GAMMA * (whole / 64), numbers, 0, 64);
            System.arraycopy(numbers, 0, out, whole, n - whole);
        }
    }
}
