package org.ebvlm.implicit;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ebvlm.linear.Cholesky;
import org.ebvlm.linear.Dense;
import org.ebvlm.linear.Matrix;
import org.ebvlm.linear.Precision;
import org.ebvlm.scoring.Distances;
import org.ebvlm.scoring.Kernel;

/**
 * The equations of {@link Stein} at the samples, in the precision of the distances between them. With P = f' at the pairs, D = -2 (diag(P 1) - P) X, so
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
 * <p>Where there are more coordinates than samples, the n x n matrix before X is found and multiplied with X; elsewhere X is a
 * part of the right-hand sides.
 */
final class SteinEquations {
    /** Coordinates a sample from which on the inverse of a large matrix costs less than what it saves. */
    private static final int MANY = 8;

    /** Below the square of the largest number in single precision. */
    private static final double FINITE = 1e70;

    private final Frame frame;
    private final Distances distances;
    private final double ridge;
    private final Precision precision;
    private final int n;
    private final int d;
    /** f' / f, if it is a number. */
    private final OptionalDouble rate;

    private final double[] sums;

    private SteinEquations(Frame frame, Distances distances, double ridge) {
        this.frame = frame;
        this.distances = distances;
        this.ridge = ridge;
        precision = distances.precision();
        n = frame.n;
        d = frame.d;
        rate = frame.kernel.logSlope();
        sums = new double[n];
    }

    /** The scores at the samples per unit of theirs, [n, d]; empty if K + ridge I is not positive definite. */
    static Optional<Values> solved(Frame frame, Distances distances, double ridge) {
        return new SteinEquations(frame, distances, ridge).solved();
    }

    private Optional<Values> solved() {
        boolean wide = Cholesky.isSmall(n) ? d >= n : d > MANY * n;
        try (Matrix k = regularised()) {
            return wide ? byInverse(k) : bySolving(k);
        }
    }

    /** K + ridge I up to its diagonal; finds the sums of its rows on the way. */
    private Matrix regularised() {
        Matrix k = Matrix.of(n, n, precision);
        frame.eachRow(Kernel.Part.VALUE, distances, frame.length, (i, row) -> {
            row[i] += ridge;
            k.put(i, row, i + 1);
            // A row up to its diagonal, and what its transpose adds to the rows before.
            sums[i] += Dense.sum(row, 0, i + 1);
            Dense.addMultiple(1, row, 0, sums, 0, i);
        });
        return k;
    }

    /** What the equations are multiplied with in the end; two lengths are taken out of them. */
    private double scale() {
        return 2 * rate.orElse(1) / (frame.length * frame.length);
    }

    /** What is subtracted from a score for each of X's numbers. */
    private double less() {
        return rate.isPresent() ? scale() : 0;
    }

    private Optional<Values> byInverse(Matrix k) {
        return k.definiteInverse().map(inverse -> {
            try (Matrix m = rate.isPresent() ? inverse : timesLaplacian(inverse)) {
                return scaledTimesX(m);
            }
        });
    }

    private Matrix timesLaplacian(Matrix inverse) {
        try (inverse;
                Matrix laplacian = laplacian()) {
            return inverse.times(laplacian);
        }
    }

    private Values scaledTimesX(Matrix m) {
        double[] factors = new double[n];
        Arrays.setAll(factors, j -> scale() * (rate.isPresent() ? sums[j] : 1));
        double size = m.scaleColumns(factors, less());
        try (Matrix g = m.times(distances.centred())) {
            Values scores = Values.of(g);
            // |G_ik|^2 <= ||M||^2 ||X||^2, so that few numbers tell whether all are finite
            if (!(size * n * distances.squaredRadius() < FINITE)) {
                frame.requireFinite(scores.copy(), 0, n * d);
            }
            return scores;
        }
    }

    private static void scaleBy(double[] row, double scale) {
        for (int j = 0; j < row.length; j++) {
            row[j] *= scale;
        }
    }

    private Optional<Values> bySolving(Matrix k) {
        try (Cholesky factor = Cholesky.forFewColumns(k)) {
            return factor.isDefinite() ? Optional.of(solvedBy(factor)) : Optional.empty();
        }
    }

    private Values solvedBy(Cholesky factor) {
        Matrix x = distances.centred();
        try (Matrix b = rate.isPresent() ? weighted(x) : laplacianTimes(x)) {
            factor.solve(b);
            double[] scores = new double[n * d];
            double[] row = new double[d];
            double scale = scale();
            double less = less();
            for (int i = 0; i < n; i++) {
                int at = i * d;
                x.get(i, row, d);
                b.get(i, scores, at, d);
                for (int j = 0; j < d; j++) {
                    scores[at + j] = scale * scores[at + j] - less * row[j];
                }
                frame.requireFinite(scores, at, at + d);
            }
            return Values.of(scores);
        }
    }

    /** diag(K 1 + ridge) X. */
    private Matrix weighted(Matrix x) {
        Matrix weighted = Matrix.of(n, d, precision);
        double[] row = new double[d];
        for (int i = 0; i < n; i++) {
            x.get(i, row, d);
            scaleBy(row, sums[i]);
            weighted.put(i, row, d);
        }
        return weighted;
    }

    private Matrix laplacianTimes(Matrix x) {
        try (Matrix laplacian = laplacian()) {
            return laplacian.times(x);
        }
    }

    /** diag(P 1) - P. */
    private Matrix laplacian() {
        double[] laplacian = Dense.times(frame.pairs(Kernel.Part.SLOPE), -1);
        double[] diagonal = Dense.rowSums(laplacian, n);
        for (int i = 0; i < n; i++) {
            laplacian[i * n + i] -= diagonal[i];
        }
        return Matrix.of(laplacian, n, n, precision);
    }
}
