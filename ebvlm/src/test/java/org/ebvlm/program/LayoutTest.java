package org.ebvlm.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.graph.Shapes;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class LayoutTest {
    @Test
    void aShortLastAxisGivesWayToTheLongestOne() {
        assertArrayEquals(new int[] {1, 100}, Layout.forLoops(new int[] {100, 2}));
        assertArrayEquals(new int[] {64, 1}, Layout.forLoops(new int[] {100, 64}));
        assertArrayEquals(new int[] {400, 1, 100}, Layout.forLoops(new int[] {3, 100, 4}));
        assertArrayEquals(new int[] {1, 0}, Layout.forLoops(new int[] {100, 1}));
        assertArrayEquals(new int[] {}, Layout.forLoops(new int[] {}));
    }

    @Test
    void everyElementHasAPlaceOfItsOwnWithoutGaps() {
        for (int[] shape : new int[][] {{100, 2}, {3, 50, 4}, {2, 1, 70, 3}, {5}, {1, 1}, {40, 40}}) {
            for (int[] strides : new int[][] {Layout.rowMajor(shape), Layout.forLoops(shape)}) {
                boolean[] taken = new boolean[Shapes.size(shape)];
                for (int i = 0; i < taken.length; i++) {
                    int at = Layout.position(i, strides, shape);
                    assertFalse(taken[at]);
                    taken[at] = true;
                }
                assertTrue(Layout.isGapless(strides, shape));
            }
        }
        assertFalse(Layout.isGapless(new int[] {4, 1}, new int[] {3, 2}), "rows with gaps");
        assertFalse(Layout.isGapless(new int[] {0, 1}, new int[] {3, 2}), "a row that is repeated");
    }

    /** Where strides for the other shape are found, they lead to the same element; where not, none do. */
    @Test
    void aReshapedArrayShowsTheSameElementsInTheSameOrder() {
        Noise noise = Noise.seed(1);
        int[][] shapes = {{6, 4}, {24}, {2, 3, 4}, {4, 6}, {1, 24, 1}, {2, 12}, {3, 8}, {2, 1, 3, 2, 2}};
        int found = 0;
        for (int trial = 0; trial < 400; trial++) {
            int[] from = shapes[noise.nextInt(shapes.length)];
            int[] to = shapes[noise.nextInt(shapes.length)];
            int[] strides = inSomeOrder(from, noise);
            int[] seen = Layout.reshaped(strides, from, to);
            if (seen == null) {
                continue;
            }
            found++;
            for (int i = 0; i < 24; i++) {
                assertEquals(Layout.position(i, strides, from), Layout.position(i, seen, to));
            }
        }
        assertTrue(found > 100, found + " found");
        assertNotNull(Layout.reshaped(new int[] {1, 6}, new int[] {6, 4}, new int[] {2, 3, 4}), "an axis can be split");
        assertNull(Layout.reshaped(new int[] {1, 6}, new int[] {6, 4}, new int[] {24}), "columns are not one run");
    }

    /** Gapless strides with the axes in a random order. */
    private static int[] inSomeOrder(int[] shape, Noise noise) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int axis : noise.permutation(shape.length)) {
            strides[axis] = shape[axis] == 1 ? 0 : stride;
            stride *= shape[axis];
        }
        return strides;
    }
}
