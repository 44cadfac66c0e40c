package org.ebvlm.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConcatSliceTest {
    private final Expr a = Expr.input("a", 2, 2);
    private final Expr b = Expr.input("b", 2, 3);
    private final Expr both = Expr.concat(1, List.of(a, b));

    private double[] value(Expr y) {
        return Interpreter.evaluate(y, Map.of(a, new double[] {1, 2, 3, 4}, b, new double[] {5, 6, 7, 8, 9, 10}));
    }

    @Test
    void aSpanWithinOnePartIsThatPartOrASpanOfIt() {
        assertSame(a, both.slice(1, 0, 2));
        assertSame(b, both.slice(1, 2, 3));
        assertEquals(b.slice(1, 1, 2), both.slice(1, 3, 2));
        assertArrayEquals(new double[] {6, 7, 9, 10}, value(both.slice(1, 3, 2)));
    }

    @Test
    void otherBoxesAreLeftAsTheyAre() {
        assertArrayEquals(new double[] {2, 5, 4, 8}, value(both.slice(1, 1, 2)));
        assertNotSame(a, both.slice(new int[] {0, 0}, new int[] {1, 2}, new int[] {1, 1}));
        assertArrayEquals(new double[] {3, 4}, value(both.slice(new int[] {1, 0}, new int[] {1, 2}, new int[] {1, 1})));
        assertArrayEquals(
                new double[] {5, 7, 8, 10}, value(both.slice(new int[] {0, 2}, new int[] {2, 2}, new int[] {1, 2})));
    }
}
