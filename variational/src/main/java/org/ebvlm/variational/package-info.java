/**
 * Posteriors q(h | v), and what is done with them.
 *
 * <p>{@link org.ebvlm.variational.Posteriors} makes a {@link org.ebvlm.variational.Posterior} for a model, by family;
 * {@code fittedBy} gives it a {@link org.ebvlm.variational.PosteriorFit} ({@link org.ebvlm.variational.Elbo}, {@link
 * org.ebvlm.variational.PosteriorFisher}), whose inner steps a training runs before each step of the model.
 * Estimators take {@linkplain org.ebvlm.variational.Posterior#particles particles} from it; {@link
 * org.ebvlm.variational.Unrolling} shows its fit to bi-level ones; {@link org.ebvlm.variational.HiddenLangevin} moves
 * its draws nearer to the model's own.
 *
 * <p>{@link org.ebvlm.variational.PosteriorGap} measures how far it is from the model's own. For normalised models
 * {@link org.ebvlm.variational.NegativeElbo} is an objective and {@link org.ebvlm.variational.ImportanceBound} an
 * evaluation.
 *
 * <p>{@link org.ebvlm.variational.MonteCarlo} objectives take several draws of h for each row and need no derivative through
 * them: {@link org.ebvlm.variational.Vimco}, {@link org.ebvlm.variational.Nvil}, {@link org.ebvlm.variational.Rws} and others,
 * which fit a directed model of binary or mixed h with its {@link org.ebvlm.variational.LayeredPosterior}, or the hard draws of a
 * posterior of any energy model. {@link org.ebvlm.variational.GradientAudit} says how noisy each is.
 */
package org.ebvlm.variational;
