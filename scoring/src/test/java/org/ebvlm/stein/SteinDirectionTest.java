package org.ebvlm.stein;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.implicit.Clouds;
import org.ebvlm.implicit.Samples;
import org.ebvlm.implicit.Stein;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.scoring.Bandwidth;
import org.ebvlm.scoring.Epanechnikov;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.scoring.Rbf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SteinDirectionTest {
    private static final double STEP = 1e-5;

    /** phi in double precision. */
    private static double[] phi(SteinDirection direction, double[] points, double[] scores, int d) {
        Expr x = Expr.input("x", points.length / d, d);
        Expr s = Expr.input("s", points.length / d, d);
        return Interpreter.evaluate(direction.at(x, s), Map.of(x, points, s, scores));
    }

    /** 1/n sum over j of k(x_j, x_i) s_j + weight grad_{x_j} k(x_j, x_i), with the gradient by differences. */
    private static double[] slowly(
            ToDoubleBiFunction<double[], double[]> kernel, double[] x, double[] s, int d, double weight) {
        int n = x.length / d;
        double[] phi = new double[x.length];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double[] a = row(x, j, d);
                double[] b = row(x, i, d);
                double k = kernel.applyAsDouble(a, b);
                for (int c = 0; c < d; c++) {
                    double at = a[c];
                    a[c] = at + STEP;
                    double up = kernel.applyAsDouble(a, b);
                    a[c] = at - STEP;
                    double down = kernel.applyAsDouble(a, b);
                    a[c] = at;
                    phi[i * d + c] += (k * s[j * d + c] + weight * (up - down) / (2 * STEP)) / n;
                }
            }
        }
        return phi;
    }

    private static double[] row(double[] x, int i, int d) {
        double[] row = new double[d];
        System.arraycopy(x, i * d, row, 0, d);
        return row;
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            sum += (a[c] - b[c]) * (a[c] - b[c]);
        }
        return sum;
    }

    private static double rbf(double[] a, double[] b, double h) {
        return Math.exp(-squaredDistance(a, b) / (2 * h * h));
    }

    private static double imq(double[] a, double[] b, double h) {
        return Math.pow(1 + squaredDistance(a, b) / (h * h), -0.7);
    }

    static Stream<Arguments> kernels() {
        return Stream.of(
                kernel(Rbf.bandwidth(1.3), (a, b) -> rbf(a, b, 1.3)),
                kernel(Imq.bandwidth(1.1).beta(-0.7), (a, b) -> imq(a, b, 1.1)),
                kernel(Imq.bandwidth(1.1).beta(-0.7).plus(Rbf.bandwidth(2)), (a, b) -> imq(a, b, 1.1) + rbf(a, b, 2)),
                kernel(Epanechnikov.bandwidth(4), (a, b) -> 1 - squaredDistance(a, b) / 16));
    }

    private static Arguments kernel(Kernel kernel, ToDoubleBiFunction<double[], double[]> slow) {
        return Arguments.of(kernel, slow);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void itIsTheSumOfKernelTimesScoreAndOfTheKernelsSlope(Kernel kernel, ToDoubleBiFunction<double[], double[]> slow) {
        for (int d : new int[] {1, 3, 12}) {
            double[] x = Clouds.normal(7, d, 1);
            double[] s = Clouds.normal(7, d, 2);
            double[] found = phi(SteinDirection.kernel(kernel), x, s, d);
            assertTrue(Clouds.error(found, slowly(slow, x, s, d, 1)) < 1e-8);
            double[] half = phi(SteinDirection.kernel(kernel).repulsion(0.5), x, s, d);
            assertTrue(Clouds.error(half, slowly(slow, x, s, d, 0.5)) < 1e-8);
        }
    }

    @Test
    void theLinearKernelIsTheDotProductPlusOne() {
        double[] x = Clouds.normal(7, 3, 1);
        double[] s = Clouds.normal(7, 3, 2);
        ToDoubleBiFunction<double[], double[]> slow = (a, b) -> 1 + a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        double[] found = phi(SteinDirection.linearKernel().repulsion(0.3), x, s, 3);
        assertTrue(Clouds.error(found, slowly(slow, x, s, 3, 0.3)) < 1e-8);
    }

    @Test
    void onePointAloneGoesUpItsScore() {
        double[] x = {0.3, -2};
        double[] s = {1.5, 4};
        for (SteinDirection each : new SteinDirection[] {
            SteinDirection.standard(),
            SteinDirection.kernel(Imq.medianHeuristic()),
            SteinDirection.standard().weightedMean(),
            SteinDirection.standard().nearestNeighbour(),
            SteinDirection.standard().features("squares", Expr::square)
        }) {
            assertTrue(Clouds.largestDifference(phi(each, x, s, 2), s) < 1e-12, each.toString());
        }
    }

    /** phi = (K S + D) / n, and the Stein estimator without ridge is G = -K^-1 D. */
    @Test
    void itVanishesWhereTheScoreIsTheSteinEstimatorsOfThePoints() {
        double[] x = Clouds.normal(15, 3, 3);
        double[] g =
                Stein.kernel(Imq.bandwidth(1)).ridge(0).fit(Samples.of(x, 3)).atSamples();
        double[] found = phi(SteinDirection.kernel(Imq.bandwidth(1)), x, g, 3);
        assertTrue(Clouds.largestDifference(found, new double[45]) < 1e-10);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aRuleTakesTheBandwidthFromThePoints(Bandwidth rule) {
        for (int n : new int[] {20, 21}) {
            for (int d : new int[] {2, 12}) {
                float[] narrow = new float[n * d];
                Noise.seed(4).normal(narrow, 0, narrow.length);
                double[] x = new double[narrow.length];
                for (int i = 0; i < x.length; i++) {
                    x[i] = narrow[i];
                }
                double[] s = Clouds.normal(n, d, 5);
                double h = rule.of(Data.of("points", narrow, d));
                double[] found = phi(SteinDirection.kernel(Rbf.bandwidth(rule)), x, s, d);
                double[] given = phi(SteinDirection.kernel(Rbf.bandwidth(h)), x, s, d);
                assertTrue(Clouds.error(found, given) < 1e-5, rule.name() + " " + Clouds.error(found, given));
            }
        }
    }

    static Stream<Bandwidth> rules() {
        return Stream.of(
                Bandwidth.asInSvgd(),
                Bandwidth.median(),
                Bandwidth.medianOfAll(),
                Bandwidth.median().times(1.7));
    }

    @Test
    void theStandardBandwidthIsThatOfTheSvgdPrograms() {
        double[] x = Clouds.normal(4, 2, 6);
        double[] s = Clouds.normal(4, 2, 7);
        double[] squares = new double[16];
        for (int i = 0; i < 16; i++) {
            squares[i] = squaredDistance(row(x, i / 4, 2), row(x, i % 4, 2));
        }
        Arrays.sort(squares);
        double h = Math.sqrt((squares[7] + squares[8]) / 2 / (2 * Math.log(5)));
        double[] expected = slowly((a, b) -> rbf(a, b, h), x, s, 2, 1);
        assertTrue(Clouds.error(phi(SteinDirection.standard(), x, s, 2), expected) < 1e-5);
    }

    // ---------------------------------------------------------------- equivariances

    /** What moves, turns, scales or reorders the points and the target does so with the direction. */
    @Test
    void itMovesTurnsScalesAndReordersWithThePoints() {
        int d = 2;
        int n = 9;
        double[] x = Clouds.normal(n, d, 8);
        double[] s = Clouds.normal(n, d, 9);
        double[] moved = x.clone();
        double[] turned = new double[x.length];
        double[] turnedScores = new double[x.length];
        double[] scaled = new double[x.length];
        double[] scaledScores = new double[x.length];
        double[] reversed = new double[x.length];
        double[] reversedScores = new double[x.length];
        for (int i = 0; i < n; i++) {
            turn(x, turned, i);
            turn(s, turnedScores, i);
            for (int c = 0; c < d; c++) {
                int at = i * d + c;
                moved[at] += 3 - 5 * c;
                scaled[at] = 4 * x[at];
                scaledScores[at] = s[at] / 4;
                reversed[(n - 1 - i) * d + c] = x[at];
                reversedScores[(n - 1 - i) * d + c] = s[at];
            }
        }
        for (SteinDirection each : new SteinDirection[] {
            SteinDirection.standard(),
            SteinDirection.kernel(Imq.medianHeuristic()).weightedMean(),
            SteinDirection.standard().nearestNeighbour()
        }) {
            double[] phi = phi(each, x, s, d);
            assertTrue(Clouds.error(phi(each, moved, s, d), phi) < 1e-9, each.toString());
            double[] around = phi(each, turned, turnedScores, d);
            double[] large = phi(each, scaled, scaledScores, d);
            double[] back = phi(each, reversed, reversedScores, d);
            double[] expected = new double[phi.length];
            for (int i = 0; i < n; i++) {
                turn(phi, expected, i);
            }
            assertTrue(Clouds.error(around, expected) < 1e-9, each.toString());
            for (int i = 0; i < n * d; i++) {
                assertEquals(phi[i] / 4, large[i], 1e-9);
                assertEquals(phi[i], back[(n - 1 - i / d) * d + i % d], 1e-9);
            }
        }
    }

    private static void turn(double[] from, double[] to, int i) {
        to[2 * i] = 0.6 * from[2 * i] - 0.8 * from[2 * i + 1];
        to[2 * i + 1] = 0.8 * from[2 * i] + 0.6 * from[2 * i + 1];
    }

    // ---------------------------------------------------------------- features and forms

    private static double[] features(Network network, double[] row) {
        Expr x = Expr.input("row", 1, row.length);
        return Interpreter.evaluate(
                network.apply(x), Map.of(x, row, network.parameters().leaf(), wide(network)));
    }

    private static double[] wide(Network network) {
        float[] values = network.parameters().values();
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static double[] phi(SteinDirection direction, Network network, double[] points, double[] scores, int d) {
        Expr x = Expr.input("x", points.length / d, d);
        Expr s = Expr.input("s", points.length / d, d);
        return Interpreter.evaluate(
                direction.at(x, s),
                Map.of(x, points, s, scores, network.parameters().leaf(), wide(network)));
    }

    @Test
    void onFeaturesTheKernelsSlopeIsPulledBackAtThePointThatPushes() {
        Network network = Network.elu(6).init(3, 4, Noise.seed(2));
        double[] x = Clouds.normal(6, 3, 10);
        double[] s = Clouds.normal(6, 3, 11);
        double[] found = phi(SteinDirection.kernel(Rbf.bandwidth(0.8)).features(network), network, x, s, 3);
        double[] expected = slowly((a, b) -> rbf(features(network, a), features(network, b), 0.8), x, s, 3, 1);
        assertTrue(Clouds.error(found, expected) < 1e-7, "" + Clouds.error(found, expected));
    }

    @Test
    void featuresThatAreThePointsThemselvesChangeNothing() {
        double[] x = Clouds.normal(8, 3, 12);
        double[] s = Clouds.normal(8, 3, 13);
        UnaryOperator<Expr> same = v -> v.times(1);
        SteinDirection plain = SteinDirection.kernel(Imq.medianHeuristic());
        assertTrue(Clouds.error(phi(plain.features("itself", same), x, s, 3), phi(plain, x, s, 3)) < 1e-12);
        SteinDirection nearest = plain.nearestNeighbour();
        assertTrue(Clouds.error(phi(nearest.features("itself", same), x, s, 3), phi(nearest, x, s, 3)) < 1e-12);
    }

    @Test
    void theNearestNeighbourPushesHalfAndTheScoreIsNotSmoothed() {
        Network network = Network.elu(6).init(2, 4, Noise.seed(3));
        double[] x = Clouds.normal(7, 2, 14);
        double[] s = Clouds.normal(7, 2, 15);
        double h = 0.7;
        double[] found =
                phi(SteinDirection.kernel(Rbf.bandwidth(h)).features(network).nearestNeighbour(), network, x, s, 2);
        ToDoubleBiFunction<double[], double[]> kernel = (a, b) -> rbf(features(network, a), features(network, b), h);
        for (int i = 0; i < 7; i++) {
            double[] own = row(x, i, 2);
            int nearest = i == 0 ? 1 : 0;
            for (int j = 0; j < 7; j++) {
                nearest = j != i
                                && kernel.applyAsDouble(row(x, j, 2), own)
                                        > kernel.applyAsDouble(row(x, nearest, 2), own)
                        ? j
                        : nearest;
            }
            for (int c = 0; c < 2; c++) {
                double[] up = row(x, nearest, 2);
                double[] down = row(x, nearest, 2);
                up[c] += STEP;
                down[c] -= STEP;
                double slope = (kernel.applyAsDouble(up, own) - kernel.applyAsDouble(down, own)) / (2 * STEP);
                assertEquals(s[i * 2 + c] + slope / 2, found[i * 2 + c], 1e-7);
            }
        }
    }

    @Test
    void theWeightedMeanDividesByTheKernelsSumOverTheOthersAndItself() {
        double[] x = Clouds.normal(6, 2, 16);
        double[] s = Clouds.normal(6, 2, 17);
        SteinDirection plain = SteinDirection.kernel(Rbf.bandwidth(0.9));
        double[] mean = phi(plain, x, s, 2);
        double[] weighted = phi(plain.weightedMean(), x, s, 2);
        for (int i = 0; i < 6; i++) {
            double sum = 0;
            for (int j = 0; j < 6; j++) {
                sum += rbf(row(x, j, 2), row(x, i, 2), 0.9);
            }
            assertEquals(mean[2 * i] * 6 / sum, weighted[2 * i], 1e-10);
            assertEquals(mean[2 * i + 1] * 6 / sum, weighted[2 * i + 1], 1e-10);
        }
    }

    // ---------------------------------------------------------------- as an expression

    @Test
    void nothingIsDifferentiatedThroughIt() {
        double[] x = Clouds.normal(6, 2, 18);
        Expr points = Expr.input("x", 6, 2);
        Expr phi = SteinDirection.standard().at(points, points.neg());
        double[] gradient =
                Interpreter.evaluate(Differentiation.gradient(phi.times(points).sum(), points), Map.of(points, x));
        assertTrue(Clouds.largestDifference(gradient, Interpreter.evaluate(phi, Map.of(points, x))) < 1e-14);
    }

    @Test
    void pointsThatCoincideAreNotPushedAndStayFinite() {
        double[] x = new double[12];
        double[] s = Clouds.normal(6, 2, 19);
        for (SteinDirection each : new SteinDirection[] {
            SteinDirection.standard(), SteinDirection.standard().nearestNeighbour()
        }) {
            for (double one : phi(each, x, s, 2)) {
                assertTrue(Double.isFinite(one));
            }
        }
        // Five of six in one place: the median is zero.
        x[10] = 3;
        for (double one : phi(SteinDirection.standard(), x, s, 2)) {
            assertTrue(Double.isFinite(one));
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        Expr x = Expr.input("x", 5, 2);
        assertThrows(ShapeException.class, () -> SteinDirection.standard().at(x, Expr.input("s", 5, 3)));
        assertThrows(SettingException.class, () -> SteinDirection.standard().repulsion(-1));
        assertThrows(SettingException.class, () -> SteinDirection.kernel(Rbf.bandwidth(Bandwidth.asInKscore()))
                .at(x, x));
        assertThrows(
                SettingException.class,
                () -> SteinDirection.kernel(Rbf.medianHeuristic().plus(Imq.bandwidth(1))));
        assertThrows(SettingException.class, () -> SteinDirection.linearKernel().nearestNeighbour());
        assertThrows(SettingException.class, () -> SteinDirection.linearKernel().features("g", v -> v));
    }
}
