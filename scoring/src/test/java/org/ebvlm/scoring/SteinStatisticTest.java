package org.ebvlm.scoring;

import static org.ebvlm.scoring.SteinSamples.mean;
import static org.ebvlm.scoring.SteinSamples.narrowed;
import static org.ebvlm.scoring.SteinSamples.normal;
import static org.ebvlm.scoring.SteinSamples.standardScores;
import static org.ebvlm.scoring.SteinSamples.std;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Gaussian;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Cores;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SteinStatisticTest {
    /** A kernel with its formula written out again, in numbers and as an expression of r^2. */
    private record Row(Kernel kernel, DoubleUnaryOperator formula, UnaryOperator<Expr> expression) {}

    private static List<Row> rows() {
        return List.of(
                new Row(Rbf.bandwidth(1.3), r2 -> Math.exp(-r2 / 3.38), r2 -> r2.times(-1 / 3.38)
                        .exp()),
                imq(1.3, -0.5),
                imq(0.7, -0.3),
                imq(2.1, -0.8));
    }

    private static Row imq(double h, double beta) {
        return new Row(
                Imq.bandwidth(h).beta(beta),
                r2 -> Math.pow(1 + r2 / (h * h), beta),
                r2 -> r2.over(h * h).plus(1).log().times(beta).exp());
    }

    private static final double[] X = {0.3, -1.1, 0.8};
    private static final double[] Y = {-0.4, 0.2, 1.5};
    private static final double[] S = {1.7, 0.6, -0.9};
    private static final double[] T = {-0.8, 1.2, 0.5};

    /** u of one pair, in double precision. */
    private static double u(Kernel kernel) {
        Expr[] sets = {Expr.input("x", 3, 1), Expr.input("s", 3, 1), Expr.input("y", 3, 1), Expr.input("t", 3, 1)};
        return new Doubles()
                .set(sets[0], X)
                .set(sets[1], S)
                .set(sets[2], Y)
                .set(sets[3], T)
                .scalar(SteinForm.of(kernel, sets[0].shape(0)).pairs(sets[0], sets[1], sets[2], sets[3]));
    }

    @Test
    void ofTwoRowsTheMeanOverPairsIsTheSteinKernelItself() {
        for (Row row : rows()) {
            SteinStatistic found = SteinStatistic.of(row.kernel, joined(X, Y), joined(S, T), 3);
            assertEquals(u(row.kernel), found.uStatistic(), 1e-6, row.kernel.name());
        }
    }

    private static double[] joined(double[] a, double[] b) {
        return IntStream.range(0, a.length + b.length)
                .mapToDouble(i -> i < a.length ? a[i] : b[i - a.length])
                .toArray();
    }

    @TestFactory
    List<DynamicTest> steinKernelEqualsItsDefinitionByFiniteDifferencesOfTheKernel() {
        return rows().stream()
                .map(row -> dynamicTest(row.kernel.name(), () -> {
                    double h = 1e-4;
                    double sum = k(row, 0, 0, 0)
                            * IntStream.range(0, 3)
                                    .mapToDouble(i -> S[i] * T[i])
                                    .sum();
                    for (int i = 0; i < 3; i++) {
                        sum += S[i] * (k(row, i, 0, h) - k(row, i, 0, -h)) / (2 * h);
                        sum += T[i] * (k(row, i, h, 0) - k(row, i, -h, 0)) / (2 * h);
                        sum += (k(row, i, h, h) - k(row, i, h, -h) - k(row, i, -h, h) + k(row, i, -h, -h))
                                / (4 * h * h);
                    }
                    assertEquals(sum, u(row.kernel), 1e-7);
                }))
                .toList();
    }

    /** k(X, Y), each moved along one coordinate. */
    private static double k(Row row, int coordinate, double moveX, double moveY) {
        double r2 = 0;
        for (int i = 0; i < 3; i++) {
            double difference = X[i] - Y[i] + (i == coordinate ? moveX - moveY : 0);
            r2 += difference * difference;
        }
        return row.formula.applyAsDouble(r2);
    }

    @TestFactory
    List<DynamicTest> steinKernelEqualsItsDefinitionByDifferentiationOfTheKernel() {
        return rows().stream()
                .map(row -> dynamicTest(row.kernel.name(), () -> {
                    Expr x = Expr.input("x", 3);
                    Expr y = Expr.input("y", 3);
                    Expr s = Expr.constant(S, 3);
                    Expr t = Expr.constant(T, 3);
                    Expr k = row.expression.apply(x.minus(y).square().sum());
                    Expr slope = Differentiation.gradient(k, y);
                    Expr u = k.times(s.times(t).sum())
                            .plus(s.times(slope).sum())
                            .plus(t.times(Differentiation.gradient(k, x)).sum());
                    for (int i = 0; i < 3; i++) {
                        Expr one = slope.slice(0, i, 1).sum();
                        u = u.plus(
                                Differentiation.gradient(one, x).slice(0, i, 1).sum());
                    }
                    assertEquals(Interpreter.evaluate(u, Map.of(x, X, y, Y))[0], u(row.kernel), 1e-10);
                }))
                .toList();
    }

    // ------------------------------------------------- precision, against a double loop over pairs

    private static final int BLOCK = SteinPairs.BLOCK;

    @Test
    void roundingMovesItByLessThanAMillionthOfTheMeanSteinKernel() {
        for (int n : new int[] {2, 3, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5}) {
            for (int d : new int[] {1, 2, 5, 64}) {
                assertMillionth(new Rows(n, d, 0, 1, 1), Math.sqrt(2 * d));
            }
        }
        assertMillionth(new Rows(BLOCK + 1, 784, 0, 1, 1), 40);
    }

    @Test
    void keepsThatPrecisionFarFromTheOriginInAnyUnitAndWithLargeScores() {
        for (int d : new int[] {1, 2, 5, 64, 784}) {
            double h = Math.sqrt(2 * d);
            assertMillionth(new Rows(200, d, 1e6, 1, 1), h);
            assertMillionth(new Rows(200, d, 0, 1e-4, 1e4), 1e-4 * h);
            assertMillionth(new Rows(200, d, 0, 1e4, 1e-4), 1e4 * h);
            assertMillionth(new Rows(200, d, 0, 1, 1e6), h);
            assertMillionth(new Rows(200, d, 0, 1e-3, 1), h);
        }
    }

    @Test
    void ofClustersFarApartItIsOffByLessThanAThousandthOfItsStandardError() {
        for (int d : new int[] {1, 2, 5, 64, 784}) {
            for (double distance : new double[] {10, 100, 1000}) {
                Rows rows = new Rows(255, d, 0, 1, 1).clustered(distance * Math.sqrt(2 * d));
                for (Compared each : rows.compared(Math.sqrt(2 * d))) {
                    assertEquals(each.mean, each.found.uStatistic(), 1e-3 * each.error, each.kernel + ", width " + d);
                    assertEquals(each.error, each.found.standardError(), 1e-3 * each.error);
                }
            }
        }
    }

    private static void assertMillionth(Rows rows, double bandwidth) {
        for (Compared each : rows.compared(bandwidth)) {
            String what = each.kernel + ", " + rows.n + " rows of width " + rows.d;
            assertEquals(each.mean, each.found.uStatistic(), 1e-6 * each.size, what);
            assertEquals(each.all, each.found.vStatistic(), 1e-6 * (each.size + each.all), what);
            assertEquals(rows.n, each.found.rows());
        }
    }

    /** What a double loop and the statistic say; size is the mean of |u|. */
    private record Compared(String kernel, double mean, double size, double all, double error, SteinStatistic found) {}

    /** Rows of N(origin, std^2 I) with scores a little off those of N(0, I), times a factor. */
    private static final class Rows {
        private final int n;
        private final int d;
        private final double[] points;
        private final double[] scores;

        Rows(int n, int d, double origin, double std, double factor) {
            this.n = n;
            this.d = d;
            points = new double[n * d];
            scores = new double[n * d];
            Noise noise = Noise.seed(n + d);
            for (int at = 0; at < n * d; at++) {
                double z = noise.nextNormal();
                points[at] = origin + std * z;
                scores[at] = factor * (0.3 * noise.nextNormal() - z);
            }
        }

        /** Rows moved to five corners that are about this far apart. */
        Rows clustered(double distance) {
            for (int at = 0; at < n * d; at++) {
                points[at] += distance / Math.sqrt(d) * ((at / d * 7 + at % d * 3) % 5);
            }
            return this;
        }

        List<Compared> compared(double h) {
            return List.of(
                    compare(Rbf.bandwidth(h), h, Double.NaN),
                    compare(Imq.bandwidth(h), h, -0.5),
                    compare(Imq.bandwidth(h).beta(-0.3), h, -0.3));
        }

        private Compared compare(Kernel kernel, double h, double beta) {
            double[][] u = naive(points, scores, d, h, beta);
            double[] sums = new double[n];
            double sum = 0;
            double size = 0;
            double diagonal = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    sums[i] += i == j ? 0 : u[i][j] / (n - 1);
                    size += i == j ? 0 : Math.abs(u[i][j]);
                }
                sum += sums[i] * (n - 1);
                diagonal += u[i][i];
            }
            double pairs = n * (n - 1.0);
            return new Compared(
                    kernel.name(),
                    sum / pairs,
                    size / pairs,
                    (sum + diagonal) / ((double) n * n),
                    2.0 * (n - 1) / (n - 2) * std(sums) / Math.sqrt(n),
                    SteinStatistic.of(kernel, points, scores, d));
        }
    }

    @Test
    void doesNotDependOnTheNumberOfThreads() {
        double[] points = normal(8 * BLOCK + 7, new double[2], 1, Noise.seed(1));
        int before = Cores.used();
        try {
            Cores.use(1);
            SteinStatistic alone = SteinStatistic.of(ROUND, points, standardScores(points), 2);
            for (int threads : new int[] {2, 3, 16}) {
                Cores.use(threads);
                assertEquals(alone, SteinStatistic.of(ROUND, points, standardScores(points), 2));
            }
        } finally {
            Cores.use(before);
        }
    }

    @Test
    void ofManyRowsItIsTheClosedFormWithinFourStandardErrors() {
        double[] shift = {0.5, -0.3};
        // ||mu||^2 (1 + 2/h2)^(-d/2) = 0.34 / 2
        SteinStatistic found = ofNormal(5000, shift, 1, 3);
        assertEquals(0.17, found.uStatistic(), 4 * found.standardError());
        assertTrue(found.standardError() < 0.01, found.toString());
    }

    @Test
    void standardErrorIsTheJackknifes() {
        int n = 60;
        double[] points = normal(n, new double[2], 1.3, Noise.seed(8));
        double[] scores = normal(n, new double[2], 1, Noise.seed(9));
        double[][] u = naive(points, scores, 2, 1, -0.5);
        double[] leftOut =
                IntStream.range(0, n).mapToDouble(i -> meanOffDiagonal(u, i)).toArray();
        // (n - 1)/n sum of (U without i - U)^2; the mean of the former is U.
        double jackknife = (n - 1) / Math.sqrt(n) * std(leftOut);
        double error = SteinStatistic.of(Imq.bandwidth(1), points, scores, 2).standardError();
        assertEquals(jackknife, error, 1e-5 * jackknife);
    }

    private static double meanOffDiagonal(double[][] u, int without) {
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i < u.length; i++) {
            for (int j = 0; j < u.length; j++) {
                if (i != j && i != without && j != without) {
                    sum += u[i][j];
                    pairs++;
                }
            }
        }
        return sum / pairs;
    }

    /** All u, from the two published formulas; the RBF one if beta is NaN. */
    private static double[][] naive(double[] points, double[] scores, int d, double h, double beta) {
        int n = points.length / d;
        double h2 = h * h;
        double[][] u = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double r2 = 0;
                double drift = 0;
                double products = 0;
                for (int k = 0; k < d; k++) {
                    double difference = points[i * d + k] - points[j * d + k];
                    r2 += difference * difference;
                    drift += (scores[i * d + k] - scores[j * d + k]) * difference;
                    products += scores[i * d + k] * scores[j * d + k];
                }
                double q = 1 + r2 / h2;
                u[i][j] = Double.isNaN(beta)
                        ? Math.exp(-r2 / (2 * h2)) * (products + drift / h2 + d / h2 - r2 / (h2 * h2))
                        : Math.pow(q, beta)
                                * (products
                                        - 2 * beta / h2 * (drift + d) / q
                                        - 4 * beta * (beta - 1) / (h2 * h2) * r2 / (q * q));
            }
        }
        return u;
    }

    @Test
    void equalsTheValueThatTheObjectiveShows() {
        int n = 60;
        float[] points = narrowed(normal(n, new double[4], 1.2, Noise.seed(1)));
        float[] scores = narrowed(normal(n, new double[4], 0.9, Noise.seed(2)));
        for (Row row : rows()) {
            Expr v = Expr.input("v", n, 4);
            Expr s = Expr.input("s", n, 4);
            float[] inGraph = Program.evaluate(SteinKernel.uStatistic(row.kernel, v, s), Map.of(v, points, s, scores));
            double here = SteinStatistic.of(row.kernel, points, scores, 4).uStatistic();
            assertEquals(here, inGraph[0], 1e-5 * (1 + Math.abs(here)), row.kernel.name());
        }
    }

    // ------------------------------------------------- closed forms for p = N(0, I), RBF with h^2 = 2

    private static final Rbf ROUND = Rbf.bandwidth(Math.sqrt(2));

    private static double[] repeated(int times, IntToDoubleFunction each) {
        return IntStream.range(0, times).mapToDouble(each).toArray();
    }

    private static SteinStatistic ofNormal(int n, double[] mean, double std, int seed) {
        double[] points = normal(n, mean, std, Noise.seed(seed));
        return SteinStatistic.of(ROUND, points, standardScores(points), mean.length);
    }

    /** Within four standard errors of the mean of the repetitions. */
    private static void assertMean(double truth, double[] values) {
        double error = std(values) / Math.sqrt(values.length);
        assertEquals(truth, mean(values), 4 * error);
    }

    @Test
    void isUnbiasedForAShiftedGaussian() {
        double[] shift = {0.5, -0.3, 0.2};
        // ||mu||^2 (1 + 2/h2)^(-d/2)
        double truth = 0.38 * Math.pow(2, -1.5);
        assertMean(truth, repeated(100, seed -> ofNormal(300, shift, 1, seed).uStatistic()));
    }

    @Test
    void isUnbiasedForAWiderGaussian() {
        // (1 - 1/s2)^2 d c^d s2^2 / (h2 + 2 s2),  c = (1 + 2 s2/h2)^(-1/2),  is 0.04 at d = 2, s2 = 1.5, h2 = 2
        assertMean(0.04, repeated(100, seed -> ofNormal(300, new double[2], Math.sqrt(1.5), seed)
                .uStatistic()));
    }

    @Test
    void isZeroOnAverageWhereThePointsComeFromTheDistribution() {
        double[] values =
                repeated(200, seed -> ofNormal(100, new double[3], 1, seed).uStatistic());
        assertMean(0, values);
        assertTrue(
                IntStream.range(0, 200).anyMatch(i -> values[i] < 0),
                "an unbiased estimate of zero is negative at times");
    }

    @Test
    void meanWithTheDiagonalIsTooHighByTheDiagonal() {
        // E V = E u(v, v) / n = (E||s||^2 + d/h2) / n
        assertMean((3 + 1.5) / 100, repeated(200, seed -> ofNormal(100, new double[3], 1, seed)
                .vStatistic()));
    }

    @Test
    void staysUnbiasedWhereScoresAreNoisy() {
        double[] values = repeated(200, seed -> {
            double[] points = normal(100, new double[] {0.5}, 1, Noise.seed(seed));
            double[] noise = normal(100, new double[1], 2, Noise.seed(seed).split("scores"));
            double[] scores = IntStream.range(0, 100)
                    .mapToDouble(i -> noise[i] - points[i])
                    .toArray();
            return SteinStatistic.of(ROUND, points, scores, 1).uStatistic();
        });
        assertMean(0.25 / Math.sqrt(2), values);
    }

    @Test
    void standardErrorIsTheSpreadOverRepetitionsAwayFromZeroAndTooLargeAtZero() {
        // The spread of 300 repetitions is itself known to about 5 percent.
        assertEquals(1, errorOverSpread(new double[] {0.7, 0}), 0.2);
        assertEquals(Math.sqrt(2), errorOverSpread(new double[] {0, 0}), 0.35);
    }

    private static double errorOverSpread(double[] shift) {
        double[] values = repeated(300, seed -> ofNormal(150, shift, 1, seed).uStatistic());
        double[] errors = repeated(300, seed -> ofNormal(150, shift, 1, seed).standardError());
        return mean(errors) / std(values);
    }

    @Test
    void takesTheScoreOfAKnownDensity() {
        Gaussian density = Gaussian.isotropic(new double[] {1, -2}, 1);
        Data rows = density.sample(50, Noise.seed(4));
        double[] points = new double[100];
        double[] scores = new double[100];
        for (int at = 0; at < 100; at++) {
            points[at] = rows.at(at / 2, at % 2);
            scores[at] = (at % 2 == 0 ? 1 : -2) - points[at];
        }
        assertEquals(
                SteinStatistic.of(ROUND, points, scores, 2).uStatistic(),
                SteinStatistic.of(ROUND, rows, density).uStatistic(),
                1e-12);
    }

    // ---------------------------------------------------------------- what it rejects

    @Test
    void rejectsWhatAreNotRowsWithScores() {
        assertThrows(ShapeException.class, () -> SteinStatistic.of(ROUND, new double[6], new double[4], 2));
        assertThrows(ShapeException.class, () -> SteinStatistic.of(ROUND, new double[5], new double[5], 2));
        assertThrows(ShapeException.class, () -> SteinStatistic.of(ROUND, new double[5], new double[5], 0));
        assertThrows(
                ShapeException.class,
                () -> SteinStatistic.of(
                        ROUND, Data.of(new float[][] {{1}, {2}}), Gaussian.isotropic(new double[2], 1)));
    }

    @Test
    void rejectsOneRowAndNamesTheCount() {
        var error = assertThrows(DataException.class, () -> SteinStatistic.of(ROUND, new double[2], new double[2], 2));
        assertTrue(error.getMessage().contains("2 or more"), error.getMessage());
        assertTrue(error.getMessage().contains("but was  : 1"), error.getMessage());
    }

    @Test
    void rejectsAScoreThatIsNotFiniteAndSaysWhere() {
        var error = assertThrows(
                DataException.class,
                () -> SteinStatistic.of(ROUND, new double[6], new double[] {0, 0, 0, Double.NaN, 0, 0}, 2));
        assertTrue(error.getMessage().contains("a score is not finite"), error.getMessage());
        assertTrue(error.getMessage().contains("row 1, column 1"), error.getMessage());
    }

    @Test
    void rejectsAScoreBeyondSinglePrecision() {
        var error = assertThrows(
                DataException.class, () -> SteinStatistic.of(ROUND, new double[2], new double[] {1e39, 0}, 1));
        assertTrue(error.getMessage().contains("single precision"), error.getMessage());
    }

    @Test
    void rejectsEqualRowsWithTheMedianHeuristicButTakesThemWithABandwidth() {
        double[] points = new double[20];
        double[] scores = normal(20, new double[1], 1, Noise.seed(3));
        var error =
                assertThrows(DataException.class, () -> SteinStatistic.of(Imq.medianHeuristic(), points, scores, 1));
        assertTrue(error.getMessage().contains("give a bandwidth"), error.getMessage());
        assertTrue(Double.isFinite(
                SteinStatistic.of(Imq.bandwidth(1), points, scores, 1).uStatistic()));
    }

    @Test
    void hasNoStandardErrorForTwoRows() {
        SteinStatistic found = SteinStatistic.of(ROUND, joined(X, Y), joined(S, T), 3);
        assertTrue(Double.isNaN(found.standardError()));
    }
}
