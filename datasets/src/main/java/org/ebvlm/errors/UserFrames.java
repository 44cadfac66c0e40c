package org.ebvlm.errors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The part of a stack trace that a user can do something about. */
final class UserFrames {
    private static final String OURS = "org.ebvlm.";

    /** What a user's code calls, and what calls it. */
    private static final List<String> LIBRARIES = List.of(OURS, "org.nd4j.", "java.", "javax.", "jdk.", "sun.");

    /** How classes that JShell makes of a user's lines are called; it translates their line numbers itself. */
    private static final String SNIPPET = "$JShell$";

    private UserFrames() {}

    /**
     * The trace without this toolkit's lines, and without what they and the user's own lines called: above the lowest line of
     * ours only the user's stand. All of it if no line is a user's.
     */
    static StackTraceElement[] of(StackTraceElement[] trace) {
        int lowest = trace.length - 1;
        while (lowest >= 0 && !trace[lowest].getClassName().startsWith(OURS)) {
            lowest--;
        }
        List<StackTraceElement> kept = new ArrayList<>();
        for (int i = 0; i < trace.length; i++) {
            if (i > lowest || isUsers(trace[i])) {
                kept.add(trace[i]);
            }
        }
        return kept.stream().anyMatch(UserFrames::isUsers) ? kept.toArray(new StackTraceElement[0]) : trace;
    }

    /** File and line of the highest of the user's lines; empty if there is none, or JShell made it. */
    static Optional<String> place(StackTraceElement[] trace) {
        return Arrays.stream(trace)
                .filter(UserFrames::isUsers)
                .limit(1)
                .filter(frame -> frame.getFileName() != null && frame.getLineNumber() > 0)
                .filter(frame -> !frame.getFileName().startsWith(SNIPPET))
                .map(frame -> frame.getFileName() + ", line " + frame.getLineNumber())
                .findFirst();
    }

    private static boolean isUsers(StackTraceElement frame) {
        return LIBRARIES.stream().noneMatch(frame.getClassName()::startsWith);
    }
}
