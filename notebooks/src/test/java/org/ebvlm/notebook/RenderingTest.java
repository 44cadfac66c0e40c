package org.ebvlm.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.scoring.Dsm;
import org.ebvlm.scoring.ExactScore;
import org.ebvlm.training.History;
import org.ebvlm.training.Progress;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.ebvlm.variational.GradientAudit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class RenderingTest {
    private static final Curves CURVES = Curves.of("y", new double[] {1, 2}, new double[] {3, 4});

    @TempDir
    Path temp;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void script() {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        Notebook.use(new FolderScreen(temp.resolve("shows"), () -> out));
    }

    @AfterEach
    void goBack() {
        Notebook.use(null);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    // ---------------------------------------------------------------- tables

    private static Document parsed(String html) throws Exception {
        var source = new InputSource(new StringReader("<all>" + html + "</all>"));
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(source);
    }

    @Test
    void aTableIsWellFormedHtmlWithNumbersOnTheRightAndNothingUnescaped() throws Exception {
        Table table = Table.create(
                "t",
                StringColumn.create("a<b", "x & y", "<script>\"'"),
                DoubleColumn.create("n", 1234.5678, Double.NaN));
        Document html = parsed(TableHtml.of(table));
        assertEquals(3, html.getElementsByTagName("tr").getLength());
        var cells = html.getElementsByTagName("td");
        assertEquals("x & y", cells.item(0).getTextContent());
        assertEquals("<script>\"'", cells.item(2).getTextContent());
        assertEquals("1235", cells.item(1).getTextContent());
        assertEquals("", cells.item(3).getTextContent(), "missing");
        String style = cells.item(1).getAttributes().getNamedItem("style").getNodeValue();
        assertTrue(style.contains("right"), style);
        assertFalse(TableHtml.of(table).contains("color"), "colours are the page's");
    }

    @Test
    void aLongTableShowsItsEndsAndHowManyRowsThereAre() throws Exception {
        Table table = Table.create(
                "t",
                DoubleColumn.create(
                        "i", IntStream.range(0, 1234).asDoubleStream().toArray()));
        Document html = parsed(TableHtml.of(table));
        assertEquals(1 + 20 + 1, html.getElementsByTagName("tr").getLength());
        assertTrue(html.getDocumentElement().getTextContent().endsWith("… 1,234 rows in all"));
        List<String> lines = TableText.of(table).lines().toList();
        assertEquals(1 + 20 + 2, lines.size());
        assertEquals("1233", lines.get(21));
        assertEquals(21, TableText.of(table.first(20)).lines().count());
    }

    @Test
    void numbersKeepFourFigures() {
        Table table = Table.create("t", DoubleColumn.create("x", 0.00012341, 12.3456, 1e-9, 3, -0.5, 123456.7));
        assertEquals(
                List.of("x", "0.0001234", "12.35", "1.000e-09", "3", "-0.5000", "123457"),
                TableText.of(table).lines().map(String::strip).toList());
    }

    @Test
    void anAuditOfGradientsIsATable() throws Exception {
        var noisy = new GradientAudit.Noisiness(1, 4);
        var report = new GradientAudit.Report(List.of(new GradientAudit.Row("VIMCO", 5, -90, noisy, noisy, 0.5)));
        Rendering rendered = Rendering.of(report);
        Document html = parsed(rendered.html().orElseThrow());
        assertEquals("VIMCO", html.getElementsByTagName("td").item(0).getTextContent());
        assertTrue(rendered.text().contains("posteriorSignalToNoise")
                && rendered.text().contains("0.2500"));
    }

    // ---------------------------------------------------------------- scripts

    @Test
    void inAScriptAPictureBecomesAFileAndTextIsPrinted() throws IOException {
        Notebook.show(CURVES, "words", null);
        Notebook.show(CURVES.picture());
        Path first = temp.resolve("shows/001-curves.png");
        assertEquals(
                List.of(
                        "Curves of y: " + first,
                        "words",
                        "null",
                        CURVES.picture() + ": " + temp.resolve("shows/002-picture.png")),
                printed().lines().toList());
        assertTrue(java.util.Arrays.equals(CURVES.picture().png(), Files.readAllBytes(first)));
    }

    @Test
    void inAScriptTheLiveCurveIsOneFile() throws IOException {
        Run run = Training.of(Grbm.visible(2).hidden(4).init(Noise.seed(7)))
                .minimizing(Dsm.noiseStd(0.1).using(ExactScore.estimator()))
                .on(Datasets.checkerboard(500, Noise.seed(1)))
                .steps(2000)
                .reporting(Notebook.curve())
                .fit(Noise.seed(1));
        assertEquals(Run.Ending.FINISHED, run.ending());
        assertEquals(1, printed().lines().count(), printed());
        try (var files = Files.list(temp.resolve("shows"))) {
            assertEquals(
                    List.of("001-training.png"),
                    files.map(file -> file.getFileName().toString()).toList());
        }
    }

    @Test
    void nothingIsWrittenByInstalling() {
        Notebook.install();
        Notebook.install();
        assertEquals("", printed());
        assertFalse(Files.exists(temp.resolve("shows")));
        org.ebvlm.errors.EbvlmException.hideOurFrames(false);
    }

    // ---------------------------------------------------------------- the line

    @Test
    void theLineSaysStepsRateTimeLeftAndObjective() {
        String line = ProgressLine.of(new Progress(500, 2000, 5, 100, 1.25, new History(), Optional.empty()));
        assertEquals(
                "███░░░░░░░░░  25 %  500 of 2,000 steps  100 a second  15 s left  objective 1.25",
                line.replace("1.250", "1.25"));
    }

    @Test
    void aLineOfAnEndSaysHowAndAfterHowLong() {
        String line = ProgressLine.of(
                new Progress(500, 2000, 90, 500 / 90.0, 1.25, new History(), Optional.of(Run.Ending.STOPPED_EARLY)));
        assertTrue(line.contains("stopped early after 1 min 30 s"), line);
        assertTrue(line.contains("5.6 a second"), line);
    }

    @Test
    void onATerminalTheLineIsWrittenOverAndEndsOnce() {
        var bar = new ProgressBar(new PrintStream(printed, true, StandardCharsets.UTF_8), true);
        bar.accept(new Progress(1, 2, 1, 1, 1, new History(), Optional.empty()));
        bar.accept(new Progress(2, 2, 2, 1, 1, new History(), Optional.of(Run.Ending.FINISHED)));
        assertEquals(2, printed().chars().filter(c -> c == '\r').count());
        assertTrue(printed().endsWith(System.lineSeparator()));
    }

    @Test
    void withoutATerminalALineComesEveryTenSecondsAndAtTheEnd() {
        var bar = new ProgressBar(new PrintStream(printed, true, StandardCharsets.UTF_8), false);
        for (int second = 1; second <= 25; second++) {
            bar.accept(new Progress(second, 25, second, 1, 1, new History(), Optional.empty()));
        }
        bar.accept(new Progress(25, 25, 25, 1, 1, new History(), Optional.of(Run.Ending.FINISHED)));
        assertEquals(3, printed().lines().count(), printed());
    }
}
