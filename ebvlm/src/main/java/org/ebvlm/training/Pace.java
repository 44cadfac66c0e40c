package org.ebvlm.training;

/** Steps a second of late: over the last half to three quarters of the time spent, so that a slow start is forgotten. */
final class Pace {
    private final double start;
    private Mark earlier;
    private Mark later;

    /** A step and when it was done. */
    private record Mark(long step, double seconds) {}

    Pace(long step, double seconds) {
        start = seconds;
        earlier = new Mark(step, seconds);
        later = earlier;
    }

    /** The rate, at a time no earlier than that asked about before; NaN before any time has passed. */
    double at(long step, double seconds) {
        double rate = (step - earlier.step) / (seconds - earlier.seconds);
        if (seconds - later.seconds >= later.seconds - start) {
            earlier = later;
            later = new Mark(step, seconds);
        }
        return rate;
    }
}
