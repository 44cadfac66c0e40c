package org.ebvlm.implicit;

import org.ebvlm.datasets.Data;

/**
 * Estimates the score of a distribution from samples alone.
 *
 * @param <S> what comes out: a {@link SampleScore}, or a {@link SampleEnergy} where there is a log density too
 */
public interface ScoreFromSamples<S extends SampleScore> {

    /** What reports call it, with its settings. */
    String name();

    /**
     * Fits the score.
     *
     * @param samples independent draws, or a chain's that forgets; [n, width]
     * @return light: plain numbers
     * @throws org.ebvlm.errors.DataException if the samples do not determine the estimate
     */
    S fit(Samples samples);

    /** The same of the rows of data. */
    default S fit(Data samples) {
        return fit(Samples.of(samples));
    }
}
