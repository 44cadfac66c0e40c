package org.ebvlm.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The other kernel as Jupyter starts it, spoken to over the wire. Maven has JJava's library, not its kernel: that is a
 * stand-in, or the jar of -Djjava.jar=FILE.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JjavaTest {
    private static final String TRAINING = "Training.of(Grbm.visible(2).hidden(3).init(seed(1)))"
            + ".minimizing(Dsm.noiseStd(0.1)).on(Data.of(\"points\", new float[200], 2)).with(Adam.rate(1e-3)).batches(10)";

    private static KernelProcess kernel;

    @BeforeAll
    static void start(@TempDir Path folder) {
        String given = System.getProperty("jjava.jar");
        Path jar = given == null ? StandIn.jar(folder.resolve("jjava.jar")) : Path.of(given);
        kernel = KernelProcess.start(Launch.on(Kernels.CLASS_PATH, jar), folder);
    }

    @AfterAll
    static void stop() {
        kernel.close();
    }

    private static JsonObject output(CellRun run, int number) {
        assertTrue(run.isGood(), () -> run.error().orElse(""));
        assertTrue(run.outputs().size() > number, () -> "only " + run.outputs());
        return run.outputs().get(number).getAsJsonObject();
    }

    private static JsonObject shown(CellRun run) {
        return output(run, run.outputs().size() - 1).getAsJsonObject("data");
    }

    private static String text(CellRun run) {
        return shown(run).get("text/plain").getAsString();
    }

    /** Runs a cell that prints in the midst of its work, and interrupts it there. */
    private static CellRun interrupted(String source) {
        boolean[] done = new boolean[1];
        return kernel.execute(source, Duration.ofSeconds(30), type -> {
            if (type.equals("stream") && !done[0]) {
                done[0] = true;
                kernel.interrupt();
            }
        });
    }

    /** Else a cell that uses native code at once can be locked with what makes it ready. */
    @Test
    @Order(0)
    void nativeCodeIsReadyBeforeTheFirstCell() {
        assertEquals(
                "true",
                text(kernel.execute("Thread.getAllStackTraces().keySet().stream()"
                        + ".noneMatch(each -> each.getName().equals(\"first use of native code\"))")));
    }

    @Test
    @Order(1)
    void theFirstCellNeedsNoImport() {
        CellRun run = kernel.execute("Grbm.visible(2).hidden(3).init(seed(7)).score(Nd4j.zeros(1, 2)).columns()");
        assertEquals("2", text(run));
        assertEquals(1, run.outputs().size(), run.outputs().toString());
    }

    @Test
    void aPictureIsPngAndATableIsHtml() {
        String curves = "Curves.of(\"y\", new double[] {1, 2}, new double[] {3, 4})";
        assertEquals(
                "[image/png, text/plain]",
                shown(kernel.execute(curves)).keySet().toString());
        CellRun display = kernel.execute("show(" + curves + ");");
        assertEquals("display_data", output(display, 0).get("output_type").getAsString());
        assertEquals("[image/png, text/plain]", shown(display).keySet().toString());
        CellRun table = kernel.execute("Table.create(\"t\", DoubleColumn.create(\"x\", 1.5, 2))");
        assertTrue(shown(table).get("text/html").getAsString().startsWith("<table>"), table.toString());
    }

    @Test
    void aProgressLineIsOneDisplayRenewedInPlace() {
        List<String> types = new ArrayList<>();
        CellRun run = kernel.execute(
                "var whole = " + TRAINING + ".steps(100_000).reporting(progress()).fit(seed(2));\nwhole.steps()",
                Duration.ofSeconds(60),
                types::add);
        assertEquals("100000", text(run));
        assertEquals(2, run.outputs().size(), run.outputs().toString());
        assertTrue(types.contains("update_display_data"), types.toString());
        String line = output(run, 0).getAsJsonObject("data").get("text/plain").getAsString();
        assertTrue(line.contains("100 %") && line.contains("finished after"), line);
    }

    @Test
    void anErrorOfTheToolkitShowsItsMessageOnce() {
        String error = kernel.execute("Grbm.visible(-1).hidden(3).init(seed(1))")
                .error()
                .orElse("");
        assertTrue(error.contains("\nSettingException: ") && error.contains("\n  but was  : -1"), error);
        assertEquals(error.indexOf("but was"), error.lastIndexOf("but was"), error);
        assertFalse(error.contains("org.ebvlm") || error.contains("org.dflib"), error);
        assertEquals(
                1, error.lines().filter(line -> line.startsWith("    at (#")).count(), error);
    }

    @Test
    void whatPrintfReturnsIsNotShown() {
        CellRun run = kernel.execute("System.out.printf(\"%d%n\", 3)");
        assertEquals("3\n", output(run, 0).get("text").getAsString().replace("\r", ""));
        assertEquals("", text(run));
    }

    /** JJava reports an interrupted cell at once; the variable is there in the next. */
    @Test
    void anInterruptedTrainingLeavesTheRunSoFar() throws InterruptedException {
        CellRun run = interrupted("var half = " + TRAINING
                + ".steps(1_000_000_000).reporting(at -> System.out.println(at.step())).fit(seed(2));");
        assertFalse(run.isGood());
        assertTrue(run.error().orElse("").contains("interrupted"), run.toString());
        String ask = "half != null && half.steps() > 0 && half.steps() < 1_000_000_000";
        for (int i = 0; i < 100 && !text(kernel.execute(ask)).equals("true"); i++) {
            Thread.sleep(50);
        }
        assertEquals("true", text(kernel.execute(ask)));
    }

    /** A process that is killed runs no hooks. */
    @Test
    @Order(Integer.MAX_VALUE)
    void theKernelEndsEvenIfACellThatWasGivenUpWorksOn(@TempDir Path folder) {
        String file = folder.resolve("ended").toString().replace('\\', '/');
        kernel.execute(
                "Runtime.getRuntime().addShutdownHook(new Thread(() -> new java.io.File(\"" + file + "\").mkdir()));");
        CellRun run = interrupted("{ System.out.println(\"on\"); while (true) { } }");
        assertFalse(run.isGood());
        kernel.close();
        assertTrue(Files.exists(folder.resolve("ended")));
    }
}
