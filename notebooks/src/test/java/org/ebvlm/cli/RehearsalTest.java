package org.ebvlm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ebvlm.program.Cores;
import org.ebvlm.training.History;
import org.ebvlm.training.Progress;
import org.ebvlm.training.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    private final int before = Cores.used();
    private final CountDownLatch played = new CountDownLatch(1);

    @AfterEach
    void asManyCoresAsBefore() {
        Cores.use(before);
    }

    private static Progress at(long step, Run.Ending ending) {
        return new Progress(step, 1000, 1, 1, 0, new History(), Optional.ofNullable(ending));
    }

    private boolean isPlayedSoon() throws InterruptedException {
        return played.await(200, TimeUnit.MILLISECONDS);
    }

    @Test
    void itBeginsWhenATenthIsDoneAndOnlyOnce() throws InterruptedException {
        Cores.use(2);
        AtomicInteger times = new AtomicInteger();
        Rehearsal rehearsal = new Rehearsal(List.of(times::incrementAndGet, played::countDown));
        rehearsal.accept(at(99, null));
        assertFalse(isPlayedSoon());
        rehearsal.accept(at(100, null));
        rehearsal.accept(at(900, null));
        assertTrue(played.await(1, TimeUnit.MINUTES));
        assertEquals(1, times.get());
    }

    @Test
    void onOneCoreThereIsNone() throws InterruptedException {
        Cores.use(1);
        new Rehearsal(List.of(played::countDown)).accept(at(500, null));
        assertFalse(isPlayedSoon());
    }

    @Test
    void whatIsLeftAtTheEndOfTheTrainingIsNotPlayed() throws InterruptedException {
        Cores.use(2);
        CountDownLatch playing = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger times = new AtomicInteger();
        Rehearsal rehearsal = new Rehearsal(List.of(
                () -> {
                    playing.countDown();
                    await(over);
                    played.countDown();
                },
                times::incrementAndGet));
        rehearsal.accept(at(500, null));
        await(playing);
        rehearsal.accept(at(1000, Run.Ending.FINISHED));
        over.countDown();
        assertTrue(played.await(1, TimeUnit.MINUTES));
        assertFalse(new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS));
        assertEquals(0, times.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its critics are short, so it finds other numbers than an evaluation; it must find them without an error. */
    @Test
    void theScenesOfAFitRunOnTheUntrainedModel() {
        Source source = Source.of("checkerboard", List.of(), 3);
        Recipe recipe =
                new Recipe("checkerboard", List.of(), "grbm", 4, 10, "dsm", 0.05, "vages", 2, 5, 100, 1e-3, 1000, 3);
        Rehearsal.scenes(new Judge(recipe, source), new Job(recipe, source)).forEach(Runnable::run);
    }
}
