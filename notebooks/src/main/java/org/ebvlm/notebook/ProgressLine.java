package org.ebvlm.notebook;

import java.util.Locale;
import org.ebvlm.training.History;
import org.ebvlm.training.Progress;

/**
 * Where a training stands, in one line: a bar, steps, rate, time left, objective, and the Fisher divergence if it is measured
 * on the way. The line of a training that has ended says how, and how long it took.
 */
public final class ProgressLine {
    private static final int CELLS = 12;
    /** Seconds in which Java is still compiling, so that the rate says nothing of what is left. */
    private static final double SLOW_START = 1;

    private ProgressLine() {}

    /** The line. */
    public static String of(Progress at) {
        int done = (int) (CELLS * at.step() / at.steps());
        return String.format(
                Locale.ROOT,
                "%s %3d %%  %,d of %,d steps  %s a second  %s  objective %.4g%s",
                "█".repeat(done) + "░".repeat(CELLS - done),
                100 * at.step() / at.steps(),
                at.step(),
                at.steps(),
                rate(at.stepsPerSecond()),
                at.ending()
                        .map(ending -> words(ending.toString()) + " after " + duration(at.seconds()))
                        .orElseGet(() -> at.seconds() < SLOW_START ? "starting" : duration(at.secondsLeft()) + " left"),
                at.objective(),
                fisher(at.history()));
    }

    /** Whole seconds, from a minute on with minutes. */
    public static String duration(double seconds) {
        if (!Double.isFinite(seconds)) {
            return "?";
        }
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }

    private static String rate(double stepsPerSecond) {
        return stepsPerSecond < 10
                ? String.format(Locale.ROOT, "%.2g", stepsPerSecond)
                : String.format(Locale.ROOT, "%,.0f", stepsPerSecond);
    }

    private static String words(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String fisher(History history) {
        double exact = history.last("exactFisherDivergence");
        double value = Double.isNaN(exact) ? history.last("fisherDivergence") : exact;
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "  Fisher divergence %.4g", value);
    }
}
