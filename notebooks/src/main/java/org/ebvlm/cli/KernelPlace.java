package org.ebvlm.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.jupyter.JupyterFolders;
import org.ebvlm.jupyter.KernelFolder;
import picocli.CommandLine.Option;

/** Options that say which kernel is meant. */
final class KernelPlace {
    @Option(names = "--user", description = "Among the user's own kernels. The default.")
    boolean user;

    @Option(
            names = "--prefix",
            paramLabel = "DIR",
            description = "In DIR/share/jupyter/kernels, such as the folder of a Python environment.")
    Path prefix;

    @Option(names = "--name", paramLabel = "NAME", description = "Jupyter's name of the kernel. Default: ebvlm.")
    String name = KernelFolder.NAME;

    @Option(names = "--json", description = "Print one JSON object as the last line of standard output.")
    boolean json;

    KernelFolder folder() {
        return KernelFolder.of(kernels(), name);
    }

    Path kernels() {
        if (user && prefix != null) {
            throw new SettingException(Facts.that("kernel: --user and --prefix do not go together")
                    .expected("one of them")
                    .butWas("--user and --prefix " + prefix));
        }
        return prefix == null ? JupyterFolders.here().user() : JupyterFolders.under(prefix);
    }

    /** The options that mean the same kernel. */
    String words() {
        String place = prefix == null ? "" : " --prefix " + prefix;
        return place + (name.equals(KernelFolder.NAME) ? "" : " --name " + name);
    }

    void finish(PrintWriter screen, JsonObject result) {
        if (json) {
            screen.println(new GsonBuilder().serializeNulls().create().toJson(result));
        }
        screen.flush();
    }
}
