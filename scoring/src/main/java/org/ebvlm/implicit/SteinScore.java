package org.ebvlm.implicit;

import java.util.Arrays;
import org.ebvlm.errors.Settings;
import org.ebvlm.graph.Expr;
import org.ebvlm.linear.Dense;
import org.ebvlm.linear.Equations;
import org.ebvlm.linear.Spectrum;
import org.ebvlm.scoring.Kernel;

/** What {@link Stein} found. Equations for new points are solved when first asked for, and kept. */
final class SteinScore extends Fitted {
    private final double ridge;
    private Equations.Kept kept;

    SteinScore(Frame frame, double ridge, Values atSamples) {
        super(() -> "Stein, ridge " + Settings.number(ridge), frame, atSamples);
        this.ridge = ridge;
    }

    /** With K + ridge I of the samples. */
    private synchronized Equations.Kept equations() {
        if (kept == null) {
            try (Equations equations = Equations.of(frame.lowerPairs(Kernel.Part.VALUE), frame.n, ridge, "Stein")) {
                kept = equations.kept();
            }
        }
        return kept;
    }

    @Override
    double[] inside(double[] y) {
        double[] out = new double[y.length];
        int tile = Math.max(1, Math.min(256, y.length / frame.d)) * frame.d;
        try (Equations equations = equations().open()) {
            for (int from = 0; from < y.length; from += tile) {
                double[] some = Arrays.copyOfRange(y, from, Math.min(y.length, from + tile));
                System.arraycopy(some(some, equations), 0, out, from, some.length);
            }
        }
        return out;
    }

    /**
     * By the eigenvectors of K, since single precision cannot hold the inverse of K + ridge I: with u = k_y' U,
     *
     * <pre>t = U (u / (l + ridge)),   k_y' t = sum of u^2 / (l + ridge)</pre>
     */
    @Override
    Expr inside(Framed y) {
        int n = frame.n;
        Spectrum spectrum = Spectrum.of(frame.pairs(Kernel.Part.VALUE), n);
        Expr vectors = Expr.constant(spectrum.vectors(), n, n);
        Expr rates = Expr.constant(
                Arrays.stream(spectrum.values()).map(l -> 1 / (l + ridge)).toArray(), 1, n);
        Expr k = y.pairs(Kernel.Part.VALUE);
        Expr u = k.matmul(vectors, false, true);
        Expr t = u.times(rates).matmul(vectors);
        Expr shares = u.square().times(rates).sumKeep(1);
        // k_y' G - (t + 1)' grad_y k(x, y)
        Expr g = Expr.constant(Dense.times(atSamples(), frame.length), n, frame.d);
        Expr weights = y.pairs(Kernel.Part.SLOPE).times(t.plus(1)).times(2);
        Expr sums = k.matmul(g).minus(y.drifts(weights));
        double own = frame.atZero(Kernel.Part.VALUE) + ridge;
        return sums.over(shares.minus(own));
    }

    private double[] some(double[] y, Equations equations) {
        int n = frame.n;
        int m = y.length / frame.d;
        double[] k = frame.pairs(Kernel.Part.VALUE, y);
        double[] t = transposed(equations.solve(transposed(k, m, n), m), n, m);
        // k_y' G - (t + 1)' grad_y k(x, y)
        double[] weights = frame.pairs(Kernel.Part.SLOPE, y);
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= 2 * (t[i] + 1);
        }
        double[] g = Dense.times(atSamples(), frame.length);
        double[] sums = Dense.plus(Dense.product(k, g, m, frame.d, n), -1, frame.drifts(weights, y));
        double own = frame.atZero(Kernel.Part.VALUE);
        double[] shares = Dense.rowDots(k, t, n);
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= -(own + ridge - shares[i / frame.d]);
        }
        return sums;
    }

    private static double[] transposed(double[] a, int rows, int columns) {
        double[] out = new double[a.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out[j * rows + i] = a[i * columns + j];
            }
        }
        return out;
    }
}
