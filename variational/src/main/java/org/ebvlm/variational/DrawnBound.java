package org.ebvlm.variational;

import java.util.Arrays;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Interruption;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/** The importance weighted bound of each row by many draws, some rows and some draws at a time. */
final class DrawnBound {
    /** Rows at a time, and draws of all of them together. */
    private static final int ROWS = 100;

    private static final int DRAWS = 2_000;

    private final EnergyModel model;
    private final Posterior q;
    private final Data data;
    private final Noise noise;

    private DrawnBound(EnergyModel model, Posterior q, Data data, Noise noise) {
        this.model = model;
        this.q = q;
        this.data = data;
        this.noise = noise;
    }

    /** log 1/K sum of p(v, h) / q(h | v) for each row, in nats. */
    static double[] of(EnergyModel model, Posterior q, Data data, int particles, Noise noise) {
        return new DrawnBound(model, q, data, noise).bounds(particles);
    }

    private double[] bounds(int particles) {
        double[] sums = new double[data.rows()];
        Arrays.fill(sums, Double.NEGATIVE_INFINITY);
        int whole = data.rows() - data.rows() % ROWS;
        rows(0, whole, ROWS, particles, sums);
        rows(whole, data.rows(), data.rows() - whole, particles, sums);
        for (int r = 0; r < sums.length; r++) {
            sums[r] -= Math.log(particles);
        }
        return sums;
    }

    private void rows(int begin, int end, int rows, int particles, double[] sums) {
        if (begin == end) {
            return;
        }
        int many = Math.min(particles, Math.max(1, DRAWS / rows));
        draws(begin, end, rows, many, particles / many, sums);
        draws(begin, end, rows, particles % many, 1, sums);
    }

    /** Adds the weights of some draws, several times over. */
    private void draws(int begin, int end, int rows, int number, int times, double[] sums) {
        if (number == 0) {
            return;
        }
        Expr v = Expr.input("rows", rows, data.width());
        try (Program program =
                Program.of(Draws.held(model, q, v, number).logWeights().logSumExp(0))) {
            model.parameters().give(program);
            q.parameters().give(program);
            for (int from = begin; from < end; from += rows) {
                program.set(v, data.rows(from, from + rows).values());
                for (int t = 0; t < times; t++) {
                    Interruption.check("the bound on " + data.name());
                    program.draw(noise);
                    program.run();
                    add(program.value(0), from, sums);
                }
            }
        }
    }

    private static void add(float[] logs, int from, double[] sums) {
        for (int r = 0; r < logs.length; r++) {
            sums[from + r] = logAddExp(sums[from + r], logs[r]);
        }
    }

    static double logAddExp(double a, double b) {
        double top = Math.max(a, b);
        return top == Double.NEGATIVE_INFINITY ? top : top + Math.log1p(Math.exp(Math.min(a, b) - top));
    }
}
