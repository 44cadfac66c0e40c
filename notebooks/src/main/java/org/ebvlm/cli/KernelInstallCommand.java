package org.ebvlm.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.jupyter.FirstUse;
import org.ebvlm.jupyter.JupyterFolders;
import org.ebvlm.jupyter.KernelFolder;
import org.ebvlm.jupyter.Launch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells Jupyter of the kernel. */
@Command(
        name = "install",
        description = {
            "Tells Jupyter of the kernel: writes a folder with kernel.json, which names the jars where they are.",
            "Java's own options, such as -Xmx8g, are taken from EBVLM_JAVA_OPTIONS; the Java from JAVA_HOME.",
            "Installing again replaces what this command installed before."
        },
        mixinStandardHelpOptions = true)
final class KernelInstallCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    KernelPlace place = new KernelPlace();

    @Option(
            names = "--jar",
            paramLabel = "JAR",
            description = "The jar of JJava, to be used in place of IJava, which comes with the toolkit.")
    Path jar;

    @Override
    public Integer call() {
        PrintWriter screen = spec.commandLine().getOut();
        if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
            throw new SettingException(Facts.that("kernel install: this Java cannot run cells")
                    .expected("a JDK, with the module jdk.jshell")
                    .butWas(System.getProperty("java.home"))
                    .hint("install a JDK, 17 to 25, and set JAVA_HOME to it"));
        }
        KernelFolder folder = place.folder();
        Launch launch = Launch.on(System.getProperty("java.class.path"), jar);
        double seconds = FirstUse.now();
        folder.install(launch);
        String undo = "bin/ebvlm kernel uninstall" + place.words();
        boolean jupyter = JupyterFolders.here().hasProgram("jupyter");
        if (!place.json) {
            screen.println(String.format(Locale.ROOT, "native code : ready, first operations in %.1f s", seconds));
            screen.println("installed   : " + Launch.DISPLAY_NAME + ", in " + folder.path());
            screen.println(
                    jupyter ? "start       : " + start() : "there is no jupyter on the path; to get one: " + GET);
            screen.println("undo        : " + undo);
        }
        JsonObject result = new JsonObject();
        result.addProperty("name", place.name);
        result.addProperty("displayName", Launch.DISPLAY_NAME);
        result.addProperty("folder", folder.path().toString());
        result.addProperty("firstOperationsSeconds", seconds);
        result.addProperty("jupyter", jupyter);
        result.addProperty("start", jupyter ? start() : null);
        result.addProperty("undo", undo);
        place.finish(screen, result);
        return 0;
    }

    private static final String GET = "pip install jupyterlab   (Debian, Ubuntu: apt install jupyter-notebook)";

    /** How this kernel is seen by the Jupyter that is there. */
    private String start() {
        String program = JupyterFolders.here().hasProgram("jupyter-lab")
                        || !JupyterFolders.here().hasProgram("jupyter-notebook")
                ? "jupyter lab"
                : "jupyter notebook";
        boolean searched = JupyterFolders.here().searched().contains(place.kernels());
        return searched || place.prefix == null
                ? program
                : program + "   (a Jupyter that is not installed in " + place.prefix + " needs JUPYTER_PATH="
                        + place.kernels().getParent() + ")";
    }
}
