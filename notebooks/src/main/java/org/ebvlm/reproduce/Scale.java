package org.ebvlm.reproduce;

/** How much of an experiment is done. */
public enum Scale {
    /** Seconds: for tests of the experiment itself. */
    TINY,
    /** About two minutes on two cores. */
    SHORT,
    /** A night on a few cores, where the published setting asks for more than that. */
    NIGHT,
    /** The published setting. */
    PUBLISHED;

    /** The one of several values that belongs to this scale. */
    <T> T pick(T tiny, T small, T night, T published) {
        return switch (this) {
            case TINY -> tiny;
            case SHORT -> small;
            case NIGHT -> night;
            case PUBLISHED -> published;
        };
    }
}
