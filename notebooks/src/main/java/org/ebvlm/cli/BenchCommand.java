package org.ebvlm.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
            "Times training steps, statistics, samplers and readers.",
            "Of each: median and spread of a step, bytes allocated, the process' peak memory. Each runs in a Java process of its "
                    + "own, where variables that steer native libraries (OPENBLAS_CORETYPE, OMP_NUM_THREADS and the like) are "
                    + "cleared."
        },
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    /** Times in this process; for the processes that this command starts. */
    static final String HERE = "--here";

    private static final String SCALING = "--scaling";

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

    @Option(
            names = SCALING,
            description = "Time how a VaGES-DSM training step grows with batch, particles, width and rows, one by one.")
    boolean scaling;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "With --scaling: also write the table and a picture of it, scaling.md and scaling.png.")
    Path out;

    @Option(names = HERE, hidden = true)
    boolean here;

    @Override
    public Integer call() {
        PrintWriter screen = spec.commandLine().getOut();
        List<String> wanted = cases.isEmpty() ? known() : cases;
        check(wanted);
        if (list) {
            wanted.forEach(name -> screen.println(String.format("%-16s %s", name, times(name))));
            screen.flush();
            return 0;
        }
        return scaling && !here ? scale(wanted, screen) : timeEach(wanted, screen);
    }

    private int timeEach(List<String> wanted, PrintWriter screen) {
        if (!json) {
            show(screen, header());
        }
        int failed = 0;
        for (String name : wanted) {
            JsonObject timed =
                    here ? time(name) : BenchProcess.run(spec.commandLine().getErr(), threads, name);
            failed += timed == null ? 1 : 0;
            show(screen, timed == null ? failure(name) : json ? timed.toString() : line(timed));
        }
        return failed == 0 ? 0 : 1;
    }

    /** Times the points, each size once however many of them it belongs to; the folder is filled if all went well. */
    private int scale(List<String> wanted, PrintWriter screen) {
        Path folder = out == null ? null : ScalingTable.folder(out);
        ScalingTable table = new ScalingTable();
        if (!json) {
            show(screen, environment() + System.lineSeparator());
            show(screen, ScalingTable.HEAD);
        }
        Map<ScalingPoint.Size, JsonObject> timed = new HashMap<>();
        int failed = 0;
        for (String name : wanted) {
            ScalingPoint point = ScalingPoint.named(name);
            JsonObject size = timed.computeIfAbsent(
                    point.size(), s -> BenchProcess.run(spec.commandLine().getErr(), threads, SCALING, name));
            if (size == null) {
                failed++;
                show(screen, json ? failure(name) : ScalingTable.failure(point));
            } else {
                ScalingTable.Row row = table.add(point, size);
                show(screen, json ? row.json().toString() : row.line());
            }
        }
        if (folder != null && failed == 0) {
            table.save(folder, environment());
        }
        return failed == 0 ? 0 : 1;
    }

    private List<String> known() {
        return scaling ? ScalingPoint.names() : BenchCases.names();
    }

    private String times(String name) {
        return scaling ? ScalingPoint.named(name).times() : BenchCases.times(name);
    }

    private void check(List<String> wanted) {
        for (String name : wanted) {
            if (!known().contains(name)) {
                throw new SettingException(Facts.that("bench: there is no case " + name)
                        .expected(String.join(", ", known()))
                        .butWas(name));
            }
        }
        if (out != null && !(scaling && cases.isEmpty())) {
            throw new SettingException(Facts.that("bench --out: a picture is drawn of the whole of --scaling only")
                    .expected("--scaling and no names of cases")
                    .butWas((scaling ? "--scaling " : "") + String.join(" ", cases)));
        }
        if (threads < 1) {
            throw new SettingException(
                    Facts.that("bench --threads: too few").expected("1 or more").butWas(threads));
        }
    }

    private JsonObject time(String name) {
        Cores.use(threads);
        if (!scaling) {
            try (BenchCase each = BenchCases.open(name)) {
                return time(name, each);
            }
        }
        try (TrainingSteps each = ScalingPoint.named(name).size().open()) {
            JsonObject json = time(name, each);
            json.addProperty("programBytes", each.programBytes());
            return json;
        }
    }

    private JsonObject time(String name, BenchCase each) {
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

    private String header() {
        return String.format(
                "# %s%n%-16s %12s %12s %12s %12s %8s",
                environment(), "case", "ms a step", "p10", "p90", "bytes a step", "peak MB");
    }

    private String environment() {
        var cleared = BenchProcess.cleared();
        return String.format(
                "Java %s, %s %s, %d cores; %s for large products; environment: %s",
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                threads == 1 ? "1 thread" : threads + " threads",
                here ? "as it is" : cleared.isEmpty() ? "nothing to clear" : "cleared " + cleared);
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
    static String digits(double ms) {
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
