package org.ebvlm.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class BatchesTest {
    @Test
    void everyRowComesOnceAnEpochThoughBatchesReachOverItsEnd() {
        Batches batches = Batches.of(10, 4, Noise.seed(1));
        int[] drawn = new int[40];
        for (int i = 0; i < 10; i++) {
            System.arraycopy(batches.next(), 0, drawn, 4 * i, 4);
        }
        for (int epoch = 0; epoch < 4; epoch++) {
            int[] rows = Arrays.copyOfRange(drawn, 10 * epoch, 10 * epoch + 10);
            Arrays.sort(rows);
            assertArrayEquals(IntStream.range(0, 10).toArray(), rows);
        }
        assertEquals(3, batches.epoch());
    }

    @Test
    void epochsHaveDifferentOrdersAndEveryFirstRowIsEquallyLikely() {
        int epochs = 20_000;
        Batches batches = Batches.of(5, 5, Noise.seed(2));
        int[] first = new int[5];
        int[] previous = null;
        int repeats = 0;
        for (int e = 0; e < epochs; e++) {
            int[] order = batches.next().clone();
            first[order[0]]++;
            repeats += Arrays.equals(order, previous) ? 1 : 0;
            previous = order;
        }
        for (int count : first) {
            assertEquals(epochs / 5.0, count, 4 * Math.sqrt(epochs * 0.2 * 0.8));
        }
        assertEquals(epochs / 120.0, repeats, 4 * Math.sqrt(epochs / 120.0));
    }

    @Test
    void aSavedStateGoesOnToTheBit() {
        Batches batches = Batches.of(23, 5, Noise.seed(3));
        for (int i = 0; i < 100; i++) {
            Batches resumed = Batches.resume(23, 5, batches.state());
            for (int j = 0; j < 12; j++) {
                assertArrayEquals(Batches.resume(23, 5, batches.state()).next(), batches.next());
            }
            assertEquals(batches.epoch(), advanced(resumed, 12).epoch());
            assertEquals(batches.state(), resumed.state());
        }
    }

    @Test
    void theSameArrayComesEveryTimeAndTheSourceIsLeftAlone() {
        Noise noise = Noise.seed(4);
        Noise.State before = noise.state();
        Batches batches = Datasets.checkerboard(50, Noise.seed(1)).batches(7, noise);
        assertSame(batches.next(), batches.next());
        assertEquals(before, noise.state());
    }

    @Test
    void otherSeedsGiveOtherOrders() {
        assertFalse(Arrays.equals(
                Batches.of(100, 100, Noise.seed(1)).next(),
                Batches.of(100, 100, Noise.seed(2)).next()));
    }

    @Test
    void refusesSizesAndStatesThatDoNotFit() {
        for (int size : new int[] {0, 11}) {
            String message = assertThrows(SettingException.class, () -> Batches.of(10, size, Noise.seed(1)))
                    .getMessage();
            assertTrue(message.contains("1 to 10") && message.contains(String.valueOf(size)), message);
        }
        Batches.State state = new Batches.State(Noise.seed(1).state(), 0, 11);
        assertThrows(SettingException.class, () -> Batches.resume(10, 5, state));
    }

    private static Batches advanced(Batches batches, int times) {
        for (int i = 0; i < times; i++) {
            batches.next();
        }
        return batches;
    }
}
