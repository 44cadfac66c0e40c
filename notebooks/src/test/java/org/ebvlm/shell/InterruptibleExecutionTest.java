package org.ebvlm.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Public, since snippets see it. */
@Timeout(30)
public class InterruptibleExecutionTest {
    /** Opens when a snippet is at work. */
    public static volatile CountDownLatch begun;

    private static final String HERE = "org.ebvlm.shell.InterruptibleExecutionTest.";

    private JShell shell;

    @BeforeEach
    void open() {
        begun = new CountDownLatch(1);
        InterruptibleExecution.after(() -> {});
        shell = JShell.builder().executionEngine(InterruptibleExecution.NAME).build();
        shell.addToClasspath(System.getProperty("java.class.path"));
    }

    @AfterEach
    void close() {
        shell.close();
    }

    /** As a training does: works until it is interrupted, and gives what it has. */
    public static String untilInterrupted() {
        begun.countDown();
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
        return "so far";
    }

    private List<SnippetEvent> stopped(String source) throws InterruptedException {
        AtomicReference<List<SnippetEvent>> events = new AtomicReference<>();
        Thread typing = new Thread(() -> events.set(shell.eval(source)));
        typing.start();
        begun.await();
        shell.stop();
        typing.join();
        return events.get();
    }

    @Test
    void whatHeedsAnInterruptGivesWhatItHas() throws InterruptedException {
        List<SnippetEvent> events = stopped("var run = " + HERE + "untilInterrupted();");
        assertEquals("\"so far\"", events.get(0).value());
        assertEquals(
                "false",
                shell.eval("Thread.currentThread().isInterrupted()").get(0).value());
    }

    @Test
    void whatDoesNotHeedItIsBrokenOff() throws InterruptedException {
        stopped("{ " + HERE + "begun.countDown(); while (true) { } }");
        assertEquals("3", shell.eval("1 + 2").get(0).value());
    }

    @Test
    void theFirstLineWaitsForWhatMustBeReady() {
        int[] calls = new int[1];
        InterruptibleExecution.after(() -> calls[0]++);
        try (JShell other =
                JShell.builder().executionEngine(InterruptibleExecution.NAME).build()) {
            assertEquals("2", other.eval("1 + 1").get(0).value());
        }
        assertTrue(calls[0] > 0);
    }
}
