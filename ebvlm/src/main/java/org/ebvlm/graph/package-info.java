/**
 * Expressions, and their derivatives of any order: what everything else is written in.
 *
 * <p>An {@link org.ebvlm.graph.Expr} is immutable and knows its shape; equal expressions are one object. {@link
 * org.ebvlm.graph.Differentiation} makes expressions of expressions (gradient, vjp, jvp), by the two rules that each
 * {@link org.ebvlm.graph.Op} has, and since rules give expressions again, derivatives nest. By what is differentiated
 * is marked by {@code x.point()}; what is not to be differentiated, by {@code x.held()}. {@link
 * org.ebvlm.graph.Substitution} puts an expression in the place of an input.
 *
 * <p>Noise is an input ({@link org.ebvlm.graph.Expr#noise}): no expression draws anything. Numbers come from {@code
 * org.ebvlm.program}, or, in double precision and slowly, from the {@link org.ebvlm.graph.Interpreter}.
 */
package org.ebvlm.graph;
