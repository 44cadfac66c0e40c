package org.ebvlm.cli;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What steps cost once they run at full speed.
 *
 * <p>Steps are timed in blocks of about a tenth of a second, or of one call where that takes longer. Blocks are warm-up
 * until for a while the fastest of them has not become faster and the just-in-time compiler has finished nothing, which
 * on a busy machine may be late. Of calls that take long some twenty seconds' worth come first: the compiler turns to a loop
 * when it has run some thousand times. The blocks that follow are measured.
 *
 * @param median milliseconds of a step
 * @param p10 tenth percentile of the blocks
 * @param p90 ninetieth percentile of the blocks
 * @param bytesPerStep allocated on the Java heap, by all threads that are alive at the end
 * @param steps that were measured
 */
record Timing(double median, double p10, double p90, double bytesPerStep, long steps) {
    private static final double BLOCK = 0.1;
    private static final int SETTLED = 8;
    private static final double FASTER = 0.97;
    private static final double WARM_AT_LEAST = 1;
    private static final double WARM_AT_MOST = 40;
    private static final int CALLS_AT_LEAST = 40;
    private static final double SECONDS_FOR_CALLS = 20;
    private static final int BLOCKS = 21;
    private static final int FEWEST_BLOCKS = 3;
    private static final double MEASURE_AT_MOST = 3;
    private static final double FEWEST_AT_MOST = 8;

    static Timing of(BenchCase each) {
        int calls = warm(each);
        double[] ms = new double[BLOCKS];
        long steps = 0;
        int blocks = 0;
        Map<Long, Long> before = allocated();
        Clock whole = new Clock();
        while (blocks < BLOCKS && whole.seconds() < (blocks < FEWEST_BLOCKS ? FEWEST_AT_MOST : MEASURE_AT_MOST)) {
            Clock clock = new Clock();
            long done = block(each, calls);
            ms[blocks++] = clock.seconds() * 1e3 / done;
            steps += done;
        }
        double bytes = growth(before, allocated()) / (double) steps;
        double[] sorted = Arrays.copyOf(ms, blocks);
        Arrays.sort(sorted);
        return new Timing(quantile(sorted, 0.5), quantile(sorted, 0.1), quantile(sorted, 0.9), bytes, steps);
    }

    /** Runs blocks until they become no faster; returns the number of calls in a block. */
    private static int warm(BenchCase each) {
        Clock whole = new Clock();
        double best = Double.POSITIVE_INFINITY;
        int calls = 1;
        int since = 0;
        long made = 0;
        long compiled = compiling();
        while (whole.seconds() < WARM_AT_MOST
                && (since < SETTLED
                        || whole.seconds() < WARM_AT_LEAST
                        || (made < CALLS_AT_LEAST && whole.seconds() < SECONDS_FOR_CALLS))) {
            Clock clock = new Clock();
            block(each, calls);
            made += calls;
            double call = clock.seconds() / calls;
            since = call < FASTER * best || compiling() > compiled ? 0 : since + 1;
            compiled = compiling();
            best = Math.min(best, call);
            calls = (int) Math.max(1, Math.min(10.0 * calls, BLOCK / call));
        }
        return calls;
    }

    private static long block(BenchCase each, int calls) {
        long steps = 0;
        for (int i = 0; i < calls; i++) {
            steps += each.run();
        }
        return steps;
    }

    private static double quantile(double[] sorted, double p) {
        return sorted[(int) Math.round(p * (sorted.length - 1))];
    }

    /** Milliseconds that the just-in-time compiler has worked so far; zero if it does not tell. */
    private static long compiling() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? compiler.getTotalCompilationTime()
                : 0;
    }

    /** Bytes that each thread has allocated so far. A sum over all would shrink when a thread ends. */
    private static Map<Long, Long> allocated() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        Map<Long, Long> allocated = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            allocated.put(ids[i], Math.max(0, bytes[i]));
        }
        return allocated;
    }

    private static long growth(Map<Long, Long> before, Map<Long, Long> after) {
        return after.entrySet().stream()
                .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
                .sum();
    }

    private static final class Clock {
        private final long began = System.nanoTime();

        double seconds() {
            return (System.nanoTime() - began) * 1e-9;
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.5g ms (%.5g to %.5g), %.0f bytes a step", median, p10, p90, bytesPerStep);
    }
}
