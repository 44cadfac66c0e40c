/**
 * Bayesian neural networks, whose weights are the latent variables, and samplers of their posterior: Langevin dynamics, and
 * one that is itself a small network which learns how to infer on one data set for others (Li and Turner, 2018).
 *
 * <pre>{@code
 * var network = BayesianNetwork.inputs(11).relu(20);
 * var run = SamplerTraining.of(LearnedSampler.units(20).init(seed(1))).on(network, some).fit(seed(2));
 * var particles = WeightChains.of(BayesianNetwork.inputs(6).sigmoid(50)).on(others).by(run.sampler()).sample(seed(3));
 * }</pre>
 */
package org.ebvlm.bayes;
