package org.ebvlm.scoring;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.training.Snapshot;

/**
 * A kernel at all pairs of some rows, to be looked at: which rows a bandwidth takes for neighbours, which pairs make a Stein
 * discrepancy.
 *
 * <pre>
 * GramMatrix.of(kernel, rows)             k_ij = f(||v_i - v_j||^2)
 * GramMatrix.stein(kernel, rows, model)   u_ij = k s . s' + s . grad_v' k + s' . grad_v k + tr grad_v grad_v' k
 * </pre>
 *
 * <p>Sort the rows first where an order means something: neighbours are then blocks on the diagonal. The mean of u_ij over
 * i != j is the {@linkplain KernelSteinDiscrepancy squared KSD}. Memory: 4 n^2 bytes, so n is at most 2000.
 */
public final class GramMatrix {
    private static final int MOST = 2000;

    private final String name;
    private final int size;
    private final float[] values;

    private GramMatrix(String name, int size, float[] values) {
        this.name = name;
        this.size = size;
        this.values = values;
    }

    /**
     * Of a kernel, its bandwidth settled on the rows if it has none.
     *
     * @param rows [n, width], n at most 2000
     */
    public static GramMatrix of(Kernel kernel, Data rows) {
        requireFew(rows);
        Kernel settled = kernel.settledOn(rows);
        Expr v = Expr.input("rows", rows.rows(), rows.width());
        float[] values = evaluated(settled.value(SteinKernel.squaredDistances(v)), Map.of(v, rows.values()));
        return new GramMatrix(settled.name(), rows.rows(), values);
    }

    /**
     * Of a kernel's Stein kernel under a model whose score is exact.
     *
     * @param rows [n, visible], n at most 2000
     * @throws org.ebvlm.errors.ShapeException if the rows do not have the model's width
     */
    public static GramMatrix stein(Kernel kernel, Data rows, EnergyModel model) {
        return stein(kernel, rows, ExactScore.estimator(), Snapshot.of(model, Noise.seed(0)));
    }

    /** The same with another score, at a moment of training or {@link Snapshot#of} a model; noise is the snapshot's. */
    public static GramMatrix stein(Kernel kernel, Data rows, ScoreEstimator estimator, Snapshot snapshot) {
        requireFew(rows);
        Kernel settled = kernel.settledOn(rows);
        float[] scores = ModelScores.of(snapshot, estimator, rows);
        Expr v = Expr.input("rows", rows.rows(), rows.width());
        Expr s = Expr.input("scores", rows.rows(), rows.width());
        Expr x = v.minus(v.mean(0)).transpose();
        Expr u = SteinForm.of(settled, v.shape(1)).pairs(x, s.transpose(), x, s.transpose());
        String name = "Stein kernel of " + snapshot.model().name() + " with " + settled.name();
        return new GramMatrix(name, rows.rows(), evaluated(u, Map.of(v, rows.values(), s, scores)));
    }

    private static void requireFew(Data rows) {
        if (rows.rows() > MOST) {
            throw new SettingException(Facts.that("GramMatrix: too many rows for a matrix of all their pairs")
                    .expected("at most " + MOST)
                    .butWas(rows.rows() + " in " + rows.name())
                    .hint("take some: rows.take(200)"));
        }
    }

    private static float[] evaluated(Expr matrix, Map<Expr, float[]> inputs) {
        try (Program program = Program.of(matrix)) {
            inputs.forEach(program::set);
            program.run();
            return program.value(0).clone();
        }
    }

    /** What is in it. */
    public String name() {
        return name;
    }

    /** Number of rows, and of columns. */
    public int size() {
        return size;
    }

    /** The kernel of two rows, counted from 0. */
    public double at(int i, int j) {
        return values[Objects.checkIndex(i, size) * size + Objects.checkIndex(j, size)];
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "GramMatrix %d x %d, %s", size, size, name);
    }
}
