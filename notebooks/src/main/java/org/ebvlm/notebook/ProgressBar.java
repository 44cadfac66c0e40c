package org.ebvlm.notebook;

import java.io.PrintStream;
import java.util.function.Consumer;
import org.ebvlm.training.Progress;

/** {@link ProgressLine} on a terminal, where it is written over and over; elsewhere, as in a log, a line now and then. */
public final class ProgressBar implements Consumer<Progress> {
    private static final double QUIET_SECONDS = 10;

    private final PrintStream out;
    private final boolean live;
    private double lastSeconds;
    private int lastLength;

    /**
     * A bar.
     *
     * @param out where to
     * @param live whether a person looks on, at a terminal that knows the carriage return
     */
    public ProgressBar(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    /** On standard error; live if the launcher says so, since Java cannot tell a terminal on every version. */
    public static ProgressBar onStandardError() {
        return new ProgressBar(System.err, Boolean.getBoolean("ebvlm.terminal"));
    }

    @Override
    public void accept(Progress at) {
        boolean last = at.ending().isPresent();
        if (live) {
            String line = ProgressLine.of(at);
            out.print("\r" + line + " ".repeat(Math.max(0, lastLength - line.length())));
            lastLength = line.length();
            if (last) {
                out.println();
                lastLength = 0;
            }
            out.flush();
        } else if (at.seconds() - lastSeconds > QUIET_SECONDS || last) {
            out.println(ProgressLine.of(at));
            lastSeconds = last ? 0 : at.seconds();
        }
    }
}
