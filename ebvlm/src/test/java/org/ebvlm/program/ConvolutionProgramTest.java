package org.ebvlm.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.graph.Convolution;
import org.ebvlm.graph.Convolution.Geometry;
import org.ebvlm.graph.Convolution.Part;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Convolutions and their adjoints, alone and in pairs, against the definition. */
class ConvolutionProgramTest {
    private static final double TOLERANCE = 3e-5;

    /** Image sizes, channels in and out, window, stride, padding. */
    private static final int[][] CASES = {
        {12, 12, 5, 8, 3, 1, 1},
        {12, 12, 5, 8, 3, 2, 1},
        {13, 13, 5, 8, 3, 2, 1},
        {13, 12, 3, 5, 3, 2, 1},
        {11, 14, 1, 4, 3, 1, 1},
        {9, 10, 4, 1, 3, 1, 1},
        {10, 9, 6, 7, 1, 1, 0},
        {10, 9, 6, 7, 1, 2, 0},
        {9, 11, 2, 3, 5, 1, 2},
        {12, 9, 2, 3, 5, 3, 2},
        {10, 7, 3, 2, 2, 1, 0},
        {10, 7, 3, 2, 2, 2, 0},
        {8, 8, 3, 2, 3, 1, 0},
        {7, 7, 3, 2, 3, 3, 0},
        {3, 3, 2, 2, 3, 1, 0},
        {1, 1, 3, 4, 3, 2, 1},
        {1, 1, 3, 4, 1, 1, 0},
    };

    private static float[] numbers(int n, long seed) {
        float[] out = new float[n];
        Noise.seed(seed).normal(out, 0, n);
        return out;
    }

