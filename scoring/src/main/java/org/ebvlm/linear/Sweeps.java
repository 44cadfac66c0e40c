package org.ebvlm.linear;

import java.util.Arrays;
import java.util.Optional;

/**
 * The inverse of a symmetric positive definite matrix in single precision, on the heap. The sweep of pivot k takes a multiple
 * of v v' out of the matrix, v being its column k; after the sweeps of all pivots it is -A^-1:
 *
 * <pre>
 * p = v_k,   v_k = -1,   row and column k of A = 0,   A -= v v' / p
 * </pre>
 *
 * <p>Four pivots are swept in one pass over the matrix, after their columns have been swept with each other. This is the
 * elimination of Gauss and Jordan, whose error for such matrices is the condition number times a rounding. Cost n^3 / 2
 * multiplications, in loops over rows that are arrays of their own: in parts of one array, which might overlap, the virtual
 * machine takes one number at a time.
 */
final class Sweeps {
    private static final int PIVOTS = 4;

    /** With ones on the diagonal after the matrix, so that pivots come in fours. */
    private final float[][] a;

    private final int size;
    private final float[][] columns;
    private final float[] rates = new float[PIVOTS];

    private Sweeps(int n) {
        size = (n + PIVOTS - 1) / PIVOTS * PIVOTS;
        a = new float[size][size];
        columns = new float[PIVOTS][size];
        for (int i = n; i < size; i++) {
            a[i][i] = 1;
        }
    }

    /** Of a matrix that is read up to its diagonal; empty if it is not positive definite. */
    static Optional<Matrix> inverse(Matrix matrix) {
        int n = matrix.rows();
        Sweeps sweeps = new Sweeps(n);
        for (int i = 0; i < n; i++) {
            matrix.get(i, sweeps.a[i], i + 1);
        }
        if (!sweeps.invert()) {
            return Optional.empty();
        }
        Matrix inverse = Matrix.of(n, n, Precision.SINGLE);
        for (int i = 0; i < n; i++) {
            inverse.put(i, sweeps.a[i], n);
        }
        return Optional.of(inverse);
    }

    /** Turns A into A^-1. False if A is not positive definite; what is in the rows then is of no use. */
    private boolean invert() {
        for (int k = 0; k < size; k += PIVOTS) {
            readColumns(k);
            if (!sweepColumns(k)) {
                return false;
            }
            clear(k);
            sweepMatrix();
        }
        negate();
        return true;
    }

    /** The columns from k on, what is above their diagonal from the rows. */
    private void readColumns(int k) {
        float[] v0 = columns[0];
        float[] v1 = columns[1];
        float[] v2 = columns[2];
        float[] v3 = columns[3];
        for (int i = k; i < size; i++) {
            float[] row = a[i];
            v0[i] = row[k];
            v1[i] = row[k + 1];
            v2[i] = row[k + 2];
            v3[i] = row[k + 3];
        }
        for (int q = 0; q < PIVOTS; q++) {
            System.arraycopy(a[k + q], 0, columns[q], 0, k + q);
        }
    }

    /** Each column as it is when its turn comes. False if a pivot is not positive. */
    private boolean sweepColumns(int k) {
        for (int q = 0; q < PIVOTS; q++) {
            float[] v = columns[q];
            Arrays.fill(v, k, k + q, 0);
            for (int p = 0; p < q; p++) {
                takeOut(rates[p] * columns[p][k + q], columns[p], v, size);
                // This sweep sets to zero what earlier ones left in its row and column.
                columns[p][k + q] = 0;
            }
            float pivot = v[k + q];
            if (!(pivot > 0) || pivot == Float.POSITIVE_INFINITY) {
                return false;
            }
            rates[q] = 1 / pivot;
            v[k + q] = -1;
        }
        return true;
    }

    /** Rows and columns of the pivots from k on become zero. */
    private void clear(int k) {
        for (int i = k; i < k + PIVOTS; i++) {
            Arrays.fill(a[i], 0, i + 1, 0);
        }
        for (int i = k + PIVOTS; i < size; i++) {
            float[] row = a[i];
            row[k] = 0;
            row[k + 1] = 0;
            row[k + 2] = 0;
            row[k + 3] = 0;
        }
    }

    private void sweepMatrix() {
        float[] v0 = columns[0];
        float[] v1 = columns[1];
        float[] v2 = columns[2];
        float[] v3 = columns[3];
        float r0 = rates[0];
        float r1 = rates[1];
        float r2 = rates[2];
        float r3 = rates[3];
        for (int i = 0; i < size; i++) {
            takeOut(r0 * v0[i], v0, r1 * v1[i], v1, r2 * v2[i], v2, r3 * v3[i], v3, a[i], i + 1);
        }
    }

    private static void takeOut(float factor, float[] x, float[] y, int many) {
        for (int j = 0; j < many; j++) {
            y[j] -= factor * x[j];
        }
    }

    private static void takeOut(
            float w0,
            float[] v0,
            float w1,
            float[] v1,
            float w2,
            float[] v2,
            float w3,
            float[] v3,
            float[] y,
            int many) {
        for (int j = 0; j < many; j++) {
            y[j] -= w0 * v0[j] + w1 * v1[j] + (w2 * v2[j] + w3 * v3[j]);
        }
    }

    /** With what is above the diagonal. */
    private void negate() {
        for (int k = 0; k < size; k += PIVOTS) {
            readColumns(k);
            for (int q = 0; q < PIVOTS; q++) {
                takeNegative(columns[q], a[k + q]);
            }
        }
    }

    private static void takeNegative(float[] from, float[] to) {
        for (int j = 0; j < to.length; j++) {
            to[j] = -from[j];
        }
    }
}
