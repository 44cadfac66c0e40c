package org.ebvlm.cli;

import java.util.List;
import java.util.Locale;

/**
 * All settings of a fit, as they are written into a run folder and read back to resume or evaluate it.
 *
 * @param data name of a toy set, or a path
 * @param columns of a table; empty for all numeric ones
 * @param model {@code grbm}, {@code mlp} or {@code conv}
 * @param hidden units
 * @param width of an mlp's layers, or channels of a conv
 * @param objective {@code dsm}, {@code mdsm} or {@code ksd}
 * @param noiseStd of dsm, or the smallest of mdsm
 * @param estimator {@code vages} or {@code exact}
 * @param particles of vages
 * @param inner posterior steps for each model step
 * @param batch rows of a step
 * @param rate of Adam, betas 0.9 and 0.95
 * @param steps in all
 * @param seed of everything
 */
record Recipe(
        String data,
        List<String> columns,
        String model,
        int hidden,
        int width,
        String objective,
        double noiseStd,
        String estimator,
        int particles,
        int inner,
        int batch,
        double rate,
        long steps,
        long seed) {

    /** The same with another number of steps. */
    Recipe steps(long other) {
        return new Recipe(
                data, columns, model, hidden, width, objective, noiseStd, estimator, particles, inner, batch, rate,
                other, seed);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s on %s, %s by %s, batches of %d, Adam %s, %,d steps, seed %d",
                model,
                data,
                objective,
                estimator,
                batch,
                rate,
                steps,
                seed);
    }
}
