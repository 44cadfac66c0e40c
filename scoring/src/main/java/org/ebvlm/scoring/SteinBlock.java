package org.ebvlm.scoring;

import java.util.Arrays;
import java.util.List;

/**
 * As many rows as a tile is high, column by column, so that loops over rows run through memory in order. A block that the
 * rows do not fill ends with rows of zeros whose number is NaN.
 *
 * @param shares what the rows have by themselves, each [.., size]
 * @param numbers [size], which row each is
 * @param weights [size, bootstraps]
 */
record SteinBlock(List<float[]> shares, float[] numbers, float[] weights) {

    /** The rows from one on, with lengths in a unit and scores therefore per unit. */
    static SteinBlock of(ScoredRows rows, SteinShares shares, double unit, Bootstraps bootstraps, int from, int size) {
        int n = Math.min(size, rows.rows() - from);
        float[] numbers = new float[size];
        Arrays.fill(numbers, Float.NaN);
        for (int i = 0; i < n; i++) {
            numbers[i] = from + i;
        }
        int number = bootstraps.number();
        float[] weights = new float[size * number];
        System.arraycopy(bootstraps.weights(), from * number, weights, 0, n * number);
        float[] points = columns(rows.points(), 1 / unit, rows.width(), from, n, size);
        float[] scores = columns(rows.scores(), unit, rows.width(), from, n, size);
        return new SteinBlock(shares.of(points, scores), numbers, weights);
    }

    /** Whether all places hold rows, here and there, and all here come before all there. */
    boolean isBefore(SteinBlock other) {
        int last = numbers.length - 1;
        return numbers[last] < other.numbers[0] && other.numbers[0] <= other.numbers[last];
    }

    private static float[] columns(float[] rows, double factor, int width, int from, int n, int size) {
        float[] columns = new float[width * size];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < width; k++) {
                columns[k * size + i] = (float) (factor * rows[(from + i) * width + k]);
            }
        }
        return columns;
    }
}
