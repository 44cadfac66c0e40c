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

    @Test
    void normalNumbersAreBoxAndMullersOfTheUniformNumbers() {
        // Lengths with whole blocks, a last block, and an odd one.
        for (int length : new int[] {1, 2, 31, 33, 1000, 1024, 1025, 3001}) {
            float[] u = new float[length + 1];
            float[] x = new float[length];
            Noise.seed(length).uniform(u, 0, length + length % 2);
            Noise.seed(length).normal(x, 0, length);
            for (int start = 0; start < length; start += Noise.BLOCK) {
                int n = Math.min(Noise.BLOCK, length - start);
                int half = (n + 1) / 2;
                for (int p = 0; p < n; p++) {
                    double radius = StrictMath.sqrt(-2 * StrictMath.log(u[start + p % half]));
                    double angle = 2 * Math.PI * (u[start + half + p % half] - 0.5);
                    double expected = radius * (p < half ? StrictMath.cos(angle) : StrictMath.sin(angle));
                    assertEquals(expected, x[start + p], 1e-5);
                }
            }
        }
    }

    @Test
    void normalTailsAreAsOftenAsTheyShould() {
        float[] x = new float[4 * N];
        Noise.seed(11).normal(x, 0, x.length);
        // P(|x| > t), from tables of the normal distribution.
        assertShare(0.317310508, x, 1);
        assertShare(0.045500264, x, 2);
        assertShare(0.002699796, x, 3);
        assertShare(6.334248e-5, x, 4);
    }

    private static void assertShare(double expected, float[] x, double beyond) {
        int count = 0;
        for (float each : x) {
            count += Math.abs(each) > beyond ? 1 : 0;
        }
        double standardError = Math.sqrt(expected * (1 - expected) / x.length);
        assertEquals(expected, count / (double) x.length, 4 * standardError);
    }

    @Test
    void theTwoHalvesOfABlockOfNormalNumbersAreIndependent() {
        float[] x = new float[Noise.BLOCK * 1000];
        Noise.seed(12).normal(x, 0, x.length);
        double product = 0, squares = 0, cross = 0;
        int pairs = x.length / 2;
        for (int i = 0; i < pairs; i++) {
            int p = i / (Noise.BLOCK / 2) * Noise.BLOCK + i % (Noise.BLOCK / 2);
            double a = x[p], b = x[p + Noise.BLOCK / 2];
            product += a * b;
            squares += (a * a - 1) * (b * b - 1);
            cross += a * (b * b - 1);
        }
        // Of a b, (a^2 - 1)(b^2 - 1) and a (b^2 - 1) the standard deviations are 1, 2 and sqrt(2).
        double se = 1 / Math.sqrt(pairs);
        assertEquals(0, product / pairs, 4 * se);
        assertEquals(0, squares / pairs, 4 * 2 * se);
        assertEquals(0, cross / pairs, 4 * Math.sqrt(2) * se);
    }

    @Test
    void uniformNumbersOfOneWordAreIndependent() {
        float[] u = new float[2 * N];
        Noise.seed(13).uniform(u, 0, u.length);
        int[] cells = new int[100];
        double last = 0;
        for (int i = 0; i < N; i++) {
            cells[10 * (int) (10 * u[2 * i]) + (int) (10 * u[2 * i + 1])]++;
            last += (u[2 * i] * 0x1p23 % 1 == 0.5) ? 0 : 1;
        }
        double chi = Arrays.stream(cells)
                .mapToDouble(c -> (c - N / 100.0) * (c - N / 100.0) / (N / 100.0))
                .sum();
        // Chi-square with 99 degrees of freedom: mean 99, standard deviation sqrt(198).
        assertEquals(99, chi, 4 * Math.sqrt(198));
        assertEquals(0, last, "a number is not a whole number and a half of steps of 2^-23");
    }

    @Test
    void signsOfOneWordAreUncorrelated() {
        float[] x = new float[N];
        Noise.seed(14).rademacher(x, 0, N);
        for (int lag : new int[] {1, 2, 7, 32, 63, 64}) {
            double product = 0;
            for (int i = 0; i + lag < N; i++) {
                product += x[i] * x[i + lag];
            }
            assertEquals(0, product / (N - lag), 4 / Math.sqrt(N - lag), "lag " + lag);
        }
    }

    @Test
    void aFillTakesItsWordsAndOnlyItsPlaces() {
        for (int length : new int[] {0, 1, 2, 31, 33, 64, 65, 1000, 1025}) {
            Noise noise = Noise.seed(15);
            float[] atZero = new float[length];
            float[] shifted = new float[length + 5];
            noise.normal(atZero, 0, length);
            Noise.seed(15).normal(shifted, 3, length);
            assertArrayEquals(atZero, Arrays.copyOfRange(shifted, 3, 3 + length));
            assertEquals(0f, shifted[2]);
            assertEquals(0f, shifted[3 + length]);
            assertEquals((length + 1) / 2, noise.state().position());
            noise.uniform(shifted, 1, length);
            assertEquals((length + 1) / 2 * 2L, noise.state().position());
            noise.rademacher(shifted, 2, length);
            assertEquals(
                    (length + 1) / 2 * 2L + (length + 63) / 64, noise.state().position());
        }
    }

    @Test
    void wordsThatAreTakenAreTheNextOnes() {
        Noise noise = Noise.seed(16);
        noise.nextLong();
        Noise copy = Noise.restore(noise.state());
        long start = noise.take(3);
        for (int i = 1; i <= 3; i++) {
            assertEquals(copy.nextLong(), Noise.mix(start + i * Noise.GAMMA));
        }
        assertEquals(copy.nextLong(), noise.nextLong());
    }
}
