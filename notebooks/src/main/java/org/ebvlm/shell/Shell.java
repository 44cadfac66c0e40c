package org.ebvlm.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.prefs.Preferences;
import jdk.jshell.tool.JavaShellToolBuilder;
import org.ebvlm.notebook.Imports;
import org.ebvlm.notebook.Notebook;

/**
 * JShell with this toolkit in it: a sentence needs no import and no class path. It runs in this virtual machine, so the
 * first prompt does not wait for a second one to start, and Ctrl-C interrupts a training as a notebook does: what it has
 * learned so far comes back.
 */
public final class Shell {
    private static final String GREETING = "ebvlm in JShell, Java "
            + Runtime.version().feature() + ": everything is imported, Ctrl-C stops what runs, /exit leaves";

    private Shell() {}

    /**
     * Opens the shell and returns when it is left.
     *
     * @param files in JShell's language, run in this order before the first prompt; an error in one does not stop the next
     * @param ready returns when the first line may run; what it waits for goes on while the shell opens
     * @return the exit code: n after {@code /exit n}, else 0
     */
    public static int open(List<String> files, Runnable ready) {
        InterruptibleExecution.after(ready);
        Notebook.install();
        System.out.println(GREETING);
        Preferences memory = Feedback.rememberedIn(Feedback.userNode());
        try {
            Path imports = Files.createTempFile("ebvlm", ".jsh");
            try {
                Files.write(imports, Imports.statements());
                return JavaShellToolBuilder.builder().persistence(memory).start(arguments(imports, files));
            } finally {
                Files.deleteIfExists(imports);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("JShell failed: " + e.getMessage(), e);
        }
    }

    private static String[] arguments(Path imports, List<String> files) {
        List<String> arguments = new ArrayList<>(List.of("--execution", InterruptibleExecution.NAME));
        arguments.addAll(List.of("--class-path", System.getProperty("java.class.path")));
        arguments.addAll(List.of("--startup", "DEFAULT", "--startup", imports.toString()));
        arguments.addAll(files);
        return arguments.toArray(String[]::new);
    }
}
