package org.ebvlm.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.ebvlm.errors.ShapeException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DifferentiationTest {
    @TestFactory
    List<DynamicTest> everyRuleAgreesWithFiniteDifferencesToSecondOrder() {
        return Expressions.rows().stream()
                .map(row -> dynamicTest(row.name(), () -> {
                    Expr x = Expr.input("x", row.shape());
                    FiniteDifference.check(row.y().apply(x), x, Map.of(x, Expressions.numbers(x.size())));
                }))
                .toList();
    }

    @Test
    void everyPointwiseOperationHasARow() {
        Expr x = Expr.input("x", 3, 2);
        List<Op> used = new ArrayList<>();
        for (Expressions.Row row : Expressions.rows()) {
            if (Arrays.equals(row.shape(), x.shape())) {
                Expr.sorted(List.of(row.y().apply(x))).forEach(node -> used.add(node.op()));
            }
        }
        for (Pointwise op : Pointwise.values()) {
            assertEquals(true, used.contains(op), op + " is not tested");
        }
    }

    @Test
    void thirdDerivativesOfASoftplusTanhEnergyAgreeWithDifferencesOfTheSecond() {
        Expr x = Expr.input("x", 1);
        Function<Expr, Expr> slope = y -> Differentiation.gradient(y, x);
        Expr second = slope.apply(slope.apply(x.softplus().times(x.tanh())));
        double at = 0.37;
        double h = 1e-5;
        double up = FiniteDifference.scalar(second, Map.of(x, new double[] {at + h}));
        double down = FiniteDifference.scalar(second, Map.of(x, new double[] {at - h}));
        assertEquals(
                (up - down) / (2 * h),
                FiniteDifference.scalar(slope.apply(second), Map.of(x, new double[] {at})),
                1e-8);
    }

    @Test
    void noDerivativeFlowsThroughAHeldExpression() {
        Expr x = Expr.input("x", 2);
        Expr y = x.held().times(x).sum();
        double[] g = Interpreter.evaluate(Differentiation.gradient(y, x), Map.of(x, new double[] {3, 5}));
        assertArrayEquals(new double[] {3, 5}, g);
    }

    @Test
    void gradientsWithRespectToInnerExpressionsStopThere() {
        Expr x = Expr.input("x", 2);
        Expr inner = x.exp().point();
        Expr y = inner.square().sum();
        double[] g = Interpreter.evaluate(Differentiation.gradient(y, inner), Map.of(x, new double[] {0, 1}));
        assertArrayEquals(new double[] {2, 2 * Math.E}, g, 1e-12);
    }

    @Test
    void independentVariablesHaveZeroGradients() {
        Expr x = Expr.input("x", 2);
        Expr other = Expr.input("other", 3);
        assertSame(other.filled(0), Differentiation.gradient(x.sum(), other));
    }

    @Test
    void equalExpressionsAreTheSameObject() {
        Expr x = Expr.input("x", 2, 3);
        assertSame(
                x.matmul(Expressions.fixed(3, 2)).softplus(),
                x.matmul(Expressions.fixed(3, 2)).softplus());
        assertSame(Expr.constant(6, 2), Expr.constant(2, 2).times(Expr.constant(3, 2)));
    }

    @Test
    void rejectsShapesThatDoNotFit() {
        Expr x = Expr.input("x", 2, 3);
        assertThrows(ShapeException.class, () -> x.plus(Expressions.fixed(2, 4)));
        assertThrows(ShapeException.class, () -> x.matmul(Expressions.fixed(2, 3)));
        assertThrows(ShapeException.class, () -> x.reshape(4, 2));
        assertThrows(ShapeException.class, () -> x.slice(1, 2, 2));
        assertThrows(ShapeException.class, () -> x.gather(0, 2));
        assertThrows(ShapeException.class, () -> x.sum(2));
        assertThrows(ShapeException.class, () -> Differentiation.jvp(x, x, Expressions.fixed(3, 2)));
    }
}
