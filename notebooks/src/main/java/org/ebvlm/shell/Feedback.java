package org.ebvlm.shell;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.prefs.Preferences;
import jdk.jshell.tool.JavaShellToolBuilder;

/**
 * How JShell answers: as usual, but a value is echoed whole where JShell would cut it after 80 characters, in the middle
 * of a noun that says what it is made of or of a result of five lines; and it says no welcome of its own. JShell takes such
 * a mode from what a user told it to remember, and from nowhere else; so it is told once, in a place of our own.
 */
final class Feedback {
    private static final String MODE = "ebvlm";

    /** What makes the mode, typed as a user would. */
    private static final String COMMANDS = """
            /set mode ebvlm normal -quiet
            /set truncation ebvlm 1000
            /set mode -retain ebvlm
            /set feedback -retain ebvlm
            /exit
            """;

    /** Held, since a logger that nobody holds forgets its level. */
    private static final Logger PREFERENCES = Logger.getLogger("java.util.prefs");

    private Feedback() {}

    /** Where the mode and what was typed is kept for this user: per version of Java, since each keeps it in its own form. */
    static Preferences userNode() {
        // It would say that it made the folder, or that it could not; then the shell works and remembers nothing.
        PREFERENCES.setLevel(Level.OFF);
        return Preferences.userRoot()
                .node("org/ebvlm/shell/java" + Runtime.version().feature());
    }

    /** The same memory, after making sure that the mode is in it. */
    static Preferences rememberedIn(Preferences memory) {
        if (!memory.get(MODE, "").equals(COMMANDS)) {
            teach(memory);
            memory.put(MODE, COMMANDS);
        }
        return memory;
    }

    private static void teach(Preferences memory) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try {
            JavaShellToolBuilder.builder()
                    .persistence(memory)
                    .in(new ByteArrayInputStream(COMMANDS.getBytes(StandardCharsets.UTF_8)), null)
                    .out(nowhere)
                    .err(nowhere)
                    .start("--execution", InterruptibleExecution.NAME, "--no-startup");
        } catch (Exception e) {
            throw new IllegalStateException("JShell failed: " + e.getMessage(), e);
        }
    }
}
