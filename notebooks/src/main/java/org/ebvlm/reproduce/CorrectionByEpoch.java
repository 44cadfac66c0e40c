package org.ebvlm.reproduce;

import org.nd4j.linalg.schedule.ISchedule;

/**
 * The learning rates of the public program whose bounds the experiment quotes. It corrects Adam's moments for their start at
 * zero by the number of the epoch, where the number of the step belongs, so that its first epochs are slower:
 *
 * <pre>rate c(epoch) / c(step),   c(t) = sqrt(1 - beta2^t) / (1 - beta1^t),   both counted from 1</pre>
 */
final class CorrectionByEpoch implements ISchedule {
    private static final long serialVersionUID = 1;

    private final double rate;
    private final double beta1;
    private final double beta2;
    private final long epoch;

    CorrectionByEpoch(double rate, double beta1, double beta2, long epoch) {
        this.rate = rate;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epoch = epoch;
    }

    @Override
    public double valueAt(int iteration, int ignored) {
        long number = 1 + iteration / epoch;
        return rate * correction((double) number) / correction(iteration + 1.0);
    }

    private double correction(double t) {
        return Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t));
    }

    @Override
    public ISchedule clone() {
        return new CorrectionByEpoch(rate, beta1, beta2, epoch);
    }

    @Override
    public String toString() {
        return "rate " + rate + ", corrected by epochs of " + epoch + " updates";
    }
}
