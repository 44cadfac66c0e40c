package org.ebvlm.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class EigenTest {
    /** B B' of a random B [n][rank]. */
    private static double[][] squares(int n, int rank) {
        float[] b = new float[n * rank];
        Noise.seed(3).normal(b, 0, b.length);
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < rank; k++) {
                    a[i][j] += (double) b[i * rank + k] * b[j * rank + k];
                }
            }
        }
        return a;
    }

    private static void assertDecomposes(double[][] a) {
        Eigen eigen = Eigen.of(a);
        int n = a.length;
        double scale = Arrays.stream(eigen.values).map(Math::abs).max().orElseThrow() + 1e-300;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double product = 0;
                double orthogonal = 0;
                for (int k = 0; k < n; k++) {
                    product += eigen.vectors[i][k] * eigen.values[k] * eigen.vectors[j][k];
                    orthogonal += eigen.vectors[k][i] * eigen.vectors[k][j];
                }
                assertEquals(a[i][j], product, 1e-13 * n * scale, "V diag V'");
                assertEquals(i == j ? 1 : 0, orthogonal, 1e-13 * n, "V'V");
            }
        }
    }

    @Test
    void vectorsAreOrthogonalAndRebuildTheMatrix() {
        for (int n : new int[] {1, 2, 3, 10, 40}) {
            assertDecomposes(squares(n, n));
        }
    }

    @Test
    void singularZeroAndIndefiniteMatricesDecomposeToo() {
        assertDecomposes(squares(20, 3));
        assertDecomposes(new double[4][4]);
        assertDecomposes(new double[][] {{0, 1}, {1, 0}});
        assertDecomposes(new double[][] {{2, 0, 0}, {0, 2, 0}, {0, 0, 2}});
        assertDecomposes(new double[][] {{1e-9, 1e-10}, {1e-10, 1e9}});
    }

    @Test
    void valuesAreKnownOnesWhereTheyAreKnown() {
        double[] two = Eigen.of(new double[][] {{2, 1}, {1, 2}}).values;
        Arrays.sort(two);
        assertArrayEquals(new double[] {1, 3}, two, 1e-15);
        // The second differences of n points have the values 2 - 2 cos(k pi / (n + 1)).
        int n = 12;
        double[][] differences = new double[n][n];
        double[] known = new double[n];
        for (int i = 0; i < n; i++) {
            differences[i][i] = 2;
            known[i] = 2 - 2 * Math.cos((i + 1) * Math.PI / (n + 1));
            if (i > 0) {
                differences[i][i - 1] = -1;
                differences[i - 1][i] = -1;
            }
        }
        double[] values = Eigen.of(differences).values;
        Arrays.sort(values);
        assertArrayEquals(known, values, 1e-13);
    }

    @Test
    void theRootTimesItselfIsTheMatrixAndTheMatrixStays() {
        double[][] a = squares(8, 5);
        double[][] before = squares(8, 5);
        double[][] root = Eigen.of(a).root();
        for (int i = 0; i < 8; i++) {
            assertArrayEquals(before[i], a[i]);
            for (int j = 0; j < 8; j++) {
                double sum = 0;
                for (int k = 0; k < 8; k++) {
                    sum += root[i][k] * root[k][j];
                }
                assertEquals(a[i][j], sum, 1e-12);
                assertEquals(root[j][i], root[i][j]);
            }
        }
    }
}
