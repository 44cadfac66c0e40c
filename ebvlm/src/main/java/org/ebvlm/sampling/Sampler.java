package org.ebvlm.sampling;

import org.ebvlm.datasets.Data;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;

/** Draws samples of v from a model: where Markov chains end, one chain a sample, or independently ({@link Ancestral}). */
public interface Sampler {
    /**
     * Draws samples; by chains, where each ends.
     *
     * @param model the model
     * @param chains number of samples, and so of chains where there are any
     * @param noise for starts and moves
     * @return [chains, visible]
     */
    Data sample(EnergyModel model, int chains, Noise noise);
}
