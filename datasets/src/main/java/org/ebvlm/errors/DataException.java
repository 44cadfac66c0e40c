package org.ebvlm.errors;

/** Data are missing, malformed, or hold values that the operation cannot take; names the file, row or column. */
public final class DataException extends EbvlmException {
    private static final long serialVersionUID = 1L;

    /** Raises the facts as an error. */
    public DataException(Facts facts) {
        super(facts);
    }
}
