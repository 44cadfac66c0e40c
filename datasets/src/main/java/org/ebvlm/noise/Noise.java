package org.ebvlm.noise;

import java.util.Objects;

/**
 * An explicit source of random numbers, owned by the caller: the same seed gives the same numbers, to the last bit, on
 * every machine. Nothing in this toolkit draws from anywhere else.
 *
 * <p>Word {@code i} of a source is {@code mix(key + i * gamma)}, the mixer of SplitMix64 (Steele, Lea and Flood, 2014),
 * so the whole state is two numbers, {@linkplain #state() saved} and {@linkplain #restore(State) restored} exactly, and
 * a fill costs about a nanosecond a number, less where
 * compiled programs make it. {@link #split(String)} gives an independent source that does not disturb
 * this one: name the purpose ("data order", "critic"), and adding one purpose never changes another's numbers.
 *
 * <p>Not for cryptography. A source is not thread-safe: split one for each thread.
 */
public final class Noise {
    /** Between the counters of two successive words: 2^64 over the golden ratio. */
    public static final long GAMMA = 0x9E3779B97F4A7C15L;

    /** How many normal numbers are made together. */
    public static final int BLOCK = 1024;

    private final long key;
    private long position;
    private Fills fills;

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

    /**
     * Fills {@code length} places from {@code offset} with numbers uniform on the open interval (0, 1).
     *
     * <p>Word i gives numbers 2i and 2i + 1, from its low and its high half: 23 bits and a half step, so that neither 0
     * nor 1 comes up and logarithms of u and of 1 - u are finite. Takes half as many words as numbers, rounded up.
     */
    public void uniform(float[] out, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, out.length);
        fills().uniform(take(length / 2 + length % 2), out, offset, length);
    }

    /**
     * Fills {@code length} places from {@code offset} with standard normal numbers (Box and Muller, 1958).
     *
     * <p>The numbers come in blocks of {@value #BLOCK}, the last one shorter: a block of n is made of 2h uniform
     * numbers, h being half of n rounded up. Numbers p and h + p are the cosine and the sine of the angle
     * {@code 2 pi (u[h + p] - 1/2)} times the radius {@code sqrt(-2 log u[p])}; if n is odd, the last sine is left out.
     * Takes as many words as {@link #uniform}. The largest possible magnitude is 5.8.
     */
    public void normal(float[] out, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, out.length);
        fills().normal(take(length / 2 + length % 2), out, offset, length);
    }

    /**
     * Fills {@code length} places from {@code offset} with -1 or +1, each with probability one half.
     *
     * <p>Bit j of word i, from the lowest, is the sign of number 64 i + j: minus if it is set.
     */
    public void rademacher(float[] out, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, out.length);
        Fills.rademacher(take(length / 64 + (length % 64 == 0 ? 0 : 1)), out, offset, length);
    }

    /**
     * Passes over the next words, and says how to make them: where {@code start} is what is returned, they are {@code
     * mix(start + GAMMA)}, {@code mix(start + 2 * GAMMA)}, and so on. For code that makes the same numbers faster.
     *
     * @param words how many words to pass over
     */
    public long take(int words) {
        long start = key + GAMMA * position;
        position += words;
        return start;
    }

    private Fills fills() {
        if (fills == null) {
            fills = new Fills();
        }
        return fills;
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

    /** The mixer: from a word's counter to the word. */
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
