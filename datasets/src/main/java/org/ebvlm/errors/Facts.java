package org.ebvlm.errors;

/**
 * What an error says: what was being done, what was expected, what was there instead, and a way out, as aligned lines.
 *
 * <pre>{@code
 * throw new ShapeException(Facts.that("Grbm.score: v has the wrong width")
 *         .expected("[n, 784]   (visible units of this Grbm)")
 *         .butWas("[100, 560]")
 *         .hint("Frey faces have 560 pixels; build the model with visible(560)"));
 * }</pre>
 */
public final class Facts {
    private final StringBuilder text = new StringBuilder();
    private Throwable cause;
    private StackTraceElement[] trace;

    private Facts(String what) {
        text.append(what);
    }

    /** Starts with one line saying what was being done and what is wrong with it. */
    public static Facts that(String what) {
        return new Facts(what);
    }

    /** What would have been right. */
    public Facts expected(Object value) {
        return line("expected", value);
    }

    /** What was there instead. */
    public Facts butWas(Object value) {
        return line("but was ", value);
    }

    /** A way out. */
    public Facts hint(Object value) {
        return line("hint    ", value);
    }

    /** The error behind this one; its message becomes a line too, since notebooks show the top message only. */
    public Facts causedBy(Throwable error) {
        cause = error;
        return line("cause   ", error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage());
    }

    /**
     * An error that came out of code which a user gave us, an energy for example: besides the cause there is a line that
     * says where in that code it happened.
     */
    public Facts raisedBy(Throwable error) {
        trace = error.getStackTrace();
        causedBy(error);
        if (error.getMessage() != null) {
            line("kind    ", error.getClass().getSimpleName());
        }
        return UserFrames.place(trace).map(place -> line("where   ", place)).orElse(this);
    }

    private Facts line(String name, Object value) {
        text.append("\n  ").append(name).append(" : ").append(value);
        return this;
    }

    String message() {
        return text.toString();
    }

    Throwable cause() {
        return cause;
    }

    /** Where the error is to be seen as coming from; null for where it is thrown. */
    StackTraceElement[] trace() {
        return trace;
    }
}
