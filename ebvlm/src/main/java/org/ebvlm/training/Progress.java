package org.ebvlm.training;

/**
 * Where a training stands.
 *
 * @param step steps done
 * @param steps steps in all
 * @param seconds spent so far
 * @param objective its mean since the last record
 * @param history what was measured so far
 */
public record Progress(long step, long steps, double seconds, double objective, History history) {

    /** Seconds to the end at the present rate. */
    public double secondsLeft() {
        return step == 0 ? Double.NaN : seconds / step * (steps - step);
    }
}
