package org.ebvlm.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.UnresolvedReferenceException;
import org.ebvlm.notebook.Imports;

/** A file in JShell's language. JShell itself goes on after an error and then reports success; this does neither. */
final class ShellScript {
    /** What JShell imports of itself. */
    private static final List<String> JAVA = List.of(
            "java.io.*",
            "java.math.*",
            "java.net.*",
            "java.nio.file.*",
            "java.util.*",
            "java.util.concurrent.*",
            "java.util.function.*",
            "java.util.prefs.*",
            "java.util.regex.*",
            "java.util.stream.*");

    private final PrintStream err;
    /** Where the snippets begin, by the name that their frames have. */
    private final Map<String, Place> places = new HashMap<>();

    private record Place(Path file, int line) {}

    ShellScript(PrintStream err) {
        this.err = err;
    }

    /** Runs the file; see {@link Scripts#run}. */
    int run(Path file, List<String> arguments, Runnable ready) {
        InterruptibleExecution.after(ready);
        try (JShell shell =
                JShell.builder().executionEngine(InterruptibleExecution.NAME).build()) {
            shell.addToClasspath(System.getProperty("java.class.path"));
            JAVA.forEach(name -> shell.eval("import " + name + ";"));
            Imports.statements().forEach(shell::eval);
            shell.eval(arguments.stream()
                    .map(ShellScript::literal)
                    .collect(Collectors.joining(", ", "String[] args = {", "};")));
            return run(file, shell).orElse(0);
        }
    }

    /** Runs a file to its end, which gives nothing, or until it says or meets an exit code. */
    private OptionalInt run(Path file, JShell shell) {
        Snippets snippets = new Snippets(lines(file), shell.sourceCodeAnalysis());
        OptionalInt code = OptionalInt.empty();
        while (snippets.hasNext() && code.isEmpty()) {
            Snippets.Snippet next = snippets.next();
            Place place = new Place(file, next.line());
            if (next.isCommand()) {
                code = command(next.text().strip(), place, shell);
            } else if (!next.isBlank()) {
                code = evaluate(next.text(), place, shell);
            }
        }
        return code;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private OptionalInt command(String command, Place place, JShell shell) {
        String[] words = command.split("\\s+", 2);
        if (words[0].equals("/exit")) {
            return words.length == 1 ? OptionalInt.of(0) : exit(words[1], place, shell);
        }
        if (words[0].equals("/open") && words.length == 2 && Files.isReadable(Path.of(words[1]))) {
            return run(Path.of(words[1]), shell);
        }
        return fail(
                place,
                0,
                "a script cannot do " + command
                        + "\n  hint     : it knows /exit and /open FILE; for all commands, bin/ebvlm shell "
                        + place.file());
    }

    private OptionalInt exit(String expression, Place place, JShell shell) {
        List<SnippetEvent> events = shell.eval(expression);
        String value = events.get(0).value();
        try {
            return OptionalInt.of(Integer.parseInt(value));
        } catch (NumberFormatException e) {
            return fail(place, 0, "/exit " + expression + " is no whole number");
        }
    }

    private OptionalInt evaluate(String source, Place place, JShell shell) {
        for (SnippetEvent event : shell.eval(source)) {
            places.put("#" + event.snippet().id(), place);
            if (event.causeSnippet() == null) {
                OptionalInt code = outcome(event, place, shell);
                if (code.isPresent()) {
                    return code;
                }
            }
        }
        return OptionalInt.empty();
    }

    private OptionalInt outcome(SnippetEvent event, Place place, JShell shell) {
        Snippet snippet = event.snippet();
        if (event.status() == Status.REJECTED) {
            Diag first =
                    shell.diagnostics(snippet).filter(Diag::isError).findFirst().orElseThrow();
            return fail(place, first, snippet.source());
        }
        // A method or a class may be used before what it needs is declared. A variable's value cannot wait.
        boolean unfinished = snippet.kind() == Snippet.Kind.VAR && event.status() != Status.VALID;
        JShellException thrown = event.exception();
        if (thrown instanceof EvalException error) {
            err.println(Thrown.of(error, this::place)
                    .text(place.file().toString(), place.file().toString(), place.line()));
            return OptionalInt.of(Scripts.FAILED);
        }
        if (unfinished || thrown != null) {
            DeclarationSnippet without =
                    thrown instanceof UnresolvedReferenceException e ? e.getSnippet() : (DeclarationSnippet) snippet;
            String missing = shell.unresolvedDependencies(without).collect(Collectors.joining(", "));
            return fail(place, 0, "cannot find " + missing);
        }
        return OptionalInt.empty();
    }

    private OptionalInt fail(Place place, Diag error, String source) {
        int start = (int) Math.max(0, Math.min(error.getPosition(), source.length()));
        int line =
                (int) source.substring(0, start).chars().filter(c -> c == '\n').count();
        int begin = source.lastIndexOf('\n', start - 1) + 1;
        String text = source.substring(begin).lines().findFirst().orElse("");
        // JShell's own class around a snippet has no name to tell.
        String message = error.getMessage(null).replaceAll("\n *location: class *$", "");
        return fail(place, line, "error: " + message + "\n" + text + "\n" + " ".repeat(start - begin) + "^");
    }

    private OptionalInt fail(Place place, int line, String message) {
        err.println(place.file() + ":" + (place.line() + line) + ": " + message);
        return OptionalInt.of(Scripts.FAILED);
    }

    /** A snippet's frame says its number for a file and counts lines from its beginning. */
    private StackTraceElement place(StackTraceElement frame) {
        Place place = places.get(frame.getFileName());
        return place == null
                ? frame
                : new StackTraceElement(
                        frame.getClassName(),
                        frame.getMethodName(),
                        place.file().toString(),
                        place.line() + frame.getLineNumber() - 1);
    }

    /** A string as Java writes it. */
    private static String literal(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }
}
