package org.ebvlm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingTest {
    private record Answer(int code, String out, String err) {}

    private static Answer scaling(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = new String[arguments.length + 2];
        all[0] = "bench";
        all[1] = "--scaling";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err), all);
        return new Answer(code, out.toString(), err.toString());
    }

    @Test
    void listNamesEveryPointWithWhatItTimes() {
        Answer answer = scaling("--list");
        assertEquals(0, answer.code(), answer.err());
        assertEquals(17, answer.out().lines().count(), answer.out());
        assertTrue(answer.out().contains("Gaussian RBM 512/512"), answer.out());
        assertTrue(answer.out().contains("2/4, VaGES-DSM, L = 2, K = 5, batch 100, 1,000,000 rows"), answer.out());
    }

    @Test
    void aCaseThatIsNoPointIsRefused() {
        Answer answer = scaling("grbm-toy");
        assertEquals(2, answer.code());
        assertTrue(answer.err().contains("grbm-toy") && answer.err().contains("width-512/512"), answer.err());
        assertEquals("", answer.out());
    }

    @Test
    void aFolderIsRefusedForAnythingButTheWhole(@TempDir Path folder) {
        Answer part = scaling("--out", folder.toString(), "rows-1000");
        assertEquals(2, part.code());
        assertTrue(part.err().contains("--out") && part.err().contains("rows-1000"), part.err());
        StringWriter err = new StringWriter();
        PrintWriter out = new PrintWriter(new StringWriter());
        assertEquals(2, Main.execute(out, new PrintWriter(err), "bench", "--out", folder.toString()));
        assertTrue(err.toString().contains("--scaling"), err.toString());
        assertEquals(2, scaling("--out").code());
    }

    @Test
    void aPointAnswersWithOneObject() {
        Answer answer = scaling("--json", "rows-1000");
        assertEquals(0, answer.code(), answer.err());
        assertEquals(1, answer.out().lines().count(), answer.out());
        JsonObject json = new Gson().fromJson(answer.out(), JsonObject.class);
        assertEquals("rows-1000", json.get("case").getAsString());
        assertEquals("rows", json.get("grows").getAsString());
        assertEquals("1000", json.get("extent").getAsString());
        assertEquals(1, json.get("factor").getAsDouble());
        assertEquals(1, json.get("threads").getAsInt());
        assertFalse(json.has("ratio"), answer.out());
        assertTrue(json.get("msPerStep").getAsDouble() > 0, answer.out());
        assertTrue(json.get("bytesPerStep").getAsLong() < 10_000, answer.out());
        assertTrue(json.get("peakMb").getAsLong() > 20, answer.out());
        // More than the batch of 100 rows of 2, once in each of two programs or more.
        assertTrue(json.get("programBytes").getAsLong() > 2 * 4 * 200, answer.out());
    }

    @Test
    void eachRowIsComparedWithTheOneBeforeThatGrowsTheSame() {
        ScalingTable table = new ScalingTable();
        assertFalse(table.add(ScalingPoint.named("batch-25"), timed(0.5)).json().has("ratio"));
        var second = table.add(ScalingPoint.named("batch-100"), timed(2));
        assertEquals(4, second.json().get("ratio").getAsDouble());
        assertTrue(second.line().contains(" 4.00 |"), second.line());
        assertFalse(
                table.add(ScalingPoint.named("particles-2"), timed(2)).json().has("ratio"));
    }

    @Test
    void theFolderReceivesTheTableAndThePicture(@TempDir Path folder) throws IOException {
        ScalingTable table = new ScalingTable();
        ScalingPoint.names().forEach(name -> table.add(ScalingPoint.named(name), timed(1)));
        table.save(ScalingTable.folder(folder.resolve("new")), "here");
        assertTrue(Files.size(folder.resolve("new/scaling.png")) > 1000);
        List<String> lines = Files.readAllLines(folder.resolve("new/scaling.md"));
        assertEquals(2 + 17, lines.stream().filter(line -> line.startsWith("|")).count());
        assertEquals(
                1,
                lines.stream()
                        .filter(line -> line.startsWith("|"))
                        .mapToInt(String::length)
                        .distinct()
                        .count());
    }

    private static JsonObject timed(double ms) {
        JsonObject json = new JsonObject();
        json.addProperty("msPerStep", ms);
        json.addProperty("bytesPerStep", 0);
        json.addProperty("programBytes", 1 << 20);
        json.addProperty("peakMb", 100);
        return json;
    }
}
