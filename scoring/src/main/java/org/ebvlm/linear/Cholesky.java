package org.ebvlm.linear;

import java.util.Arrays;
import org.ebvlm.errors.Interruption;

/**
 * The factor L of a symmetric positive definite matrix, A = L L', and solutions by it. Works a panel of columns at a time,
 * from left to right, with nothing but matrix products besides small blocks on the diagonal:
 *
 * <pre>
 * S   = A[k:, k] - L[k:, :k] L[k, :k]'
 * S_k = L_kk L_kk',   T_k = L_kk^-1,   L[k+1:, k] = S T_k'
 * </pre>
 *
 * <p>A block is halved until it is small enough for loops:
 *
 * <pre>
 * ( A11  .  )     L21 = A21 T11',   A22 - L21 L21' = L22 L22',   T21 = -T22 (L21 T11)
 * ( A21 A22 )
 * </pre>
 *
 * <p>Cost n^3 / 6 multiplications for the factor, n^2 each column solved; memory 16 n^2 bytes outside the heap while it is
 * made, 8 n^2 until closed, half of that in single precision.
 */
public final class Cholesky implements AutoCloseable {
    /** Size of a block on the diagonal; the inverse of all of a smaller matrix's factor is known then. */
    private static final int BLOCK = 128;
    /** The same of a matrix that is not larger, if that inverse is not wanted. */
    private static final int SMALL_BLOCK = 48;
    /** Size from which on products are quicker than loops. */
    private static final int LEAF = 16;

    private final int n;
    private final int block;
    private final Precision precision;
    private final Memory l;
    /** Of the blocks on the diagonal, [blocks, block, block], zeros above their diagonals. */
    private final Memory inverses;

    private boolean definite;

    private Cholesky(int n, Precision precision, int block) {
        this.n = n;
        this.precision = precision;
        this.block = block;
        l = Memory.of((long) n * n, precision);
        inverses = Memory.of((long) blocks() * block * block, precision);
    }

    /**
     * A factor on the heap.
     *
     * @param n of the matrix
     * @param precision of the factor
     * @param block size of a block on the diagonal
     * @param l [n, n], row-major
     * @param inverses of the blocks on the diagonal
     */
    public record Kept(int n, Precision precision, int block, double[] l, double[] inverses) {
        /** The factor again. */
        public Cholesky open() {
            return new Cholesky(this);
        }
    }

    private Cholesky(Kept kept) {
        this(kept.n, kept.precision, kept.block);
        l.put(0, kept.l, 0, kept.l.length);
        inverses.put(0, kept.inverses, 0, kept.inverses.length);
        definite = true;
    }

    /** A copy of the factor on the heap. */
    public Kept kept() {
        double[] factor = new double[n * n];
        double[] small = new double[blocks() * block * block];
        l.get(factor);
        inverses.get(small);
        return new Kept(n, precision, block, factor, small);
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
        try (Matrix copy = Matrix.of(a, n, n, precision)) {
            return of(copy);
        }
    }

    /**
     * Factors a matrix in its precision.
     *
     * @param a [n, n]; only what is on and below the diagonal is read; overwritten
     */
    public static Cholesky of(Matrix a) {
        return of(a, Math.min(a.rows(), BLOCK));
    }

    /**
     * The same for equations with few right-hand sides: a small matrix is factored in two thirds of the time, without the
     * inverse of its factor.
     */
    public static Cholesky forFewColumns(Matrix a) {
        return of(a, Math.min(a.rows(), a.rows() > BLOCK ? BLOCK : SMALL_BLOCK));
    }

    private static Cholesky of(Matrix a, int block) {
        Cholesky factor = new Cholesky(a.rows(), a.precision(), block);
        try (Memory scratch = Memory.of((long) factor.block * factor.block, a.precision())) {
            factor.definite = factor.new Factoring(a.memory(), scratch).all();
        }
        return factor;
    }

    /** Whether the matrix was positive definite; if not, there is no factor. */
    public boolean isDefinite() {
        return definite;
    }

    private int blocks() {
        return (n + block - 1) / block;
    }

    /** While the factor is made: what is left of the matrix, and room for loops. */
    private final class Factoring {
        private final Memory a;
        private final Memory scratch;
        private final double[] leaf = new double[LEAF * LEAF];
        private final double[] inverse = new double[LEAF * LEAF];
        private final double[] column = new double[LEAF];

        Factoring(Memory a, Memory scratch) {
            this.a = a;
            this.scratch = scratch;
        }

        boolean all() {
            inverses.clear((long) blocks() * block * block);
            for (int k = 0; k < n; k += block) {
                Interruption.check("solving equations");
                int width = Math.min(block, n - k);
                int below = n - k - width;
                long diagonal = (long) k * n + k;
                long row = (long) k * n;
                if (k > 0) {
                    Dense.gemm(false, true, n - k, width, k, -1, l, row, n, l, row, n, 1, a, diagonal, n);
                }
                long inverted = (long) k * block;
                if (!factor(diagonal, inverted, width)) {
                    return false;
                }
                if (below > 0) {
                    long next = diagonal + (long) width * n;
                    Dense.gemm(
                            false, true, below, width, width, 1, a, next, n, inverses, inverted, block, 0, l, next, n);
                }
            }
            return true;
        }

