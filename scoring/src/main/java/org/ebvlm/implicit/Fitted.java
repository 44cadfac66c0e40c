package org.ebvlm.implicit;

import java.util.Locale;
import org.ebvlm.graph.Expr;

/** What all fitted scores have in common. */
abstract class Fitted implements SampleScore {
    private final String what;
    final Frame frame;
    final double[] atSamples;
    private final int rows;

    /**
     * A score.
     *
     * @param frame what points are seen from
     * @param atSamples [rows, width], not to be changed afterwards
     */
    Fitted(String what, Frame frame, double[] atSamples) {
        this.what = what;
        this.frame = frame;
        this.atSamples = atSamples;
        this.rows = atSamples.length / frame.d;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int width() {
        return frame.d;
    }

    @Override
    public double[] atSamples() {
        return atSamples.clone();
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
        for (double each : atSamples) {
            sum += each * each;
        }
        return String.format(
                Locale.ROOT,
                "score from %,d samples of width %d (%s; %s), root mean square %.3g",
                rows,
                frame.d,
                what,
                frame.kernelName,
                Math.sqrt(sum / atSamples.length));
    }
}
