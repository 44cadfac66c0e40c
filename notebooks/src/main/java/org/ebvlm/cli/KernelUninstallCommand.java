package org.ebvlm.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.ebvlm.jupyter.KernelFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Takes away what an install wrote. */
@Command(
        name = "uninstall",
        description = "Takes away exactly what 'kernel install' wrote, with the folders that it made.",
        mixinStandardHelpOptions = true)
final class KernelUninstallCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    KernelPlace place = new KernelPlace();

    @Override
    public Integer call() {
        PrintWriter screen = spec.commandLine().getOut();
        KernelFolder folder = place.folder();
        List<Path> left = folder.uninstall();
        if (!place.json) {
            screen.println("uninstalled : " + folder.path());
            left.forEach(path -> screen.println("left alone  : " + path + ", which is not ours"));
        }
        JsonObject result = new JsonObject();
        result.addProperty("name", place.name);
        result.addProperty("folder", folder.path().toString());
        result.addProperty("left", left.size());
        place.finish(screen, result);
        return 0;
    }
}
