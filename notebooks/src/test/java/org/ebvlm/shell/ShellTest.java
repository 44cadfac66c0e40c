package org.ebvlm.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shell in a process of its own, with lines typed into it; a terminal it has not. */
class ShellTest {
    @TempDir
    Path temp;

    /** What the process of these tests runs. */
    static final class Opened {
        private Opened() {}

        public static void main(String[] files) {
            System.exit(Shell.open(List.of(files), () -> {}));
        }
    }

    @Test
    @Timeout(120)
    void aSentenceNeedsNoImportAndEveryNounIsEchoedWhole() throws IOException, InterruptedException {
        Path loaded = Files.writeString(temp.resolve("loaded.jsh"), "int loaded = 17;\n");
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.util.prefs.userRoot=" + temp,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Opened.class.getName(),
                        loaded.toString())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (var typed = process.outputWriter(StandardCharsets.UTF_8)) {
            typed.write("var grbm = Grbm.visible(2).hidden(4).init(seed(7))\n");
            typed.write("loaded + 1\n");
            typed.write("\"x\".repeat(300)\n");
            typed.write("/exit 3\n");
        }
        assertEquals(3, process.waitFor());
        String screen = Files.readString(out);
        assertTrue(screen.contains("grbm ==> Grbm 2/4"), screen);
        assertTrue(screen.contains(" ==> 18"), screen);
        assertTrue(screen.contains("x".repeat(300)), screen);
        assertTrue(screen.startsWith("ebvlm in JShell"), screen);
        assertFalse(screen.contains("Welcome"), screen);
        assertEquals("", Files.readString(err));
    }
}
