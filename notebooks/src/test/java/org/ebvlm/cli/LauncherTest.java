package org.ebvlm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's last part, from its flags on, with the classes under test in place of built ones. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
    private static final String FLAGS = "# One list of flags";

    @TempDir
    Path temp;

    private record Answer(int code, String out, String err) {}

    /** Runs the launcher in a shell, as {@code sh -c "COMMAND"} where {@code $ebvlm} stands for it. */
    private Answer shell(String command, Map<String, String> environment) throws IOException, InterruptedException {
        String text = Files.readString(Path.of("..", "bin", "ebvlm"));
        String part = "#!/usr/bin/env bash\nset -euo pipefail\nhome=" + temp + "\njava="
                + Path.of(System.getProperty("java.home"), "bin", "java") + "\nbuilt=" + temp.resolve("classpath.txt")
                + "\n"
                + text.substring(text.indexOf(FLAGS));
        Path launcher = Files.writeString(temp.resolve("launcher"), part);
        Files.writeString(
                temp.resolve("classpath.txt"),
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", command.replace("$ebvlm", "bash " + launcher));
        builder.environment().putAll(environment);
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        int code = process.waitFor();
        // What the virtual machine itself says passes a filter, which may end a moment later.
        Thread.sleep(300);
        return new Answer(code, Files.readString(out), Files.readString(err));
    }

    @Test
    void helpPrintsNothingOnStandardError() throws IOException, InterruptedException {
        Answer answer = shell("$ebvlm --help", Map.of());
        assertEquals(0, answer.code(), answer.err());
        assertEquals("", answer.err());
        assertTrue(answer.out().contains("doctor"), answer.out());
    }

    /** They lie in signed jars, whose check takes longer than all else that help needs from the virtual machine. */
    @Test
    void helpLoadsNoneOfTheCompilersClasses() throws IOException, InterruptedException {
        Answer answer = shell("$ebvlm --help", Map.of("EBVLM_JAVA_OPTIONS", "-Xlog:class+load:stdout"));
        assertTrue(answer.out().contains("org.ebvlm.cli.Startup source:"), answer.out());
        assertFalse(answer.out().contains("org.codehaus"), answer.out());
    }

    @Test
    void anErrorKeepsItsCodeItsOrderAndTheFileItIsWrittenTo() throws IOException, InterruptedException {
        Answer answer = shell("echo before >&2; $ebvlm nonsense; code=$?; echo after >&2; exit $code", Map.of());
        assertEquals(2, answer.code());
        assertTrue(answer.err().startsWith("before\n") && answer.err().endsWith("after\n"), answer.err());
        assertTrue(answer.err().contains("nonsense"), answer.err());
    }

    @Test
    void whatTheVirtualMachineSaysComesThrough() throws IOException, InterruptedException {
        Answer answer = shell("$ebvlm --version", Map.of("EBVLM_JAVA_OPTIONS", "-XX:Flags=/nowhere"));
        assertEquals(1, answer.code());
        assertTrue(answer.err().contains("/nowhere"), answer.err());
        assertFalse(answer.err().contains("incubator"), answer.err());
    }

    @Test
    void aClosedStandardErrorIsNoError() throws IOException, InterruptedException {
        assertEquals(0, shell("$ebvlm --version 2>&-", Map.of()).code());
        assertEquals(2, shell("$ebvlm nonsense 2>&-", Map.of()).code());
    }
}
