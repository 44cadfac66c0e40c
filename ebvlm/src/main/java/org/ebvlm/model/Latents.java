package org.ebvlm.model;

/** What the hidden variables of an energy are. */
public enum Latents {
    /** Each unit is 0 or 1, and the marginal sums over all of them. */
    BINARY,
    /** Each unit is a real number, and the marginal integrates over all of them. */
    CONTINUOUS,
    /** Units of several kinds, or groups of units of which one is 1: neither flipped one by one nor moved along slopes. */
    MIXED,
    /** There are none: the energy is one of v alone. */
    NONE
}
