package org.ebvlm.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.ebvlm.picture.Curves;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

/** The bridge on JJava's own classes, without sockets. */
class JjavaScreenTest {
    private static final Curves CURVES = Curves.of("y", new double[] {1, 2}, new double[] {3, 4});

    /** A kernel of JJava's base class. */
    private static final class Kernel extends BaseKernel {
        private DisplayData shown;

        Kernel() {
            super(
                    "test",
                    "1",
                    null,
                    List.of(),
                    null,
                    new JupyterIO(StandardCharsets.UTF_8),
                    new CommManager(),
                    new Renderer(),
                    null,
                    null,
                    false,
                    new StringStyler("", "", "", line -> ""));
        }

        /** As JJava does when a notebook starts it. */
        void begin() {
            installNotebookKernel();
        }

        void end() {
            uninstallNotebookKernel();
        }

        @Override
        public void display(DisplayData data) {
            shown = data;
        }

        @Override
        public Object evalRaw(String code) {
            return code;
        }

        @Override
        public DisplayData inspect(String code, int at, boolean extraDetail) {
            return null;
        }

        @Override
        public ReplacementOptions complete(String code, int at) {
            return null;
        }

        @Override
        public String isComplete(String code) {
            return IS_COMPLETE_YES;
        }
    }

    private final Kernel kernel = new Kernel();

    private static String at(DisplayData data, String mime) {
        Object found = data.getData(MIMEType.parse(mime));
        return found == null ? "" : found.toString();
    }

    @AfterEach
    void goBack() {
        kernel.end();
        Notebook.use(null);
    }

    @Test
    void aKernelThatRunsIsFoundAndShowsPicturesAndTables() {
        kernel.begin();
        Notebook.install();
        DisplayData picture = kernel.getRenderer().render(CURVES);
        assertEquals("Curves of y", at(picture, "text/plain"));
        assertFalse(at(picture, "image/png").isEmpty());
        DisplayData table = kernel.getRenderer().render(Table.create("t", DoubleColumn.create("x", 1.5, 2)));
        assertTrue(at(table, "text/html").startsWith("<table>"), at(table, "text/html"));
    }

    @Test
    void showGoesToTheKernelsDisplay() {
        kernel.begin();
        Notebook.install();
        Notebook.show(CURVES);
        assertEquals("Curves of y", at(kernel.shown, "text/plain"));
        assertFalse(at(kernel.shown, "image/png").isEmpty());
    }

    @Test
    void progressHasAnIdByWhichItIsRenewed() {
        kernel.begin();
        Notebook.install();
        var spot = Notebook.screen().spot();
        spot.show(Rendering.text("one"));
        assertTrue(kernel.shown.hasDisplayId());
        // No page is attached, so nothing arrives; what counts is that JJava's way there takes what it is given.
        spot.show(Rendering.text("two"));
        assertEquals("one", at(kernel.shown, "text/plain"));
    }
}
