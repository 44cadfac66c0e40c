package org.ebvlm.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Map;
import org.ebvlm.errors.GraphException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SubstitutionTest {

    /** Not simplified into its users, not linear, and containing what it replaces. */
    private static Expr moved(Expr x) {
        return x.plus(x.sin().times(0.3));
    }

    @TestFactory
    List<DynamicTest> everyOperationHasTheValueAndTheDerivativesOfTheFunctionAtTheReplacement() {
        return Expressions.rows().stream()
                .map(row -> dynamicTest(row.name(), () -> {
                    Expr x = Expr.input("x", row.shape());
                    Map<Expr, double[]> at = Map.of(x, Expressions.numbers(x.size()));
                    Substitution put = Substitution.of(x, moved(x));
                    Expr y = row.y().apply(x);
                    Expr direct = row.y().apply(moved(x));
                    assertClose(Interpreter.evaluate(direct, at), Interpreter.evaluate(put.in(y), at));
                    // A derivative taken before is the slope at the replacement; one taken after has the chain rule.
                    Expr slope = put.in(Differentiation.gradient(y, x));
                    Map<Expr, double[]> there = Map.of(x, Interpreter.evaluate(moved(x), at));
                    assertClose(
                            Interpreter.evaluate(Differentiation.gradient(y, x), there),
                            Interpreter.evaluate(slope, at));
                    assertClose(
                            Interpreter.evaluate(Differentiation.gradient(direct, x), at),
                            Interpreter.evaluate(Differentiation.gradient(put.in(y), x), at));
                }))
                .toList();
    }

    private static void assertClose(double[] expected, double[] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-12 * (1 + Math.abs(expected[i])), "element " + i);
        }
    }

    @Test
    void noDerivativeFlowsThroughWhatWasHeld() {
        Expr x = Expr.input("x", 2);
        Expr y = Substitution.of(x, x.square()).in(x.held().times(x)).sum();
        // held(x^2) x^2 has the slope x^2 . 2 x.
        double[] g = Interpreter.evaluate(Differentiation.gradient(y, x), Map.of(x, new double[] {3, -1}));
        assertArrayEquals(new double[] {54, -2}, g, 1e-12);
    }

    @Test
    void pointsStayPointsAtWhichDerivativesCanBeTaken() {
        Expr x = Expr.input("x", 2);
        Expr inner = x.times(2).point();
        Substitution put = Substitution.of(x, x.exp());
        Expr y = put.in(inner.square().sum());
        double[] g = Interpreter.evaluate(Differentiation.gradient(y, put.in(inner)), Map.of(x, new double[] {0, 1}));
        assertArrayEquals(new double[] {4, 4 * Math.E}, g, 1e-12);
        double[] replaced = Interpreter.evaluate(
                Substitution.of(inner, x.neg()).in(inner.square()), Map.of(x, new double[] {3, 5}));
        assertArrayEquals(new double[] {9, 25}, replaced);
    }

    @Test
    void whatDoesNotDependOnTheInputStaysTheSameObject() {
        Expr x = Expr.input("x", 2);
        Expr other = Expr.input("other", 2);
        Expr free = other.exp();
        Substitution put = Substitution.of(x, x.exp());
        assertSame(free, put.in(free));
        assertSame(free, put.in(x.plus(free)).inputs().get(1));
        assertNotSame(x.sin(), put.in(x.sin()));
        assertSame(x.sin(), Substitution.none().in(x.sin()));
    }

    @Test
    void theReplacementIsPutInOnceHoweverOftenItIsAskedFor() {
        Expr x = Expr.input("x", 1);
        Expr twice = x.times(2).plus(1);
        Substitution put = Substitution.of(x, twice);
        Map<Expr, double[]> at = Map.of(x, new double[] {5});
        for (int time = 0; time < 2; time++) {
            assertEquals(121, Interpreter.evaluate(put.in(x.square()), at)[0]);
            assertEquals(23, Interpreter.evaluate(put.in(twice), at)[0]);
        }
    }

    @Test
    void compiledProgramsRunIt() {
        Expr x = Expr.input("x", 3);
        Expr y = Substitution.of(x, x.square()).in(x.point().exp().times(x.held()));
        float[] out = Program.evaluate(y, Map.of(x, new float[] {0, 1, -1}));
        assertArrayEquals(new float[] {0, (float) Math.E, (float) Math.E}, out, 1e-5f);
    }

    @Test
    void rejectsOtherShapesAndWhatSimplificationMayHaveRemoved() {
        Expr x = Expr.input("x", 2);
        assertThrows(ShapeException.class, () -> Substitution.of(x, Expr.input("y", 3)));
        assertThrows(GraphException.class, () -> Substitution.of(x.exp(), x));
    }
}
