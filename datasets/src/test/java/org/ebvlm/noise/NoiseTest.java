package org.ebvlm.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NoiseTest {
    private static final int N = 1_000_000;

    @Test
    void normalNumbersHaveTheMomentsOfAStandardNormal() {
        float[] x = new float[N];
        Noise.seed(1).normal(x, 0, N);
        double mean = 0, square = 0, fourth = 0, product = 0;
        for (int i = 0; i < N; i++) {
            double s = x[i] * (double) x[i];
            mean += x[i];
            square += s;
            fourth += s * s;
            product += x[i] * (double) x[(i + 1) % N];
        }
        // Standard errors: 1, sqrt(2), sqrt(96), 1, each over sqrt(N).
        double se = 1 / Math.sqrt(N);
        assertEquals(0, mean / N, 4 * se);
        assertEquals(1, square / N, 4 * Math.sqrt(2) * se);
        assertEquals(3, fourth / N, 4 * Math.sqrt(96) * se);
        assertEquals(0, product / N, 4 * se);
    }

    @Test
    void uniformNumbersFillTheOpenUnitIntervalEvenly() {
        float[] x = new float[N];
        Noise.seed(2).uniform(x, 0, N);
        int[] cells = new int[100];
        for (float u : x) {
            assertTrue(u > 0 && u < 1);
            cells[(int) (u * 100)]++;
        }
        double chi = Arrays.stream(cells)
                .mapToDouble(c -> (c - N / 100.0) * (c - N / 100.0) / (N / 100.0))
                .sum();
        // Chi-square with 99 degrees of freedom: mean 99, standard deviation sqrt(198).
        assertEquals(99, chi, 4 * Math.sqrt(198));
    }

    @Test
    void sameSeedSameNumbersAndASavedStateGoesOnToTheBit() {
        Noise first = Noise.seed(7);
        float[] a = new float[101], b = new float[101];
        first.normal(a, 0, 33);
        Noise second = Noise.restore(first.state());
        first.normal(a, 0, 101);
        second.normal(b, 0, 101);
        assertArrayEquals(a, b);
        assertEquals(Noise.seed(7).nextLong(), Noise.seed(7).nextLong());
        assertNotEquals(Noise.seed(7).nextLong(), Noise.seed(8).nextLong());
    }

    @Test
    void splittingLeavesTheSourceAloneAndGivesUncorrelatedStreams() {
        Noise source = Noise.seed(3);
        Noise copy = Noise.seed(3);
        float[] a = new float[N], b = new float[N];
        source.split("data order").normal(a, 0, N);
        source.split("critic").normal(b, 0, N);
        assertEquals(copy.nextLong(), source.nextLong());
        double product = 0;
        for (int i = 0; i < N; i++) {
            product += a[i] * (double) b[i];
        }
        assertEquals(0, product / N, 4 / Math.sqrt(N));
        assertNotEquals(source.split(0).nextLong(), source.split(1).nextLong());
    }

    @Test
    void rademacherNumbersAreSignsAndPermutationsHoldEveryIndexOnce() {
        float[] x = new float[N];
        Noise.seed(4).rademacher(x, 0, N);
        double sum = 0;
        for (float s : x) {
            assertEquals(1f, Math.abs(s));
            sum += s;
        }
        assertEquals(0, sum / N, 4 / Math.sqrt(N));
        int[] order = Noise.seed(5).permutation(1000);
        Arrays.sort(order);
        for (int i = 0; i < 1000; i++) {
            assertEquals(i, order[i]);
        }
    }
}
