package org.ebvlm.linear;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.ebvlm.program.Cores;

/**
 * Products of matrices in double precision, row-major, by OpenBLAS. Of that library only this is used: in the
 * version that ND4J brings (0.3.19), the triangular ones (trsm, trmm, and all of LAPACK that rests on them) return wrong
 * numbers on processors for which it takes its SkylakeX kernels, while products are right on all.
 */
public final class Dense {
    /** Multiplications below which plain loops are as quick as a call with its copies. */
    private static final long SMALL = 20_000;
    /** Columns up to which plain loops beat the copy of the large matrix. */
    private static final int FEW = 4;

    private static final long SHARED_WORK = 8_000_000;
    private static int threads;

    private Dense() {}

    /**
     * op(A) op(B).
     *
     * @param a [m, k], or [k, m] if transposed
     * @param b [k, n], or [n, k] if transposed
     * @return [m, n]
     */
    public static double[] product(
            double[] a, boolean transposeA, double[] b, boolean transposeB, int m, int n, int k) {
        return product(a, transposeA, b, transposeB, m, n, k, Precision.DOUBLE);
    }

    /** The same in a precision of choice. */
    public static double[] product(
            double[] a, boolean transposeA, double[] b, boolean transposeB, int m, int n, int k, Precision precision) {
        double[] c = new double[Math.multiplyExact(m, n)];
        if (m == 0 || n == 0 || k == 0) {
            return c;
        }
        if (!transposeA && !transposeB && (n <= FEW || (long) m * n * k < SMALL)) {
            loops(a, b, c, m, n, k);
            return c;
        }
        try (Memory left = Memory.of(a, m * k, precision);
                Memory right = Memory.of(b, k * n, precision);
                Memory out = Memory.of(c.length, precision)) {
            int strideA = transposeA ? m : k;
            int strideB = transposeB ? k : n;
            gemm(transposeA, transposeB, m, n, k, 1, left, 0, strideA, right, 0, strideB, 0, out, 0, n);
            out.get(c);
        }
        return c;
    }

    /** A B, [m, n] of [m, k] and [k, n]. */
    public static double[] product(double[] a, double[] b, int m, int n, int k) {
        return product(a, false, b, false, m, n, k);
    }

    private static void loops(double[] a, double[] b, double[] c, int m, int n, int k) {
        if (n == 1) {
            for (int i = 0; i < m; i++) {
                c[i] = dot(a, i * k, b, 0, k);
            }
            return;
        }
        if (n <= FEW) {
            double[] column = new double[k];
            for (int j = 0; j < n; j++) {
                for (int q = 0; q < k; q++) {
                    column[q] = b[q * n + j];
                }
                for (int i = 0; i < m; i++) {
                    c[i * n + j] = dot(a, i * k, column, 0, k);
                }
            }
            return;
        }
        for (int i = 0; i < m; i++) {
            for (int q = 0; q < k; q++) {
                addMultiple(a[i * k + q], b, q * n, c, i * n, n);
            }
        }
    }

    /** The sum of products of n numbers of each; in four parts, which add up at the same time. */
    public static double dot(double[] a, int fromA, double[] b, int fromB, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < n; i += 4) {
            s0 += a[fromA + i] * b[fromB + i];
            s1 += a[fromA + i + 1] * b[fromB + i + 1];
            s2 += a[fromA + i + 2] * b[fromB + i + 2];
            s3 += a[fromA + i + 3] * b[fromB + i + 3];
        }
        for (; i < n; i++) {
            s0 += a[fromA + i] * b[fromB + i];
        }
        return s0 + s1 + (s2 + s3);
    }

    /** y += factor x for n numbers. */
    public static void addMultiple(double factor, double[] x, int fromX, double[] y, int fromY, int n) {
        for (int i = 0; i < n; i++) {
            y[fromY + i] += factor * x[fromX + i];
        }
    }

    /** The dot product of each row of one with the same row of the other; [n] of [n, width]. */
    public static double[] rowDots(double[] a, double[] b, int width) {
        double[] dots = new double[a.length / width];
        for (int i = 0; i < dots.length; i++) {
            dots[i] = dot(a, i * width, b, i * width, width);
        }
        return dots;
    }

    /** The sum of n numbers; in four parts, which add up at the same time. */
    public static double sum(double[] a, int from, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = from;
        int end = from + n;
        for (; i + 3 < end; i += 4) {
            s0 += a[i];
            s1 += a[i + 1];
            s2 += a[i + 2];
            s3 += a[i + 3];
        }
        for (; i < end; i++) {
            s0 += a[i];
        }
        return s0 + s1 + (s2 + s3);
    }

    /** Sums of rows; [m] of [m, n]. */
    public static double[] rowSums(double[] a, int n) {
        double[] sums = new double[a.length / n];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = sum(a, i * n, n);
        }
        return sums;
    }

    /** Elementwise product. */
    public static double[] times(double[] a, double[] b) {
        double[] c = new double[a.length];
        Arrays.setAll(c, i -> a[i] * b[i]);
        return c;
    }

    /** Each number times a factor. */
    public static double[] times(double[] a, double factor) {
        double[] c = new double[a.length];
        for (int i = 0; i < c.length; i++) {
            c[i] = factor * a[i];
        }
        return c;
    }

    /** a + factor b. */
    public static double[] plus(double[] a, double factor, double[] b) {
        double[] c = a.clone();
        addMultiple(factor, b, 0, c, 0, c.length);
        return c;
    }

    /** C = alpha op(A) op(B) + beta C outside the heap, each from a position on and with so many numbers a row. */
    static void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            double alpha,
            Memory a,
            long atA,
            int strideA,
            Memory b,
            long atB,
            int strideB,
            double beta,
            Memory c,
            long atC,
            int strideC) {
        use((long) m * n * k < SHARED_WORK ? 1 : Cores.used());
        int opA = transposeA ? CblasTrans : CblasNoTrans;
        int opB = transposeB ? CblasTrans : CblasNoTrans;
        if (c.precision() == Precision.SINGLE) {
            cblas_sgemm(
                    CblasRowMajor,
                    opA,
                    opB,
                    m,
                    n,
                    k,
                    (float) alpha,
                    (FloatPointer) a.left(atA),
                    strideA,
                    (FloatPointer) b.right(atB),
                    strideB,
                    (float) beta,
                    (FloatPointer) c.out(atC),
                    strideC);
        } else {
            cblas_dgemm(
                    CblasRowMajor,
                    opA,
                    opB,
                    m,
                    n,
                    k,
                    alpha,
                    (DoublePointer) a.left(atA),
                    strideA,
                    (DoublePointer) b.right(atB),
                    strideB,
                    beta,
                    (DoublePointer) c.out(atC),
                    strideC);
        }
    }

    private static synchronized void use(int number) {
        if (number != threads) {
            blas_set_num_threads(number);
            threads = number;
        }
    }
}
