package org.ebvlm.errors;

/** An error of this toolkit. Its message alone is enough to act on: see {@link Facts}. */
public abstract class EbvlmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Raises the facts as an error. */
    protected EbvlmException(Facts facts) {
        super(facts.message(), facts.cause());
    }
}
