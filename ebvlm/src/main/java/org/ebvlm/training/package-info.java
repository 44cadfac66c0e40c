/**
 * The sentence that fits a model, and what it is made of.
 *
 * <p>A {@link org.ebvlm.training.Training} joins a model, an {@link org.ebvlm.training.Objective}, data and an {@link
 * org.ebvlm.training.Updater} and gives a {@link org.ebvlm.training.Run}: the fitted model, whatever was fitted with
 * it, and the {@link org.ebvlm.training.History}. An objective says what one step does as {@link
 * org.ebvlm.training.Phase}s: a posterior or a critic first, then the model; {@link org.ebvlm.training.Stepper}
 * compiles and runs them. An {@link org.ebvlm.training.Evaluation} measures a {@link org.ebvlm.training.Snapshot} now
 * and then, or once afterwards.
 */
package org.ebvlm.training;
