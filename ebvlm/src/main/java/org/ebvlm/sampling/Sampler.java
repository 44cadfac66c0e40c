package org.ebvlm.sampling;

import org.ebvlm.datasets.Data;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;

/** Draws samples of v from a model by Markov chains, one chain a sample. */
public interface Sampler {
    /**
     * Runs chains and returns where each ends.
     *
     * @param model the model
     * @param chains number of chains, and so of samples
     * @param noise for starts and moves
     * @return [chains, visible]
     */
    Data sample(EnergyModel model, int chains, Noise noise);
}
