package org.ebvlm.implicit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.linear.Dense;
import org.ebvlm.program.Program;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.scoring.Rbf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntropyGradientTest {

    @ParameterizedTest
    @CsvSource({"60, 2", "60, 10", "20, 100"})
    void theScoreInTheGraphIsThatOfStein(int n, int d) {
        double[] values = Clouds.normal(n, d, 1);
        double h = 1.2 * Math.sqrt(d);
        Expr x = Expr.input("x", n, d);
        double[] expected = Stein.kernel(Imq.bandwidth(h))
                .ridge(0.8)
                .fit(Samples.of(values, d))
                .atSamples();
        Expr score = EntropyGradient.kernel(Imq.bandwidth(1))
                .ridge(0.8)
                .bandwidth(h)
                .steps(40)
                .score(x);
        double[] found = Interpreter.evaluate(score, Map.of(x, values));
        assertTrue(Clouds.error(found, expected) < 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"60, 2", "60, 10", "20, 100"})
    void theScoreOfADensityInTheGraphIsThatOfKde(int n, int d) {
        double[] values = Clouds.normal(n, d, 1);
        double h = 0.7 * Math.sqrt(d);
        Expr x = Expr.input("x", n, d);
        double[] expected =
                Kde.kernel(Rbf.bandwidth(h)).fit(Samples.of(values, d)).atSamples();
        Expr score = EntropyGradient.density(Rbf.bandwidth(1)).bandwidth(h).score(x);
        assertTrue(Clouds.error(Interpreter.evaluate(score, Map.of(x, values)), expected) < 1e-10);
    }

    @ParameterizedTest
    @CsvSource({"60, 2", "60, 10", "20, 100"})
    void theScoreByScoreMatchingInTheGraphIsThatOfKernelScoreMatching(int n, int d) {
        double[] values = Clouds.normal(n, d, 1);
        double h = 1.2 * Math.sqrt(d);
        Expr x = Expr.input("x", n, d);
        for (Kernel kernel : List.of(Rbf.bandwidth(h), Imq.bandwidth(h))) {
            double[] expected = KernelScoreMatching.kernel(kernel)
                    .ridge(0.8)
                    .fit(Samples.of(values, d))
                    .atSamples();
            Expr score = EntropyGradient.scoreMatching(kernel)
                    .ridge(0.8)
                    .bandwidth(h)
                    .steps(60)
                    .score(x);
            double error = Clouds.error(Interpreter.evaluate(score, Map.of(x, values)), expected);
            assertTrue(error < 1e-5, kernel + ": " + error);
        }
    }

    /** -mean log mean k, by its definition. */
    @Test
    void theValueByDensityIsThePlugInEntropyAndByTheOthersTheProxy() {
        int n = 30;
        int d = 3;
        double[] values = Clouds.normal(n, d, 4);
        for (int i = 0; i < values.length; i++) {
            values[i] += 5;
        }
        Expr x = Expr.input("x", n, d);
        double entropy = 0;
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += Math.exp(-Clouds.squaredDistance(values, i, j, d) / (2 * 1.3 * 1.3)) / n;
            }
            entropy -= Math.log(sum) / n;
        }
        Expr density = EntropyGradient.density(Rbf.bandwidth(1)).bandwidth(1.3).value(x);
        assertEquals(entropy, Interpreter.evaluate(density, Map.of(x, values))[0], 1e-10);
        EntropyGradient stein = EntropyGradient.kernel(Rbf.bandwidth(1));
        double[] score = Interpreter.evaluate(stein.score(x), Map.of(x, values));
        double proxy = 0;
        for (int k = 0; k < d; k++) {
            double mean = 0;
            for (int i = 0; i < n; i++) {
                mean += values[i * d + k] / n;
            }
            for (int i = 0; i < n; i++) {
                proxy -= score[i * d + k] * (values[i * d + k] - mean) / n;
            }
        }
        assertEquals(proxy, Interpreter.evaluate(stein.value(x), Map.of(x, values))[0], 1e-9);
    }

    @Test
    void theLengthIsTheBatchsMeanSquaredDistanceUnlessGiven() {
        double[] values = Clouds.normal(50, 3, 2);
        double sum = 0;
        for (int i = 0; i < 50; i++) {
            for (int j = 0; j < 50; j++) {
                sum += Clouds.squaredDistance(values, i, j, 3) / (50 * 49);
            }
        }
        Expr x = Expr.input("x", 50, 3);
        double[] moving = Interpreter.evaluate(
                EntropyGradient.kernel(Rbf.medianHeuristic()).lengths(0.9).score(x), Map.of(x, values));
        double[] given = Interpreter.evaluate(
                EntropyGradient.kernel(Rbf.bandwidth(7))
                        .bandwidth(0.9 * Math.sqrt(sum))
                        .score(x),
                Map.of(x, values));
        assertTrue(Clouds.error(moving, given) < 1e-10);
    }

    @Test
    void twentyStepsInSinglePrecisionAreEnough() {
        double[] values = Clouds.normal(100, 2, 3);
        Expr x = Expr.input("x", 100, 2);
        EntropyGradient entropy = EntropyGradient.kernel(Rbf.medianHeuristic());
        double[] exact = Interpreter.evaluate(entropy.steps(100).score(x), Map.of(x, values));
        float[] narrow = new float[200];
        for (int i = 0; i < 200; i++) {
            narrow[i] = (float) values[i];
        }
        try (Program program = Program.of(entropy.score(x))) {
            program.set(x, narrow);
            program.run();
            double[] found = new double[200];
            for (int i = 0; i < 200; i++) {
                found[i] = program.value(0)[i];
            }
            assertTrue(Clouds.error(found, exact) < 1e-3, "error " + Clouds.error(found, exact));
        }
    }

    /**
     * x = sigma z has dH/dsigma = width / sigma. The estimate is -1/n sum of s(x) . z with s shrunk by the ridge: within a
     * fifth below the truth here, and its spread over the 30 batches, whose mean is taken, is about 0.03 of it each.
     */
    @Test
    void theEntropyOfAScaledGaussianGrowsAsItsLogarithm() {
        int n = 200;
        int d = 3;
        Expr sigma = Expr.input("sigma");
        Expr z = Expr.input("z", n, d);
        Expr gradient = Differentiation.gradient(
                EntropyGradient.kernel(Rbf.medianHeuristic()).surrogate(z.times(sigma)), sigma);
        for (double each : new double[] {0.01, 3}) {
            double mean = 0;
            for (int seed = 0; seed < 3; seed++) {
                mean += Interpreter.evaluate(
                                gradient, Map.of(sigma, new double[] {each}, z, Clouds.normal(n, d, 40 + seed)))[0]
                        / 3;
            }
            assertEquals(d / each, mean, 0.2 * d / each);
            assertTrue(mean < d / each * 1.05);
        }
    }

    @Test
    void nothingIsDifferentiatedThroughTheScore() {
        double[] values = Clouds.normal(10, 2, 5);
        Expr x = Expr.input("x", 10, 2);
        EntropyGradient entropy = EntropyGradient.kernel(Rbf.medianHeuristic());
        double[] gradient = Interpreter.evaluate(Differentiation.gradient(entropy.surrogate(x), x), Map.of(x, values));
        double[] score = Interpreter.evaluate(entropy.score(x), Map.of(x, values));
        assertTrue(Clouds.largestDifference(gradient, Dense.times(score, -0.1)) < 1e-14);
    }

    @Test
    void noneIsZero() {
        Expr x = Expr.constant(new double[] {1, 2, 3, 5}, 2, 2);
        assertEquals(
                0, Interpreter.evaluate(EntropyGradient.none().score(x).square().sum(), Map.of())[0]);
        assertEquals(0, Interpreter.evaluate(EntropyGradient.none().value(x), Map.of())[0], 1e-300);
    }

    @Test
    void equalSamplesHaveAScoreOfZeroAndOneSampleIsRefused() {
        Expr x = Expr.input("x", 5, 2);
        double[] found = Interpreter.evaluate(
                EntropyGradient.kernel(Rbf.medianHeuristic()).score(x), Map.of(x, new double[10]));
        assertEquals(0, Clouds.largestDifference(found, new double[10]));
        assertThrows(SettingException.class, () -> EntropyGradient.kernel(Rbf.medianHeuristic())
                .score(Expr.input("x", 1, 2)));
    }
}
