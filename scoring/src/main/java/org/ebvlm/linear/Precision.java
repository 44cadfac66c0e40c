package org.ebvlm.linear;

/** In what numbers products are computed; what goes in and comes out is in double precision either way. */
public enum Precision {
    /** 64 bits. */
    DOUBLE,
    /** 32 bits: half the time, about seven digits. */
    SINGLE
}
