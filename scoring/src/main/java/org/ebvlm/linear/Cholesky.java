package org.ebvlm.linear;

import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.ebvlm.errors.Interruption;

/**
 * The factor L of a symmetric positive definite matrix, A = L L', and solutions by it. Works a panel of columns at a time,
 * from left to right, with nothing but matrix products besides the small blocks on the diagonal:
 *
 * <pre>
 * S   = A[k:, k] - L[k:, :k] L[k, :k]'
 * S_k = L_kk L_kk',   L[k:, k] = S L_kk'^-1
 * </pre>
 *
 * <p>Cost n^3 / 3 multiplications for the factor, n^2 each column solved; memory 8 n^2 bytes outside the heap until closed.
 */
public final class Cholesky implements AutoCloseable {
    private final int n;
    private final int block;
    private final Precision precision;
    private final Memory l;
    /** Of the blocks on the diagonal, [blocks, block, block]. */
    private final Memory inverses;

    private boolean definite;

    private Cholesky(int n, Precision precision) {
        this.n = n;
        this.precision = precision;
        block = blockOf(n);
        l = Memory.of((long) n * n, precision);
        inverses = Memory.of((long) blocks() * block * block, precision);
    }

    private static int blockOf(int n) {
        return Math.min(n, n < 300 ? 24 : 64);
    }

    /**
     * A factor on the heap.
     *
     * @param n of the matrix
     * @param precision of the factor
     * @param l [n, n], row-major
     * @param inverses of the blocks on the diagonal
     */
    public record Kept(int n, Precision precision, double[] l, double[] inverses) {
        /** The factor again. */
        public Cholesky open() {
            return new Cholesky(this);
        }
    }

    private Cholesky(Kept kept) {
        n = kept.n;
        block = blockOf(n);
        precision = kept.precision;
        l = Memory.of(kept.l, kept.l.length, precision);
        inverses = Memory.of(kept.inverses, kept.inverses.length, precision);
        definite = true;
    }

    /** A copy of the factor on the heap. */
    public Kept kept() {
        double[] factor = new double[n * n];
        double[] small = new double[blocks() * block * block];
        l.get(factor);
        inverses.get(small);
        return new Kept(n, precision, factor, small);
    }

    /**
     * Factors a matrix.
     *
     * @param a [n, n], row-major; only what is on and below the diagonal is read
     */
    public static Cholesky of(double[] a, int n) {
        return of(a, n, Precision.DOUBLE);
    }

    /** The same in a precision of choice. */
    public static Cholesky of(double[] a, int n, Precision precision) {
        Cholesky factor = new Cholesky(n, precision);
        factor.definite = factor.factor(a);
        return factor;
    }

    /** Whether the matrix was positive definite; if not, there is no factor. */
    public boolean isDefinite() {
        return definite;
    }

    private int blocks() {
        return (n + block - 1) / block;
    }

    private boolean factor(double[] a) {
        double[] panel = new double[n * block];
        double[] diagonal = new double[block * block];
        double[] inverse = new double[block * block];
        try (Memory memory = Memory.of((long) n * block, precision)) {
            Pointer s = memory.begin();
            Pointer left = l.view();
            Pointer out = l.view();
            Pointer inverted = inverses.view();
            for (int k = 0; k < n; k += block) {
                Interruption.check("solving equations");
                int width = Math.min(block, n - k);
                int height = n - k;
                for (int i = 0; i < height; i++) {
                    System.arraycopy(a, (k + i) * n + k, panel, i * width, width);
                }
                Memory.put(s, panel, height * width);
                left.position((long) k * n);
                if (k > 0) {
                    Dense.gemm(false, true, height, width, k, -1, left, n, left, n, 1, s, width);
                }
                Memory.get(s, diagonal, width * width);
                if (!factorInPlace(diagonal, width)) {
                    return false;
                }
                invert(diagonal, inverse, width);
                Memory.put(inverted.position((long) k * block), inverse, width * width);
                out.position((long) k * n + k);
                Dense.gemm(false, true, height, width, width, 1, s, width, inverted, width, 0, out, n);
            }
            return true;
        }
    }

    /** A small matrix's lower part becomes its factor. False if a pivot is not positive beside rounding. */
    private static boolean factorInPlace(double[] s, int n) {
        for (int j = 0; j < n; j++) {
            double given = s[j * n + j];
            for (int k = 0; k < j; k++) {
                given -= s[j * n + k] * s[j * n + k];
            }
            if (!(given > 0) || given == Double.POSITIVE_INFINITY) {
                return false;
            }
            double pivot = Math.sqrt(given);
            s[j * n + j] = pivot;
            for (int i = j + 1; i < n; i++) {
                s[i * n + j] = (s[i * n + j] - Dense.dot(s, i * n, s, j * n, j)) / pivot;
            }
        }
        return true;
    }

    /** The inverse of a small lower triangle, zeros above. */
    private static void invert(double[] l, double[] out, int n) {
        Arrays.fill(out, 0, n * n, 0);
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                Dense.addMultiple(-l[i * n + k], out, k * n, out, i * n, k + 1);
            }
            out[i * n + i] = 1;
            double pivot = l[i * n + i];
            for (int j = 0; j <= i; j++) {
                out[i * n + j] /= pivot;
            }
        }
    }

    /** A^-1 B; [n, columns] of [n, columns]. */
    public double[] solve(double[] b, int columns) {
        double[] x = new double[b.length];
        try (Memory one = Memory.of(b, b.length, precision);
                Memory other = Memory.of(b.length, precision)) {
            forward(one, other, columns);
            backward(other, one, columns);
            one.get(x);
        }
        return x;
    }

    /** Y_k = L_kk^-1 (B_k - L[k, :k] Y[:k]). */
    private void forward(Memory right, Memory solution, int columns) {
        Pointer row = l.view();
        Pointer inverse = inverses.view();
        Pointer b = right.view();
        Pointer y = solution.view();
        for (int k = 0; k < n; k += block) {
            int width = Math.min(block, n - k);
            b.position((long) k * columns);
            if (k > 0) {
                row.position((long) k * n);
                Dense.gemm(false, false, width, columns, k, -1, row, n, solution.begin(), columns, 1, b, columns);
            }
            inverse.position((long) k * block);
            y.position((long) k * columns);
            Dense.gemm(false, false, width, columns, width, 1, inverse, width, b, columns, 0, y, columns);
        }
    }

    /** X_k = L_kk'^-1 (Y_k - L[k+1:, k]' X[k+1:]). */
    private void backward(Memory right, Memory solution, int columns) {
        Pointer below = l.view();
        Pointer inverse = inverses.view();
        Pointer y = right.view();
        Pointer x = solution.view();
        Pointer after = solution.view();
        for (int k = (blocks() - 1) * block; k >= 0; k -= block) {
            int width = Math.min(block, n - k);
            int next = k + width;
            y.position((long) k * columns);
            if (next < n) {
                below.position((long) next * n + k);
                after.position((long) next * columns);
                Dense.gemm(true, false, width, columns, n - next, -1, below, n, after, columns, 1, y, columns);
            }
            inverse.position((long) k * block);
            x.position((long) k * columns);
            Dense.gemm(true, false, width, columns, width, 1, inverse, width, y, columns, 0, x, columns);
        }
    }

    @Override
    public void close() {
        l.close();
        inverses.close();
    }
}
