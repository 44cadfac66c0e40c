package org.ebvlm.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Nesterovs;

class CheckpointTest {
    private static final long STOP = 37;

    @TempDir
    Path folder;

    private final Network network = Network.linear().init(2, 2, Noise.seed(3));

    private Training plain(Data data) {
        return Training.of(Fixtures.machine())
                .minimizing(Fixtures.denoisingWith(network))
                .on(data)
                .batches(16);
    }

    private static Evaluation interruptingAt(long step) {
        return Fixtures.evaluation("f", s -> {
            if (s.step() == step) {
                Thread.currentThread().interrupt();
            }
            return Fixtures.fingerprint(s);
        });
    }

    private void assertSameRun(Run expected, Run actual) {
        assertEquals(expected.ending(), actual.ending());
        assertEquals(expected.steps(), actual.steps());
        assertArrayEquals(
                expected.model().parameters().values(),
                actual.model().parameters().values());
        assertArrayEquals(
                expected.fitted(network).parameters().values(),
                actual.fitted(network).parameters().values());
        assertEquals(expected.history().names(), actual.history().names());
        for (String name : expected.history().names()) {
            assertArrayEquals(expected.history().steps(name), actual.history().steps(name), name);
            assertArrayEquals(expected.history().values(name), actual.history().values(name), name);
        }
    }

    /** The full sentence: two updaters, averages, clipping, and a watched measure. */
    private Training full(long interruptAt) {
        return plain(Fixtures.points(100))
                .steps(80)
                .with(new Nesterovs(0.01, 0.9))
                .averaging(0.9)
                .clipping(2)
                .every(1, interruptingAt(interruptAt))
                .stopping(EarlyStopping.lowest("f", 1000));
    }

    @Test
    void aRunResumedAtAnOddStepIsTheUninterruptedRunToTheBit() {
        Path file = folder.resolve("run.checkpoint");
        Run whole = full(-1).fit(Noise.seed(1));
        Run half = full(STOP).checkpoint(file, 1000).fit(Noise.seed(1));
        assertEquals(Run.Ending.INTERRUPTED, half.ending());
        assertEquals(STOP, half.steps());
        Run resumed = full(-1).resuming(file).fit(Noise.seed(1));
        assertSameRun(whole, resumed);
        assertTrue(resumed.seconds() >= half.seconds());
    }

    @Test
    void earlyStoppingCountsOnAcrossAResume() {
        Path file = folder.resolve("run.checkpoint");
        // The measure is best at step 30, so patience 20 ends at step 50, 13 steps after the resume.
        Run half = stoppingAtThirty(STOP).checkpoint(file, 1000).fit(Noise.seed(1));
        assertEquals(STOP, half.steps());
        Run resumed = stoppingAtThirty(-1).resuming(file).fit(Noise.seed(1));
        assertSameRun(stoppingAtThirty(-1).fit(Noise.seed(1)), resumed);
        assertEquals(Run.Ending.STOPPED_EARLY, resumed.ending());
        assertEquals(50, resumed.steps());
    }

    private Training stoppingAtThirty(long interruptAt) {
        return plain(Fixtures.points(100))
                .steps(80)
                .every(1, interruptingAt(interruptAt))
                .every(1, Fixtures.evaluation("distance", s -> Math.abs(s.step() - 30)))
                .stopping(EarlyStopping.lowest("distance", 20));
    }

