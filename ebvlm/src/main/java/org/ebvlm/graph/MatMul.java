package org.ebvlm.graph;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/**
 * Matrix product A B of two matrices, or of two equally long batches of matrices; either side may be read transposed.
 *
 * @param transposeA whether A is stored as its transpose
 * @param transposeB whether B is stored as its transpose
 */
public record MatMul(boolean transposeA, boolean transposeB) implements Op {

    @Override
    public String name() {
        return "matmul";
    }

    @Override
    public int[] shape(List<Expr> inputs) {
        int[] a = inputs.get(0).shape();
        int[] b = inputs.get(1).shape();
        int rank = a.length;
        boolean fits = rank == b.length && (rank == 2 || rank == 3);
        fits = fits && (rank == 2 || a[0] == b[0]) && inner(a, transposeA) == inner(b, !transposeB);
        if (!fits) {
            throw new ShapeException(Facts.that("matmul: shapes do not fit")
                    .expected("[m, k] and [k, n], or batches of such")
                    .butWas(Shapes.text(a) + (transposeA ? " transposed" : "") + " and " + Shapes.text(b)
                            + (transposeB ? " transposed" : "")));
        }
        int[] out = a.clone();
        out[rank - 2] = inner(a, !transposeA);
        out[rank - 1] = inner(b, transposeB);
        return out;
    }

    /** The second axis of a matrix, or the first when it is read transposed. */
    private static int inner(int[] shape, boolean transposed) {
        return shape[shape.length - (transposed ? 2 : 1)];
    }

    @Override
    public List<Expr> cotangents(Expr node, Expr g) {
        Expr a = node.inputs().get(0);
        Expr b = node.inputs().get(1);
        // C = A B: dA = g B', dB = A' g, each transposed if that side is stored so.
        Expr da = transposeA ? b.matmul(g, transposeB, true) : g.matmul(b, false, !transposeB);
        Expr db = transposeB ? g.matmul(a, true, transposeA) : a.matmul(g, !transposeA, false);
        return Arrays.asList(da, db);
    }

    @Override
    public Expr tangent(Expr node, List<Expr> tangents) {
        Expr left = tangents.get(0) == null
                ? null
                : Expr.of(this, tangents.get(0), node.inputs().get(1));
        Expr right =
                tangents.get(1) == null ? null : Expr.of(this, node.inputs().get(0), tangents.get(1));
        return left == null ? right : right == null ? left : left.plus(right);
    }

    @Override
    public void evaluate(Expr node, List<double[]> inputs, double[] out) {
        int rank = node.rank();
        int m = node.shape()[rank - 2];
        int n = node.shape()[rank - 1];
        int k = inner(node.input().shape(), transposeA);
        int batches = rank == 3 ? node.shape()[0] : 1;
        double[] a = inputs.get(0);
        double[] b = inputs.get(1);
        for (int s = 0; s < batches; s++) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int l = 0; l < k; l++) {
                        double left = a[s * m * k + (transposeA ? l * m + i : i * k + l)];
                        double right = b[s * k * n + (transposeB ? j * k + l : l * n + j)];
                        sum += left * right;
                    }
                    out[s * m * n + i * n + j] = sum;
                }
            }
        }
    }
}
