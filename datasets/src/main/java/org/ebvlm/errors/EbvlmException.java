package org.ebvlm.errors;

/** An error of this toolkit. Its message alone is enough to act on: see {@link Facts}. */
public abstract class EbvlmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static volatile boolean framesHidden;

    /** Raises the facts as an error. */
    protected EbvlmException(Facts facts) {
        super(facts.message(), facts.cause());
        if (framesHidden) {
            setStackTrace(UserFrames.of(facts.trace() == null ? getStackTrace() : facts.trace()));
        }
    }

    /**
     * Leaves this toolkit's own lines out of the stack traces of errors made from now on, so that a trace begins at the
     * user's line. Off in plain Java; on in notebooks and shells, where a user sees the whole trace below each message.
     */
    public static void hideOurFrames(boolean hidden) {
        framesHidden = hidden;
    }
}
