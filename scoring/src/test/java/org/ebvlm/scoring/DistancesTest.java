package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.datasets.Data;
import org.ebvlm.implicit.Clouds;
import org.ebvlm.linear.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistancesTest {

    /** Single precision is off by a few parts in ten million of the largest squares. */
    @ParameterizedTest
    @CsvSource({"3, DOUBLE, 1e-12", "3, SINGLE, 1e-12", "20, DOUBLE, 1e-12", "20, SINGLE, 1e-5", "300, SINGLE, 1e-5"})
    void squaresAreTheirDefinitionHoweverManyAreAskedForFirst(int d, Precision precision, double allowed) {
        double[] x = Clouds.normal(150, d, 1);
        try (Distances distances = Distances.of(x, d, precision, () -> null)) {
            distances.squares(40);
            double[] squares = distances.squares(150);
            int at = 0;
            for (int i = 1; i < 150; i++) {
                for (int j = 0; j < i; j++) {
                    double expected = Clouds.squaredDistance(x, i, j, d);
                    assertEquals(expected, squares[at++], allowed * 4 * d);
                }
            }
            assertEquals(at, squares.length);
        }
    }

    @Test
    void dataHaveTheSquaresOfTheirRows() {
        for (int d : new int[] {2, 50}) {
            float[] values = new float[30 * d];
            double[] x = Clouds.normal(30, d, 2);
            for (int i = 0; i < x.length; i++) {
                values[i] = (float) x[i];
            }
            try (Distances distances = Distances.of(Data.of("rows", values, d))) {
                assertEquals(30, distances.rows());
                assertEquals(d, distances.width());
                double[] squares = distances.squares(30);
                assertEquals(Clouds.squaredDistance(x, 29, 28, d), squares[29 * 28 / 2 + 28], 1e-4);
            }
        }
    }

    @Test
    void closeRowsKeepTheirDigits() {
        double[] x = Clouds.normal(10, 100, 3);
        for (int k = 0; k < 100; k++) {
            x[100 + k] = x[k] + 1e-4 * k;
        }
        try (Distances distances = Distances.of(x, 100, Precision.SINGLE, () -> null)) {
            double expected = Clouds.squaredDistance(x, 1, 0, 100);
            assertEquals(expected, distances.squares(2)[0], 2e-3 * expected);
        }
    }

    /**
     * With zero as the origin single precision would be off by about 1e6 x 1100 x 6e-8 = 66. A sum of d products is off by some
     * sqrt(d) roundings of what it adds up, if they have either sign (Higham and Mary, 2019).
     */
    @ParameterizedTest
    @ValueSource(ints = {5, 16, 17, 80})
    void rowsFarFromZeroKeepTheirDigitsEvenWhereEverySoManiethIsOfAnotherKind(int n) {
        int d = 1100;
        double[] x = Clouds.normal(n, d, 6);
        for (int i = 0; i < x.length; i++) {
            x[i] += 1000 + (i / d % (n > 16 ? n / 16 : 2) == 0 ? 3 : 0);
        }
        float[] narrow = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            narrow[i] = (float) x[i];
            x[i] = narrow[i];
        }
        try (Distances one = Distances.of(x, d, Precision.SINGLE, () -> null);
                Distances other = Distances.of(Data.of("rows", narrow, d))) {
            assertEquals(one.squares(n).length, other.squares(n).length);
            assertTrue(one.rounding() < 1e-2 && other.rounding() < 1e-2, "the origin is near");
            double roundings = Math.sqrt(d);
            int at = 0;
            for (int i = 1; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    double expected = Clouds.squaredDistance(x, i, j, d);
                    assertEquals(expected, one.squares(n)[at], roundings * one.rounding());
                    assertEquals(expected, other.squares(n)[at++], roundings * other.rounding());
                }
            }
        }
    }

    @Test
    void whatWasFoundInSinglePrecisionIsFoundAgainInDouble() {
        for (int d : new int[] {2, 100}) {
            double[] x = Clouds.normal(70, d, 5);
            try (Distances distances = Distances.of(x, d, Precision.SINGLE, () -> null)) {
                distances.squares(70);
                distances.toDouble();
                assertEquals(Precision.DOUBLE, distances.precision());
                double[] squares = distances.squares(60);
                assertEquals(Clouds.squaredDistance(x, 59, 58, d), squares[59 * 58 / 2 + 58], 1e-11 * d);
                assertEquals(Precision.DOUBLE, distances.centred().precision());
            }
        }
    }

    @Test
    void squaresBeyondSinglePrecisionAreFoundInDouble() {
        for (double unit : new double[] {1e-17, 1e30}) {
            double[] x = Clouds.normal(10, 100, 4);
            for (int i = 0; i < x.length; i++) {
                x[i] *= unit;
            }
            try (Distances distances = Distances.of(x, 100, Precision.SINGLE, () -> null)) {
                double expected = Clouds.squaredDistance(x, 1, 0, 100);
                assertEquals(expected, distances.squares(10)[0], 1e-9 * expected);
                assertEquals(Precision.DOUBLE, distances.precision());
            }
        }
    }

    @Test
    void aRuleOfDistancesTakesThemFromWhoeverHasThem() {
        double[] x = Clouds.normal(40, 30, 5);
        float[] narrow = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            narrow[i] = (float) x[i];
        }
        Data data = Data.of("rows", narrow, 30);
        for (Bandwidth rule : new Bandwidth[] {
            Bandwidth.median(), Bandwidth.medianOfAll(), Bandwidth.asInSvgd(), Bandwidth.asInKscore()
        }) {
            try (Distances distances = Distances.of(x, 30, Precision.DOUBLE, () -> null)) {
                assertEquals(rule.of(data), rule.of(distances), 1e-5);
                assertTrue(Rbf.bandwidth(rule).settledOn(distances).length() > 0);
            }
        }
    }
}
