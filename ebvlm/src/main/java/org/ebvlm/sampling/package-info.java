/**
 * Samples of models, and of anything else with a log density.
 *
 * <p>{@link org.ebvlm.sampling.BlockGibbs} samples Boltzmann machines, {@link org.ebvlm.sampling.Ancestral} directed
 * models. {@link org.ebvlm.sampling.Langevin}, {@link org.ebvlm.sampling.Mala} and {@link org.ebvlm.sampling.Hmc}
 * follow the gradient of a {@link org.ebvlm.sampling.Target}: v, h, one given the other, both, or a density of one's
 * own. Each has two verbs: {@code sample} gives where chains end, as data; {@code draw} gives {@link
 * org.ebvlm.sampling.Chains}, all kept draws with R-hat and effective samples. {@link
 * org.ebvlm.sampling.Temperatures} anneal Langevin chains.
 *
 * <p>Samplers are descriptions and never change; numbers come from the noise that is given.
 */
package org.ebvlm.sampling;
