/**
 * Expressions compiled into fixed schedules of loops and native calls, on arrays that are allocated once.
 *
 * <p>{@link org.ebvlm.program.Program} is what others see: made of expressions, given inputs and noise, run, read.
 * {@link org.ebvlm.program.Rowwise} runs one over all rows of a data set. {@link org.ebvlm.program.Cores} and {@link
 * org.ebvlm.program.Vectors} say what of the machine is used. The rest is how it is done: planning and layout, fusion
 * into loops, their text, and native products and convolutions.
 */
package org.ebvlm.program;
