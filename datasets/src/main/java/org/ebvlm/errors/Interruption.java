package org.ebvlm.errors;

/**
 * Where loops that may take long ask whether to go on. Each asks once in a step, which costs nothing beside the step; so
 * whatever runs ends soon after its thread is interrupted, as a notebook's stop button does.
 */
public final class Interruption {
    private Interruption() {}

    /**
     * Goes on, or ends what is being done if the thread was interrupted.
     *
     * @param what is being done, as a noun: "the estimate of log Z"
     * @throws InterruptionException if so; the interrupt is spent
     */
    public static void check(String what) {
        if (Thread.interrupted()) {
            throw of(what);
        }
    }

    /** The error, for who has learned of the interrupt in another way. */
    public static InterruptionException of(String what) {
        return new InterruptionException(Facts.that(what + " was interrupted")
                .expected("to be left to its end")
                .butWas("stopped; what there was so far is dropped")
                .hint("run the same sentence again to start afresh"));
    }
}
