package org.ebvlm.program;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
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

    /**
     * Does several things at the same time, each with one core for native operations; one after the other where only one
     * core may be used, or inside of {@link #onOne}. Returns when all are done; if one fails, or this thread is interrupted,
     * the others are told to stop and have stopped before the error leaves, so that no thread stays behind.
     *
     * @param number of things
     * @param work given which one, from 0; asks {@link Interruption#check} now and then
     * @param what they are, for {@link Interruption}
     * @return what each gave, in order
     */
    public static <T> List<T> sideBySide(int number, IntFunction<T> work, String what) {
        if (number == 1 || used() == 1 || ALONE.get()) {
            return IntStream.range(0, number).mapToObj(work).toList();
        }
        ExecutorService threads = Executors.newFixedThreadPool(number, Cores::worker);
        try {
            List<Future<T>> all = IntStream.range(0, number)
                    .mapToObj(k -> threads.submit(() -> onOne(() -> work.apply(k))))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> each : all) {
                results.add(each.get());
            }
            return results;
        } catch (InterruptedException e) {
            throw Interruption.of(what);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            stop(threads);
        }
    }

    private static Thread worker(Runnable work) {
        Thread thread = new Thread(work, "ebvlm worker");
        thread.setDaemon(true);
        return thread;
    }

    /** Tells threads to stop and waits until they have; an interrupt while waiting is kept for later. */
    private static void stop(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                threads.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Cores for an operation with this many multiplications, called by this thread. */
    static int forWork(long work) {
        return work < SHARED_WORK || ALONE.get() ? 1 : used();
    }
}
