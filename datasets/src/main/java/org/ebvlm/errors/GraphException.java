package org.ebvlm.errors;

/** A SameDiff graph holds something that cannot be read, differentiated or compiled; names the operation. */
public final class GraphException extends EbvlmException {
    private static final long serialVersionUID = 1L;

    /** Raises the facts as an error. */
    public GraphException(Facts facts) {
        super(facts);
    }
}