    private static double[] widened(float[] x) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = x[i];
        }
        return out;
    }

    /** The same numbers from the program and from the interpreter, also in a second run on other values. */
    private static void agree(List<Expr> outputs, Expr... inputs) {
        try (Program program = Program.of(outputs)) {
            for (int run = 1; run <= 2; run++) {
                Map<Expr, double[]> values = new HashMap<>();
                for (Expr input : inputs) {
                    float[] drawn = numbers(input.size(), 10L * run + values.size());
                    values.put(input, widened(drawn));
                    program.set(input, drawn);
                }
                program.run();
                List<double[]> expected = Interpreter.evaluate(outputs, values);
                for (int i = 0; i < outputs.size(); i++) {
                    close(expected.get(i), program.value(i), "run " + run + ", output " + i + "\n" + program.source());
                }
            }
        }
    }

    private static void close(double[] expected, float[] actual, String what) {
        double scale =
                Math.max(1e-3, Arrays.stream(expected).map(Math::abs).max().orElseThrow());
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], TOLERANCE * scale, "element " + i + ", " + what);
        }
    }

    private static int nativeConvolutions(List<Expr> outputs) {
        try (Program program = Program.of(outputs)) {
            return program.source().split("NativeConvolution\\(", -1).length - 1;
        }
    }

    @TestFactory
    List<DynamicTest> eachAdjointAloneAndBothTogetherAreTheirDefinition() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int[] c : CASES) {
            tests.add(dynamicTest(Arrays.toString(c), () -> {
                Expr x = Expr.input("x", 2, c[0], c[1], c[2]);
                Expr w = Expr.input("w", c[4], c[4], c[2], c[3]);
                Expr y = Convolution.of(x, w, c[5], c[6]);
                Expr r = Expr.input("r", y.shape());
                List<Expr> both = Differentiation.vjp(y, r, List.of(x, w));
                agree(List.of(y), x, w);
                agree(List.of(both.get(0)), w, r);
                agree(List.of(both.get(1)), x, r);
                agree(both, x, w, r);
                int calls = c[4] == 1 && c[5] == 1 ? 0 : 1;
                assertEquals(calls, nativeConvolutions(both), "both adjoints in one call, or in products");
                assertEquals(calls, nativeConvolutions(List.of(both.get(1), both.get(0))), "in either order");
                // As in training: value, both slopes of a loss, and what is built on the slopes.
                Expr loss = y.tanh().square().sum();
                List<Expr> slopes = Differentiation.gradient(loss, List.of(x, w));
                agree(List.of(loss, slopes.get(0).elu(), slopes.get(1).times(2)), x, w);
                agree(List.of(Differentiation.gradient(slopes.get(0).square().sum(), w)), x, w);
            }));
        }
        return tests;
    }

    /**
     * Images, their sizes, channels in and out, padding, stride: whole tiles and parts of them, tiles of different sizes down and
     * across, more blocks than one and just one, images of one tile.
     */
    private static final int[][] WINOGRAD = {
        {1, 6, 6, 16, 16, 1, 1},
        {3, 7, 9, 16, 32, 1, 1},
        {2, 9, 8, 16, 16, 0, 1},
        {5, 6, 7, 32, 16, 2, 1},
        {4, 8, 8, 16, 48, 1, 1},
        {1, 7, 7, 32, 128, 1, 1},
        {1, 13, 12, 16, 16, 1, 1},
        {8, 14, 13, 16, 16, 1, 1},
        {9, 3, 3, 16, 32, 1, 1},
        {5, 3, 4, 32, 16, 1, 1},
        {4, 5, 4, 16, 16, 0, 1},
        {12, 14, 14, 16, 16, 1, 2},
        {5, 7, 7, 32, 16, 1, 2},
        {4, 8, 9, 16, 16, 1, 2},
        {6, 8, 7, 16, 48, 0, 2},
        {4, 9, 12, 16, 32, 2, 2},
        {5, 16, 15, 16, 16, 1, 2},
        {4, 3, 5, 16, 16, 1, 2},
    };

    private static Expr winograd(int[] c, Expr x, Expr w) {
        return Convolution.of(x, w, c[6], c[5]);
    }

    @TestFactory
    List<DynamicTest> smallWindowsOfManyChannelsAreTheirDefinitionWithoutNativeCalls() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int[] c : WINOGRAD) {
            tests.add(dynamicTest(Arrays.toString(c), () -> {
                Expr x = Expr.input("x", c[0], c[1], c[2], c[3]);
                Expr w = Expr.input("w", 3, 3, c[3], c[4]);
                Expr y = winograd(c, x, w);
                Expr r = Expr.input("r", y.shape());
                List<Expr> both = Differentiation.vjp(y, r, List.of(x, w));
                agree(List.of(y), x, w);
                agree(both, x, w, r);
                if (Vectors.available()) {
                    assertEquals(0, nativeConvolutions(List.of(y, both.get(0), both.get(1))));
                }
            }));
        }
        return tests;
    }

    @Test
    void tooFewTilesAndLongAxesInStridesOfTwoAreNative() {
        for (int[] c : new int[][] {{3, 3, 3, 16, 16, 1, 1}, {3, 14, 14, 16, 16, 1, 2}, {4, 17, 14, 16, 16, 1, 2}}) {
            Expr x = Expr.input("x", c[0], c[1], c[2], c[3]);
            Expr w = Expr.input("w", 3, 3, c[3], c[4]);
            Expr y = winograd(c, x, w);
            assertEquals(1, nativeConvolutions(List.of(y)));
            agree(List.of(y), x, w);
        }
    }

    /** The matrices that transform weights depend on the sizes of images. */
    @Test
    void weightsThatTwoSizesOfImagesShareAreTransformedForEach() {
        Expr x = Expr.input("x", 4, 6, 6, 16);
        Expr u = Expr.input("u", 4, 8, 8, 16);
        Expr w = Expr.input("w", 3, 3, 16, 16);
        List<Expr> all = List.of(Convolution.of(x, w, 1, 1), Convolution.of(u, w, 1, 1), Convolution.of(u, w, 2, 1));
        agree(all, x, u, w);
        agree(
                Differentiation.gradient(
                        all.stream()
                                .map(y -> y.square().sum())
                                .reduce(Expr::plus)
                                .orElseThrow(),
                        List.of(x, u, w)),
                x,
                u,
                w);
    }

    @Test
    void secondDerivativesThroughSmallWindowsAgree() {
        int[] c = {2, 7, 6, 16, 16, 1, 1};
        Expr x = Expr.input("x", c[0], c[1], c[2], c[3]);
        Expr w = Expr.input("w", 3, 3, c[3], c[4]);
        // Scaled to unit size: where tanh saturates, its slope has no digits left in single precision.
        Expr loss = winograd(c, x, w)
                .times(1 / Math.sqrt(9.0 * c[3]))
                .tanh()
                .square()
                .sum();
        List<Expr> slopes = Differentiation.gradient(loss, List.of(x, w));
        agree(List.of(Differentiation.gradient(slopes.get(0).square().sum(), w)), x, w);
    }

    /** Image sizes, channels, stride: large enough for more cores than one. */
    private static final int[][] SHARED = {{14, 32, 1}, {3, 256, 1}, {14, 64, 2}};

    @TestFactory
    List<DynamicTest> convolutionsAreTheSameToTheBitOnAnyNumberOfCores() {
        return Arrays.stream(SHARED)
                .map(c -> dynamicTest(Arrays.toString(c), () -> {
                    Expr x = Expr.input("x", 16, c[0], c[0], c[1]);
                    Expr w = Expr.input("w", 3, 3, c[1], c[1]);
                    Expr y = Convolution.of(x, w, c[2], 1);
                    List<Expr> all =
                            new ArrayList<>(Differentiation.gradient(y.square().sum(), List.of(x, w)));
                    all.add(y);
                    sameOnAnyNumberOfCores(all, x, w);
                }))
                .toList();
    }

    private static void sameOnAnyNumberOfCores(List<Expr> all, Expr x, Expr w) {
        int before = Cores.used();
        try (Program program = Program.of(all)) {
            program.set(x, numbers(x.size(), 1));
            program.set(w, numbers(w.size(), 2));
            Cores.use(1);
            program.run();
            List<float[]> alone = all.stream()
                    .map(each -> program.value(all.indexOf(each)).clone())
                    .toList();
            for (int cores = 2; cores <= 5; cores++) {
                Cores.use(cores);
                program.run();
                for (int i = 0; i < all.size(); i++) {
                    assertArrayEquals(alone.get(i), program.value(i), cores + " cores, output " + i);
                }
            }
        } finally {
            Cores.use(before);
        }
    }

    @Test
    void aSteadyConvolutionAllocatesNothing() {
        for (int stride = 1; stride <= 2; stride++) {
            Expr x = Expr.input("x", 4, 8, 8, 16);
            Expr w = Expr.input("w", 3, 3, 16, 16);
            Expr loss = Convolution.of(x, w, stride, 1).square().sum();
            try (Program program = Program.of(Differentiation.gradient(loss, List.of(x, w)))) {
                program.set(x, numbers(x.size(), 1));
                program.set(w, numbers(w.size(), 2));
                assertEquals(0, Allocations.ofCompiled(program::run), "stride " + stride);
            }
        }
    }

    /** Windows that are not square, unequal strides and paddings. */
    @TestFactory
    List<DynamicTest> geometriesWithTwoDifferentAxesAgree() {
        List<Geometry> all = List.of(
                new Geometry(9, 12, 3, 1, 2, 1, 1, 0, 1, 1, 5, 12),
                new Geometry(10, 12, 3, 2, 2, 3, 1, 0, 1, 1, 5, 4),
                new Geometry(9, 12, 1, 1, 1, 1, 0, 0, 1, 1, 9, 12));
        return all.stream()
                .map(g -> dynamicTest("" + g, () -> {
                    Expr x = Expr.input("x", 2, g.height(), g.width(), 3);
                    Expr w = Expr.input("w", g.windowHeight(), g.windowWidth(), 3, 5);
                    Expr y = Expr.of(new Convolution(g, Part.RESULT), x, w);
                    Expr r = Expr.input("r", y.shape());
                    List<Expr> both = Differentiation.vjp(y, r, List.of(x, w));
                    agree(List.of(y), x, w);
                    agree(List.of(both.get(0)), w, r);
                    agree(List.of(both.get(1)), x, r);
                    agree(both, x, w, r);
                }))
                .toList();
    }

    @Test
    void aWindowOfOnePixelIsAProductWithTheSameValuesAsTheConvolution() {
        Geometry g = new Geometry(5, 4, 1, 1, 1, 1, 0, 0, 1, 1, 5, 4);
        Expr x = Expr.input("x", 2, 5, 4, 3);
        Expr w = Expr.input("w", 1, 1, 3, 6);
        Expr r = Expr.input("r", 2, 5, 4, 6);
        Expr product = Convolution.of(g, x, w);
        List<Expr> slopes = Differentiation.vjp(product, r, List.of(x, w));
        Expr convolution = Expr.of(new Convolution(g, Part.RESULT), x, w);
        List<Expr> apart = Differentiation.vjp(convolution, r, List.of(x, w));
        Map<Expr, double[]> values = new HashMap<>();
        for (Expr input : List.of(x, w, r)) {
            values.put(input, widened(numbers(input.size(), values.size())));
        }
        List<Expr> made = List.of(product, slopes.get(0), slopes.get(1));
        assertEquals(0, nativeConvolutions(made));
        List<Expr> defined = List.of(convolution, apart.get(0), apart.get(1));
        for (int k = 0; k < 3; k++) {
            assertArrayEquals(
                    Interpreter.evaluate(defined.get(k), values), Interpreter.evaluate(made.get(k), values), 1e-12);
        }
    }

    @Test
    void adjointsOfTwoConvolutionsWhoseResultsAreAddedAgreeWhateverTheirChannels() {
        // One result's slope is the slope of both results, but images and weights do not belong together.
        Expr a = Expr.input("a", 2, 6, 6, 2);
        Expr u = Expr.input("u", 3, 3, 2, 4);
        Expr b = Expr.input("b", 2, 6, 6, 3);
        Expr w = Expr.input("w", 3, 3, 3, 4);
        Expr loss = Convolution.of(a, u, 1, 1)
                .plus(Convolution.of(b, w, 1, 1))
                .tanh()
                .sum();
        agree(Differentiation.gradient(loss, List.of(a, w)), a, u, b, w);
        agree(Differentiation.gradient(loss, List.of(u, b)), a, u, b, w);
        agree(Differentiation.gradient(loss, List.of(a, u, b, w)), a, u, b, w);
        assertEquals(4, nativeConvolutions(Differentiation.gradient(loss, List.of(a, u, b, w))), "two and two");
    }

    @Test
    void anAdjointThatIsMadeFromTheOtherIsNotMadeWithIt() {
        Expr w = Expr.input("w", 3, 3, 2, 4);
        Expr r = Expr.input("r", 2, 6, 6, 4);
        Expr x = Expr.input("x", 2, 6, 6, 2);
        List<Expr> own = Differentiation.vjp(Convolution.of(x, w, 1, 1), r, List.of(x, w));
        // The image gradient becomes an image ...
        Expr image = own.get(0).tanh();
        Expr weightsOf = Differentiation.vjp(Convolution.of(image.point(), w, 1, 1), r, List.of(w))
                .get(0);
        agree(List.of(own.get(0), weightsOf), w, r);
        // ... and the weight gradient becomes weights.
        Expr weights = own.get(1).tanh();
        Expr imageOf = Differentiation.vjp(Convolution.of(x, weights.point(), 1, 1), r, List.of(x))
                .get(0);
        agree(List.of(own.get(1), imageOf), x, r);
    }

    @Test
    void adjointsOfSharedWeightsAndOfSharedImagesAgree() {
        Expr x = Expr.input("x", 2, 7, 6, 3);
        Expr w = Expr.input("w", 3, 3, 3, 3);
        Expr u = Expr.input("u", 3, 3, 3, 3);
        Expr twice = Convolution.of(Convolution.of(x, w, 1, 1).tanh(), w, 1, 1);
        agree(Differentiation.gradient(twice.square().sum(), List.of(x, w)), x, w);
        Expr sum = Convolution.of(x, w, 1, 1).plus(Convolution.of(x, u, 1, 1)).tanh();
        agree(Differentiation.gradient(sum.sum(), List.of(x, w, u)), x, w, u);
    }

    @Test
    void adjointsThatArePartsOfAConcatenationAgree() {
        Expr x = Expr.input("x", 2, 6, 6, 2);
        Expr w = Expr.input("w", 3, 3, 2, 4);
        Expr loss = Convolution.of(x, w, 2, 1).tanh().sum();
        List<Expr> slopes = Differentiation.gradient(loss, List.of(x, w));
        Expr both =
                Expr.concat(0, List.of(slopes.get(0).reshape(144), slopes.get(1).reshape(72)));
        agree(List.of(both), x, w);
        agree(List.of(both, slopes.get(0), slopes.get(1)), x, w);
    }
}
