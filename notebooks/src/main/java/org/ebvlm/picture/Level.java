package org.ebvlm.picture;

/** A named height to compare curves with. */
record Level(String name, double value) {}
