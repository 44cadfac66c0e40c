package org.ebvlm.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ebvlm.errors.SettingException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Public, since scripts see it. */
public class ScriptsTest {
    /** What the scripts of these tests leave here, as they run in this virtual machine. */
    public static final List<Object> SEEN = new ArrayList<>();

    private static final String SEE = "org.ebvlm.shell.ScriptsTest.SEEN.add";

    @TempDir
    Path temp;

    private String err;

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    private int run(String name, String text, String... arguments) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Path file = Files.writeString(temp.resolve(name), text);
        try (PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            return Scripts.run(file, List.of(arguments), stream, () -> {});
        } finally {
            err = bytes.toString(StandardCharsets.UTF_8).replace(temp + "/", "");
        }
    }

    @Test
    void aShellScriptFindsEverythingImportedAndItsArguments() throws IOException {
        int code = run("good.jsh", """
                var grbm = Grbm
                    .visible(2)
                    // four
                    .hidden(4).init(seed(7))
                int twice(int x) {
                    return 2 * x;
                }
                SEE(grbm.visible()); SEE(twice(4));
                SEE(List.of(args))
                """.replace("SEE", SEE), "a\"b\\", "--help");
        assertEquals("", err);
        assertEquals(0, code);
        assertEquals(List.of(2, 8, List.of("a\"b\\", "--help")), SEEN);
    }

    @Test
    void aShellScriptStopsAtItsFirstExceptionAndPointsToTheInnermostLineOfTheFile() throws IOException {
        int code = run("bad.jsh", """
                int half(int x) {
                    if (x < 0)
                        throw new IllegalStateException("below", new RuntimeException("inner"));
                    return x / 2;
                }

                SEE("before");
                int y =
                    half(-2);
                SEE("after");
                """.replace("SEE", SEE));
        assertEquals(1, code);
        assertEquals(List.of("before"), SEEN);
        List<String> lines = err.lines().toList();
        assertEquals("bad.jsh:3: java.lang.IllegalStateException: below", lines.get(0));
        assertEquals("    at half(bad.jsh:3)", lines.get(1));
        assertEquals("    at bad.jsh:9", lines.get(2));
        assertEquals("caused by java.lang.RuntimeException: inner", lines.get(3));
    }

    @Test
    void anErrorOfThisToolkitIsToldWithoutFrames() throws IOException {
        assertEquals(1, run("ours.jsh", "\n\nvar grbm = Grbm.visible(2)\n    .hidden(-2).init(seed(1));\n"));
        assertTrue(err.startsWith("ours.jsh:4: SettingException: "), err);
        assertTrue(err.contains("\n  expected : "), err);
        assertTrue(err.lines().noneMatch(line -> line.strip().startsWith("at ")), err);
    }

    @Test
    void whatDoesNotCompileIsToldWithItsLine() throws IOException {
        assertEquals(1, run("compile.jsh", "int x = 1;\n\nint y = x\n    .nothing();\n" + SEE + "(1);\n"));
        assertTrue(err.startsWith("compile.jsh:"), err);
        assertEquals(List.of(), SEEN);
        assertEquals(1, run("unknown.jsh", "int f() { return g(); }\nint a = f();\n"));
        assertEquals("unknown.jsh:2: cannot find method g()\n", err);
        assertEquals(1, run("type.jsh", "\nstrictfp class A extends Nowhere { }\nNowhere n = null;\n"));
        assertTrue(err.startsWith("type.jsh:3: "), err);
    }

    @Test
    void exitGivesItsNumberAlsoFromAFileThatIsOpened() throws IOException {
        Path inner = Files.writeString(temp.resolve("inner.jsh"), "int n = 4;\n/exit n + 1\n");
        assertEquals(5, run("exit.jsh", "/open " + inner + "\n" + SEE + "(1);\n"));
        assertEquals("", err);
        assertEquals(List.of(), SEEN);
        assertEquals(1, run("vars.jsh", "\n/vars\n"));
        assertTrue(err.startsWith("vars.jsh:2: a script cannot do /vars"), err);
    }

    private static final String PROGRAM = """
            import java.util.List;
            public class Program {
                record Pair(int a, int b) {}
                public static void main(String[] args) {
                    SEE(List.of(args));
                    SEE(new Pair(1, 2).b());
                    if (args.length > 1) {
                        org.ebvlm.model.Grbm.visible(2);
                        org.ebvlm.model.Grbm.visible(2).hidden(-2).init(org.ebvlm.noise.Noise.seed(1));
                    }
                    if (args.length > 0) {
                        throw new IllegalStateException(args[0]);
                    }
                }
            }
            """.replace("SEE", SEE);

    @Test
    void aJavaFileRunsItsFirstClass() throws IOException {
        assertEquals(0, run("Program.java", PROGRAM));
        assertEquals("", err);
        assertEquals(List.of(List.of(), 2), SEEN);
        assertEquals(1, run("Program.java", PROGRAM, "why"));
        assertEquals(
                "Program.java:12: java.lang.IllegalStateException: why\n    at Program.main(Program.java:12)\n", err);
        assertEquals(1, run("Program.java", PROGRAM, "a", "b"));
        assertTrue(err.startsWith("Program.java:9: SettingException: "), err);
        assertTrue(err.lines().noneMatch(line -> line.strip().startsWith("at ")), err);
    }

    @Test
    void aJavaFileThatDoesNotCompileIsToldWithItsLine() throws IOException {
        assertEquals(1, run("Bad.java", "class Bad {\n    int x = \"s\";\n}\n"));
        assertTrue(err.startsWith("Bad.java:2: error: "), err);
        assertThrows(SettingException.class, () -> run("Empty.java", "class Empty {}\n"));
    }

    @Test
    void rejectsWhatIsNoScript() {
        assertThrows(SettingException.class, () -> run("script.sh", "echo\n"));
        assertThrows(
                SettingException.class, () -> Scripts.run(temp.resolve("none.jsh"), List.of(), System.err, () -> {}));
    }
}
