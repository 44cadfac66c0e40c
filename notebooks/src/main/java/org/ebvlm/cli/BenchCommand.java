package org.ebvlm.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.program.Cores;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times training steps, statistics, samplers and readers. */
@Command(
        name = "bench",
        description = {
            "Times training steps, statistics, samplers and readers: median and spread of a step, bytes allocated, and",
            "the process' peak memory. Each case runs in a Java process of its own, where variables that steer native",
            "libraries (OPENBLAS_CORETYPE, OMP_NUM_THREADS and the like) are cleared."
        },
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    /** Times in this process; for the processes that this command starts. */
    static final String HERE = "--here";

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "CASE", arity = "0..*", description = "Names of cases; see --list. Default: all.")
    List<String> cases = List.of();

    @Option(names = "--threads", paramLabel = "N", description = "Threads for large matrix products. Default: 1.")
    int threads = 1;

    @Option(names = "--json", description = "Print one JSON object a case and nothing else.")
    boolean json;

    @Option(names = "--list", description = "Say what the cases are and time nothing.")
    boolean list;

    @Option(names = HERE, hidden = true)
    boolean here;

    @Override
    public Integer call() {
        PrintWriter screen = spec.commandLine().getOut();
        List<String> wanted = cases.isEmpty() ? BenchCases.names() : cases;
        check(wanted);
        if (list) {
            wanted.forEach(name -> screen.println(String.format("%-16s %s", name, BenchCases.times(name))));
            screen.flush();
            return 0;
        }
        if (!json) {
            show(screen, header());
        }
        int failed = 0;
        for (String name : wanted) {
            JsonObject timed = here ? time(name) : BenchProcess.run(name, threads);
            failed += timed == null ? 1 : 0;
            show(screen, timed == null ? failure(name) : json ? timed.toString() : line(timed));
        }
        return failed == 0 ? 0 : 1;
    }

    private void check(List<String> wanted) {
        for (String name : wanted) {
            if (!BenchCases.names().contains(name)) {
                throw new SettingException(Facts.that("bench: there is no case " + name)
                        .expected(String.join(", ", BenchCases.names()))
                        .butWas(name));
            }
        }
        if (threads < 1) {
            throw new SettingException(
                    Facts.that("bench --threads: too few").expected("1 or more").butWas(threads));
        }
    }

    private JsonObject time(String name) {
        Cores.use(threads);
        try (BenchCase each = BenchCases.open(name)) {
            Timing timing = Timing.of(each);
            JsonObject json = new JsonObject();
            json.addProperty("case", name);
            json.addProperty("msPerStep", timing.median());
            json.addProperty("threads", threads);
            json.addProperty("peakMb", Memory.peakMegabytes());
            json.addProperty("msPerStepP10", timing.p10());
            json.addProperty("msPerStepP90", timing.p90());
            json.addProperty("bytesPerStep", Math.round(timing.bytesPerStep()));
            json.addProperty("steps", timing.steps());
            return json;
        }
    }

    private String header() {
        var cleared = BenchProcess.cleared();
        return String.format(
                "# Java %s, %s %s, %d cores; %s for large products; environment: %s%n%-16s %12s %12s %12s %12s %8s",
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                threads == 1 ? "1 thread" : threads + " threads",
                here ? "as it is" : cleared.isEmpty() ? "nothing to clear" : "cleared " + cleared,
                "case",
                "ms a step",
                "p10",
                "p90",
                "bytes a step",
                "peak MB");
    }

    private static String line(JsonObject timed) {
        return String.format(
                Locale.ROOT,
                "%-16s %12s %12s %12s %12d %8d",
                timed.get("case").getAsString(),
                digits(timed.get("msPerStep").getAsDouble()),
                digits(timed.get("msPerStepP10").getAsDouble()),
                digits(timed.get("msPerStepP90").getAsDouble()),
                timed.get("bytesPerStep").getAsLong(),
                timed.get("peakMb").getAsLong());
    }

    /** Four digits that count. */
    private static String digits(double ms) {
        int whole = ms < 1 ? 0 : (int) Math.log10(ms) + 1;
        return String.format(Locale.ROOT, "%." + Math.max(0, 4 - whole) + "f", ms);
    }

    private String failure(String name) {
        JsonObject json = new JsonObject();
        json.addProperty("case", name);
        json.addProperty("failed", true);
        return this.json ? json.toString() : String.format("%-16s failed", name);
    }

    private static void show(PrintWriter screen, String line) {
        screen.println(line);
        screen.flush();
    }
}
