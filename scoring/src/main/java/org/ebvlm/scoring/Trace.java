package org.ebvlm.scoring;

import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;

/**
 * The trace of a Jacobian for each row, tr(df/dv) = sum over i of df_i/dv_i: the divergence of a vector field, as
 * learned critics and implicit score matching need it (Hutchinson, 1990, for the estimate by a probe).
 */
public final class Trace {
    private Trace() {}

    /**
     * The trace; [n]. Costs one tangent of f a column if exact, else one.
     *
     * @param f [n, width], row by row a function of v
     * @param v [n, width]
     * @param exact one tangent a column; otherwise one tangent along a Rademacher probe u, and u . (df/dv) u, whose mean
     *     is the trace
     */
    public static Expr of(Expr f, Expr v, boolean exact) {
        if (!exact) {
            Expr u = Expr.noise(Leaf.Source.RADEMACHER, "probe", v.shape());
            return Differentiation.jvp(f, v, u).dot(u);
        }
        Expr sum = null;
        for (int i = 0; i < v.shape(1); i++) {
            double[] unit = new double[v.shape(1)];
            unit[i] = 1;
            Expr direction = Expr.constant(unit, unit.length).broadcastTo(v.shape());
            Expr term = Differentiation.jvp(f, v, direction).slice(1, i, 1).reshape(v.shape(0));
            sum = sum == null ? term : sum.plus(term);
        }
        return sum;
    }
}
