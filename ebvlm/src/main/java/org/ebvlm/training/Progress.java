package org.ebvlm.training;

import java.util.Optional;

/**
 * Where a training stands.
 *
 * @param step steps done
 * @param steps steps in all
 * @param seconds spent so far
 * @param stepsPerSecond of late
 * @param objective its mean since the last record
 * @param history what was measured so far
 * @param ending how it ended; empty while it goes on
 */
public record Progress(
        long step,
        long steps,
        double seconds,
        double stepsPerSecond,
        double objective,
        History history,
        Optional<Run.Ending> ending) {

    /** Seconds to the end at the present rate. */
    public double secondsLeft() {
        return (steps - step) / stepsPerSecond;
    }
}
