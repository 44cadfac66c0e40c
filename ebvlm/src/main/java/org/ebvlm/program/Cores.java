package org.ebvlm.program;

import java.util.function.Supplier;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/**
 * How many cores native operations (large matrix products, convolutions) may use.
 *
 * <p>Native threads wait for each other by spinning, which makes operations that are not large slower, and much slower on
 * a busy machine; so smaller ones always run on one core. How long they spin is decided by the environment when native
 * code is loaded: {@code GOMP_SPINCOUNT=10000}, which {@code bin/ebvlm} sets, keeps two busy cores from stopping each other
 * for milliseconds. Set it where you start Java yourself.
 */
public final class Cores {
    /** Multiplications from which on more cores are worth their coordination. */
    private static final long SHARED_WORK = 8_000_000;

    private static int cores = Runtime.getRuntime().availableProcessors();

    private static final ThreadLocal<Boolean> ALONE = ThreadLocal.withInitial(() -> false);

    private Cores() {}

    /** Cores for operations that are worth it; all of them unless said otherwise. */
    public static synchronized void use(int number) {
        if (number < 1) {
            throw new SettingException(
                    Facts.that("Cores.use: too few").expected("1 or more").butWas(number));
        }
        cores = number;
    }

    /** Cores for operations that are worth it. */
    public static synchronized int used() {
        return cores;
    }

    /** Does something with one core for native operations, because other threads do the like on the others. */
    public static <T> T onOne(Supplier<T> work) {
        boolean before = ALONE.get();
        ALONE.set(true);
        try {
            return work.get();
        } finally {
            ALONE.set(before);
        }
    }

    /** Cores for an operation with this many multiplications, called by this thread. */
    static int forWork(long work) {
        return work < SHARED_WORK || ALONE.get() ? 1 : used();
    }
}
