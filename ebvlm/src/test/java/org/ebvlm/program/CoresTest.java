package org.ebvlm.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ebvlm.errors.SettingException;
import org.junit.jupiter.api.Test;

class CoresTest {
    private static final long LARGE = 100_000_000;

    @Test
    void largeOperationsGetAllCoresSmallOnesOneAndThreadsBesideOthersOne() {
        int before = Cores.used();
        try {
            Cores.use(3);
            assertEquals(3, Cores.forWork(LARGE));
            assertEquals(1, Cores.forWork(1000));
            assertEquals(1, Cores.onOne(() -> Cores.forWork(LARGE)));
            assertEquals(1, Cores.onOne(() -> Cores.onOne(() -> 0) + Cores.forWork(LARGE)));
            assertEquals(3, Cores.forWork(LARGE), "afterwards all again");
            assertThrows(
                    IllegalStateException.class,
                    () -> Cores.onOne(() -> {
                        throw new IllegalStateException();
                    }));
            assertEquals(3, Cores.forWork(LARGE), "after an error, too");
        } finally {
            Cores.use(before);
        }
    }

    @Test
    void fewerThanOneCoreIsRefused() {
        assertThrows(SettingException.class, () -> Cores.use(0));
    }

    @Test
    void thingsSideBySideComeBackInOrderAndAnErrorIsThrownWhenAllHaveStopped() {
        int before = Cores.used();
        try {
            for (int cores : new int[] {1, 2}) {
                Cores.use(cores);
                assertEquals(List.of(0, 10, 20), Cores.sideBySide(3, k -> 10 * k, "the test"));
            }
            Thread here = Thread.currentThread();
            assertEquals(
                    List.of(here, here),
                    Cores.onOne(() -> Cores.sideBySide(2, k -> Thread.currentThread(), "the test")),
                    "on one core one after the other");
            AtomicBoolean stopped = new AtomicBoolean();
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Cores.sideBySide(2, k -> k == 0 ? failing() : waiting(stopped), "the test"));
            assertTrue(stopped.get(), "the other was told to stop");
        } finally {
            Cores.use(before);
        }
    }

    private static int failing() {
        throw new IllegalArgumentException();
    }

    private static int waiting(AtomicBoolean stopped) {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
        stopped.set(true);
        return 0;
    }
}
