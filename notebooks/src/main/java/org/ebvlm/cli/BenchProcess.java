package org.ebvlm.cli;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonSyntaxException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A virtual machine of its own for one case, with the flags of this one: so no case inherits the memory, the compiled
 * code or the type profiles of another. Environment variables that steer native libraries are cleared, since what counts
 * is what a user gets who sets none.
 */
final class BenchProcess {
    private static final List<String> STEERING = List.of(
            "OPENBLAS_CORETYPE",
            "OPENBLAS_L2_SIZE",
            "OPENBLAS_NUM_THREADS",
            "OMP_NUM_THREADS",
            "OMP_WAIT_POLICY",
            "MKL_NUM_THREADS",
            "DNNL_MAX_CPU_ISA",
            "ONEDNN_MAX_CPU_ISA");
    private static final String ANNOUNCEMENT = "WARNING: Using incubator modules";

    private BenchProcess() {}

    /** The variables that are set here and cleared there. */
    static Map<String, String> cleared() {
        Map<String, String> cleared = new TreeMap<>(System.getenv());
        cleared.keySet().retainAll(STEERING);
        return cleared;
    }

    /**
     * Times a case; null if its process failed, after its own words.
     *
     * @param screen for what the process says on standard error
     * @param chosen the case, with what else the command needs to know of it
     */
    static JsonObject run(PrintWriter screen, int threads, String... chosen) {
        ProcessBuilder builder = new ProcessBuilder(command(threads, chosen));
        STEERING.forEach(builder.environment()::remove);
        try {
            Process process = builder.start();
            Thread ender = new Thread(process::destroy);
            Runtime.getRuntime().addShutdownHook(ender);
            Thread errors = new Thread(() -> forward(process, screen));
            errors.start();
            String last = "";
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    last = line;
                }
            }
            errors.join();
            int code = process.waitFor();
            forget(ender);
            return code == 0 ? new Gson().fromJson(last, JsonObject.class) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (JsonSyntaxException e) {
            return null;
        }
    }

    private static void forget(Thread ender) {
        try {
            Runtime.getRuntime().removeShutdownHook(ender);
        } catch (IllegalStateException e) {
            // It is running: this process was interrupted.
            return;
        }
    }

    private static List<String> command(int threads, String... chosen) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-D" + StandardError.DESCRIPTOR) && !flag.startsWith("-agentlib:")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("bench", BenchCommand.HERE, "--json", "--threads", Integer.toString(threads)));
        command.addAll(List.of(chosen));
        return command;
    }

    private static void forward(Process process, PrintWriter screen) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith(ANNOUNCEMENT)) {
                    screen.println(line);
                    screen.flush();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
