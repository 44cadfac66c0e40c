/**
 * Likelihoods of models whose log Z is known or can be estimated, in nats.
 *
 * <p>{@link org.ebvlm.likelihood.LogLikelihood} is what one says; it takes a {@link
 * org.ebvlm.likelihood.LogPartition} from {@link org.ebvlm.likelihood.MachineEnumeration}, exact, where one side of a
 * Boltzmann machine is small, and from {@link org.ebvlm.likelihood.Ais}, an estimate with an interval, above. {@link
 * org.ebvlm.likelihood.HamiltonianAis} estimates log Z of anything with real rows and a log density. For models without a free energy there is no likelihood here: compare them by divergences that need no log Z.
 */
package org.ebvlm.likelihood;