    @Test
    void aCheckpointWrittenOnTheWayIsAsGoodAsOneAtTheEnd() throws IOException {
        Path file = folder.resolve("run.checkpoint");
        Path kept = folder.resolve("kept.checkpoint");
        Run whole = plain(Fixtures.points(100))
                .steps(60)
                .checkpoint(file, 11)
                .every(1, Fixtures.evaluation("copy", s -> {
                    if (s.step() == 25) {
                        copy(file, kept);
                    }
                    return Fixtures.fingerprint(s);
                }))
                .fit(Noise.seed(1));
        Run resumed = plain(Fixtures.points(100))
                .steps(60)
                .resuming(kept)
                .every(1, Fixtures.evaluation("copy", Fixtures::fingerprint))
                .fit(Noise.seed(99)); // the noise goes on from the checkpoint; evaluations take theirs from the seed
        assertArrayEquals(
                whole.model().parameters().values(),
                resumed.model().parameters().values());
        assertEquals(60, resumed.history().values("copy").length, "22 of the first part, 38 of the second");
        assertEquals(List.of(), leftovers());
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<Path> leftovers() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".part")).toList();
        }
    }

    @Test
    void aFinishedRunCanBeMadeLonger() {
        Path file = folder.resolve("run.checkpoint");
        plain(Fixtures.points(100)).steps(STOP).checkpoint(file, 1000).fit(Noise.seed(1));
        Run longer = plain(Fixtures.points(100)).steps(80).resuming(file).fit(Noise.seed(1));
        assertSameRun(plain(Fixtures.points(100)).steps(80).fit(Noise.seed(1)), longer);
    }

    @Test
    void refusesToGoOnWithOtherDataOrSettings() {
        Path file = folder.resolve("run.checkpoint");
        Data data = Fixtures.points(100);
        plain(data).steps(5).checkpoint(file, 1000).fit(Noise.seed(1));
        float[] values = data.values();
        values[3] += 1e-3f;
        assertRefused("other data", plain(Data.of("points", values, 2)).resuming(file));
        assertRefused("other data", plain(data.named("other")).resuming(file));
        assertRefused("other settings", plain(data).clipping(1).resuming(file));
        assertRefused("other settings", plain(data).averaging(0.5).resuming(file));
        assertRefused("other settings", plain(data).with(Adam.rate(0.5)).resuming(file));
        assertRefused(
                "other",
                Training.of(Fixtures.machine())
                        .minimizing(Fixtures.denoisingWith(network))
                        .on(data)
                        .batches(17)
                        .resuming(file));
        assertRefused(
                "other",
                Training.of(org.ebvlm.model.Grbm.visible(2).hidden(4).init(Noise.seed(1)))
                        .minimizing(Fixtures.denoisingWith(network))
                        .on(data)
                        .batches(16)
                        .resuming(file));
        assertRefused("cannot be read", plain(data).resuming(folder.resolve("missing")));
    }

    private static void assertRefused(String part, Training sentence) {
        DataException error =
                assertThrows(DataException.class, () -> sentence.steps(10).fit(Noise.seed(1)));
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    @Test
    void refusesFilesThatAreCutShort() throws IOException {
        Path file = folder.resolve("run.checkpoint");
        plain(Fixtures.points(100)).steps(3).checkpoint(file, 1000).fit(Noise.seed(1));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThrows(DataException.class, () -> Checkpoint.read(file), "cut to " + length + " bytes");
        }
        Files.write(file, whole);
        assertEquals(3, Checkpoint.read(file).counts()[0]);
    }

    @Test
    void refusesFilesWithADamagedByte() throws IOException {
        Path file = folder.resolve("run.checkpoint");
        plain(Fixtures.points(100)).steps(3).checkpoint(file, 1000).fit(Noise.seed(1));
        byte[] whole = Files.readAllBytes(file);
        List<String> accepted = new ArrayList<>();
        for (int at = 0; at < whole.length && accepted.size() < 3; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) 0x55;
            Files.write(file, damaged);
            try {
                Checkpoint.read(file);
                accepted.add("byte " + at + " unnoticed");
            } catch (DataException expected) {
                assertTrue(expected.getMessage().contains(file.toString()), expected.getMessage());
            } catch (RuntimeException | OutOfMemoryError e) {
                accepted.add("byte " + at + ": " + e);
            }
        }
        assertEquals(List.of(), accepted, "damage that was not answered with a clear error");
    }
}
