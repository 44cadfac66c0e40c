package org.ebvlm.scoring;

import java.util.Arrays;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;

/** The median distance between the first rows of a data set, a length that kernels can be scaled by. */
final class MedianDistance {
    private static final int ROWS = 500;

    private MedianDistance() {}

    static double of(Data data) {
        int n = Math.min(ROWS, data.rows());
        if (n < 2) {
            throw new DataException(Facts.that("median heuristic: too few rows")
                    .expected("2 or more")
                    .butWas(n + " in " + data.name()));
        }
        float[] values = data.rows(0, n).values();
        double[] distances = new double[n * (n - 1) / 2];
        int at = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                distances[at++] = distance(values, data.width(), i, j);
            }
        }
        Arrays.sort(distances);
        double median = distances[distances.length / 2];
        if (!(median > 0)) {
            throw new DataException(Facts.that("median heuristic: the median distance is zero")
                    .expected("rows that differ")
                    .butWas("at least half of all pairs of rows of " + data.name() + " are equal")
                    .hint("give a bandwidth"));
        }
        return median;
    }

    private static double distance(float[] values, int width, int i, int j) {
        double sum = 0;
        for (int k = 0; k < width; k++) {
            double difference = values[i * width + k] - values[j * width + k];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}
