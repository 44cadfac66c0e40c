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
import org.dflib.jjava.jupyter.kernel.util.TextColor;
import org.ebvlm.errors.SettingException;
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
                    new StringStyler("<", "", "", line -> "| "));
        }

        /** As JJava does when a notebook starts it. */
        void begin() {
            installNotebookKernel();
        }

        StringStyler styler() {
            return errorStyler;
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
    void theStreamThatPrintfReturnsIsNobodysResult() {
        kernel.begin();
        Notebook.install();
        assertEquals("", at(kernel.getRenderer().render(System.out), "text/plain"));
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

    /** As JJava wraps what a cell threw: the cell's error is the cause, without its class. */
    private String told(String name, Exception thrown) {
        thrown.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("", "", "#53", 2), new StackTraceElement("java.util.List", "of", "List.java", 7)
        });
        Exception wrapped = new RuntimeException(name + ", " + thrown.getMessage(), thrown);
        return String.join("\n", kernel.formatError(wrapped)).replace(TextColor.RESET_ALL.toString(), "");
    }

    @Test
    void anErrorOfTheToolkitShowsItsMessageOnceAndTheCellsLine() {
        kernel.begin();
        Notebook.install();
        Notebook.install();
        Exception cell = new Exception("Grbm.visible: not a width\n  expected : 1 or more\n  but was  : -1");
        String text = told(SettingException.class.getName(), cell);
        String told = text.substring(text.indexOf('\n') + 1);
        assertEquals(
                "SettingException: Grbm.visible: not a width\n  expected : 1 or more\n  but was  : -1\n    at (#53:2)",
                told);
    }

    @Test
    void anErrorOfSomethingElseIsToldAsJjavaTellsIt() {
        kernel.begin();
        Exception cell = new Exception("Index: 3 Size: 1");
        String before = told("java.lang.IndexOutOfBoundsException", cell);
        Notebook.install();
        String name = "java.lang.IndexOutOfBoundsException";
        // The call of this test differs in its line number.
        assertEquals(before.replaceAll("Test.java:\\d+", ""), told(name, cell).replaceAll("Test.java:\\d+", ""));
        assertTrue(before.contains("| ") && before.contains("at java.util.List.of(List.java:7)"), before);
        assertFalse(told("org.ebvlm.errors.NoSuchError", cell).startsWith("NoSuchError"));
        assertTrue(told("org.ebvlm.errors.NoSuchError", cell).contains("java.util.List.of"));
    }

    @Test
    void aCellThatDoesNotCompileIsMarkedAsJjavaMarksIt() {
        kernel.begin();
        Notebook.install();
        StringStyler styler = kernel.styler();
        assertEquals(
                "| <int x = " + TextColor.RESET_ALL,
                styler.primaryLines("int x = ").get(0));
        assertEquals("<a" + TextColor.RESET_ALL + "b" + TextColor.RESET_ALL, styler.highlightSubstring("ab", 1, 2));
    }
}
