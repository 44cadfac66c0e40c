package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderStatisticTest {

    private static double value(Expr of, Expr input, double[] values) {
        return Interpreter.evaluate(of, Map.of(input, values))[0];
    }

    @Test
    void itIsThatOfSortedNumbersAlsoWithTiesZerosAndOutliers() {
        Noise noise = Noise.seed(1);
        double[] values = new double[60];
        Arrays.setAll(values, i -> i < 10 ? 0 : i < 30 ? noise.nextInt(4) : Math.exp(3 * noise.nextNormal()));
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        Expr x = Expr.input("x", 60);
        for (int k = 0; k < 60; k++) {
            // 2^-20 of the first step, mean N / (N - k)
            double resolution = Arrays.stream(values).sum() / (60 - k) / (1 << 20);
            assertEquals(sorted[k], value(OrderStatistic.of(x, k), x, values), resolution, "k = " + k);
            if (k < 59) {
                double mean = (sorted[k] + sorted[k + 1]) / 2;
                assertEquals(mean, value(OrderStatistic.pairMean(x, k), x, values), resolution, "k = " + k);
            }
        }
    }

    @Test
    void equalNumbersAreTheirOwnMedian() {
        Expr x = Expr.input("x", 6);
        for (double each : new double[] {0, 0.1, 7}) {
            double[] values = new double[6];
            Arrays.fill(values, each);
            assertEquals(each, value(OrderStatistic.of(x, 3), x, values), 1e-15);
            assertEquals(each, value(OrderStatistic.pairMean(x, 2), x, values), 1e-15);
        }
    }

    /** In single precision, as programs have it; n even and odd, and of each the pairs even and odd in number. */
    @ParameterizedTest
    @CsvSource({"2", "3", "4", "5", "6", "7", "40", "41", "42", "43"})
    void rulesAsExpressionsAreTheRules(int n) {
        int d = 3;
        float[] values = new float[n * d];
        Noise.seed(n).normal(values, 0, values.length);
        Data data = Data.of("rows", values, d);
        Expr x = Expr.input("x", n, d);
        for (Bandwidth rule : new Bandwidth[] {
            Bandwidth.asInSvgd(),
            Bandwidth.median(),
            Bandwidth.medianOfAll(),
            Bandwidth.asInSvgd().times(0.5)
        }) {
            Expr square = rule.squareOf(SteinKernel.squaredDistances(x)).orElseThrow();
            float found = Program.evaluate(square, Map.of(x, values))[0];
            assertEquals(Math.pow(rule.of(data), 2), found, 3e-6 * found, rule.name());
        }
        assertTrue(Bandwidth.asInKscore().squareOf(Expr.input("r2", n, n)).isEmpty());
    }
}
