package org.ebvlm.shell;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.notebook.Notebook;

/**
 * Runs a file from beginning to end, or up to its first error. A file in JShell's language ({@code .jsh}) finds everything
 * imported, as in the shell; a Java source file ({@code .java}) imports what it uses and has a {@code main}, as any Java
 * program. Nothing is printed but what the file prints, and its error.
 */
public final class Scripts {
    /** Exit code of a script that failed. */
    static final int FAILED = 1;

    private Scripts() {}

    /**
     * Runs a file in this virtual machine.
     *
     * @param file ends in {@code .jsh} or {@code .java}
     * @param arguments what the file finds in {@code args}
     * @param err for the error that stops it: {@code FILE:LINE: what is wrong}
     * @param ready returns when the first line may run; what it waits for goes on while the file is compiled
     * @return the exit code: 0 at its end, 1 after an error, n after {@code /exit n}
     */
    public static int run(Path file, List<String> arguments, PrintStream err, Runnable ready) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new SettingException(
                    Facts.that("run: there is no such file").expected("a file").butWas(file));
        }
        Notebook.install();
        String name = file.toString();
        if (name.endsWith(".jsh")) {
            return new ShellScript(err).run(file, arguments, ready);
        }
        if (name.endsWith(".java")) {
            return new JavaFile(file, err).run(arguments, ready);
        }
        throw new SettingException(Facts.that("run: what language is this?")
                .expected("a file that ends in .jsh or .java")
                .butWas(name)
                .hint("statements as in a notebook's cells are .jsh; a class with a main is .java"));
    }
}
