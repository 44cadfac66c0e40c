package org.ebvlm.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Expressions that are the same on paper are the same object, with the numbers that the definition gives. */
class SimplificationTest {
    private final Expr x = Expr.input("x", 3, 4);
    private final Expr y = Expr.input("y", 3, 4);
    private final Expr row = Expr.input("row", 1, 4);

    @Test
    void signsTurnSumsIntoDifferences() {
        assertEquals(x.minus(y), x.plus(y.neg()));
        assertEquals(y.minus(x), x.neg().plus(y));
        assertEquals(x.plus(y), x.minus(y.neg()));
        assertEquals(y.minus(x), x.minus(y).neg());
        assertEquals(x.times(-3), x.times(3).neg());
        assertEquals(x.times(-3), x.neg().times(3));
    }

    @Test
    void factorsMeetBehindProducts() {
        assertEquals(x.times(y).times(6), x.times(2).times(y.times(3)));
        assertEquals(x.times(y), x.neg().times(y.neg()));
        assertEquals(x.times(y).neg(), x.neg().times(y));
    }

    @Test
    void aFactorOfFewNumbersIsNotPutOnMany() {
        assertEquals(Pointwise.MUL, x.times(row.times(2)).op());
        assertEquals(row.times(2), x.times(row.times(2)).inputs().get(1).input());
    }

    @Test
    void theNumbersAreThoseOfTheDefinition() {
        double[] a = Expressions.numbers(12);
        double[] b = new double[12];
        double[] sums = new double[12];
        double[] products = new double[12];
        for (int i = 0; i < 12; i++) {
            b[i] = i - 5.5;
            sums[i] = -(a[i] - b[i]) - -a[i];
            products[i] = -(2 * a[i]) * (-0.5 * b[i]) + 3 * -a[i];
        }
        Map<Expr, double[]> values = Map.of(x, a, y, b);
        assertArrayEquals(sums, Interpreter.evaluate(x.minus(y).neg().minus(x.neg()), values), 1e-15);
        assertArrayEquals(
                products,
                Interpreter.evaluate(
                        x.times(2).neg().times(y.times(-0.5)).plus(x.neg().times(3)), values),
                1e-13);
    }
}
