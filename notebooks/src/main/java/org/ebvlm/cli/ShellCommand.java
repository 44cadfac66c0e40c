package org.ebvlm.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.ebvlm.shell.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Opens JShell with this toolkit in it. */
@Command(
        name = "shell",
        description = "Opens JShell with this toolkit imported and ready.",
        mixinStandardHelpOptions = true)
final class ShellCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Files to run before the first prompt (.jsh).")
    List<String> files = List.of();

    @Override
    public Integer call() {
        return Shell.open(files, Startup::await);
    }
}
