package org.ebvlm.errors;

/** An array or expression has a shape that the operation cannot take. */
public final class ShapeException extends EbvlmException {
    private static final long serialVersionUID = 1L;

    /** Raises the facts as an error. */
    public ShapeException(Facts facts) {
        super(facts);
    }
}
