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
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.ebvlm.reproduce.Experiment;
import org.ebvlm.reproduce.Experiments;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    /** A row of a table of three columns; its second cell. */
    private static final Pattern WORDS = Pattern.compile("^\\|[^|]*\\|([^|]*)\\|[^|]*\\|$", Pattern.MULTILINE);

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern REPRODUCE = Pattern.compile("^bin/ebvlm reproduce (\\w[\\w-]*)", Pattern.MULTILINE);
    /** A type that a text about words names. */
    private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]\\w*)[.(`]");

    private static final Pattern NAME = Pattern.compile("^\\| `([\\w-]+)` \\|", Pattern.MULTILINE);

    /** Every Java block of the README, in order, typed into JShell; then every word of its table. */
    @Test
    void theSentencesAndTheWordsOfTheReadmeRunInJShell() throws IOException {
        String readme = read("README.md");
        List<String> blocks = found(BLOCK, readme);
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
            assertEquals("6", value(shell, "audit.rows().size()"));
            assertEquals("true", value(shell, "picture.width() > 0"));
            assertEquals("200", value(shell, "chains.draws()"));
            words(shell, section(readme, "## Words"));
            types(shell, section(readme, "## Words") + read("docs/choosing.md"));
        }
    }

    @Test
    void theReadmeNamesEveryExperiment() throws IOException {
        String readme = read("README.md");
        List<String> called = found(REPRODUCE, readme);
        assertFalse(called.isEmpty());
        called.forEach(Experiments::named);
        String section = section(readme, "## Repeating published experiments");
        assertEquals(Experiments.all().stream().map(Experiment::name).toList(), found(NAME, section));
    }

    /** Says all words of a table. */
    private static void words(JShell shell, String table) {
        type(shell, "var vae = Vae.visible(2).hidden(2).init(seed(7));");
        type(shell, "var sbn = Sbn.visible(4).hidden(3, 2).init(seed(7));");
        type(shell, "import org.ebvlm.bayes.*;");
        type(shell, "import org.ebvlm.evaluation.*;");
        type(shell, "import org.ebvlm.stein.*;");
        type(shell, "var generator = Generator.noise(4).visible(2).init(seed(1));");
        type(shell, "var images = Datasets.glyphs(8, 20, seed(1));");
        type(shell, "var codes = Data.of(\"codes\", new float[6], 3);");
        type(shell, "var labels = new float[20]; labels[0] = 1;");
        type(
                shell,
                "var judge = Classifier.training().channels(2).features(2).steps(1)"
                        + ".fit(images, Data.of(\"labels\", labels, 1), seed(1));");
        List<String> words = found(WORDS, table).stream()
                .flatMap(cell -> found(CODE, cell).stream())
                .toList();
        assertTrue(words.size() > 40, "only " + words);
        type(shell, "Object[] words = {" + String.join(", ", words) + "};");
    }

    /** Every type that a text names is there. */
    private static void types(JShell shell, String text) {
        String names = found(TYPE, text).stream()
                .distinct()
                .map(name -> name + ".class")
                .collect(Collectors.joining(", "));
        type(shell, "Class<?>[] types = {" + names + "};");
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of("..").resolve(file));
    }

    private static String section(String text, String heading) {
        int begin = text.indexOf(heading + "\n");
        assertTrue(begin >= 0, "no section " + heading);
        int end = text.indexOf("\n## ", begin);
        return text.substring(begin, end < 0 ? text.length() : end);
    }

    private static List<String> found(Pattern pattern, String text) {
        List<String> all = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            all.add(matcher.group(1));
        }
        return all;
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
