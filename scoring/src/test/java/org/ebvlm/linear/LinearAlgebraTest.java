package org.ebvlm.linear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.errors.DataException;
import org.ebvlm.implicit.Clouds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearAlgebraTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 32, 33, 65, 100, 128, 129, 256, 300, 321})
    void choleskySolvesWhatWasMultiplied(int n) {
        double[] a = definite(n);
        double[] x = Clouds.normal(n, 3, 2);
        double[] b = byDefinition(a, x, n, 3, n);
        try (Cholesky factor = Cholesky.of(a, n)) {
            assertTrue(factor.isDefinite());
            assertTrue(Clouds.largestDifference(factor.solve(b, 3), x) < 1e-9);
            try (Cholesky again = factor.kept().open()) {
                assertEquals(0, Clouds.largestDifference(again.solve(b, 3), factor.solve(b, 3)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 17, 48, 49, 100, 128, 129})
    void choleskyForFewColumnsSolvesTheSameAndIsKeptTheSame(int n) {
        double[] a = definite(n);
        double[] x = Clouds.normal(n, 2, 2);
        double[] b = byDefinition(a, x, n, 2, n);
        try (Matrix copy = Matrix.of(a, n, n, Precision.DOUBLE);
                Cholesky factor = Cholesky.forFewColumns(copy);
                Cholesky again = factor.kept().open()) {
            assertTrue(Clouds.largestDifference(factor.solve(b, 2), x) < 1e-9);
            assertEquals(0, Clouds.largestDifference(again.solve(b, 2), factor.solve(b, 2)));
            double[] identity = new double[n * n];
            try (Matrix inverse = factor.inverse()) {
                for (int i = 0; i < n; i++) {
                    identity[i * n + i] = 1;
                }
                assertTrue(
                        Clouds.largestDifference(byDefinition(a, inverse.values(), n, n, n), identity) < 1e-9,
                        "the inverse is there all the same, at the price of n right-hand sides");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40, 128, 129, 300})
    void theInverseTimesTheMatrixIsTheIdentity(int n) {
        double[] a = definite(n);
        try (Cholesky factor = Cholesky.of(a, n);
                Matrix inverse = factor.inverse();
                Matrix matrix = Matrix.of(a, n, n, Precision.DOUBLE);
                Matrix product = inverse.times(matrix)) {
            assertEquals(n <= 128, factor.isSmall());
            double[] found = product.values();
            for (int i = 0; i < n * n; i++) {
                assertEquals(i / n == i % n ? 1 : 0, found[i], 1e-9);
            }
        }
    }

    /** In single precision what is read is rounded: errors are measured against the matrix as it is then. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void theDefiniteInverseTimesTheMatrixIsTheIdentityAndReadsTheLowerPartAlone(Precision precision) {
        double allowed = precision == Precision.SINGLE ? 1e-4 : 1e-9;
        for (int n : new int[] {1, 2, 3, 4, 5, 8, 31, 97, 100, 128, 129, 200}) {
            double[] a = definite(n);
            double[] lower = a.clone();
            for (int i = 0; i < n; i++) {
                for (int j = i + 1; j < n; j++) {
                    lower[i * n + j] = Double.NaN;
                }
            }
            try (Matrix given = Matrix.of(lower, n, n, precision);
                    Matrix inverse = given.definiteInverse().orElseThrow()) {
                double[] product = byDefinition(a, inverse.values(), n, n, n);
                for (int i = 0; i < n * n; i++) {
                    assertEquals(i / n == i % n ? 1 : 0, product[i], allowed, n + " rows, place " + i);
                }
            }
        }
    }

    /** Points in space: the kernel matrix has many eigenvalues near its ridge, and some near n. */
    @Test
    void theInverseOfAKernelMatrixInSinglePrecisionHasTheErrorOfItsCondition() {
        int n = 100;
        double ridge = 0.05;
        double[] x = Clouds.normal(n, 3, 4);
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i * n + j] = (float) (Math.exp(-Clouds.squaredDistance(x, i, j, 3) / 6) + (i == j ? ridge : 0));
            }
        }
        try (Matrix given = Matrix.of(a, n, n, Precision.SINGLE);
                Cholesky factor = Cholesky.of(a, n);
                Matrix exact = factor.inverse();
                Matrix inverse = given.definiteInverse().orElseThrow()) {
            double condition = n / ridge;
            assertTrue(Clouds.error(inverse.values(), exact.values()) < condition * 0x1p-24);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void scaledColumnsLessAMultipleOfTheIdentityAreTheirDefinition(Precision precision) {
        double[] a = Clouds.normal(7, 7, 8);
        double[] f = Clouds.normal(1, 7, 9);
        double[] expected = new double[49];
        double squares = 0;
        for (int i = 0; i < 49; i++) {
            expected[i] = a[i] * f[i % 7] - (i / 7 == i % 7 ? 0.7 : 0);
            squares += expected[i] * expected[i];
        }
        try (Matrix matrix = Matrix.of(a, 7, 7, precision)) {
            assertEquals(squares, matrix.scaleColumns(f, 0.7), 1e-5 * squares);
            assertTrue(Clouds.largestDifference(matrix.values(), expected) < 1e-6);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aMatrixThatIsNotPositiveDefiniteHasNoDefiniteInverse(Precision precision) {
        for (int n : new int[] {1, 3, 9, 130}) {
            for (double bad : new double[] {-1, 0, Double.NaN, Double.POSITIVE_INFINITY}) {
                double[] a = definite(n);
                a[n * n - 1] = bad;
                try (Matrix given = Matrix.of(a, n, n, precision)) {
                    assertTrue(given.definiteInverse().isEmpty(), n + " rows, " + bad);
                }
            }
        }
        double[] indefinite = {1, 2, 2, 1};
        try (Matrix given = Matrix.of(indefinite, 2, 2, precision)) {
            assertTrue(given.definiteInverse().isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void matricesKeepTheirRowsAndMultiply(Precision precision) {
        double allowed = precision == Precision.SINGLE ? 1e-3 : 1e-11;
        for (int[] size : new int[][] {{3, 2, 5}, {90, 150, 170}, {130, 2000, 20}}) {
            int m = size[0];
            int n = size[1];
            int k = size[2];
            double[] a = Clouds.normal(m, k, 6);
            double[] b = Clouds.normal(k, n, 7);
            try (Matrix left = Matrix.of(m, k, precision);
                    Matrix right = Matrix.of(b, k, n, precision)) {
                for (int i = 0; i < m; i++) {
                    left.put(i, a, i * k, k);
                }
                assertTrue(Clouds.largestDifference(left.values(), a) < 1e-6);
                try (Matrix product = left.times(right)) {
                    assertTrue(Clouds.largestDifference(product.values(), byDefinition(a, b, m, n, k)) < allowed);
                }
                int from = m / 3;
                double[] expected = byDefinition(a, transposed(a, m, k), m, m, k);
                try (Matrix products = left.products(from, m)) {
                    double[] found = products.values();
                    for (int i = 0; i < found.length; i++) {
                        assertEquals(expected[from * m + i], found[i], allowed);
                    }
                }
            }
        }
    }

    @Test
    void singlePrecisionHasSevenDigitsTimesTheCondition() {
        double[] a = definite(150);
        double[] x = Clouds.normal(150, 3, 2);
        double[] b = byDefinition(a, x, 150, 3, 150);
        try (Cholesky factor = Cholesky.of(a, 150, Precision.SINGLE)) {
            double error = Clouds.error(factor.solve(b, 3), x);
            assertTrue(error > 1e-9 && error < 1e-4, "" + error);
        }
        double[] product = Dense.product(a, false, b, false, 150, 3, 150);
        double[] single = Dense.product(a, true, b, false, 150, 3, 150, Precision.SINGLE);
        assertTrue(Clouds.error(single, product) < 1e-6);
    }

    @Test
    void choleskyReadsTheLowerPartAlone() {
        double[] a = definite(50);
        double[] lower = a.clone();
        for (int i = 0; i < 50; i++) {
            for (int j = i + 1; j < 50; j++) {
                lower[i * 50 + j] = Double.NaN;
            }
        }
        double[] b = Clouds.normal(50, 1, 3);
        try (Cholesky one = Cholesky.of(a, 50);
                Cholesky other = Cholesky.of(lower, 50)) {
            assertEquals(0, Clouds.largestDifference(one.solve(b, 1), other.solve(b, 1)));
        }
    }

    @Test
    void anIndefiniteMatrixIsNotedAndSolvedWithRowExchanges() {
        double[] a = {0, 1, 2, 1, 0, 3, 2, 3, -1};
        try (Cholesky factor = Cholesky.of(a, 3)) {
            assertFalse(factor.isDefinite());
        }
        double[] x = {1, -2, 0.5};
        try (Equations equations = Equations.of(a, 3, 0, "test")) {
            assertTrue(Clouds.largestDifference(equations.solve(byDefinition(a, x, 3, 1, 3), 1), x) < 1e-12);
        }
    }

    @Test
    void aSingularMatrixIsAnError() {
        double[] ones = {1, 1, 1, 1};
        assertThrows(DataException.class, () -> Equations.of(ones, 2, 0, "test"));
    }

    @Test
    void productsAreTheirDefinition() {
        for (int[] size : new int[][] {{1, 1, 1}, {5, 3, 7}, {64, 2, 200}, {70, 80, 90}, {3, 130, 150}}) {
            int m = size[0];
            int n = size[1];
            int k = size[2];
            double[] a = Clouds.normal(m, k, 4);
            double[] b = Clouds.normal(k, n, 5);
            double[] c = byDefinition(a, b, m, n, k);
            assertTrue(Clouds.largestDifference(Dense.product(a, b, m, n, k), c) < 1e-11);
            assertTrue(
                    Clouds.largestDifference(Dense.product(transposed(a, m, k), true, b, false, m, n, k), c) < 1e-11);
            assertTrue(
                    Clouds.largestDifference(Dense.product(a, false, transposed(b, k, n), true, m, n, k), c) < 1e-11);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 40, 120})
    void bothEigendecompositionsAreTheMatrix(int n) {
        double[] a = definite(n);
        Spectrum library = Spectrum.of(a, n);
        Spectrum loops = Spectrum.byLoops(a, n);
        assertTrue(Clouds.largestDifference(library.values(), loops.values()) < 1e-10 * n * library.values()[0]);
        for (Spectrum each : new Spectrum[] {library, loops}) {
            double[] scaled = each.vectors().clone();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] *= each.values()[i / n];
            }
            double[] back = byDefinition(transposed(each.vectors(), n, n), scaled, n, n, n);
            assertTrue(Clouds.largestDifference(back, a) < 1e-10 * n);
            double[] unit = byDefinition(each.vectors(), transposed(each.vectors(), n, n), n, n, n);
            for (int i = 0; i < n * n; i++) {
                assertEquals(i / n == i % n ? 1 : 0, unit[i], 1e-10);
            }
        }
    }

    @Test
    void loopsFindEigenvaluesThatComeSeveralTimes() {
        double[] a = new double[36];
        for (int i = 0; i < 6; i++) {
            a[i * 7] = i < 4 ? 2 : 5;
        }
        Spectrum found = Spectrum.byLoops(a, 6);
        assertTrue(Clouds.largestDifference(found.values(), new double[] {5, 5, 2, 2, 2, 2}) < 1e-12);
    }

    private static double[] definite(int n) {
        double[] k = Clouds.gaussian(Clouds.normal(n, 2, 1), 2, 1);
        for (int i = 0; i < n; i++) {
            k[i * n + i] += 0.1;
        }
        return k;
    }

    private static double[] byDefinition(double[] a, double[] b, int m, int n, int k) {
        double[] c = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int q = 0; q < k; q++) {
                    c[i * n + j] += a[i * k + q] * b[q * n + j];
                }
            }
        }
        return c;
    }

    private static double[] transposed(double[] a, int rows, int columns) {
        double[] out = new double[a.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out[j * rows + i] = a[i * columns + j];
            }
        }
        return out;
    }
}
