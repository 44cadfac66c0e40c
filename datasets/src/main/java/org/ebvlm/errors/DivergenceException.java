package org.ebvlm.errors;

/** A value stopped being finite; names the tensor and the step. */
public final class DivergenceException extends EbvlmException {
    private static final long serialVersionUID = 1L;

    /** Raises the facts as an error. */
    public DivergenceException(Facts facts) {
        super(facts);
    }
}
