package org.ebvlm.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.ebvlm.shell.Scripts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs a script to its end or its first error. */
@Command(
        name = "run",
        description = "Runs a script to its end or its first error: statements (.jsh, everything is imported)"
                + " or a Java source file (.java).",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "The script.")
    Path file;

    @Parameters(index = "1..*", paramLabel = "ARG", description = "What it finds in args, options included.")
    List<String> arguments = List.of();

    @Override
    public Integer call() {
        return Scripts.run(file, arguments, System.err, Startup::await);
    }
}
