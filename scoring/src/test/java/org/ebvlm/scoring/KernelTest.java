package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;

class KernelTest {
    private static final List<Kernel> KERNELS = List.of(
            Rbf.bandwidth(0.8),
            Rbf.bandwidth(2),
            Imq.bandwidth(0.7),
            Imq.bandwidth(1.5).beta(-0.3));

    private static double closedForm(Kernel kernel, double r2) {
        if (kernel == KERNELS.get(0)) {
            return Math.exp(-r2 / (2 * 0.8 * 0.8));
        } else if (kernel == KERNELS.get(1)) {
            return Math.exp(-r2 / 8);
        } else if (kernel == KERNELS.get(2)) {
            return 1 / Math.sqrt(1 + r2 / 0.49);
        }
        return Math.pow(1 + r2 / 2.25, -0.3);
    }

    @Test
    void aKernelIsItsFormulaAndOneAtDistanceZero() {
        Expr r2 = Expr.input("r2", 3);
        for (Kernel kernel : KERNELS) {
            double[] values = new Doubles().set(r2, 0, 0.5, 9).of(kernel.value(r2));
            assertEquals(1, values[0], 1e-15, kernel.name());
            assertEquals(closedForm(kernel, 0.5), values[1], 1e-14, kernel.name());
            assertEquals(closedForm(kernel, 9), values[2], 1e-14, kernel.name());
        }
    }

    @Test
    void numbersInDoublePrecisionAreTheValuesOfTheExpressions() {
        List<Kernel> kernels = new ArrayList<>(KERNELS);
        kernels.add(Epanechnikov.bandwidth(3));
        kernels.add(Rbf.bandwidth(0.8).plus(Imq.bandwidth(1.5)));
        kernels.add(own(KERNELS.get(2)));
        Expr r2 = Expr.input("r2", 5);
        double[] given = {0, 0.3, 2.5, 17, 90};
        for (Kernel kernel : kernels) {
            for (Kernel.Part part : Kernel.Part.values()) {
                Expr expression =
                        switch (part) {
                            case VALUE -> kernel.value(r2);
                            case SLOPE -> kernel.slope(r2);
                            case BEND -> kernel.bend(r2);
                            case THIRD -> kernel.third(r2);
                        };
                double[] expected = new Doubles().set(r2, given).of(expression);
                double[] found = new double[5];
                kernel.evaluate(part, given, 5, found);
                for (int i = 0; i < 5; i++) {
                    assertEquals(expected[i], found[i], 1e-12 * Math.abs(expected[0]), kernel.name() + " " + part);
                }
                double[] inPlace = given.clone();
                kernel.evaluate(part, inPlace, 5, inPlace);
                assertArrayEquals(found, inPlace, 0);
            }
        }
    }

    @Test
    void theThirdDerivativeIsThatOfTheSecond() {
        Expr r2 = Expr.input("r2", 1);
        for (Kernel kernel : KERNELS) {
            Doubles given = new Doubles().set(r2, 0.9);
            double third = given.scalar(kernel.third(r2));
            assertEquals(given.differences(kernel.bend(r2), r2)[0], third, 1e-8, kernel.name());
            assertEquals(given.scalar(own(kernel).third(r2)), third, 1e-13, kernel.name());
        }
    }

    @Test
    void theQuickExponentialIsTheExactOne() {
        double[] r2 = {0, 1e-9, 0.7, 3, 50, 700, 1390, 1e5, 1e300};
        double[] found = new double[r2.length];
        Decay.of(-0.5, r2, r2.length, found);
        for (int i = 0; i < 7; i++) {
            assertEquals(1, found[i] / Math.exp(-0.5 * r2[i]), 3e-13);
        }
        assertTrue(found[8] > 0 && found[8] < 1e-300);
    }

