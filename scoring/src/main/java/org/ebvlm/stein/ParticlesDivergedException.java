package org.ebvlm.stein;

import org.ebvlm.errors.EbvlmException;
import org.ebvlm.errors.Facts;

/** Particles left the finite numbers. Where they were before that step is not lost: {@link #particles}. */
public final class ParticlesDivergedException extends EbvlmException {
    private static final long serialVersionUID = 1L;

    private final transient Particles particles;

    ParticlesDivergedException(Facts facts, Particles particles) {
        super(facts);
        this.particles = particles;
    }

    /** The particles before the step that went wrong. */
    public Particles particles() {
        return particles;
    }
}
