package org.ebvlm.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Expressions;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.graph.Leaf;
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
        return IntStream.range(0, 60)
                .mapToObj(seed -> dynamicTest("seed " + seed, () -> {
                    Noise noise = Noise.seed(seed);
                    Expr x = Expr.input("x", 4, 3);
                    Expr w = Expr.input("w", 3, 3);
                    List<Expr> outputs = randomGraph(noise, x, w);
                    agree(outputs, Map.of(x, Expressions.numbers(12), w, Expressions.numbers(9)));
                }))
                .toList();
    }

    /** Bounded operations on [4, 3] arrays, applied at random to earlier results; a few results and one gradient. */
    private static List<Expr> randomGraph(Noise noise, Expr x, Expr w) {
        List<Expr> made = new ArrayList<>(List.of(x));
        for (int i = 0; i < 25; i++) {
            Expr a = made.get(noise.nextInt(made.size()));
            Expr b = made.get(noise.nextInt(made.size()));
            made.add(
                    switch (noise.nextInt(16)) {
                        case 0 -> a.tanh().matmul(w.tanh());
                        case 1 -> a.plus(b).sigmoid();
                        case 2 -> a.times(b).tanh();
                        case 3 -> a.minus(b.mean(0)).over(a.square().sumKeep(1).plus(1));
                        case 4 -> a.softmax(1);
                        case 5 -> a.transpose().reshape(4, 3).sin();
                        case 6 -> Expr.concat(0, List.of(a.slice(0, 2, 2), b.slice(0, 0, 2)));
                        case 7 -> Expr.concat(1, List.of(a.slice(1, 0, 1), b.slice(1, 1, 2)));
                        case 8 ->
                            a.slice(new int[] {3, 0}, new int[] {4, 3}, new int[] {-1, 1})
                                    .neg();
                        case 9 -> a.maxOver(0).max(b).tanh();
                        case 10 -> a.gather(0, 3, 1, 1, 0).elu();
                        case 11 -> a.greater(b).where(a, b.softplus());
                        case 12 ->
                            a.tanh()
                                    .matmul(b.tanh(), true, false)
                                    .reshape(9)
                                    .slice(0, 2, 3)
                                    .broadcastTo(4, 3);
                        case 13 ->
                            a.slice(0, 1, 2)
                                    .pad(new int[] {0, 0}, new int[] {4, 3}, new int[] {2, 1})
                                    .plus(b);
                        case 14 -> a.held().times(b).cos();
                        default -> a.logSumExp(1).reshape(4, 1).minus(b).sigmoid();
                    });
        }
        List<Expr> outputs = new ArrayList<>(made.subList(made.size() - 3, made.size()));
        outputs.add(Expr.concat(
                0,
                List.of(
                        Differentiation.gradient(outputs.get(2).square(), w).reshape(9),
                        Differentiation.gradient(outputs.get(2).square(), x).reshape(12))));
        return outputs;
    }

    private static void agree(List<Expr> outputs, Map<Expr, double[]> values) {
        Map<Expr, double[]> rounded = new HashMap<>();
        values.forEach((input, value) -> rounded.put(input, doubles(floats(value))));
        List<double[]> expected = Interpreter.evaluate(outputs, rounded);
        try (Program program = Program.of(outputs)) {
            rounded.forEach((input, value) -> program.set(input, floats(value)));
            program.run();
            program.run();
            for (int i = 0; i < outputs.size(); i++) {
                close(expected.get(i), program.value(i), program.source());
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

    private static float[] floats(double[] x) {
        float[] out = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = (float) x[i];
        }
        return out;
    }

    private static double[] doubles(float[] x) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = x[i];
        }
        return out;
    }

    @Test
    void largeProductsGoThroughBlasAndAgree() {
        for (boolean left : new boolean[] {false, true}) {
            for (boolean right : new boolean[] {false, true}) {
                Expr a = left ? Expr.input("a", 50, 40) : Expr.input("a", 40, 50);
                Expr b = right ? Expr.input("b", 30, 50) : Expr.input("b", 50, 30);
                Expr c = a.matmul(b, left, right);
                try (Program program = Program.of(c)) {
                    assertTrue(program.source().contains("calls[0].run()"));
                }
                agree(List.of(c), Map.of(a, Expressions.numbers(2000), b, Expressions.numbers(1500)));
            }
        }
    }

    @Test
    void smallProductsOfEveryFormAgree() {
        for (int[] size : new int[][] {{50, 2, 4}, {2, 50, 4}, {9, 9, 9}, {20, 10, 20}, {1, 1, 1}, {1, 300, 30}}) {
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
    void aSteadyRunAllocatesNothing() {
        Expr x = Expr.input("x", 100, 2);
        Expr w = Expr.input("w", 2, 4);
        Expr u = Expr.noise(Leaf.Source.NORMAL, "u", 100, 4);
        Expr y = x.matmul(w).plus(u).softplus().sum();
        try (Program program = Program.of(y, Differentiation.gradient(y, w))) {
            Noise noise = Noise.seed(1);
            program.set(x, new float[x.size()]);
            program.set(w, new float[w.size()]);
            var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
            long id = Thread.currentThread().getId();
            for (int i = 0; i < 2000; i++) {
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
        Expr x = Expr.input("x", 8);
        Expr unused = x.exp();
        Expr y = x.tanh();
        try (Program program = Program.of(y.square().sum(), y.plus(1))) {
            assertEquals(1, program.source().split("FastMath.tanh", -1).length - 1);
            assertEquals(0, program.source().split("FastMath.exp", -1).length - 1, unused.toString());
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
