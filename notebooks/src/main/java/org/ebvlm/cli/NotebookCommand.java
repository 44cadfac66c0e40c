package org.ebvlm.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Notebook files. */
@Command(
        name = "notebook",
        description = "Executes notebook files without Jupyter.",
        mixinStandardHelpOptions = true,
        subcommands = NotebookRunCommand.class)
final class NotebookCommand implements Runnable {
    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "notebook: run is missing");
    }
}
