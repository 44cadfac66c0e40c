/**
 * The bridge between SameDiff graphs and expressions.
 *
 * <p>SameDiff is the language in which energies, posteriors and losses are written and saved; it does not run them.
 * {@link org.ebvlm.samediff.GraphReader} reads a graph as a function of expressions, {@link
 * org.ebvlm.samediff.GraphWriter} writes expressions into a graph, and {@link org.ebvlm.samediff.Derivatives} does both
 * to add derivatives of any order to the graph they are taken of.
 *
 * <p>What each operation means is a row of one of the tables ({@code ...Rules}), mostly a formula in {@link
 * org.ebvlm.graph.Expr}'s own methods: an operation that is read can be differentiated, to any order.
 */
package org.ebvlm.samediff;
