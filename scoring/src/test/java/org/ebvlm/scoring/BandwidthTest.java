package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BandwidthTest {

    /** Distances 1 2 3 4 6 7 and, counted from both sides, with four zeros: 0 0 0 0 1 1 2 2 | 3 3 4 4 6 6 7 7. */
    @Test
    void eachConventionIsWhatItsNameSays() {
        Data line = Data.of("line", new float[] {0, 1, 3, 7}, 1);
        assertEquals(4, Bandwidth.median().of(line), 1e-12);
        assertEquals(4, Bandwidth.medianOfAll().of(line), 1e-12);
        assertEquals(3, Bandwidth.asInKscore().of(line), 1e-12);
        assertEquals(
                Math.sqrt((4 + 9) / 2.0 / (2 * Math.log(5))),
                Bandwidth.asInSvgd().of(line),
                1e-12);
        assertEquals(2, Bandwidth.median().times(0.5).of(line), 1e-12);
        // Of three rows 0 0 0 1 1 | 2 2 3 3 the middle is one.
        Data three = Data.of("line", new float[] {0, 1, 3}, 1);
        assertEquals(1, Bandwidth.asInKscore().of(three), 1e-12);
        assertEquals(1 / Math.sqrt(2 * Math.log(4)), Bandwidth.asInSvgd().of(three), 1e-12);
        assertTrue(Rbf.bandwidth(Bandwidth.asInSvgd()).name().contains("as in SVGD"));
        assertEquals(
                2, Imq.bandwidth(Bandwidth.median().times(0.5)).settledOn(line).length(), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"300, 3", "301, 40", "520, 40"})
    void theMedianIsThatOfSortedDistances(int n, int width) {
        Noise noise = Noise.seed(n);
        float[] values = new float[n * width];
        noise.normal(values, 0, values.length);
        Data data = Data.of("rows", values, width);
        double[] all = distances(values, Math.min(n, 500), width);
        assertEquals(all[all.length / 2], Bandwidth.median().of(data), 1e-6);
        double[] whole = distances(values, n, width);
        assertEquals(whole[whole.length / 2], Bandwidth.medianOfAll().of(data), 1e-6);
    }

    private static double[] distances(float[] values, int n, int width) {
        double[] all = new double[n * (n - 1) / 2];
        int at = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                for (int k = 0; k < width; k++) {
                    all[at] += Math.pow(values[i * width + k] - values[j * width + k], 2);
                }
                all[at] = Math.sqrt(all[at]);
                at++;
            }
        }
        Arrays.sort(all);
        return all;
    }

    @Test
    void theSmallestAreThoseOfASortedArray() {
        Noise noise = Noise.seed(1);
        for (int n : new int[] {1, 2, 3, 10, 101, 2000, 5001}) {
            double[] values = new double[n];
            for (int kind = 0; kind < 4; kind++) {
                int order = kind;
                // With ties, without, in order, and in an order that repeats itself.
                Arrays.setAll(values, i -> switch (order) {
                    case 0 -> noise.nextInt(n);
                    case 1 -> noise.nextInt(n) + 1e-6 * i;
                    case 2 -> i;
                    default -> i % 17;
                });
                double[] sorted = values.clone();
                Arrays.sort(sorted);
                for (int k = 0; k < n; k += 1 + n / 50) {
                    assertEquals(sorted[k], Select.smallest(values, n, k));
                }
                assertEquals(sorted[n - 1], Select.smallest(values, n, n - 1));
            }
        }
    }

    @Test
    void whatComesAfterTheNumbersThatCountIsNotLookedAt() {
        assertEquals(2, Select.smallest(new double[] {3, 1, 2, 0, 0}, 3, 1));
    }

    @Test
    void rowsThatAreEqualHaveNoMedianWhateverTheirWidthAndPlace() {
        for (int width : new int[] {1, 100}) {
            float[] values = new float[20 * width];
            Arrays.fill(values, 1234.5f);
            assertThrows(DataException.class, () -> Bandwidth.median().of(Data.of("same", values, width)));
            assertThrows(DataException.class, () -> Bandwidth.asInSvgd().of(Data.of("same", values, width)));
        }
        assertThrows(SettingException.class, () -> Bandwidth.median().times(0));
    }
}
