package org.ebvlm.implicit;

import java.util.Arrays;
import org.ebvlm.graph.Expr;
import org.ebvlm.linear.Dense;
import org.ebvlm.scoring.Kernel;

/** log q(y) = sum over j of a_j k(y, x_j) + const, s(y) = sum over j of a_j grad_y k(y, x_j); n d multiplications a point. */
final class KernelExpansion extends Fitted implements SampleEnergy {
    private final double[] coefficients;

    private KernelExpansion(String what, Frame frame, double[] coefficients) {
        super(() -> what, frame, Values.of(frame.outside(scores(frame, coefficients, frame.x()))));
        this.coefficients = coefficients;
    }

    static KernelExpansion of(String what, Frame frame, double[] coefficients) {
        return new KernelExpansion(what, frame, coefficients);
    }

    /** [n]. */
    double[] coefficients() {
        return coefficients.clone();
    }

    @Override
    double[] inside(double[] y) {
        return scores(frame, coefficients, y);
    }

    @Override
    Expr inside(Framed y) {
        return y.drifts(y.pairs(Kernel.Part.SLOPE).times(Expr.constant(Dense.times(coefficients, 2), 1, frame.n)));
    }

    @Override
    public Expr logDensity(Expr points) {
        Expr k = new Framed(frame, points).pairs(Kernel.Part.VALUE);
        return k.matmul(Expr.constant(coefficients, frame.n, 1)).sum(1);
    }

    private static double[] scores(Frame frame, double[] coefficients, double[] y) {
        double[] out = new double[y.length];
        for (int from = 0; from < y.length; from += Frame.TILE * frame.d) {
            double[] some = Arrays.copyOfRange(y, from, Math.min(y.length, from + Frame.TILE * frame.d));
            double[] weights = frame.pairs(Kernel.Part.SLOPE, some);
            for (int i = 0; i < weights.length; i++) {
                weights[i] *= 2 * coefficients[i % frame.n];
            }
            System.arraycopy(frame.drifts(weights, some), 0, out, from, some.length);
        }
        return out;
    }

    @Override
    public double[] logDensity(Samples points) {
        double[] y = frame.inside(points);
        double[] out = new double[points.rows()];
        for (int from = 0; from < y.length; from += Frame.TILE * frame.d) {
            double[] some = Arrays.copyOfRange(y, from, Math.min(y.length, from + Frame.TILE * frame.d));
            double[] k = frame.pairs(Kernel.Part.VALUE, some);
            double[] sums = Dense.product(k, coefficients, some.length / frame.d, 1, frame.n);
            System.arraycopy(sums, 0, out, from / frame.d, sums.length);
        }
        return out;
    }
}
