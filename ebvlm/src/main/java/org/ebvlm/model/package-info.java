/**
 * Energies, p(v, h) = exp(-E(v, h)) / Z, as values that never change: fitting gives another model.
 *
 * <p>An {@link org.ebvlm.model.EnergyModel} is an energy with {@link org.ebvlm.model.Parameters}. Where the sum over
 * h is known it has a free energy, and with it a score, minus the free energy's gradient by v. A {@link
 * org.ebvlm.model.BoltzmannMachine} ({@link org.ebvlm.model.Grbm}, {@link org.ebvlm.model.BernoulliRbm}, {@link
 * org.ebvlm.model.DeepBoltzmann}) also has both conditionals in closed form; {@link org.ebvlm.model.Directed} models
 * ({@link org.ebvlm.model.Vae}, {@link org.ebvlm.model.Sbn}) have log Z = 0, as does a {@link org.ebvlm.model.ConditionalSbn} of
 * one part of v given the other.
 *
 * <p>An energy of one's own is a SameDiff expression: {@link org.ebvlm.model.LatentEnergy} of (v, h), {@link
 * org.ebvlm.model.Energy} of v alone. {@link org.ebvlm.model.MlpEnergy} and {@link org.ebvlm.model.ConvEnergy} write
 * such an expression; what their {@code init} returns is a {@link org.ebvlm.model.LatentEnergy}. {@link
 * org.ebvlm.model.Network} is a function from rows to rows, for encoders, decoders and critics.
 */
package org.ebvlm.model;
