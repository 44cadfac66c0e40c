package org.ebvlm.linear;

/** Solutions of A X = B by elimination with row exchanges, for symmetric matrices that are not definite; n^3 / 3 in plain loops. */
public final class Pivoted {
    private final double[] lu;
    private final int[] order;
    private final int n;
    private boolean regular = true;

    private Pivoted(double[] a, int n) {
        this.n = n;
        lu = a.clone();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                lu[j * n + i] = lu[i * n + j];
            }
        }
        order = new int[n];
        double scale = 0;
        for (double each : lu) {
            scale = Math.max(scale, Math.abs(each));
        }
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int k = 0; k < n && regular; k++) {
            exchange(k, largest(k));
            double pivot = lu[k * n + k];
            regular = Math.abs(pivot) > n * Math.ulp(1.0) * scale;
            for (int i = k + 1; i < n && regular; i++) {
                double factor = lu[i * n + k] / pivot;
                lu[i * n + k] = factor;
                Dense.addMultiple(-factor, lu, k * n + k + 1, lu, i * n + k + 1, n - k - 1);
            }
        }
    }

    /** Of a matrix, [n, n], of which only what is on and below the diagonal is read. */
    public static Pivoted of(double[] a, int n) {
        return new Pivoted(a, n);
    }

    /** Whether all pivots are larger than rounding. */
    public boolean isRegular() {
        return regular;
    }

    private int largest(int k) {
        int best = k;
        for (int i = k + 1; i < n; i++) {
            if (Math.abs(lu[i * n + k]) > Math.abs(lu[best * n + k])) {
                best = i;
            }
        }
        return best;
    }

    private void exchange(int a, int b) {
        for (int j = 0; a != b && j < n; j++) {
            double swapped = lu[a * n + j];
            lu[a * n + j] = lu[b * n + j];
            lu[b * n + j] = swapped;
        }
        int swapped = order[a];
        order[a] = order[b];
        order[b] = swapped;
    }

    /** A^-1 B; [n, columns] of [n, columns]. */
    public double[] solve(double[] b, int columns) {
        double[] x = new double[b.length];
        for (int i = 0; i < n; i++) {
            System.arraycopy(b, order[i] * columns, x, i * columns, columns);
            for (int k = 0; k < i; k++) {
                Dense.addMultiple(-lu[i * n + k], x, k * columns, x, i * columns, columns);
            }
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                Dense.addMultiple(-lu[i * n + k], x, k * columns, x, i * columns, columns);
            }
            for (int j = 0; j < columns; j++) {
                x[i * columns + j] /= lu[i * n + i];
            }
        }
        return x;
    }
}
