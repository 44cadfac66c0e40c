/**
 * Published experiments, to be repeated by name.
 *
 * <p>An {@link org.ebvlm.reproduce.Experiment} does what was published, as much of it as the {@link
 * org.ebvlm.reproduce.Scale} says, and tells an {@link org.ebvlm.reproduce.Account} what came out: tables, pictures
 * and numbers, with reference values beside ours where there are any. The account keeps trainings in its folder, so
 * an interrupted one goes on. {@link org.ebvlm.reproduce.Experiments} lists them; {@code bin/ebvlm reproduce} is the
 * way in.
 */
package org.ebvlm.reproduce;