    @Test
    void epanechnikovIsTheMeanOverCoordinates() {
        Data data = Data.of("pair", new float[] {0.2f, 0.5f, 0.9f, 0.1f}, 2);
        Expr r2 = Expr.input("r2", 1);
        double[] k = new Doubles()
                .set(r2, 0.49 + 0.16)
                .of(Epanechnikov.meanOverCoordinates().settledOn(data).value(r2));
        assertEquals(((1 - 0.49) + (1 - 0.16)) / 2, k[0], 1e-12);
    }

    @Test
    void aSumOfKernelsHasTheSumOfTheirDiscrepancies() {
        double[] x = {0.1, -1, 0.4, 2, 1.3, 0.2};
        double[] s = {1, 0.3, -0.2, 0.5, -1, 0.7};
        Kernel one = Rbf.bandwidth(0.9);
        Kernel other = Imq.bandwidth(1.4);
        double sum = SteinStatistic.of(one, x, s, 2).uStatistic()
                + SteinStatistic.of(other, x, s, 2).uStatistic();
        assertEquals(sum, SteinStatistic.of(one.plus(other), x, s, 2).uStatistic(), 1e-5 * Math.abs(sum));
    }

    @Test
    void slopeAndBendAreDerivativesOfTheValue() {
        Expr r2 = Expr.input("r2", 1);
        for (Kernel kernel : KERNELS) {
            Doubles given = new Doubles().set(r2, 0.9);
            double slope = given.scalar(kernel.slope(r2));
            assertEquals(given.differences(kernel.value(r2), r2)[0], slope, 1e-9, kernel.name());
            double bend = given.scalar(kernel.bend(r2));
            assertEquals(given.differences(kernel.slope(r2), r2)[0], bend, 1e-9, kernel.name());
            assertEquals(given.scalar(own(kernel).bend(r2)), bend, 1e-14, kernel.name());
        }
    }

    /** A kernel as a user would write it, with no more than what has to be there. */
    private static Kernel own(Kernel same) {
        return new Kernel() {
            @Override
            public String name() {
                return "own";
            }

            @Override
            public Kernel settledOn(Data data) {
                return this;
            }

            @Override
            public Expr value(Expr r2) {
                return same.value(r2);
            }

            @Override
            public Expr slope(Expr r2) {
                return same.slope(r2);
            }
        };
    }

    @Test
    void inItsUnitAKernelIsTheSameFunctionOfDistanceOverLength() {
        Expr r2 = Expr.input("r2", 1);
        for (Kernel kernel : KERNELS) {
            double h = kernel.length();
            double there = new Doubles().set(r2, 3).scalar(kernel.unit().value(r2));
            assertEquals(there, new Doubles().set(r2, 3 * h * h).scalar(kernel.value(r2)), 1e-14, kernel.name());
        }
    }

    @Test
    void allFormsOfTheSteinKernelOfPairsAreThatOfEachPair() {
        for (int d : new int[] {1, 3, 4, 5, 12}) {
            Expr[] sets = {Expr.input("x", d, 6), Expr.input("s", d, 6), Expr.input("y", d, 7), Expr.input("t", d, 7)};
            Doubles given = new Doubles();
            for (Expr each : sets) {
                double[] numbers = new double[each.size()];
                Arrays.setAll(
                        numbers,
                        i -> Noise.seed(d).split("" + each).split("" + i).nextNormal());
                given.set(each, numbers);
            }
            for (Kernel kernel : KERNELS) {
                Expr left = SteinForm.of(kernel, sets[0].shape(0)).pairs(sets[0], sets[1], sets[2], sets[3]);
                Expr exact = SteinForm.byDifferences(kernel).pairs(sets[0], sets[1], sets[2], sets[3]);
                double[] expected = eachPair(given, kernel, sets);
                assertArrayEquals(expected, given.of(left), 1e-10, kernel.name());
                assertArrayEquals(expected, given.of(exact), 1e-10, kernel.name());
                assertArrayEquals(
                        expected,
                        given.of(SteinForm.of(own(kernel), sets[0].shape(0)).pairs(sets[0], sets[1], sets[2], sets[3])),
                        1e-10,
                        kernel.name());
            }
        }
    }

