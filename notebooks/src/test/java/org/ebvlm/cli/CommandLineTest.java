package org.ebvlm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import javax.imageio.ImageIO;
import org.ebvlm.model.ModelFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineTest {
    private static final List<String> EVALUATION =
            List.of("logLikelihood", "fisherDivergence", "exactFisherDivergence", "ksd", "ksdPValue");

    private Path temp;
    private Path run;
    private JsonObject fitted;

    /** What a command line answered. */
    private record Answer(int code, String out, String err) {
        JsonObject lastLine() {
            String[] lines = out.strip().split("\n", -1);
            return new Gson().fromJson(lines[lines.length - 1], JsonObject.class);
        }
    }

    private static Answer ebvlm(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Answer(code, out.toString(), err.toString());
    }

    private Answer fit(Path folder, String... more) {
        List<String> all = new ArrayList<>(List.of("fit", "--quiet", "--json", "--out", folder.toString()));
        all.addAll(List.of(more));
        return ebvlm(all.toArray(String[]::new));
    }

    @BeforeAll
    void fitOnce(@TempDir Path folder) {
        temp = folder;
        run = temp.resolve("once");
        Answer answer = fit(run, "--steps", "300", "--seed", "5");
        assertEquals(0, answer.code(), answer.err());
        fitted = answer.lastLine();
    }

    @Test
    void fitAnswersWithOneObjectThatSaysWhatWasDoneAndFound() {
        assertEquals(300, fitted.get("steps").getAsInt());
        assertEquals(5, fitted.get("seed").getAsInt());
        assertEquals("Grbm 2/4", fitted.get("model").getAsString());
        assertEquals(run.toString(), fitted.get("run").getAsString());
        assertTrue(fitted.get("objective").getAsString().contains("DSM with noise 0.05 by VaGES with 2 particles"));
        assertTrue(fitted.get("seconds").getAsDouble() > 0);
        for (String name : EVALUATION) {
            assertTrue(Double.isFinite(fitted.get(name).getAsDouble()), name);
        }
    }

    @Test
    void theRunFolderHoldsModelHistoryReportAndPictures() throws IOException {
        for (String name : List.of("samples.png", "density.png", "objective.png", "exactFisherDivergence.png")) {
            assertNotNull(ImageIO.read(run.resolve(name).toFile()), name);
        }
        List<String> history = Files.readAllLines(run.resolve("history.csv"));
        assertTrue(history.get(0).startsWith("step,objective,"), history.get(0));
        assertEquals(300, history.size() - 1);
        String report = Files.readString(run.resolve("report.html"));
        assertTrue(report.contains("samples.png") && report.contains("log-likelihood") && report.contains("SHA-256"));
        assertEquals("Grbm 2/4", ModelFile.load(run.resolve("model")).name());
    }

    @Test
    void evaluateFindsWhatFitFound() {
        Answer answer = ebvlm("evaluate", run.toString(), "--json");
        assertEquals(0, answer.code(), answer.err());
        for (String name : EVALUATION) {
            assertEquals(
                    fitted.get(name).getAsDouble(), answer.lastLine().get(name).getAsDouble(), 1e-6, name);
        }
        assertTrue(answer.out().contains("Fisher divergence, exact"), answer.out());
    }

    @Test
    void aResumedRunIsTheUninterruptedOneToTheBit() {
        Path short_ = temp.resolve("short");
        assertEquals(0, fit(short_, "--steps", "140", "--seed", "5").code());
        Answer longer = ebvlm("fit", "--quiet", "--json", "--resume", short_.toString(), "--steps", "300");
        assertEquals(0, longer.code(), longer.err());
        assertEquals(300, longer.lastLine().get("steps").getAsInt());
        assertArrayEquals(
                ModelFile.load(run.resolve("model")).parameters().values(),
                ModelFile.load(short_.resolve("model")).parameters().values());
    }

    @Test
    void imagesAreFittedByADeepEnergyAndATableIsNot() {
        Answer answer = fit(
                temp.resolve("deep"),
                "--data",
                "glyphs",
                "--model",
                "conv",
                "--width",
                "2",
                "--hidden",
                "4",
                "--steps",
                "3",
                "--batch",
                "4");
        assertEquals(0, answer.code(), answer.err());
        assertTrue(
                answer.lastLine().get("objective").getAsString().startsWith("MDSM"),
                "images are noised at many levels");
        assertTrue(Double.isFinite(answer.lastLine().get("fisherDivergence").getAsDouble()));
        refused("not images", "--data", "two-moons", "--model", "conv");
    }

    @Test
    void aTableIsFittedByColumnsOfItsOwnChoosing() throws IOException {
        StringBuilder csv = new StringBuilder("name;width;height;weight\n");
        for (int i = 0; i < 400; i++) {
            csv.append("n%d;%.3f;%.3f;%.3f\n".formatted(i, Math.sin(i), Math.cos(1.7 * i), Math.sin(0.3 * i * i)));
        }
        Path file = Files.writeString(temp.resolve("things.csv"), csv);
        Answer answer = fit(
                temp.resolve("table"),
                "--data",
                file.toString(),
                "--columns",
                "width,weight",
                "--model",
                "mlp",
                "--width",
                "20",
                "--steps",
                "60");
        assertEquals(0, answer.code(), answer.err());
        JsonObject json = answer.lastLine();
        assertTrue(json.get("logLikelihood").isJsonNull());
        assertTrue(json.get("logLikelihoodNote").getAsString().startsWith("not defined"));
        assertTrue(Double.isFinite(json.get("fisherDivergence").getAsDouble()));
        refused("height and width", "--data", file.toString(), "--columns", "width,hight");
        refused("name", "--data", file.toString(), "--columns", "name");
    }

    private void refused(String why, String... arguments) {
        Path folder = temp.resolve("refused");
        Answer answer = fit(folder, arguments);
        assertEquals(2, answer.code(), why + ": " + answer.out());
        assertTrue(answer.err().contains("expected"), why + ": " + answer.err());
        assertFalse(Files.exists(folder), why + ": a folder was left");
    }

    @Test
    void badSettingsAreRefusedBeforeAnythingIsWritten() {
        refused("no such data", "--data", "nowhere.csv");
        refused("no such model", "--model", "transformer");
        refused("no such objective", "--objective", "mle");
        refused("no such estimator", "--estimator", "magic");
        refused("one particle", "--particles", "1");
        refused("negative noise", "--noise-std", "-1");
        refused("no steps", "--steps", "0");
        refused("no rate", "--rate", "0");
        refused("batch beyond the rows", "--batch", "100000000");
        refused("exact score of an mlp", "--model", "mlp", "--estimator", "exact");
        refused("no threads", "--threads", "0");
    }

    @Test
    void aSecondRunIntoTheSameFolderIsRefused() {
        Answer answer = fit(run, "--steps", "10");
        assertEquals(2, answer.code());
        assertTrue(answer.err().contains("--resume"), answer.err());
    }

    @Test
    void whatIsNotARunCannotBeEvaluated() {
        Answer answer = ebvlm("evaluate", temp.resolve("nothing").toString());
        assertEquals(2, answer.code());
        assertTrue(answer.err().contains("is not a run"), answer.err());
    }

    @Test
    void helpNamesEveryCommand() {
        String help = ebvlm("--help").out();
        for (String command : List.of("fit", "evaluate", "doctor", "bench")) {
            assertTrue(help.contains(command), command);
        }
        assertEquals(2, ebvlm().code());
        assertEquals(2, ebvlm("fitt").code());
    }

    @Test
    void doctorFindsThisMachineWell() {
        Answer answer = ebvlm("doctor", "--json");
        assertEquals(0, answer.code(), answer.out());
        assertEquals(0, answer.lastLine().get("problems").getAsInt());
        assertTrue(answer.out().contains("nd4j"));
    }
}
