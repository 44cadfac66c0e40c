package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.ebvlm.math.StandardNormal;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class RanksTest {
    private static final int CHAINS = 8;

    /** Halves of stationary chains x' = rho x + sqrt(1 - rho^2) e. */
    private static double[][] autoregressive(double rho, int chains, int steps, Noise noise) {
        double[][] halves = new double[chains][steps];
        for (double[] x : halves) {
            for (int t = 0; t < steps; t++) {
                double e = noise.nextNormal();
                x[t] = t == 0 ? e : rho * x[t - 1] + Math.sqrt(1 - rho * rho) * e;
            }
        }
        return halves;
    }

    private static double[][] each(double[][] halves, DoubleUnaryOperator change) {
        return Arrays.stream(halves)
                .map(x -> Arrays.stream(x).map(change).toArray())
                .toArray(double[][]::new);
    }

    /** Integral over the standard normal, by the trapezoid rule. */
    private static double mean(DoubleUnaryOperator f) {
        double step = 1e-3;
        return IntStream.rangeClosed(-9_000, 9_000)
                .mapToDouble(i -> step * Math.exp(StandardNormal.logDensity(i * step)) * f.applyAsDouble(i * step))
                .sum();
    }

    private static double massBelow(double x) {
        return Math.exp(StandardNormal.logMassBelow(x));
    }

    @Test
    void scoresAreThoseOfTheRanksCountedOneByOne() {
        double[][] halves = {{3, 1, 1}, {-2, 5, 1}, {0, 7, 3}, {8, 9, 2}};
        double[][] scores = new Ranks(halves, 1).normalScores();
        double[] all = Arrays.stream(halves).flatMapToDouble(Arrays::stream).toArray();
        for (int m = 0; m < halves.length; m++) {
            for (int t = 0; t < 3; t++) {
                double x = halves[m][t];
                double less = Arrays.stream(all).filter(y -> y < x).count();
                double equal = Arrays.stream(all).filter(y -> y == x).count();
                // Ranks less + 1 to less + equal, on average.
                double rank = less + (equal + 1) / 2;
                assertEquals(StandardNormal.quantile((rank - 0.375) / 12.25), scores[m][t], 1e-12);
            }
        }
        // The median is 2.5; distances 0.5 0.5 1.5 1.5 1.5 0.5 2.5 2.5 4.5 4.5 5.5 6.5 in order of the draws' own
        // ranks.
        double[][] far = each(halves, x -> Math.abs(x - 2.5));
        assertArrayEquals(new Ranks(far, 1).normalScores()[2], new Ranks(halves, 1).foldedScores()[2], 1e-12);
        // 5 % and 95 % of twelve: between the first two, -2 and 0, and the last two, 8 and 9.
        assertArrayEquals(new double[] {1, 0, 0}, new Ranks(halves, 1).atMost(0.05)[1]);
        assertArrayEquals(new double[] {1, 0, 1}, new Ranks(halves, 1).atMost(0.95)[3]);
    }

    @Test
    void chainsOfDifferentConditionsAreRankedApart() {
        double[][] halves = {{1, 2}, {101, 104}, {3, 4}, {103, 102}};
        double[][] scores = new Ranks(halves, 2).normalScores();
        double[][] even = new Ranks(new double[][] {{1, 2}, {3, 4}}, 1).normalScores();
        assertArrayEquals(even[0], scores[0], 1e-12);
        assertArrayEquals(even[1], scores[2], 1e-12);
        assertArrayEquals(new double[] {even[0][0], even[1][1]}, scores[1], 1e-12);
        assertArrayEquals(new double[] {even[1][0], even[0][1]}, scores[3], 1e-12);
    }

    @Test
    void bulkAndTailsDoNotDependOnTheScaleOfMeasurement() {
        double[][] halves = autoregressive(0.5, CHAINS, 300, Noise.seed(1));
        double[][] bent = each(halves, x -> Math.exp(3 * x));
        assertEquals(Mixing.bulk(halves, 1), Mixing.bulk(bent, 1), 1e-6);
        // Quantiles lie between two draws whatever the scale.
        assertEquals(Mixing.tail(halves, 1), Mixing.tail(bent, 1), 1e-6);
    }

    @Test
    void chainsOfDifferentSpreadShowByTheirClosedForm() {
        int steps = 20_000;
        double[][] halves = autoregressive(0, CHAINS, steps, Noise.seed(2));
        for (int m = 0; m < CHAINS; m += 2) {
            halves[m] = Arrays.stream(halves[m]).map(x -> 3 * x).toArray();
        }
        assertEquals(1, Mixing.of(halves, 1).rhat(), 0.001, "means agree, so plain R-hat sees nothing");
        // |x| of N(0, 1) and N(0, 9), half of each: below a is the mass G(a) = Phi(a) - 1/2 + Phi(a/3) - 1/2.
        DoubleUnaryOperator score =
                x -> StandardNormal.quantile(massBelow(Math.abs(x)) + massBelow(Math.abs(x) / 3) - 1);
        double narrow = mean(x -> x == 0 ? 0 : score.applyAsDouble(x));
        // Scores are standard normal over all: means -+ m, variance 1 - m^2 on average; B/n = m^2 M / (M - 1).
        double between = narrow * narrow * CHAINS / (CHAINS - 1.0);
        double expected = Math.sqrt(1 + between / (1 - narrow * narrow));
        // Each mean has standard error below 1 / sqrt(steps); R-hat moves with m by about two.
        assertEquals(expected, Mixing.rhat(halves, 1), 4 * 2 / Math.sqrt(steps * CHAINS / 2.0));
        assertTrue(expected > 1.1);
    }

    @Test
    void chainsOfDifferentPlaceShowEvenWithoutMoments() {
        // Cauchy draws, one chain moved by two: its variance is infinite, its ranks are not.
        Noise noise = Noise.seed(3);
        double[][] halves =
                each(autoregressive(0, CHAINS, 2_000, noise), x -> Math.tan(Math.PI * (massBelow(x) - 0.5)));
        double[][] moved = halves.clone();
        moved[0] = Arrays.stream(halves[0]).map(x -> x + 2).toArray();
        moved[4] = Arrays.stream(halves[4]).map(x -> x + 2).toArray();
        assertEquals(1, Mixing.rhat(halves, 1), 0.005);
        assertEquals(1, Mixing.of(moved, 1).rhat(), 0.01, "hidden by the tails");
        assertTrue(Mixing.rhat(moved, 1) > 1.05, "seen by rank");
    }

    @Test
    void effectiveSamplesOfBulkAndTailsOfAutoregressiveChainsAreThoseOfTheClosedForm() {
        int steps = 10_000;
        double draws = CHAINS * steps;
        for (double rho : new double[] {0, 0.5, 0.8}) {
            double[][] halves = autoregressive(rho, CHAINS, steps, Noise.seed(4));
            double tau = (1 + rho) / (1 - rho);
            double error = Math.sqrt(2 * (2 * (5 * tau + 5) + 1) / draws);
            // Ranks of normal draws are these draws again.
            assertEquals(1, Mixing.bulk(halves, 1) * tau / draws, 4 * error, "rho " + rho);
            double tail = 1;
            for (int t = 1; t < 200; t++) {
                tail += 2 * tailCorrelation(Math.pow(rho, t));
            }
            // The lesser of two estimates: one standard error low at most.
            assertEquals(1, Mixing.tail(halves, 1) * tail / draws, 5 * error, "rho " + rho);
        }
    }

    /** Of the events x <= q, y <= q for normal x, y: (P(both) - p^2) / (p (1 - p)), with d P(both) / dr the joint density. */
    private static double tailCorrelation(double r) {
        double q = StandardNormal.quantile(0.05);
        int parts = 2_000;
        double sum = 0;
        for (int i = 0; i < parts; i++) {
            double s = r * (i + 0.5) / parts;
            sum += Math.exp(-q * q / (1 + s)) / (2 * Math.PI * Math.sqrt(1 - s * s)) * r / parts;
        }
        return sum / (0.05 * 0.95);
    }

    @Test
    void whatTwoValuesHideIsLeftOutAndChainsThatStayHaveNoDiagnostics() {
        Noise noise = Noise.seed(5);
        double[][] bits = each(autoregressive(0, CHAINS, 400, noise), x -> x > 0 ? 1 : 0);
        // All draws are at most the 95 % quantile, which is one: that tells nothing, the 5 % quantile does.
        assertTrue(Mixing.tail(bits, 1) > 0.5 * CHAINS * 400);
        assertEquals(1, Mixing.rhat(bits, 1), 0.02);
        double[][] still = new double[4][10];
        assertTrue(Double.isNaN(Mixing.rhat(still, 1)));
        assertTrue(Double.isNaN(Mixing.bulk(still, 1)) && Double.isNaN(Mixing.tail(still, 1)));
    }
}