    private static double[] eachPair(Doubles given, Kernel kernel, Expr[] sets) {
        double[] u = new double[6 * 7];
        for (int at = 0; at < u.length; at++) {
            Expr x = sets[0].slice(1, at / 7, 1).transpose();
            Expr s = sets[1].slice(1, at / 7, 1).transpose();
            Expr y = sets[2].slice(1, at % 7, 1).transpose();
            Expr t = sets[3].slice(1, at % 7, 1).transpose();
            u[at] = given.scalar(SteinKernel.rowByRow(kernel, x, s, y, t));
        }
        return u;
    }

    /** u(x, y) with every derivative of the kernel by automatic differentiation of k(x, y) itself. */
    private static double byDefinition(Kernel kernel, double[] at, double[] other, double[] s, double[] t) {
        int d = at.length;
        Expr x = Expr.input("x", d);
        Expr y = Expr.input("y", d);
        Doubles given = new Doubles().set(x, at).set(y, other);
        Expr k = kernel.value(x.minus(y).square().sum());
        double[] gx = given.of(Differentiation.gradient(k, x));
        double[] gy = given.of(Differentiation.gradient(k, y));
        double u = 0;
        for (int i = 0; i < d; i++) {
            u += given.scalar(k) * s[i] * t[i] + s[i] * gy[i] + t[i] * gx[i];
            Expr mixed = Differentiation.gradient(Differentiation.gradient(k, x).slice(0, i, 1), y);
            u += given.of(mixed)[i];
        }
        return u;
    }

    @Test
    void steinKernelIsItsDefinition() {
        double[] v = {0.3, -0.7, 1.1, -0.4, 0.9, 0.2};
        double[] s = {1.2, 0.5, -0.8, -0.3, 0.6, 2.0};
        Expr at = Expr.input("v", 1, 3);
        Expr other = Expr.input("w", 1, 3);
        Expr own = Expr.input("s", 1, 3);
        Expr its = Expr.input("t", 1, 3);
        Doubles given = new Doubles()
                .set(at, v[0], v[1], v[2])
                .set(other, v[3], v[4], v[5])
                .set(own, s[0], s[1], s[2])
                .set(its, s[3], s[4], s[5]);
        for (Kernel kernel : KERNELS) {
            double expected = byDefinition(kernel, given.of(at), given.of(other), given.of(own), given.of(its));
            assertEquals(
                    expected, given.scalar(SteinKernel.rowByRow(kernel, at, own, other, its)), 1e-12, kernel.name());
        }
    }

