package org.ebvlm.training;

import org.ebvlm.errors.EbvlmException;
import org.ebvlm.errors.Facts;

/** Training stopped on a value that is not finite. The run until the last good step is not lost: {@link #run}. */
public final class TrainingDivergedException extends EbvlmException {
    private static final long serialVersionUID = 1L;

    private final transient Run run;

    TrainingDivergedException(Facts facts, Run run) {
        super(facts);
        this.run = run;
    }

    /** The run as it was before the step that went wrong. */
    public Run run() {
        return run;
    }
}
