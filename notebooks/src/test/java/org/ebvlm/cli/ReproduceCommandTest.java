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
import java.util.ArrayList;
import java.util.List;
import org.ebvlm.reproduce.Experiment;
import org.ebvlm.reproduce.Experiments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproduceCommandTest {
    @TempDir
    Path temp;

    private record Answer(int code, String out, String err) {}

    private static Answer reproduce(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("reproduce"));
        all.addAll(List.of(arguments));
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
        return new Answer(code, out.toString(), err.toString());
    }

    private void refused(String says, String... arguments) {
        Path folder = temp.resolve("refused");
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--out", folder.toString()));
        Answer answer = reproduce(all.toArray(String[]::new));
        assertEquals(2, answer.code(), answer.out());
        assertTrue(answer.err().contains(says) && answer.err().contains("expected"), answer.err());
        assertFalse(Files.exists(folder), "a folder was left");
    }

    @Test
    void theListNamesEveryExperimentWithItsTitleAndItsFile() {
        Answer answer = reproduce("--list");
        assertEquals(0, answer.code(), answer.err());
        assertEquals(Experiments.all().size(), answer.out().lines().count());
        for (Experiment each : Experiments.all()) {
            assertTrue(answer.out().contains(each.name() + " "), each.name());
            assertTrue(answer.out().contains(each.title()), each.name());
            assertTrue(answer.out().contains(each.needs()), each.name());
        }
        assertEquals(answer.out(), reproduce().out());
    }

    @Test
    void whatCannotBeDoneIsRefusedBeforeAnythingIsWritten() {
        refused("checkerboard, frey", "checkers");
        refused("short, night or published", "checkerboard", "--scale", "huge");
        refused("frey_rawface.mat", "frey");
        refused(
                "frey_rawface.mat",
                "frey",
                "--data",
                temp.resolve("nowhere.mat").toString());
        refused("no such file", "deep", "--data", temp.resolve("nowhere.idx").toString());
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws IOException {
        Path text = Files.writeString(temp.resolve("faces.mat"), "no faces");
        Answer answer = reproduce(
                "frey",
                "--scale",
                "tiny",
                "--data",
                text.toString(),
                "--out",
                temp.resolve("text").toString());
        assertEquals(2, answer.code(), answer.out());
        assertTrue(answer.err().contains("expected"), answer.err());
    }

    @Test
    void anExperimentAnswersWithOneObjectThatItsFolderHoldsToo() throws IOException {
        Path folder = temp.resolve("fisher");
        Answer answer =
                reproduce("fisher", "--scale", "tiny", "--seed", "3", "--quiet", "--json", "--out", folder.toString());
        assertEquals(0, answer.code(), answer.err());
        assertEquals(1, answer.out().lines().count(), answer.out());
        JsonObject told = new Gson().fromJson(answer.out(), JsonObject.class);
        assertEquals(folder.toString(), told.remove("folder").getAsString());
        JsonObject kept = new Gson().fromJson(Files.readString(folder.resolve("result.json")), JsonObject.class);
        assertEquals(kept, told);
        assertTrue(told.get("seconds").getAsDouble() > 0);
        assertTrue(Files.readString(folder.resolve("report.html")).contains("ebvlm reproduce fisher --scale tiny"));
    }
}