        /** The factor of a block, and its inverse. False if it has none. */
        private boolean factor(long at, long inverted, int size) {
            if (size <= LEAF) {
                return leaf(at, inverted, size);
            }
            int half = size / 2;
            int rest = size - half;
            long at21 = at + (long) half * n;
            long at22 = at21 + half;
            long inverted21 = inverted + (long) half * block;
            long inverted22 = inverted21 + half;
            if (!factor(at, inverted, half)) {
                return false;
            }
            Dense.gemm(false, true, rest, half, half, 1, a, at21, n, inverses, inverted, block, 0, l, at21, n);
            Dense.gemm(false, true, rest, rest, half, -1, l, at21, n, l, at21, n, 1, a, at22, n);
            if (!factor(at22, inverted22, rest)) {
                return false;
            }
            Dense.gemm(false, false, rest, half, half, 1, l, at21, n, inverses, inverted, block, 0, scratch, 0, half);
            Dense.gemm(
                    false,
                    false,
                    rest,
                    half,
                    rest,
                    -1,
                    inverses,
                    inverted22,
                    block,
                    scratch,
                    0,
                    half,
                    0,
                    inverses,
                    inverted21,
                    block);
            return true;
        }

        private boolean leaf(long at, long inverted, int size) {
            for (int i = 0; i < size; i++) {
                a.get(at + (long) i * n, leaf, i * size, i + 1);
            }
            if (!factorInPlace(leaf, column, size)) {
                return false;
            }
            invert(leaf, inverse, size);
            for (int i = 0; i < size; i++) {
                l.put(at + (long) i * n, leaf, i * size, i + 1);
                inverses.put(inverted + (long) i * block, inverse, i * size, i + 1);
            }
            return true;
        }
    }

    /**
     * A small matrix's lower part becomes its factor, a column at a time, which is taken out of all that is right of it; so
     * that no sum waits for another. False if a pivot is not positive beside rounding.
     */
    private static boolean factorInPlace(double[] s, double[] column, int n) {
        for (int j = 0; j < n; j++) {
            double given = s[j * n + j];
            if (!(given > 0) || given == Double.POSITIVE_INFINITY) {
                return false;
            }
            double pivot = Math.sqrt(given);
            s[j * n + j] = pivot;
            for (int i = j + 1; i < n; i++) {
                // l_ij = s_ij / l_jj,   s_ik -= l_ij l_kj for j < k <= i
                column[i] = s[i * n + j] / pivot;
                s[i * n + j] = column[i];
                Dense.addMultiple(-column[i], column, j + 1, s, i * n + j + 1, i - j);
            }
        }
        return true;
    }

    /** The inverse of a small lower triangle. */
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
        try (Matrix x = Matrix.of(b, n, columns, precision)) {
            solve(x);
            return x.values();
        }
    }

    /** Whether the inverse of the whole factor is known, so that {@link #inverse} is a single product. */
    public boolean isSmall() {
        return block == n;
    }

    /** Whether it would be of a matrix of this size. */
    public static boolean isSmall(int n) {
        return n <= BLOCK;
    }

    /** A^-1 = T' T. */
    public Matrix inverse() {
        Matrix out = Matrix.of(n, n, precision);
        if (isSmall()) {
            Dense.gemm(true, false, n, n, n, 1, inverses, 0, n, inverses, 0, n, 0, out.memory(), 0, n);
            return out;
        }
        out.memory().clear((long) n * n);
        double[] one = {1};
        for (int i = 0; i < n; i++) {
            out.memory().put((long) i * n + i, one, 0, 1);
        }
        solve(out);
        return out;
    }

    /**
     * Turns B into A^-1 B.
     *
     * @param b [n, columns], of the precision of the factor
     */
    public void solve(Matrix b) {
        int columns = b.columns();
        try (Memory y = Memory.of((long) n * columns, precision)) {
            forward(b.memory(), y, columns);
            backward(y, b.memory(), columns);
        }
    }

    /** Y_k = T_k (B_k - L[k, :k] Y[:k]). */
    private void forward(Memory b, Memory y, int columns) {
        for (int k = 0; k < n; k += block) {
            int width = Math.min(block, n - k);
            long at = (long) k * columns;
            if (k > 0) {
                Dense.gemm(false, false, width, columns, k, -1, l, (long) k * n, n, y, 0, columns, 1, b, at, columns);
            }
            timesInverse(false, k, b, y, columns);
        }
    }

    /** X_k = T_k' (Y_k - L[k+1:, k]' X[k+1:]). */
    private void backward(Memory y, Memory x, int columns) {
        for (int k = (blocks() - 1) * block; k >= 0; k -= block) {
            int width = Math.min(block, n - k);
            int next = k + width;
            long at = (long) k * columns;
            if (next < n) {
                long below = (long) next * n + k;
                Dense.gemm(
                        true,
                        false,
                        width,
                        columns,
                        n - next,
                        -1,
                        l,
                        below,
                        n,
                        x,
                        (long) next * columns,
                        columns,
                        1,
                        y,
                        at,
                        columns);
            }
            timesInverse(true, k, y, x, columns);
        }
    }

    /** The rows of a block, T_k or T_k' times those of another matrix. */
    private void timesInverse(boolean transposed, int k, Memory from, Memory to, int columns) {
        int width = Math.min(block, n - k);
        long at = (long) k * columns;
        Dense.gemm(
                transposed,
                false,
                width,
                columns,
                width,
                1,
                inverses,
                (long) k * block,
                block,
                from,
                at,
                columns,
                0,
                to,
                at,
                columns);
    }

    @Override
    public void close() {
        l.close();
        inverses.close();
    }
}
