package org.ebvlm.implicit;

import java.util.Locale;
import java.util.function.Supplier;
import org.ebvlm.graph.Expr;

/** What all fitted scores have in common. */
abstract class Fitted implements SampleScore {
    private final Supplier<String> what;
    final Frame frame;
    private final Values atSamples;

    /**
     * A score.
     *
     * @param what reports call it, should they ask
     * @param frame what points are seen from
     * @param atSamples [rows, width], not to be changed afterwards
     */
    Fitted(Supplier<String> what, Frame frame, Values atSamples) {
        this.what = what;
        this.frame = frame;
        this.atSamples = atSamples;
    }

    @Override
    public int rows() {
        return atSamples.size() / frame.d;
    }

    @Override
    public int width() {
        return frame.d;
    }

    @Override
    public double[] atSamples() {
        return atSamples.copy();
    }

    @Override
    public double[] at(Samples points) {
        return frame.outside(inside(frame.inside(points)));
    }

    /** Scores per length at points seen from the frame; [m, d]. */
    abstract double[] inside(double[] y);

    @Override
    public Expr at(Expr points) {
        Framed framed = new Framed(frame, points);
        return framed.outside(inside(framed));
    }

    /** The same of points that are an expression. */
    abstract Expr inside(Framed y);

    @Override
    public String toString() {
        double sum = 0;
        for (double each : atSamples.copy()) {
            sum += each * each;
        }
        return String.format(
                Locale.ROOT,
                "score from %,d samples of width %d (%s; %s), root mean square %.3g",
                rows(),
                frame.d,
                what.get(),
                frame.kernelName(),
                Math.sqrt(sum / atSamples.size()));
    }
}
