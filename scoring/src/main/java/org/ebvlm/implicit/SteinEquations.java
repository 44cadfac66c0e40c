package org.ebvlm.implicit;

import java.util.Optional;
import java.util.OptionalDouble;
import org.ebvlm.linear.Cholesky;
import org.ebvlm.linear.Dense;
import org.ebvlm.linear.Matrix;
import org.ebvlm.linear.Precision;
import org.ebvlm.scoring.Distances;
import org.ebvlm.scoring.Kernel;

/**
 * The equations of {@link Stein} at the samples, in either precision. With P = f' at the pairs, D = -2 (diag(P 1) - P) X, so
 *
 * <pre>
 * G = 2 (K + ridge I)^-1 (diag(P 1) - P) X
 * </pre>
 *
 * <p>For the Gaussian kernel P = rate K, and (K + ridge I)^-1 K = I - ridge (K + ridge I)^-1, so no product with P is needed:
 *
 * <pre>
 * G = 2 rate ((K + ridge I)^-1 diag(K 1 + ridge) - I) X
 * </pre>
 *
 * <p>X enters last, in a product with the matrix before it, where there are more coordinates than samples, so that there are n
 * right-hand sides instead of d; else it is a part of the right-hand sides.
 */
final class SteinEquations {
    private final Frame frame;
    private final Distances distances;
    private final double ridge;
    private final Precision precision;
    private final int n;
    private final OptionalDouble rate;

    private SteinEquations(Frame frame, Distances distances, double ridge, Precision precision) {
        this.frame = frame;
        this.distances = distances;
        this.ridge = ridge;
        this.precision = precision;
        n = frame.n;
        rate = frame.kernel.logSlope();
    }

    /** The scores at the samples per unit of theirs, [n, d]; empty if K + ridge I is not positive definite. */
    static Optional<double[]> solved(Frame frame, Distances distances, double ridge, Precision precision) {
        return new SteinEquations(frame, distances, ridge, precision).solved();
    }

    private Optional<double[]> solved() {
        double[] sums = new double[n];
        try (Matrix k = Matrix.of(n, n, precision)) {
            frame.eachRow(Kernel.Part.VALUE, distances, frame.length, (i, row) -> {
                addSymmetric(row, i, sums);
                row[i] += ridge;
                k.put(i, row, i + 1);
            });
            try (Cholesky factor = Cholesky.of(k)) {
                if (!factor.isDefinite()) {
                    return Optional.empty();
                }
                try (Matrix x = distances.centred(precision)) {
                    return Optional.of(frame.d > n ? productWithX(factor, sums, x) : solvedForX(factor, sums, x));
                }
            }
        }
    }

    /** Adds row i up to its diagonal, and what its transpose adds to the rows before, to the sums of rows. */
    private static void addSymmetric(double[] row, int i, double[] sums) {
        double sum = row[i];
        for (int j = 0; j < i; j++) {
            sum += row[j];
        }
        Dense.addMultiple(1, row, 0, sums, 0, i);
        sums[i] += sum;
    }

    /** c of G = c (K + ridge I)^-1 ..., from a length to the samples' unit squared. */
    private double factor() {
        return 2 * rate.orElse(1) / (frame.length * frame.length);
    }

    private double[] productWithX(Cholesky factor, double[] sums, Matrix x) {
        try (Matrix m = weights(sums)) {
            factor.solve(m);
            double[] row = new double[n];
            for (int i = 0; i < n; i++) {
                m.get(i, row, n);
                row[i] -= rate.isPresent() ? 1 : 0;
                for (int j = 0; j < n; j++) {
                    row[j] *= factor();
                }
                m.put(i, row, n);
            }
            try (Matrix g = m.times(x)) {
                return g.values();
            }
        }
    }

    private double[] solvedForX(Cholesky factor, double[] sums, Matrix x) {
        try (Matrix b = rightHandSides(sums, x)) {
            factor.solve(b);
            int d = frame.d;
            double[] scores = new double[n * d];
            double[] row = new double[d];
            double c = factor();
            double less = rate.isPresent() ? 1 : 0;
            for (int i = 0; i < n; i++) {
                x.get(i, row, d);
                b.get(i, scores, i * d, d);
                for (int j = 0; j < d; j++) {
                    scores[i * d + j] = c * (scores[i * d + j] - less * row[j]);
                }
            }
            return scores;
        }
    }

    /** diag(K 1 + ridge), or diag(P 1) - P. */
    private Matrix weights(double[] sums) {
        double[] weights = rate.isPresent() ? new double[n * n] : Dense.times(frame.pairs(Kernel.Part.SLOPE), -1);
        double[] diagonal =
                rate.isPresent() ? Dense.plus(sums, 1, filled(ridge)) : Dense.times(Dense.rowSums(weights, n), -1);
        for (int i = 0; i < n; i++) {
            weights[i * n + i] += diagonal[i];
        }
        return Matrix.of(weights, n, n, precision);
    }

    /** The same times X. */
    private Matrix rightHandSides(double[] sums, Matrix x) {
        if (rate.isEmpty()) {
            try (Matrix weights = weights(sums)) {
                return weights.times(x);
            }
        }
        Matrix b = Matrix.of(n, frame.d, precision);
        double[] row = new double[frame.d];
        for (int i = 0; i < n; i++) {
            x.get(i, row, frame.d);
            double weight = sums[i] + ridge;
            for (int j = 0; j < frame.d; j++) {
                row[j] *= weight;
            }
            b.put(i, row, frame.d);
        }
        return b;
    }

    private double[] filled(double value) {
        double[] filled = new double[n];
        java.util.Arrays.fill(filled, value);
        return filled;
    }
}
