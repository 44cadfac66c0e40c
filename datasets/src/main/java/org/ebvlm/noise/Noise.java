package org.ebvlm.noise;

import java.util.Objects;
import org.ebvlm.math.FastMath;

/**
 * An explicit source of random numbers, owned by the caller: the same seed gives the same numbers, to the last bit, on
 * every machine. Nothing in this toolkit draws from anywhere else.
 *
 * <p>Word {@code i} of a source is {@code mix(key + i * gamma)}, the mixer of SplitMix64 (Steele, Lea and Flood, 2014),
 * so the whole state is two numbers, {@linkplain #state() saved} and {@linkplain #restore(State) restored} exactly, and
 * a fill costs about a nanosecond a number. {@link #split(String)} gives an independent source that does not disturb
 * this one: name the purpose ("data order", "critic"), and adding one purpose never changes another's numbers.
 *
 * <p>Not for cryptography. A source is not thread-safe: split one for each thread.
 */
public final class Noise {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final float UNIT = 0x1p-24f;

    private final long key;
    private long position;

    private Noise(long key, long position) {
        this.key = key;
        this.position = position;
    }

    /** A source for the seed; any value is as good as any other. */
    public static Noise seed(long seed) {
        return new Noise(mix(seed + GAMMA), 0);
    }

    /** An independent source for a named purpose; this source stays as it is. The same name gives the same source. */
    public Noise split(String purpose) {
        long child = key;
        for (int i = 0; i < purpose.length(); i++) {
            child = mix(child ^ (purpose.charAt(i) + GAMMA * (i + 1)));
        }
        return new Noise(mix(child + GAMMA), 0);
    }

    /** An independent source for the i-th of several like purposes; this source stays as it is. */
    public Noise split(long index) {
        return new Noise(mix(mix(key ^ 0x6A09E667F3BCC909L) + GAMMA * (index + 1)), 0);
    }

    /** The next 64 random bits. */
    public long nextLong() {
        return mix(key + GAMMA * ++position);
    }

    /** The next number uniform on [0, 1), with 53 random bits. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /** The next number uniform on 0, 1, ..., bound - 1 (Lemire's multiply-shift; bias below 2^-32). */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be positive but was " + bound);
        }
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** The next standard normal number. */
    public double nextNormal() {
        double radius = Math.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * nextDouble());
    }

    /** Fills {@code length} places from {@code offset} with numbers uniform on the open interval (0, 1). */
    public void uniform(float[] out, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, out.length);
        long start = key + GAMMA * position;
        for (int i = 0; i < length; i++) {
            // 23 bits and a half step: never 0, never 1, so logarithms of u and of 1 - u are finite.
            out[offset + i] = ((int) (mix(start + GAMMA * (i + 1)) >>> 41) * 2 + 1) * UNIT;
        }
        position += length;
    }

    /** Fills {@code length} places from {@code offset} with standard normal numbers (Box and Muller, 1958). */
    public void normal(float[] out, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, out.length);
        long start = key + GAMMA * position;
        int pairs = (length + 1) / 2;
        for (int i = 0; i < pairs; i++) {
            long word = mix(start + GAMMA * (i + 1));
            float radius = (float) Math.sqrt(-2 * FastMath.log(((int) (word >>> 41) * 2 + 1) * UNIT));
            float turn = ((int) word >> 8) * UNIT; // a whole turn is -1/2 to 1/2
            int at = offset + 2 * i;
            out[at] = radius * FastMath.cosTurn(turn);
            if (at + 1 < offset + length) {
                out[at + 1] = radius * FastMath.sinTurn(turn);
            }
        }
        position += pairs;
    }

    /** Fills {@code length} places from {@code offset} with -1 or +1, each with probability one half. */
    public void rademacher(float[] out, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, out.length);
        for (int i = 0; i < length; i++) {
            out[offset + i] = nextLong() < 0 ? -1f : 1f;
        }
    }

    /** A random order of 0, 1, ..., n - 1. */
    public int[] permutation(int n) {
        int[] order = new int[n];
        permutation(order);
        return order;
    }

    /** Fills the array with a random order of 0, 1, ..., length - 1 (Fisher and Yates); its old content is of no account. */
    public void permutation(int[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = i;
        }
        for (int i = out.length - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int swap = out[i];
            out[i] = out[j];
            out[j] = swap;
        }
    }

    /** Where this source stands: all that is needed to go on from here, to the bit. */
    public State state() {
        return new State(key, position);
    }

    /** Goes back, or on, to a saved state of this source. */
    public static Noise restore(State state) {
        return new Noise(state.key(), state.position());
    }

    /**
     * A source's state.
     *
     * @param key which stream of numbers
     * @param position how many words of it were drawn
     */
    public record State(long key, long position) {}

    @Override
    public String toString() {
        return "Noise[stream " + Long.toHexString(key) + ", " + position + " words drawn]";
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
