package org.ebvlm.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.program.Cores;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times training steps. */
@Command(
        name = "bench",
        description =
                "Times full training steps: median and spread, allocation, memory. One JSON line a case with --json.",
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    private static final int BLOCKS = 30;
    private static final double BLOCK_SECONDS = 0.1;
    private static final double WARM_SECONDS = 4;

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "CASE", arity = "0..*", description = "grbm-toy, grbm-frey, dsm-toy. Default: all.")
    List<String> cases = List.of();

    @Option(names = "--threads", paramLabel = "N", description = "Threads for large matrix products. Default: 1.")
    int threads = 1;

    @Option(names = "--json", description = "Print one JSON object a line.")
    boolean json;

    @Override
    public Integer call() {
        Cores.use(threads);
        PrintWriter screen = spec.commandLine().getOut();
        for (String name : cases.isEmpty() ? BenchCase.names() : cases) {
            if (!BenchCase.names().contains(name)) {
                throw new SettingException(Facts.that("bench: there is no case " + name)
                        .expected(String.join(", ", BenchCase.names()))
                        .butWas(name));
            }
            try (BenchCase each = BenchCase.of(name)) {
                report(screen, name, each);
            }
        }
        return 0;
    }

    private void report(PrintWriter screen, String name, BenchCase each) {
        long stop = System.nanoTime() + (long) (WARM_SECONDS * 1e9);
        long warm = 0;
        while (System.nanoTime() < stop) {
            each.step();
            warm++;
        }
        int steps = (int) Math.max(1, warm / WARM_SECONDS * BLOCK_SECONDS);
        long before = heapInUse();
        long allocated = allocated();
        double[] ms = new double[BLOCKS];
        for (int b = 0; b < BLOCKS; b++) {
            long began = System.nanoTime();
            for (int i = 0; i < steps; i++) {
                each.step();
            }
            ms[b] = (System.nanoTime() - began) * 1e-6 / steps;
        }
        double bytes = (allocated() - allocated) / ((double) BLOCKS * steps);
        long after = heapInUse();
        Arrays.sort(ms);
        JsonObject line = new JsonObject();
        line.addProperty("case", name);
        line.addProperty("msPerStep", ms[BLOCKS / 2]);
        line.addProperty("msPerStepP10", ms[BLOCKS / 10]);
        line.addProperty("msPerStepP90", ms[BLOCKS - 1 - BLOCKS / 10]);
        line.addProperty("threads", threads);
        line.addProperty("bytesPerStep", bytes);
        line.addProperty("heapGrowthKb", (after - before) / 1024);
        line.addProperty("peakMb", peakMegabytes());
        screen.println(
                json
                        ? line.toString()
                        : String.format(
                                "%-10s %.4f ms a step (p10 %.4f, p90 %.4f), %d threads, %.0f bytes a step",
                                name, ms[BLOCKS / 2], ms[BLOCKS / 10], ms[BLOCKS - 1 - BLOCKS / 10], threads, bytes));
        screen.flush();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Heap and other pools at their highest, together; native libraries are not in it. */
    private static long peakMegabytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                >> 20;
    }
}
