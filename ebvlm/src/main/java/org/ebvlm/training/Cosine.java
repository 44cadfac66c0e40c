package org.ebvlm.training;

import java.util.Locale;
import org.nd4j.linalg.schedule.ISchedule;

/** Half a cosine: last + (first - last) (1 + cos(pi t / length)) / 2, then last for ever. */
final class Cosine implements ISchedule {
    private static final long serialVersionUID = 1;

    private final double first;
    private final double last;
    private final long length;

    Cosine(double first, double last, long length) {
        this.first = first;
        this.last = last;
        this.length = length;
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        double part = Math.min(1, iteration / (double) length);
        return last + (first - last) * (1 + Math.cos(Math.PI * part)) / 2;
    }

    @Override
    public ISchedule clone() {
        return new Cosine(first, last, length);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "cosine from %s to %s in %d updates", first, last, length);
    }
}
