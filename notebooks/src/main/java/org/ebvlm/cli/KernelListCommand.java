package org.ebvlm.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ebvlm.jupyter.JupyterFolders;
import org.ebvlm.jupyter.KernelFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says where kernels of this toolkit are installed. */
@Command(
        name = "list",
        description = "Says which kernels of this toolkit Jupyter finds, and whether what they need is there.",
        mixinStandardHelpOptions = true)
final class KernelListCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(names = "--prefix", paramLabel = "DIR", description = "Look in DIR/share/jupyter/kernels, too.")
    Path prefix;

    @Option(names = "--json", description = "Print one JSON object as the last line of standard output.")
    boolean json;

    @Override
    public Integer call() {
        PrintWriter screen = spec.commandLine().getOut();
        Stream<Path> more = prefix == null ? Stream.empty() : Stream.of(JupyterFolders.under(prefix));
        List<KernelFolder> all = Stream.concat(more, JupyterFolders.here().searched().stream())
                .distinct()
                .flatMap(kernels -> KernelFolder.ours(kernels).stream())
                .toList();
        JsonArray list = new JsonArray();
        for (KernelFolder each : all) {
            List<Path> missing = each.missing();
            if (!json) {
                screen.println(String.format("%-12s %s", each.name(), each.path()));
                missing.stream()
                        .limit(1)
                        .forEach(path -> screen.println("             BROKEN: " + missing.size()
                                + " files are gone, such as " + path + "; install it again"));
            }
            JsonObject one = new JsonObject();
            one.addProperty("name", each.name());
            one.addProperty("folder", each.path().toString());
            one.addProperty("missing", missing.size());
            list.add(one);
        }
        if (all.isEmpty() && !json) {
            screen.println("no kernel of this toolkit is installed; to install one: bin/ebvlm kernel install");
        }
        if (json) {
            JsonObject result = new JsonObject();
            result.add("kernels", list);
            screen.println(result);
        }
        screen.flush();
        return 0;
    }
}
