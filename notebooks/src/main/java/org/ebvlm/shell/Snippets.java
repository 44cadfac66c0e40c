package org.ebvlm.shell;

import java.util.List;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/**
 * A text in JShell's language, cut into what JShell runs at once: a statement, a declaration, or a command. As in JShell a
 * line's end ends a statement that can end there; unlike in JShell not if the next line goes on with a dot, since that is
 * how sentences are written.
 */
final class Snippets {
    /**
     * One of them.
     *
     * @param text as it stands in the file, with the blanks before it
     * @param line of the file in which the text begins, from 1
     */
    record Snippet(String text, int line) {
        boolean isBlank() {
            return text.isBlank();
        }

        /** A command to the shell and not Java. */
        boolean isCommand() {
            String bare = text.strip();
            return bare.startsWith("/") && !bare.startsWith("//") && !bare.startsWith("/*");
        }
    }

    private final List<String> lines;
    private final SourceCodeAnalysis analysis;
    private int next;
    private String rest = "";

    Snippets(List<String> lines, SourceCodeAnalysis analysis) {
        this.lines = lines;
        this.analysis = analysis;
    }

    boolean hasNext() {
        return next < lines.size() || !rest.isBlank();
    }

    Snippet next() {
        if (rest.isBlank()) {
            rest = lines.get(next++);
        }
        int line = firstLine();
        Snippet whole = new Snippet(rest, line);
        if (whole.isBlank() || whole.isCommand()) {
            rest = "";
            return whole;
        }
        CompletionInfo info = analysis.analyzeCompletion(rest);
        while (next < lines.size() && (!info.completeness().isComplete() || goesOn(info))) {
            rest = rest + "\n" + lines.get(next++);
            info = analysis.analyzeCompletion(rest);
        }
        String text = info.completeness().isComplete() ? info.source() : rest;
        rest = info.completeness().isComplete() ? info.remaining() : "";
        return new Snippet(text, line);
    }

    /** The line of the file where what is left begins. */
    private int firstLine() {
        return next - (int) rest.chars().filter(c -> c == '\n').count();
    }

    /** Whether the next line of code begins with a dot, as nothing can begin. */
    private boolean goesOn(CompletionInfo info) {
        return info.remaining().isBlank()
                && lines.subList(next, lines.size()).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("//"))
                        .findFirst()
                        .filter(line -> line.startsWith("."))
                        .isPresent();
    }
}
