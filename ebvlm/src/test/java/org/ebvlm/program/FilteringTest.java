package org.ebvlm.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Minimal filtering of one axis against the definition of a convolution, in double precision. */
class FilteringTest {

    /** The factor of pixel i, weight k and result j: how often the three meet in all tiles. */
    private static double factor(Filtering f, int i, int k, int j) {
        double sum = 0;
        for (int tile = 0; tile < f.tiles(); tile++) {
            int pixel = i - f.first() - tile * f.stepFrom();
            int result = j - tile * f.stepTo();
            if (pixel < 0 || pixel >= f.from()[0].length || result < 0 || result >= f.to()[0].length) {
                continue;
            }
            int place = 0;
            for (int c = 0; c < f.classes(); c++) {
                assertEquals(place, f.firstPlace(c));
                for (int use = 0; use < f.uses()[c]; use++, place++) {
                    sum += f.from()[place][pixel] * f.weights()[c][k] * f.to()[place][result];
                }
            }
            assertEquals(f.places(), place);
        }
        return sum;
    }

    private static void isAConvolution(int length, int padding, int stride) {
        int results = (length + 2 * padding - 3) / stride + 1;
        Filtering there = Filtering.of(length, padding, stride, results);
        Filtering back = Filtering.turned(length, padding, stride, results);
        for (int i = 0; i < length; i++) {
            for (int k = 0; k < 3; k++) {
                for (int j = 0; j < results; j++) {
                    String what = "pixel %d, weight %d, result %d of length %d, padding %d, stride %d"
                            .formatted(i, k, j, length, padding, stride);
                    double expected = i == j * stride - padding + k ? 1 : 0;
                    assertEquals(expected, factor(there, i, k, j), 1e-12, what);
                    assertEquals(expected, factor(back, j, k, i), 1e-12, what + ", turned");
                }
            }
        }
    }

    @Test
    void pixelsWeightsAndResultsMeetWhereTheyDoInTheConvolution() {
        for (int padding = 0; padding <= 2; padding++) {
            for (int length = 3; length <= 16; length++) {
                isAConvolution(length, padding, 1);
                isAConvolution(length, padding, 2);
            }
        }
        isAConvolution(28, 1, 1);
    }

    /** F(m, r) takes m + r - 1 products. */
    @Test
    void takesAsFewProductsAsCanBe() {
        for (int r = 2; r <= 3; r++) {
            for (int m = 1; m + r <= 7; m++) {
                assertEquals(m + r - 1, Filtering.points(m, r).places());
            }
        }
        assertEquals(7 * 6, products(Filtering.of(28, 1, 1, 28)));
        assertEquals(2 * 6, products(Filtering.of(7, 1, 1, 7)));
        assertEquals(5, products(Filtering.of(3, 1, 1, 3)));
        // The middle weight once a result; the others once for the first one, and 4 times for each three.
        assertEquals(7 + 1 + 4 + 4, products(Filtering.of(14, 1, 2, 7)));
    }

    private static int products(Filtering f) {
        return f.tiles() * f.places();
    }

    @Test
    void placesWithEqualWeightsShareThem() {
        Filtering f = Filtering.of(14, 1, 2, 7);
        assertEquals(5, f.classes());
        assertEquals(f.places(), Arrays.stream(f.uses()).sum());
    }

    @Test
    void strideOfThreeOrALongAxisInStridesOfTwoHasNone() {
        assertTrue(Filtering.exists(100, 1, 1));
        assertTrue(Filtering.exists(16, 1, 2));
        assertFalse(Filtering.exists(17, 1, 2));
        assertFalse(Filtering.exists(12, 3, 1));
        assertFalse(Filtering.exists(12, 1, 3));
    }
}
