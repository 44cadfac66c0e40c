package org.ebvlm.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Expressions;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.graph.Leaf;
import org.ebvlm.graph.Pointwise;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class RelaxedDrawsTest {
    private static final int N = 4000;
    private static final float LEAST = 0x1p-23f;

    private final Expr l = Expr.input("l", N);
    private final Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", N);

    private Expr draw(double temperature) {
        return l.plus(u.over(u.neg().plus(1)).log()).over(temperature).sigmoid();
    }

    private static boolean holds(Expr output, Pointwise op) {
        return Expr.sorted(List.of(output)).stream().anyMatch(node -> node.op() == op);
    }

    private static Expr rewritten(Expr output) {
        return RelaxedDraws.withoutLogarithms(List.of(output)).get(0);
    }

    /** From far below to far above what exp can take, with the extreme uniform numbers at each end. */
    private static double[] logOdds() {
        double[] odds = new double[N];
        for (int i = 0; i < N; i++) {
            odds[i] = (float) (i % 4 == 0 ? 400.0 * (i - N / 2.0) / N : 8.0 * (i - N / 2.0) / N);
        }
        return odds;
    }

    private static double[] uniforms() {
        Noise noise = Noise.seed(5);
        double[] numbers = new double[N];
        for (int i = 0; i < N; i++) {
            numbers[i] = i % 7 == 0 ? LEAST : i % 7 == 1 ? 1 - LEAST : (float) (0.001 + 0.998 * noise.nextDouble());
        }
        return numbers;
    }

    @Test
    void theOtherFormIsTheSameFunctionWithTheSameDerivatives() {
        for (double temperature : new double[] {1, 0.5, 1.0 / 3, 0.2, 0.125, 0.1}) {
            Expr slope = Differentiation.gradient(draw(temperature).sum(), l);
            Expr second = Differentiation.gradient(slope.sum(), l);
            List<Expr> outputs = List.of(draw(temperature), slope, second);
            // exp(-l) overflows in double precision, too, where |l| > 709.
            Map<Expr, double[]> values = Map.of(l, logOdds(), u, uniforms());
            List<double[]> expected = Interpreter.evaluate(outputs, values);
            List<double[]> actual = Interpreter.evaluate(RelaxedDraws.withoutLogarithms(outputs), values);
            for (int k = 0; k < outputs.size(); k++) {
                for (int i = 0; i < N; i++) {
                    double scale = Math.pow(temperature, -k);
                    assertEquals(expected.get(k)[i], actual.get(k)[i], 1e-11 * scale, "derivative " + k + " at " + i);
                }
            }
        }
    }

    @Test
    void compiledDrawsAreRightToSinglePrecisionWhereverTheOddsLie() {
        List<Expr> outputs =
                List.of(draw(0.1), Differentiation.gradient(draw(0.1).sum(), l), l.sigmoid());
        double[] odds = logOdds();
        double[] uniforms = uniforms();
        List<double[]> expected = Interpreter.evaluate(outputs, Map.of(l, odds, u, uniforms));
        for (Vectors.Width width : List.of(Vectors.Width.PLAIN, Vectors.preferred())) {
            try (Program program = new Program(outputs, width)) {
                program.set(l, Expressions.floats(odds));
                program.set(u, Expressions.floats(uniforms));
                program.run();
                for (int k = 0; k < outputs.size(); k++) {
                    double scale = k == 1 ? 10 : 1;
                    for (int i = 0; i < N; i++) {
                        assertEquals(expected.get(k)[i], program.value(k)[i], 2e-6 * scale, k + " at " + i);
                    }
                }
            }
        }
    }

    @Test
    void noLogarithmAndNoSigmoidIsLeftAndOneExponentialServesDrawsAndMean() {
        Expr other = Expr.noise(Leaf.Source.UNIFORM, "u", N);
        Expr second = l.plus(other.over(other.neg().plus(1)).log()).over(0.1).sigmoid();
        Expr all = rewritten(draw(0.1).plus(second).times(l.sigmoid()));
        assertTrue(!holds(all, Pointwise.LOG) && !holds(all, Pointwise.SIGMOID));
        assertEquals(
                1,
                Expr.sorted(List.of(all)).stream()
                        .filter(node -> node.op() == Pointwise.EXP)
                        .count());
    }

    @Test
    void whatIsNoRelaxedDrawStaysAsItIs() {
        Expr given = Expr.input("given", N);
        Expr ofGiven = l.plus(given.over(given.neg().plus(1)).log()).over(0.1).sigmoid();
        for (Expr other :
                List.of(draw(0.3), draw(0.05), ofGiven, l.sigmoid(), l.times(10).sigmoid())) {
            assertSame(other, rewritten(other));
        }
        assertNotEquals(draw(0.1), rewritten(draw(0.1)));
    }

    @Test
    void drawsFromDrawsAreRewrittenAtEveryLevel() {
        Expr v = Expr.noise(Leaf.Source.UNIFORM, "v", N);
        Expr deeper =
                draw(0.1).times(3).plus(v.over(v.neg().plus(1)).log()).over(0.5).sigmoid();
        assertTrue(!holds(rewritten(deeper), Pointwise.LOG));
        Map<Expr, double[]> values = Map.of(l, logOdds(), u, uniforms(), v, uniforms());
        double[] expected = Interpreter.evaluate(List.of(deeper), values).get(0);
        double[] actual =
                Interpreter.evaluate(List.of(rewritten(deeper)), values).get(0);
        for (int i = 0; i < N; i++) {
            assertEquals(expected[i], actual[i], 1e-11);
        }
    }
}
