package org.ebvlm.graph;

import java.util.List;

/**
 * One operation of the expression language: its shape, its two derivative rules, and its meaning.
 *
 * <p>Both rules emit expressions, built from operations that have rules themselves, so derivatives nest to any order.
 * Implementations are values: two are equal when they do the same, which lets equal expressions be shared.
 */
public interface Op {
    /** What error messages and generated code call it. */
    String name();

    /** The shape of the result, or a {@link org.ebvlm.errors.ShapeException}. */
    int[] shape(List<Expr> inputs);

    /**
     * Reverse mode: what flows back to each input.
     *
     * @param node the application of this operation
     * @param cotangent derivative of the final value with respect to {@code node}, of its shape
     * @return one expression of each input's shape; null where nothing flows
     */
    List<Expr> cotangents(Expr node, Expr cotangent);

    /**
     * Forward mode: the derivative of the result along tangents of the inputs.
     *
     * @param node the application of this operation
     * @param tangents one of each input's shape; null for zero, not all null
     * @return an expression of the node's shape; null for zero
     */
    Expr tangent(Expr node, List<Expr> tangents);

    /**
     * The meaning, written for clarity: the oracle that compiled programs are tested against.
     *
     * @param node the application of this operation
     * @param inputs values of the inputs, row-major
     * @param out where the result goes, row-major
     */
    void evaluate(Expr node, List<double[]> inputs, double[] out);
}
