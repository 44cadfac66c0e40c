package org.ebvlm.variational;

import org.ebvlm.graph.Expr;

/** Several draws for each row of a batch, as one batch: draw k of row i is row k n + i. */
final class Stack {
    private Stack() {}

    /** Rows [n, d], the whole of them K times over: [K n, d]. */
    static Expr repeated(Expr rows, int times) {
        int n = rows.shape(0);
        int d = rows.shape(1);
        return times == 1
                ? rows
                : rows.reshape(1, n, d).broadcastTo(times, n, d).reshape(times * n, d);
    }

    /** A number for each draw, [K n], as [K, n]. */
    static Expr byDraw(Expr each, int rows) {
        return each.reshape(each.size() / rows, rows);
    }
}
