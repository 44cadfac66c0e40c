package org.ebvlm.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class CrewTest {
    private static final int THREADS = Math.max(2, Blocked.THREADS);

    @Test
    void everyShareIsDoneOnceEveryTime() {
        int most = Blocked.THREADS;
        for (int threads = 1; threads <= most; threads++) {
            AtomicIntegerArray shares = new AtomicIntegerArray(most);
            for (int run = 0; run < 1000; run++) {
                Crew.run(threads, (thread, of) -> shares.incrementAndGet(thread));
            }
            for (int thread = 0; thread < most; thread++) {
                assertEquals(thread < threads ? 1000 : 0, shares.get(thread), "share " + thread + " of " + threads);
            }
        }
    }

    @Test
    void whoFindsTheCrewAtWorkDoesAllHimself() {
        if (Blocked.THREADS < 2) {
            return;
        }
        AtomicIntegerArray whole = new AtomicIntegerArray(THREADS);
        Crew.run(2, (thread, of) -> {
            if (thread == 1) {
                // From a thread of the crew, while the first one holds it.
                Crew.run(2, (inner, parts) -> whole.addAndGet(inner, parts));
            }
        });
        assertEquals(1, whole.get(0), "one share of one");
        assertEquals(0, whole.get(1));
    }

    @Test
    void anErrorLeavesWhenAllAreDoneAndTheCrewWorksOn() {
        leavesWhenAllAreDone(new IllegalStateException("as asked"));
        leavesWhenAllAreDone(new OutOfMemoryError("as asked"));
        everyShareIsDoneOnceEveryTime();
    }

    private static void leavesWhenAllAreDone(Throwable expected) {
        AtomicIntegerArray shares = new AtomicIntegerArray(Blocked.THREADS);
        Throwable error = assertThrows(
                Throwable.class,
                () -> Crew.run(Blocked.THREADS, (thread, of) -> {
                    shares.incrementAndGet(thread);
                    if (thread == of - 1 && expected instanceof Error worst) {
                        throw worst;
                    } else if (thread == of - 1) {
                        throw (RuntimeException) expected;
                    }
                }));
        assertSame(expected, error);
        for (int thread = 0; thread < Blocked.THREADS; thread++) {
            assertEquals(1, shares.get(thread));
        }
    }

    @Test
    void anInterruptIsKeptForTheCaller() {
        Thread.currentThread().interrupt();
        Crew.run(Blocked.THREADS, (thread, of) -> {});
        assertTrue(Thread.interrupted());
    }
}
