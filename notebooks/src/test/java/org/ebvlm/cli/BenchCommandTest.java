package org.ebvlm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
    private record Answer(int code, String out, String err) {}

    private static Answer bench(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = new String[arguments.length + 1];
        all[0] = "bench";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err), all);
        return new Answer(code, out.toString(), err.toString());
    }

    @Test
    void listNamesEveryCaseWithWhatItTimesAndTimesNothing() {
        Answer answer = bench("--list");
        assertEquals(0, answer.code(), answer.err());
        assertEquals(BenchCases.names().size(), answer.out().lines().count());
        BenchCases.names().forEach(name -> {
            assertTrue(answer.out().contains(name + " "), name);
            assertTrue(answer.out().contains(BenchCases.times(name)), name);
        });
    }

    @Test
    void anUnknownCaseIsRefusedBeforeAnyIsTimed() {
        Answer answer = bench("grbm-toy", "grbm-toi");
        assertEquals(2, answer.code());
        assertTrue(answer.err().contains("grbm-toi") && answer.err().contains("expected"), answer.err());
        assertEquals("", answer.out());
    }

    @Test
    void noThreadsAreRefused() {
        Answer answer = bench("--threads", "0", "dsm-toy");
        assertEquals(2, answer.code());
        assertTrue(answer.err().contains("--threads"), answer.err());
        assertEquals(2, bench("--threads", "many").code());
    }

    @Test
    void aCaseInAProcessOfItsOwnAnswersWithOneObject() {
        Answer answer = bench("--json", "dsm-toy");
        assertEquals(0, answer.code(), answer.err());
        assertEquals(1, answer.out().lines().count(), answer.out());
        JsonObject json = new Gson().fromJson(answer.out(), JsonObject.class);
        assertEquals("dsm-toy", json.get("case").getAsString());
        assertEquals(1, json.get("threads").getAsInt());
        double median = json.get("msPerStep").getAsDouble();
        assertTrue(median > 0 && median >= json.get("msPerStepP10").getAsDouble(), answer.out());
        assertTrue(median <= json.get("msPerStepP90").getAsDouble(), answer.out());
        assertTrue(json.get("peakMb").getAsLong() > 20, answer.out());
        assertTrue(json.get("steps").getAsLong() > 0, answer.out());
        assertTrue(json.get("bytesPerStep").getAsLong() < 10_000, answer.out());
    }

    @Test
    void textHasAHeaderThatSaysWhatBecameOfTheEnvironment() {
        Answer answer = bench("read-images");
        assertEquals(0, answer.code(), answer.err());
        List<String> lines = answer.out().lines().toList();
        assertEquals(3, lines.size(), answer.out());
        assertTrue(lines.get(0).startsWith("# Java ") && lines.get(0).contains("environment: "), answer.out());
        assertTrue(lines.get(2).startsWith("read-images"), answer.out());
    }

    @Test
    void aTimingCountsTheStepsOfEachCall() {
        AtomicInteger calls = new AtomicInteger();
        Timing timing = Timing.of(() -> {
            calls.incrementAndGet();
            pause();
            return 4;
        });
        assertTrue(timing.steps() % 4 == 0 && timing.steps() < 4L * calls.get(), timing.toString());
        assertTrue(timing.median() >= 1 && timing.p10() <= timing.median() && timing.median() <= timing.p90());
    }

    private static void pause() {
        try {
            Thread.sleep(4);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
