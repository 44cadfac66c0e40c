package org.ebvlm.errors;

/** A setting has an illegal value, is given twice, or does not go with another one. */
public final class SettingException extends EbvlmException {
    private static final long serialVersionUID = 1L;

    /** Raises the facts as an error. */
    public SettingException(Facts facts) {
        super(facts);
    }
}
