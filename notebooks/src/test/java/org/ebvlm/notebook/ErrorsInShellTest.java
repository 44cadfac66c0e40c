package org.ebvlm.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a user of a shell sees of an error: the message, and below it a trace that begins at the user's own line. */
class ErrorsInShellTest {
    private static JShell shell;

    @BeforeAll
    static void start() {
        shell = JShell.builder()
                .remoteVMOptions("-Djava.awt.headless=true", "-Xmx1g")
                .build();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : classPath.split(Pattern.quote(File.pathSeparator), -1)) {
            shell.addToClasspath(entry);
        }
        Imports.statements().forEach(ErrorsInShellTest::type);
        type("Notebook.install();");
    }

    @AfterAll
    static void stop() {
        shell.close();
    }

    /** The error of the last statement, or null. */
    private static EvalException type(String source) {
        EvalException last = null;
        String rest = source;
        while (!rest.isBlank()) {
            SourceCodeAnalysis.CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            for (SnippetEvent event : shell.eval(next.source())) {
                assertEquals(jdk.jshell.Snippet.Status.VALID, event.status(), next.source());
                last = (EvalException) event.exception();
            }
            rest = next.remaining();
        }
        return last;
    }

    private static void assertNoFrameOfOurs(EvalException error) {
        List<String> classes = Arrays.stream(error.getStackTrace())
                .map(StackTraceElement::getClassName)
                .toList();
        assertTrue(classes.stream().noneMatch(name -> name.startsWith("org.ebvlm.")), classes.toString());
        assertTrue(error.getStackTrace().length > 0);
        // "#" and a number is the snippet: the user's own line.
        assertTrue(error.getStackTrace()[0].getFileName().startsWith("#"), error.getStackTrace()[0].toString());
    }

    @Test
    void anErrorBeginsAtTheUsersLineAndItsMessageIsEnough() {
        EvalException error = type("var wrong = Grbm.visible(-3).hidden(4).init(seed(1));");
        assertNoFrameOfOurs(error);
        assertTrue(error.getStackTrace().length <= 3, Arrays.toString(error.getStackTrace()));
        assertEquals("org.ebvlm.errors.SettingException", error.getExceptionClassName());
        assertTrue(error.getMessage().contains("\n  but was  : "), error.getMessage());
    }

    @Test
    void whatGoesWrongInsideAUsersEnergyPointsToTheLineInIt() {
        EvalException error = type("""
                var mine = LatentEnergy.visible(2).binary(3)
                    .weight("W", 2, 3)
                    .energy((g, v, h) -> {
                        var a = v.mmul(g.getVariable("W"));
                        var b = a.add(g.getVariable("bias"));
                        return b.mul(h).sum(1);
                    })
                    .init(seed(7));
                """);
        assertNoFrameOfOurs(error);
        assertEquals("org.ebvlm.errors.GraphException", error.getExceptionClassName());
        assertEquals(5, error.getStackTrace()[0].getLineNumber());
        assertTrue(error.getMessage().contains("these variables: "), error.getMessage());
    }

    @Test
    void aProductOfWrongShapesNamesThemAndPointsToTheSentence() {
        EvalException error = type("""
                var bad = LatentEnergy.visible(2).binary(3)
                    .weight("W", 3, 2)
                    .energy((g, v, h) -> v.mmul(g.getVariable("W")).mul(h).sum(1))
                    .init(seed(7));
                """);
        assertNoFrameOfOurs(error);
        assertEquals("org.ebvlm.errors.ShapeException", error.getExceptionClassName());
        assertTrue(error.getMessage().contains("matmul of inputs that do not fit"), error.getMessage());
        assertTrue(error.getMessage().contains("[6, 2], [3, 2]"), error.getMessage());
    }
}
