package org.ebvlm.errors;

/**
 * The thread was interrupted, and what was being done has no use for a half: a divergence, a log Z, samples of chains that
 * have not run their course. What can be given in part is given in part instead: a training returns its run so far.
 *
 * <p>The thread's interrupt is spent with this error, as with Java's own {@link InterruptedException}.
 */
public final class InterruptionException extends EbvlmException {
    private static final long serialVersionUID = 1L;

    /** Raises the facts as an error. */
    public InterruptionException(Facts facts) {
        super(facts);
    }
}
