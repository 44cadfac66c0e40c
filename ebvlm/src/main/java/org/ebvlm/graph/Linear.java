package org.ebvlm.graph;

import java.util.List;

/** An operation linear in its one input: the tangent is the operation itself, the cotangent its adjoint. */
interface Linear extends Op {
    /** This operation applied to something of the same shape as the node's input. */
    default Expr apply(Expr input) {
        return Expr.of(this, input);
    }

    /** The adjoint A' applied to a cotangent: (A x) . g = x . (A' g) for all x and g. */
    Expr adjoint(Expr node, Expr cotangent);

    @Override
    default List<Expr> cotangents(Expr node, Expr cotangent) {
        return List.of(adjoint(node, cotangent));
    }

    @Override
    default Expr tangent(Expr node, List<Expr> tangents) {
        return apply(tangents.get(0));
    }
}
