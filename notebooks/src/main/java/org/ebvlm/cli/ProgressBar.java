package org.ebvlm.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.ebvlm.training.History;
import org.ebvlm.training.Progress;

/** One line on a terminal that shows where a training stands; where there is no terminal, a line now and then. */
final class ProgressBar {
    private static final int CELLS = 24;
    private static final double QUIET_SECONDS = 10;

    private final PrintStream out;
    private final boolean live;
    private double lastSeconds;
    private int lastLength;

    ProgressBar(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    void show(Progress at) {
        if (live) {
            String line = line(at);
            out.print("\r" + line + " ".repeat(Math.max(0, lastLength - line.length())));
            lastLength = line.length();
            if (at.step() == at.steps()) {
                out.println();
            }
            out.flush();
        } else if (at.seconds() - lastSeconds > QUIET_SECONDS || at.step() == at.steps()) {
            lastSeconds = at.seconds();
            out.println(line(at));
        }
    }

    private static String line(Progress at) {
        int done = (int) (CELLS * at.step() / at.steps());
        String bar = "█".repeat(done) + "░".repeat(CELLS - done);
        String text = String.format(
                Locale.ROOT,
                "%s %3d %%  step %,d of %,d  %,.0f steps/s  %s left  objective %.4g",
                bar,
                100 * at.step() / at.steps(),
                at.step(),
                at.steps(),
                at.step() / at.seconds(),
                duration(at.secondsLeft()),
                at.objective());
        double fisher = lastOf(at.history());
        return Double.isNaN(fisher) ? text : text + String.format(Locale.ROOT, "  Fisher %.4g", fisher);
    }

    private static double lastOf(History history) {
        double exact = history.last("exactFisherDivergence");
        return Double.isNaN(exact) ? history.last("fisherDivergence") : exact;
    }

    static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }
}
