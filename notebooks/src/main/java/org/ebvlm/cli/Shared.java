package org.ebvlm.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.PrintWriter;
import org.ebvlm.program.Cores;
import picocli.CommandLine.Option;

/** Options that every command has. */
final class Shared {
    @Option(names = "--json", description = "Print one JSON object as the last line of standard output.")
    boolean json;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads for large matrix products. Default: all cores.")
    Integer threads;

    @Option(names = "--quiet", description = "No progress and no summary.")
    boolean quiet;

    void applyThreads() {
        Startup.await();
        Cores.use(threads != null ? threads : Runtime.getRuntime().availableProcessors());
    }

    void say(PrintWriter out, String text) {
        if (!quiet) {
            out.println(text);
            out.flush();
        }
    }

    void finish(PrintWriter out, JsonObject result) {
        if (json) {
            out.println(new GsonBuilder().serializeNulls().create().toJson(result));
            out.flush();
        }
    }
}
