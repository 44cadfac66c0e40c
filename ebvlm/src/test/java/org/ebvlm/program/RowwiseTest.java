package org.ebvlm.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowwiseTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100, 101, 200, 250})
    void everyRowIsWorkedOutOnceAndInOrder(int n) {
        float[] values = new float[2 * n];
        float[] expected = new float[n];
        for (int i = 0; i < n; i++) {
            values[2 * i] = i;
            values[2 * i + 1] = 0.5f;
            expected[i] = i * 3 + 0.5f;
        }
        Expr factor = Expr.input("factor");
        float[] found = new float[n];
        int[] next = new int[1];
        Rowwise.evaluate(
                Data.of("rows", values, 2),
                v -> v.slice(1, 0, 1).times(factor).plus(v.slice(1, 1, 1)),
                program -> program.set(factor, new float[] {3}),
                Noise.seed(1),
                (from, to, some) -> {
                    assertEquals(next[0], from);
                    assertEquals(to - from, some.length);
                    System.arraycopy(some, 0, found, from, some.length);
                    next[0] = to;
                });
        assertEquals(n, next[0]);
        assertArrayEquals(expected, found);
    }
}
