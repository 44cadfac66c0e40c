package org.ebvlm.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Expressions;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.graph.Leaf;
import org.ebvlm.graph.Pointwise;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ProgramTest {
    /** Single precision against double: relative to the largest element, a few hundred roundings. */
    private static final double TOLERANCE = 3e-5;

    @TestFactory
    List<DynamicTest> agreesWithTheInterpreterOnEveryOperationAndItsDerivatives() {
        return Expressions.rows().stream()
                .map(row -> dynamicTest(row.name(), () -> {
                    Expr x = Expr.input("x", row.shape());
                    Expr y = row.y().apply(x);
                    Expr first = Differentiation.gradient(y.times(y).sum(), x);
                    Expr second = Differentiation.gradient(
                            first.times(Expressions.fixed(row.shape())).sum(), x);
                    agree(List.of(y, first, second), Map.of(x, Expressions.numbers(x.size())));
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> agreesWithTheInterpreterOnRandomGraphs() {
        int[][] shapes = {{4, 3}, {40, 3}, {4, 35}, {17, 33}, {33, 17}};
        return IntStream.range(0, 100)
                .mapToObj(seed -> dynamicTest("seed " + seed, () -> {
                    Noise noise = Noise.seed(seed);
                    int rows = shapes[seed % shapes.length][0];
                    int columns = shapes[seed % shapes.length][1];
                    Expr x = Expr.input("x", rows, columns);
                    Expr w = Expr.input("w", columns, columns);
                    List<Expr> outputs = randomGraph(noise, x, w);
                    agree(outputs, Map.of(x, Expressions.numbers(x.size()), w, Expressions.numbers(w.size())));
                }))
                .toList();
    }

    /** Bounded operations on arrays of one shape, applied at random to earlier results; a few results and one gradient. */
    private static List<Expr> randomGraph(Noise noise, Expr x, Expr w) {
        int m = x.shape(0);
        int n = x.shape(1);
        int half = m / 2;
        int[] picks = IntStream.range(0, m).map(i -> (3 * i + 1) % m).toArray();
        List<Expr> made = new ArrayList<>(List.of(x));
        for (int i = 0; i < 25; i++) {
            Expr a = made.get(noise.nextInt(made.size()));
            Expr b = made.get(noise.nextInt(made.size()));
            made.add(
                    switch (noise.nextInt(16)) {
                        case 0 -> a.tanh().matmul(w.tanh()).over(n);
                        case 1 -> a.plus(b).sigmoid();
                        case 2 -> a.times(b).tanh();
                        case 3 -> a.minus(b.mean(0)).over(a.square().sumKeep(1).plus(1));
                        case 4 -> a.softmax(1);
                        case 5 -> a.transpose().reshape(m, n).sin();
                        case 6 -> Expr.concat(0, List.of(a.slice(0, m - half, half), b.slice(0, 0, m - half)));
                        case 7 -> Expr.concat(1, List.of(a.slice(1, 0, 1), b.slice(1, 1, n - 1)));
                        case 8 ->
                            a.slice(new int[] {m - 1, 0}, new int[] {m, n}, new int[] {-1, 1})
                                    .neg();
                        case 9 -> a.maxOver(0).max(b).tanh();
                        case 10 -> a.gather(0, picks).elu();
                        case 11 -> a.greater(b).where(a, b.softplus());
                        case 12 ->
                            a.tanh()
                                    .matmul(b.tanh(), true, false)
                                    .reshape(n * n)
                                    .slice(0, 2, n)
                                    .over(m)
                                    .broadcastTo(m, n);
                        case 13 ->
                            a.slice(0, 1, half)
                                    .pad(new int[] {0, 0}, new int[] {m, n}, new int[] {2, 1})
                                    .plus(b);
                        case 14 -> a.held().times(b).cos();
                        default -> a.logSumExp(1).reshape(m, 1).minus(b).sigmoid();
                    });
        }
        List<Expr> outputs = new ArrayList<>(made.subList(made.size() - 3, made.size()));
        outputs.add(Expr.concat(
                0,
                List.of(
                        Differentiation.gradient(outputs.get(2).square(), w).reshape(n * n),
                        Differentiation.gradient(outputs.get(2).square(), x).reshape(m * n))));
        return outputs;
    }

    private static void agree(List<Expr> outputs, Map<Expr, double[]> values) {
        Map<Expr, double[]> rounded = new HashMap<>();
        values.forEach((input, value) -> rounded.put(input, doubles(Expressions.floats(value))));
        List<double[]> expected = Interpreter.evaluate(outputs, rounded);
        for (Vectors.Width width : List.of(Vectors.Width.PLAIN, Vectors.preferred())) {
            try (Program program = new Program(outputs, width)) {
                rounded.forEach((input, value) -> program.set(input, Expressions.floats(value)));
                program.run();
                program.run();
                for (int i = 0; i < outputs.size(); i++) {
                    close(expected.get(i), program.value(i), program.source());
                }
            }
        }
    }

    private static void close(double[] expected, float[] actual, String source) {
        double scale = 1e-3;
        for (double x : expected) {
            scale = Math.max(scale, Math.abs(x));
        }
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], TOLERANCE * scale, "element " + i + " of\n" + source);
        }
    }

    private static double[] doubles(float[] x) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = x[i];
        }
        return out;
    }

    @Test
    void largeProductsAreNativeAndAgree() {
        for (boolean left : new boolean[] {false, true}) {
            for (boolean right : new boolean[] {false, true}) {
                Expr a = left ? Expr.input("a", 240, 400) : Expr.input("a", 400, 240);
                Expr b = right ? Expr.input("b", 100, 240) : Expr.input("b", 240, 100);
                Expr c = a.matmul(b, left, right);
                try (Program program = Program.of(c)) {
                    assertFalse(program.source().contains("loop0"), program.source());
                }
                agree(List.of(c), Map.of(a, Expressions.numbers(a.size()), b, Expressions.numbers(b.size())));
            }
        }
    }

    @Test
    void nativeProductsAgreeWhateverTheirNeighboursNeed() {
        // A tall matrix that loops keep by columns, a product of a product, a result that is also an output, and a
        // stack.
        Expr x = Expr.input("x", 5200, 40);
        Expr w = Expr.input("w", 40, 40);
        Expr first = x.tanh().matmul(w);
        Expr second = first.matmul(w).matmul(w, false, true);
        Expr third = first.matmul(second.elu(), true, false);
        Expr stack = Expr.input("stack", 3, 160, 120);
        Expr fourth = stack.sigmoid().matmul(stack.times(0.1), false, true);
        agree(
                List.of(
                        first,
                        third,
                        second.sum(0),
                        fourth,
                        Differentiation.gradient(third.square().sum(), w)),
                Map.of(
                        x, Expressions.numbers(x.size()),
                        w, Expressions.numbers(w.size()),
                        stack, Expressions.numbers(stack.size())));
    }

    @Test
    void aLargeProductWithFewColumnsIsKeptByColumnsAndAgrees() {
        Expr x = Expr.input("x", 11000, 40);
        Expr w = Expr.input("w", 40, 20);
        Expr product = x.matmul(w);
        agree(
                List.of(
                        product.elu().sum(0),
                        product.minus(product.mean(0)).square().sum(1)),
                Map.of(x, Expressions.numbers(x.size()), w, Expressions.numbers(w.size())));
    }

    /** What an element of the result sums is taken many elements at a time, however the factors lie; also where some are left over. */
    @Test
    void aProductWithFewColumnsTakesVectorsAndAgrees() {
        for (int k : new int[] {64, 37, 5}) {
            for (boolean left : new boolean[] {false, true}) {
                for (boolean right : new boolean[] {false, true}) {
                    Expr a = left ? Expr.input("a", k, 50) : Expr.input("a", 50, k);
                    // A part of all parameters, as weights are, which nobody turns beforehand.
                    Expr all = Expr.input("all", 3 * k + 7);
                    Expr part = all.slice(0, 7, 3 * k);
                    Expr c = a.matmul(right ? part.reshape(3, k) : part.reshape(k, 3), left, right);
                    if (k > 30) {
                        try (Program program = Program.of(c)) {
                            assertEquals(
                                    Vectors.available() && !left,
                                    program.source().contains("Lanes.sum"),
                                    program.source());
                        }
                    }
                    agree(
                            List.of(c, Differentiation.gradient(c.square().sum(), all)),
                            Map.of(a, Expressions.numbers(a.size()), all, Expressions.numbers(all.size())));
                }
            }
        }
    }

    @Test
    void loopsOverTallAndWideArraysTakeManyElementsAtATime() {
        for (int[] shape : new int[][] {{100, 3}, {3, 100}, {100, 64}, {2, 100, 3}}) {
            Expr x = Expr.input("x", shape);
            Expr bias = Expr.input("bias", shape[shape.length - 1]);
            Expr y = x.plus(bias);
            // Stored, summed over rows, and summed over columns: each in one loop.
            for (Expr loop : List.of(y.exp().sum(), y.sum(0), y.sum(y.rank() - 1))) {
                try (Program program = Program.of(loop)) {
                    assertEquals(Vectors.available(), program.source().contains("FloatVector"), program.source());
                }
            }
        }
    }

    /** Each elementary function over its whole range, edges included, in both kinds of loop. */
    @TestFactory
    List<DynamicTest> elementaryFunctionsArePreciseOverTheirWholeRange() {
        Map<String, UnaryOperator<Expr>> functions = new LinkedHashMap<>();
        functions.put("exp", Expr::exp);
        functions.put("expm1", Expr::expm1);
        functions.put("log", Expr::log);
        functions.put("log1p", Expr::log1p);
        functions.put("sigmoid", Expr::sigmoid);
        functions.put("softplus", Expr::softplus);
        functions.put("tanh", Expr::tanh);
        functions.put("elu", Expr::elu);
        functions.put("sqrt", Expr::sqrt);
        functions.put("floor", x -> Expr.of(Pointwise.FLOOR, x));
        functions.put("round", x -> Expr.of(Pointwise.ROUND, x));
        functions.put("sign", Expr::sign);
        functions.put("abs", Expr::abs);
        functions.put("exp of what is never positive", x -> x.abs().neg().exp());
        return functions.entrySet().stream()
                .map(each -> dynamicTest(each.getKey(), () -> isPrecise(each.getValue())))
                .toList();
    }

    private static void isPrecise(UnaryOperator<Expr> function) {
        float[] edges = {
            0f,
            -0f,
            1f,
            -1f,
            0.5f,
            -0.5f,
            1.5f,
            2.5f,
            88.7f,
            88.73f,
            -86.9f,
            -87.4f,
            1e30f,
            -1e30f,
            1e-30f,
            -1e-30f,
            8388609f,
            -8388609f,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN
        };
        float[] values = Arrays.copyOf(edges, 40_000);
        Noise noise = Noise.seed(3);
        for (int i = edges.length; i < values.length; i++) {
            // All orders of magnitude from 1e-6 to 1e3, both signs.
            double size = Math.exp(Math.log(1e-6) + noise.nextDouble() * Math.log(1e9));
            values[i] = (float) (noise.nextDouble() < 0.5 ? -size : size);
        }
        Expr x = Expr.input("x", values.length);
        double[] expected = Interpreter.evaluate(List.of(function.apply(x)), Map.of(x, doubles(values)))
                .get(0);
        for (Vectors.Width width : List.of(Vectors.Width.PLAIN, Vectors.preferred())) {
            try (Program program = new Program(List.of(function.apply(x)), width)) {
                program.set(x, values);
                program.run();
                float[] actual = program.value(0);
                for (int i = 0; i < values.length; i++) {
                    float rounded = (float) expected[i];
                    if (!Float.isFinite(rounded)) {
                        assertEquals(rounded, actual[i], "at " + values[i] + ", " + width);
                    } else {
                        // Relative, but for results below the smallest number that is kept.
                        assertEquals(
                                rounded, actual[i], 6e-7 * Math.abs(rounded) + 3e-38, "at " + values[i] + ", " + width);
                    }
                }
            }
        }
    }

    @Test
    void aVectorKernelGivesTheSameBitsBeforeAndAfterTheJvmCompilesIt() {
        Expr x = Expr.input("x", 1000, 3);
        Expr y = x.softplus().plus(x.tanh()).times(x.sigmoid().plus(1).log()).sum(0);
        try (Program program = Program.of(y)) {
            program.set(x, Expressions.floats(Expressions.numbers(x.size())));
            program.run();
            float[] first = program.value(0).clone();
            for (int i = 0; i < 3000; i++) {
                program.run();
                assertArrayEquals(first, program.value(0));
            }
        }
    }

    @Test
    void smallProductsOfEveryFormAgree() {
        for (int[] size : new int[][] {
            {50, 2, 4},
            {2, 50, 4},
            {9, 9, 9},
            {20, 10, 20},
            {1, 1, 1},
            {1, 300, 30},
            {30, 20, 64},
            {7, 30, 20},
            {64, 17, 33},
            {3, 50, 16},
            {40, 40, 2},
            {2, 40, 40},
            {4, 20, 32},
            {5, 20, 80},
            {33, 64, 250}
        }) {
            for (int t = 0; t < 4; t++) {
                boolean left = t % 2 == 1;
                boolean right = t / 2 == 1;
                Expr a = left ? Expr.input("a", size[1], size[0]) : Expr.input("a", size[0], size[1]);
                Expr b = right ? Expr.input("b", size[2], size[1]) : Expr.input("b", size[1], size[2]);
                agree(
                        List.of(a.matmul(b, left, right)),
                        Map.of(a, Expressions.numbers(a.size()), b, Expressions.numbers(b.size())));
            }
        }
    }

    @Test
    void plainSumsOfEveryFormAgree() {
        for (int[] size : new int[][] {{5, 64}, {64, 5}, {33, 40}, {96, 33}, {7, 128}, {224, 224}, {1, 64}, {640, 1}}) {
            Expr x = Expr.input("x", size);
            Map<Expr, double[]> values = Map.of(x, Expressions.numbers(x.size()));
            agree(List.of(x.sum(0), x.sum(1), x.sum(), x.transpose().sum(0)), values);
        }
    }

    @Test
    void boundsCutOffWhatIsBeyondThem() {
        Expr x = Expr.input("x", 64);
        float[] values = new float[64];
        float[] expected = new float[64];
        for (int i = 0; i < 64; i++) {
            values[i] = (i - 32) / 8f;
            expected[i] = Math.min(Math.max(values[i], -1), 2);
        }
        try (Program program = Program.of(x.max(-1).min(2))) {
            program.set(x, values);
            program.run();
            assertArrayEquals(expected, program.value(0));
        }
    }

    @Test
    void boundsLeaveWhatIsNotANumber() {
        Expr x = Expr.input("x", 40);
        float[] values = new float[40];
        Arrays.fill(values, Float.NaN);
        for (Expr bounded : List.of(x.max(0), x.min(2), x.max(-1).min(1), x.elu(), x.exp(), x.softplus())) {
            try (Program program = Program.of(bounded)) {
                program.set(x, values);
                program.run();
                assertArrayEquals(values, program.value(0), program.source());
            }
        }
    }

    @Test
    void aSteadyRunAllocatesNothing() {
        Expr x = Expr.input("x", 100, 2);
        Expr w = Expr.input("w", 2, 4);
        Expr u = Expr.noise(Leaf.Source.NORMAL, "u", 100, 4);
        Expr h = x.matmul(w).plus(u);
        // Every elementary function, and more in one expression than one loop can hold.
        Expr y = h.softplus()
                .times(h.sigmoid())
                .plus(h.elu().tanh())
                .times(h.square().plus(1).log().exp())
                .minus(h.abs().log1p().max(h.expm1().min(1)))
                .sum();
        try (Program program = Program.of(y, Differentiation.gradient(y, w))) {
            Noise noise = Noise.seed(1);
            program.set(x, new float[x.size()]);
            program.set(w, new float[w.size()]);
            var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
            long id = Thread.currentThread().getId();
            for (int i = 0; i < 20_000; i++) {
                program.draw(noise);
                program.run();
            }
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < 100; i++) {
                program.draw(noise);
                program.run();
            }
            // The measurement itself allocates a little.
            assertTrue(threads.getThreadAllocatedBytes(id) - before < 2000);
        }
    }

    @Test
    void computesOnlyWhatOutputsNeedAndSharesWhatIsCommon() {
        // Too few for vectors of any width, so that functions stand in the text by their names.
        Expr x = Expr.input("x", 7);
        Expr unused = x.exp();
        Expr y = x.tanh();
        try (Program program = Program.of(y.square().sum(), y.plus(1))) {
            assertEquals(1, program.source().split("FastMath.tanh", -1).length - 1, program.source());
            assertEquals(0, program.source().split("FastMath.exp", -1).length - 1, unused.toString());
        }
    }

    @Test
    void whatIsCheapOnceItsInputIsStoredIsNotStoredForTheLengthOfALoop() {
        Expr x = Expr.input("x", 7);
        Expr y = Expr.input("y", 7);
        // Too long for one loop, until the second output has x.tanh() stored: the tanh, the sum, and the square.
        Expr h = x.tanh();
        try (Program program = Program.of(h.times(2).plus(y.exp()), h.square().sumKeep(0))) {
            String schedule = program.source().substring(0, program.source().indexOf("\nloop0:"));
            assertEquals(3, schedule.split("loop\\d", -1).length - 1, program.source());
        }
    }

    @Test
    void noiseInputsAreFilledFromTheSourceAlone() {
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", 5);
        try (Program program = Program.of(u.plus(0))) {
            program.draw(Noise.seed(1));
            program.run();
            float[] first = program.value(0).clone();
            program.draw(Noise.seed(1));
            program.run();
            assertArrayEquals(first, program.value(0));
            program.draw(Noise.seed(2));
            program.run();
            assertNotEquals(first[0], program.value(0)[0]);
        }
    }

    @Test
    void refusesToRunWithInputsThatWereNotGiven() {
        Expr x = Expr.input("x", 2);
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", 2);
        try (Program program = Program.of(x.plus(u))) {
            program.set(x, new float[2]);
            assertThrows(SettingException.class, program::run);
            program.draw(Noise.seed(1));
            program.run();
        }
    }

    @Test
    void rejectsValuesOfWrongSize() {
        Expr x = Expr.input("x", 2, 3);
        try (Program program = Program.of(x.sum())) {
            assertThrows(ShapeException.class, () -> program.set(x, new float[5]));
            assertThrows(ShapeException.class, () -> program.set(x.sum(), new float[1]));
        }
    }

    @Test
    void anOutputThatIsAnInputIsACopy() {
        Expr x = Expr.input("x", 2, 2);
        assertArrayEquals(
                new float[] {1, 2, 3, 4}, Program.evaluate(x.reshape(4), Map.of(x, new float[] {1, 2, 3, 4})));
        assertArrayEquals(
                new float[] {1, 3, 2, 4}, Program.evaluate(x.transpose(), Map.of(x, new float[] {1, 2, 3, 4})));
    }
}
