package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.ToDoubleFunction;

/**
 * Averages over chains against expectations. Chains are independent of each other whatever their own correlation, so the
 * standard error of a mean of chain averages is that of independent numbers.
 */
final class Averages {
    private final double mean;
    private final double error;

    private Averages(double[] each) {
        double sum = 0;
        double squares = 0;
        for (double x : each) {
            sum += x;
            squares += x * x;
        }
        mean = sum / each.length;
        error = Math.sqrt((squares / each.length - mean * mean) / (each.length - 1));
    }

    /** The average of a function of rows over all kept draws. */
    static Averages of(Chains chains, ToDoubleFunction<double[]> function) {
        double[] each = new double[chains.chains()];
        double[] row = new double[chains.width()];
        for (int c = 0; c < each.length; c++) {
            for (int t = 0; t < chains.draws(); t++) {
                for (int j = 0; j < row.length; j++) {
                    row[j] = chains.at(t, c, j);
                }
                each[c] += function.applyAsDouble(row) / chains.draws();
            }
        }
        return new Averages(each);
    }

    double error() {
        return error;
    }

    /** How many standard errors the mean is off. */
    double errorsFrom(double expected) {
        return Math.abs(mean - expected) / error;
    }

    /** Within four standard errors, themselves below a bound, so that the test can see something. */
    void assertMean(String what, double expected, double largestError) {
        assertEquals(expected, mean, 4 * error, what + ", standard error " + error);
        assertEquals(0, error, largestError, what + ": the standard error is too large to see anything");
    }
}
