package org.ebvlm.linear;

import static org.bytedeco.openblas.global.openblas.LAPACKE_dsyevd;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;

/**
 * All eigenvalues and eigenvectors of a symmetric matrix, by LAPACK's divide and conquer. Its answer is tried on a vector,
 * since the library's triangular products are wrong on some processors (see {@link Dense}); where it fails, Householder's
 * reduction and the implicit QL iteration in plain loops take its place, some twenty times slower.
 *
 * @param values descending
 * @param vectors row j belongs to value j, [n, n]
 */
public record Spectrum(double[] values, double[] vectors) {

    /** Of a symmetric matrix, [n, n]. */
    public static Spectrum of(double[] a, int n) {
        Spectrum found = byLapack(a, n);
        return found.isRight(a, n) ? found : byLoops(a, n);
    }

    static Spectrum byLapack(double[] a, int n) {
        double[] values = new double[n];
        double[] vectors = new double[n * n];
        try (Memory matrix = Memory.of(a, a.length, Precision.DOUBLE);
                Memory eigenvalues = Memory.of(n, Precision.DOUBLE)) {
            DoublePointer out = (DoublePointer) matrix.begin();
            DoublePointer found = (DoublePointer) eigenvalues.begin();
            LAPACKE_dsyevd(LAPACK_COL_MAJOR, (byte) 'V', (byte) 'L', n, out, n, found);
            matrix.get(vectors);
            eigenvalues.get(values);
        }
        return new Spectrum(values, vectors).reversed(n);
    }

    private Spectrum reversed(int n) {
        double[] v = new double[n];
        double[] u = new double[n * n];
        for (int j = 0; j < n; j++) {
            v[j] = values[n - 1 - j];
            System.arraycopy(vectors, (n - 1 - j) * n, u, j * n, n);
        }
        return new Spectrum(v, u);
    }

    /** Whether U' U z = z and U' L U z = A z for a vector z of no particular direction. */
    private boolean isRight(double[] a, int n) {
        double[] z = new double[n];
        for (int i = 0; i < n; i++) {
            z[i] = 1 + 0.5 * Math.sin(1.7 * i * i + 0.3);
        }
        double[] uz = Dense.product(vectors, z, n, 1, n);
        double[] luz = Dense.times(uz, values);
        double scale = Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
        return near(Dense.product(uz, vectors, 1, n, n), z, 1)
                && near(Dense.product(luz, vectors, 1, n, n), Dense.product(a, z, n, 1, n), scale);
    }

    private static boolean near(double[] a, double[] b, double scale) {
        for (int i = 0; i < a.length; i++) {
            if (!(Math.abs(a[i] - b[i]) <= 1e-9 * a.length * Math.max(scale, 1e-300))) {
                return false;
            }
        }
        return true;
    }

    // ---------------------------------------------------------------- in plain loops

    /** The same in plain loops. */
    public static Spectrum byLoops(double[] a, int n) {
        double[] diagonal = new double[n];
        double[] off = new double[n];
        double[] rows = new double[n * n];
        tridiagonal(a.clone(), n, diagonal, off, rows);
        iterate(diagonal, off, rows, n);
        Integer[] order = new Integer[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        Arrays.sort(order, (i, j) -> Double.compare(diagonal[j], diagonal[i]));
        double[] values = new double[n];
        double[] vectors = new double[n * n];
        for (int j = 0; j < n; j++) {
            values[j] = diagonal[order[j]];
            System.arraycopy(rows, order[j] * n, vectors, j * n, n);
        }
        return new Spectrum(values, vectors);
    }

    /** A = Q T Q' by reflections H = I - 2 w w' / w'w, one a column; {@code rows} becomes Q'. */
    private static void tridiagonal(double[] a, int n, double[] diagonal, double[] off, double[] rows) {
        for (int i = 0; i < n; i++) {
            rows[i * n + i] = 1;
        }
        double[] w = new double[n];
        for (int k = 0; k + 1 < n; k++) {
            int first = k + 1;
            double norm = 0;
            for (int i = first; i < n; i++) {
                w[i] = a[i * n + k];
                norm += w[i] * w[i];
            }
            double alpha = -Math.copySign(Math.sqrt(norm), w[first]);
            off[k] = alpha;
            w[first] -= alpha;
            double square = Dense.dot(w, first, w, first, n - first);
            if (norm > 0 && square > 0) {
                reflectBothSides(a, w, first, square, n);
                reflectRows(rows, w, first, square, n);
            } else {
                off[k] = a[first * n + k];
            }
        }
        for (int i = 0; i < n; i++) {
            diagonal[i] = a[i * n + i];
        }
    }

    /** A - w q' - q w', q = p - (w.p / w.w) w, p = 2 A w / w.w, in the rows and columns that are left. */
    private static void reflectBothSides(double[] a, double[] w, int first, double square, int n) {
        int many = n - first;
        double[] q = new double[n];
        for (int i = first; i < n; i++) {
            q[i] = 2 * Dense.dot(a, i * n + first, w, first, many) / square;
        }
        Dense.addMultiple(-Dense.dot(w, first, q, first, many) / square, w, first, q, first, many);
        for (int i = first; i < n; i++) {
            Dense.addMultiple(-w[i], q, first, a, i * n + first, many);
            Dense.addMultiple(-q[i], w, first, a, i * n + first, many);
        }
    }

    /** H Q'. */
    private static void reflectRows(double[] rows, double[] w, int first, double square, int n) {
        double[] sum = new double[n];
        for (int i = first; i < n; i++) {
            Dense.addMultiple(w[i], rows, i * n, sum, 0, n);
        }
        for (int i = first; i < n; i++) {
            Dense.addMultiple(-2 * w[i] / square, sum, 0, rows, i * n, n);
        }
    }

    /** Implicit QL with Wilkinson's shift; rotations turn two rows of {@code rows} at a time. */
    private static void iterate(double[] d, double[] e, double[] rows, int n) {
        for (int l = 0; l < n; l++) {
            for (int m = end(d, e, l, n); m != l; m = end(d, e, l, n)) {
                double g = (d[l + 1] - d[l]) / (2 * e[l]);
                g = d[m] - d[l] + e[l] / (g + Math.copySign(Math.hypot(g, 1), g));
                double s = 1;
                double c = 1;
                double p = 0;
                int i = m - 1;
                for (; i >= l; i--) {
                    double f = s * e[i];
                    double b = c * e[i];
                    double r = Math.hypot(f, g);
                    e[i + 1] = r;
                    if (r == 0) {
                        d[i + 1] -= p;
                        e[m] = 0;
                        break;
                    }
                    s = f / r;
                    c = g / r;
                    g = d[i + 1] - p;
                    r = (d[i] - g) * s + 2 * c * b;
                    p = s * r;
                    d[i + 1] = g + p;
                    g = c * r - b;
                    rotate(rows, i * n, c, s, n);
                }
                if (i < l) {
                    d[l] -= p;
                    e[l] = g;
                    e[m] = 0;
                }
            }
        }
    }

    /** The first m from l on at which the matrix falls apart. */
    private static int end(double[] d, double[] e, int l, int n) {
        int m = l;
        while (m + 1 < n && Math.abs(e[m]) > Math.ulp(1.0) * (Math.abs(d[m]) + Math.abs(d[m + 1]))) {
            m++;
        }
        return m;
    }

    private static void rotate(double[] rows, int at, double c, double s, int n) {
        for (int k = at; k < at + n; k++) {
            double upper = rows[k];
            double lower = rows[k + n];
            rows[k + n] = s * upper + c * lower;
            rows[k] = c * upper - s * lower;
        }
    }
}