    @Test
    void uStatisticIsTheMeanOverAllOrderedPairsOfDifferentRows() {
        int n = 5;
        double[] v = new double[2 * n];
        double[] s = new double[2 * n];
        Noise noise = Noise.seed(4);
        for (int i = 0; i < v.length; i++) {
            v[i] = noise.nextNormal() + 10; // far from the origin
            s[i] = noise.nextNormal();
        }
        Expr rows = Expr.input("v", n, 2);
        Expr scores = Expr.input("s", n, 2);
        Doubles given = new Doubles().set(rows, v).set(scores, s);
        for (Kernel kernel : KERNELS) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    if (i != j) {
                        sum += byDefinition(kernel, pair(v, i), pair(v, j), pair(s, i), pair(s, j));
                    }
                }
            }
            double u = given.scalar(SteinKernel.uStatistic(kernel, rows, scores));
            assertEquals(sum / (n * (n - 1)), u, 1e-10, kernel.name());
        }
    }

    private static double[] pair(double[] all, int i) {
        return new double[] {all[2 * i], all[2 * i + 1]};
    }

    // ---------------------------------------------------------------- closed forms for Gaussians

    /** Mean and standard error over repeats of the U-statistic of rows mean + std e under the score -x. */
    private static double[] repeated(double bandwidth, double[] mean, double std, int repeats) {
        int n = 400;
        int d = mean.length;
        Expr v = Expr.input("v", n, d);
        float[] rows = new float[n * d];
        Noise noise = Noise.seed(15);
        double sum = 0;
        double squares = 0;
        try (Program program = Program.of(SteinKernel.uStatistic(Rbf.bandwidth(bandwidth), v, v.neg()))) {
            for (int r = 0; r < repeats; r++) {
                noise.normal(rows, 0, rows.length);
                for (int i = 0; i < rows.length; i++) {
                    rows[i] = (float) (mean[i % d] + std * rows[i]);
                }
                program.set(v, rows);
                program.run();
                sum += program.scalar(0);
                squares += program.scalar(0) * (double) program.scalar(0);
            }
        }
        double average = sum / repeats;
        return new double[] {average, Math.sqrt((squares / repeats - average * average) / (repeats - 1))};
    }

    @Test
    void theDiscrepancyOfAShiftedGaussianIsTheClosedForm() {
        double h2 = 2;
        double[] mean = {0.5, -0.3, 0.2};
        double expected = (0.25 + 0.09 + 0.04) * Math.pow(1 + 2 / h2, -1.5);
        double[] measured = repeated(Math.sqrt(h2), mean, 1, 60);
        assertEquals(expected, measured[0], 4 * measured[1], "standard error " + measured[1]);
        assertTrue(measured[1] < 0.1 * expected);
    }

    @Test
    void theDiscrepancyOfAWidenedGaussianIsTheClosedForm() {
        double h2 = 2;
        double s2 = 1.5;
        double c = 1 / Math.sqrt(1 + 2 * s2 / h2);
        double expected = (1 - 1 / s2) * (1 - 1 / s2) * 2 * Math.pow(c, 2) * s2 * s2 / (h2 + 2 * s2);
        double[] measured = repeated(Math.sqrt(h2), new double[2], Math.sqrt(s2), 60);
        assertEquals(expected, measured[0], 4 * measured[1], "standard error " + measured[1]);
        assertTrue(measured[1] < 0.1 * expected);
    }

    @Test
    void theDiscrepancyOfTheModelsOwnSamplesIsZeroOnAverage() {
        double[] measured = repeated(1, new double[2], 1, 60);
        assertEquals(0, measured[0], 4 * measured[1], "standard error " + measured[1]);
    }

    // ---------------------------------------------------------------- bandwidths

    @Test
    void medianHeuristicIsTheMedianDistance() {
        Data data = Data.of("line", new float[] {0, 1, 3, 7}, 1);
        // distances 1 2 3 4 6 7; the upper median is 4
        Expr r2 = Expr.input("r2", 1);
        double[] k = new Doubles()
                .set(r2, 16)
                .of(Rbf.medianHeuristic().settledOn(data).value(r2));
        assertEquals(Math.exp(-0.5), k[0], 1e-12);
        double[] q = new Doubles()
                .set(r2, 16)
                .of(Imq.medianHeuristic().settledOn(data).value(r2));
        assertEquals(Math.sqrt(0.5), q[0], 1e-12);
        assertThrows(DataException.class, () -> Rbf.medianHeuristic().settledOn(Data.of("same", new float[4], 1)));
        assertThrows(DataException.class, () -> Rbf.medianHeuristic().settledOn(Data.of("one", new float[1], 1)));
    }

    @Test
    void rejectsImpossibleSettings() {
        assertThrows(SettingException.class, () -> Rbf.bandwidth(0));
        assertThrows(SettingException.class, () -> Imq.bandwidth(Double.NaN));
        assertThrows(SettingException.class, () -> Imq.bandwidth(1).beta(-1.5));
        assertThrows(SettingException.class, () -> Imq.bandwidth(1).beta(0));
    }

    @Test
    void squaredDistancesKeepTheirDigitsFarFromTheOrigin() {
        Expr v = Expr.input("v", 3, 1);
        float[] r2 = Program.evaluate(SteinKernel.squaredDistances(v), Map.of(v, new float[] {1000, 1000.5f, 1002}));
        assertArrayEquals(new float[] {0, 0.25f, 4, 0.25f, 0, 2.25f, 4, 2.25f, 0}, r2, 1e-3f);
    }
}
