package org.ebvlm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    /** Every Java block of the README, in order, typed into JShell. */
    @Test
    void theSentencesOfTheReadmeRunInJShell() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        List<String> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(readme);
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        assertFalse(blocks.isEmpty());
        try (JShell shell = JShell.builder()
                .remoteVMOptions("-Djava.awt.headless=true", "-Xmx2g")
                .build()) {
            String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            for (String entry : classPath.split(Pattern.quote(File.pathSeparator), -1)) {
                shell.addToClasspath(entry);
            }
            blocks.forEach(block -> type(shell, block));
            assertEquals("true", value(shell, "run.history().last(\"logLikelihood\") > -5"));
            assertEquals("true", value(shell, "fisher.value() > 0 && fisher.standardError() > 0"));
            assertEquals("200", value(shell, "fit.steps()"));
        }
    }

    private static void type(JShell shell, String text) {
        String rest = text;
        while (!rest.isBlank()) {
            SourceCodeAnalysis.CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            assertTrue(next.completeness().isComplete(), "not complete: " + rest);
            for (SnippetEvent event : shell.eval(next.source())) {
                assertEquals(
                        Snippet.Status.VALID,
                        event.status(),
                        () -> next.source()
                                + shell.diagnostics(event.snippet())
                                        .map(d -> d.getMessage(null))
                                        .toList());
                assertEquals(
                        null,
                        event.exception(),
                        () -> next.source() + ": " + event.exception().getMessage());
            }
            rest = next.remaining();
        }
    }

    private static String value(JShell shell, String expression) {
        return shell.eval(expression).get(0).value();
    }
}
