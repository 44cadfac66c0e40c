package org.ebvlm.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SumOfSquaresTest {
    private final SumOfSquares squares = new SumOfSquares();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16, 1023, 2047, 2048, 2049, 5000, 224_000})
    void agreesWithASumInDoublePrecision(int length) {
        float[] x = new float[length];
        Noise.seed(length).normal(x, 0, length);
        double sum = 0;
        for (float each : x) {
            sum += (double) each * each;
        }
        // A partial sum of k squares is off by k half units of rounding, 6e-8 each, at most.
        double relative = 6e-8 * (2 + length / 1024.0);
        assertEquals(sum, squares.sum(x), relative * sum);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 10_000})
    void isFiniteExactlyIfAllPlacesAre(int length) {
        float[] x = new float[length];
        Arrays.fill(x, 1e30f);
        assertEquals(length * (double) 1e30f * 1e30f, squares.sum(x), 1e-9 * length * 1e60);
        for (int at : new int[] {0, length / 2, length - 1}) {
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                float[] broken = x.clone();
                broken[at] = bad;
                assertFalse(Double.isFinite(squares.sum(broken)));
                broken = new float[length];
                broken[at] = bad;
                assertFalse(Double.isFinite(squares.sum(broken)));
            }
        }
        Arrays.fill(x, Float.MAX_VALUE);
        assertTrue(Double.isFinite(squares.sum(x)));
    }

    @Test
    void doesNotRememberEarlierArrays() {
        float[] ones = new float[4096];
        Arrays.fill(ones, 1f);
        squares.sum(ones);
        assertEquals(4096, squares.sum(ones), 0);
    }
}
