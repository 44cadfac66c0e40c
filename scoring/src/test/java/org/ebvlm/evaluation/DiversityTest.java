package org.ebvlm.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class DiversityTest {
    /** Four rows of labels 0, 1, 2, 1. */
    private static final Data ROWS = Data.of(new float[][] {{0, 0}, {10, 0}, {0, 10}, {10, 10}});

    private static final Data LABELS = Data.of(new float[][] {{0}, {1}, {2}, {1}});

    @Test
    void theNearestRowGivesTheLabel() {
        Data samples = Data.of(new float[][] {{1, -2}, {9, 1}, {8, 11}, {10, 9}});
        Diversity.Result found = Diversity.against(ROWS, LABELS).of(samples);
        assertArrayEquals(new int[] {0, 1, 3, 3}, found.nearest());
        assertArrayEquals(new double[] {0.25, 0.75, 0}, found.shares(), 1e-12);
        assertEquals(0.25 * Math.log(4) - 0.75 * Math.log(0.75), found.labelEntropy(), 1e-12);
        assertEquals(0.75, found.gap(), 1e-12);
        // Distances 3, 2, 3, 1.
        assertEquals(2.25, found.distance(), 1e-6);
        double variance = (0.75 * 0.75 + 0.25 * 0.25 + 0.75 * 0.75 + 1.25 * 1.25) / 3;
        assertEquals(Math.sqrt(variance / 4), found.distanceError(), 1e-6);
    }

    @Test
    void distancesAreAbsoluteDifferencesAndNotSquares() {
        Data rows = Data.of(new float[][] {{3, 3, 0}, {5, 0, 0}});
        Data labels = Data.of(new float[][] {{0}, {1}});
        // 6 and 5 by absolute differences, 18 and 25 by squares.
        Diversity.Result found = Diversity.against(rows, labels).of(Data.of(new float[][] {{0, 0, 0}}));
        assertArrayEquals(new int[] {1}, found.nearest());
    }

    @Test
    void samplesOfOneClassHaveNoEntropyAndEqualSharesTheMost() {
        Diversity diversity = Diversity.against(ROWS, LABELS);
        Diversity.Result one = diversity.of(Data.of(new float[][] {{0, 0}, {1, 1}}));
        assertEquals(0, one.labelEntropy());
        assertEquals(1, one.gap());
        Diversity.Result all = diversity.of(Data.of(new float[][] {{0, 0}, {10, 0}, {0, 10}}));
        assertEquals(Math.log(3), all.labelEntropy(), 1e-12);
        assertEquals(0, all.gap(), 1e-12);
        assertEquals(0, all.distance());
    }

    @Test
    void withoutLabelsEachRowCountsForItself() {
        Diversity.Result found = Diversity.against(ROWS).of(Data.of(new float[][] {{10, 0}, {10, 10}}));
        assertEquals(Math.log(2), found.labelEntropy(), 1e-12);
        assertArrayEquals(new double[] {0, 0.5, 0, 0.5}, found.shares(), 1e-12);
    }

    @Test
    void leavingRowsEarlyChangesNothing() {
        int width = 100;
        Data rows = normal(200, width, 1);
        Data samples = normal(20, width, 2);
        float[] labels = new float[200];
        for (int i = 0; i < 200; i++) {
            labels[i] = i % 7;
        }
        Diversity.Result found =
                Diversity.against(rows, Data.of("labels", labels, 1)).of(samples);
        for (int i = 0; i < 20; i++) {
            int best = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int row = 0; row < 200; row++) {
                double sum = 0;
                for (int j = 0; j < width; j++) {
                    sum += Math.abs(samples.at(i, j) - rows.at(row, j));
                }
                if (sum < least) {
                    least = sum;
                    best = row;
                }
            }
            assertEquals(best, found.nearest()[i]);
        }
    }

    private static Data normal(int rows, int width, long seed) {
        float[] values = new float[rows * width];
        Noise.seed(seed).normal(values, 0, values.length);
        return Data.of("normal", values, width);
    }

    @Test
    void rejectsWhatDoesNotFit() {
        Diversity diversity = Diversity.against(ROWS, LABELS);
        assertThrows(ShapeException.class, () -> diversity.of(Data.of(new float[][] {{1, 2, 3}})));
        assertThrows(ShapeException.class, () -> Diversity.against(ROWS, Data.of(new float[][] {{1}})));
        assertThrows(
                DataException.class, () -> Diversity.against(ROWS, Data.of(new float[][] {{0}, {0.5f}, {1}, {1}})));
    }
}
