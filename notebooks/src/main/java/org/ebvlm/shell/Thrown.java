package org.ebvlm.shell;

import java.util.Arrays;
import java.util.function.Function;
import jdk.jshell.EvalException;
import org.ebvlm.errors.EbvlmException;

/**
 * What a script threw, as it is told. The message of an error of this toolkit says what to do, so it stands alone, behind
 * the line of the script; of any other error the calls are told too.
 *
 * @param name of the exception's class
 * @param message null if there is none
 * @param frames innermost first, none of them outside the script's own call
 * @param cause null if there is none
 */
record Thrown(String name, String message, StackTraceElement[] frames, Thrown cause) {
    /**
     * From a Java program.
     *
     * @param file the name of its source file; frames behind the last one in it are left out
     */
    static Thrown of(Throwable error, String file) {
        StackTraceElement[] all = error.getStackTrace();
        int end = all.length;
        while (end > 0 && !file.equals(all[end - 1].getFileName())) {
            end--;
        }
        Thrown cause = error.getCause() == null ? null : of(error.getCause(), file);
        return new Thrown(error.getClass().getName(), error.getMessage(), Arrays.copyOf(all, end), cause);
    }

    /**
     * From JShell, which gives an exception's name, message and frames but not the exception.
     *
     * @param place a frame of a snippet as one of the script
     */
    static Thrown of(EvalException error, Function<StackTraceElement, StackTraceElement> place) {
        StackTraceElement[] frames =
                Arrays.stream(error.getStackTrace()).map(place).toArray(StackTraceElement[]::new);
        Thrown cause = error.getCause() instanceof EvalException inner ? of(inner, place) : null;
        return new Thrown(error.getExceptionClassName(), error.getMessage(), frames, cause);
    }

    /**
     * The text, from {@code FILE:LINE:} on.
     *
     * @param file the name that frames of the script have
     * @param shown the same as the user wrote it
     * @param line where to point if no frame is in the script
     */
    String text(String file, String shown, int line) {
        int where = line;
        for (int i = frames.length - 1; i >= 0; i--) {
            if (file.equals(frames[i].getFileName())) {
                where = frames[i].getLineNumber();
            }
        }
        StringBuilder text = new StringBuilder(shown + ":" + where + ": ");
        if (isOurs()) {
            return text.append(simpleName()).append(": ").append(message).toString();
        }
        describe(text);
        return text.toString();
    }

    private void describe(StringBuilder text) {
        text.append(name).append(message == null ? "" : ": " + message);
        for (StackTraceElement frame : frames) {
            String place = frame.getFileName() + ":" + frame.getLineNumber();
            String type = frame.getClassName().isEmpty() ? "" : frame.getClassName() + ".";
            boolean nameless = frame.getMethodName().isEmpty();
            text.append("\n    at ").append(nameless ? place : type + frame.getMethodName() + "(" + place + ")");
        }
        if (cause != null) {
            text.append("\ncaused by ");
            cause.describe(text);
        }
    }

    private boolean isOurs() {
        try {
            return EbvlmException.class.isAssignableFrom(Class.forName(name, false, Thrown.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private String simpleName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
