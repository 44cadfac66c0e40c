package org.ebvlm.evaluation;

/** Eigenvalues and eigenvectors of a symmetric matrix in double precision, by Jacobi's rotations: exact to rounding, order n^3 a sweep. */
final class Eigen {
    private static final int SWEEPS = 60;

    /** In no order. */
    final double[] values;
    /** Column k belongs to value k. */
    final double[][] vectors;

    private final double[][] a;

    private Eigen(double[][] symmetric) {
        int n = symmetric.length;
        a = new double[n][];
        vectors = new double[n][n];
        values = new double[n];
        for (int i = 0; i < n; i++) {
            a[i] = symmetric[i].clone();
            vectors[i][i] = 1;
        }
        for (int sweep = 0; sweep < SWEEPS && rotateAll(); sweep++) {
            // Each sweep squares what is left beside the diagonal; six to ten do.
        }
        for (int i = 0; i < n; i++) {
            values[i] = a[i][i];
        }
    }

    static Eigen of(double[][] symmetric) {
        return new Eigen(symmetric);
    }

    /** Whether anything was left to rotate. */
    private boolean rotateAll() {
        boolean rotated = false;
        for (int p = 0; p < a.length; p++) {
            for (int q = p + 1; q < a.length; q++) {
                double small = 1e-16 * Math.sqrt(Math.abs(a[p][p] * a[q][q]));
                if (Math.abs(a[p][q]) > small && Math.abs(a[p][q]) > Double.MIN_NORMAL) {
                    rotate(p, q);
                    rotated = true;
                }
            }
        }
        return rotated;
    }

    /** Makes a_pq zero: with tau = (a_qq - a_pp) / 2 a_pq, tan = sign(tau) / (|tau| + sqrt(1 + tau^2)). */
    private void rotate(int p, int q) {
        double tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double tan = Math.copySign(1, tau) / (Math.abs(tau) + Math.hypot(1, tau));
        double cos = 1 / Math.hypot(1, tan);
        double sin = tan * cos;
        for (double[] row : a) {
            turn(row, p, q, cos, sin);
        }
        for (int k = 0; k < a.length; k++) {
            double x = a[p][k];
            double y = a[q][k];
            a[p][k] = cos * x - sin * y;
            a[q][k] = sin * x + cos * y;
        }
        a[p][q] = 0;
        a[q][p] = 0;
        for (double[] row : vectors) {
            turn(row, p, q, cos, sin);
        }
    }

    private static void turn(double[] row, int p, int q, double cos, double sin) {
        double x = row[p];
        double y = row[q];
        row[p] = cos * x - sin * y;
        row[q] = sin * x + cos * y;
    }

    /** V sqrt(values) V', with negative values, which are rounding, taken as zero. */
    double[][] root() {
        int n = values.length;
        double[][] root = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k < n; k++) {
                    sum += vectors[i][k] * Math.sqrt(Math.max(0, values[k])) * vectors[j][k];
                }
                root[i][j] = sum;
                root[j][i] = sum;
            }
        }
        return root;
    }
}
