package org.ebvlm.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.ebvlm.errors.EbvlmException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: {@code ebvlm COMMAND}. */
@Command(
        name = "ebvlm",
        description =
                "Energy-based latent variable models: fit by score-based objectives, evaluate by Fisher divergence.",
        mixinStandardHelpOptions = true,
        version = "ebvlm 0.1.0-SNAPSHOT",
        subcommands = {
            FitCommand.class,
            EvaluateCommand.class,
            ReproduceCommand.class,
            BenchCommand.class,
            DoctorCommand.class,
            KernelCommand.class,
            NotebookCommand.class,
            ShellCommand.class,
            RunCommand.class
        })
public final class Main implements Runnable {
    /** Exit code of an error that the user can mend. */
    private static final int USER_ERROR = 2;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Runs a command line and returns its exit code: 0 good, 1 unexpected, 2 an error that the message explains. */
    static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine commands = new CommandLine(new Main());
        // What stands behind a script's name is the script's.
        commands.getSubcommands().get("run").setStopAtPositional(true);
        return commands.setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((error, line, parsed) -> {
                    if (error instanceof EbvlmException) {
                        line.getErr().println("ebvlm: " + error.getMessage());
                        line.getErr().flush();
                        return USER_ERROR;
                    }
                    throw error;
                })
                .execute(arguments);
    }

    /** Entry point of {@code bin/ebvlm}. */
    public static void main(String[] arguments) {
        StandardError.useDescriptorOfLauncher();
        Startup.begin(arguments);
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true);
        PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        System.exit(execute(out, err, arguments));
    }
}
