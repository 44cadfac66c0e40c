package org.ebvlm.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The Jupyter kernel: tells Jupyter of it, and takes that back. */
@Command(
        name = "kernel",
        description =
                "Installs the Jupyter kernel \"Java (ebvlm)\", lists it, uninstalls it. Needs no Python of its own.",
        mixinStandardHelpOptions = true,
        subcommands = {KernelInstallCommand.class, KernelListCommand.class, KernelUninstallCommand.class})
final class KernelCommand implements Runnable {
    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "kernel: install, list or uninstall is missing");
    }
}
