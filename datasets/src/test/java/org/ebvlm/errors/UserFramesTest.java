package org.ebvlm.errors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UserFramesTest {
    private static StackTraceElement frame(String type, String file, int line) {
        return new StackTraceElement(type, "m", file, line);
    }

    /** An error of ND4J inside a user's energy, which the toolkit calls from within a stream. */
    private static final StackTraceElement[] TRACE = {
        frame("org.nd4j.common.base.Preconditions", "Preconditions.java", 1),
        frame("me.Mine", "Mine.java", 12),
        frame("java.util.stream.ReferencePipeline", "ReferencePipeline.java", 3),
        frame("org.ebvlm.model.Blueprint", "Blueprint.java", 4),
        frame("me.Mine", "Mine.java", 30),
        frame("java.lang.reflect.Method", "Method.java", 5)
    };

    @AfterEach
    void show() {
        EbvlmException.hideOurFrames(false);
    }

    @Test
    void aboveTheLowestLineOfOursOnlyTheUsersStand() {
        assertArrayEquals(new StackTraceElement[] {TRACE[1], TRACE[4], TRACE[5]}, UserFrames.of(TRACE));
    }

    @Test
    void aTraceWithoutAUsersLineStaysAsItIs() {
        StackTraceElement[] ours = {TRACE[0], TRACE[3], TRACE[5]};
        assertArrayEquals(ours, UserFrames.of(ours));
    }

    @Test
    void thePlaceIsTheHighestLineOfTheUserUnlessJShellMadeIt() {
        assertEquals(Optional.of("Mine.java, line 12"), UserFrames.place(TRACE));
        assertEquals(
                Optional.empty(),
                UserFrames.place(new StackTraceElement[] {frame("REPL.$JShell$5", "$JShell$5.java", 9), TRACE[1]}));
    }

    @Test
    void whatCameOutOfAUsersCodeSaysWhereInItAndWhatItWas() {
        var theirs = new IllegalStateException("Found null variable");
        theirs.setStackTrace(TRACE);
        EbvlmException.hideOurFrames(true);
        var error = new GraphException(
                Facts.that("the expression could not be written").raisedBy(theirs));
        assertEquals("""
                the expression could not be written
                  cause    : Found null variable
                  kind     : IllegalStateException
                  where    : Mine.java, line 12""", error.getMessage());
        assertEquals(TRACE[1], error.getStackTrace()[0]);
    }

    @Test
    void inPlainJavaTheWholeTraceStands() {
        var error = new GraphException(Facts.that("something"));
        assertTrue(error.getStackTrace()[0].getClassName().startsWith("org.ebvlm."));
    }

    @Test
    void theInterruptIsSpentByTheErrorThatReportsIt() {
        Interruption.check("nothing");
        Thread.currentThread().interrupt();
        var error = assertThrows(InterruptionException.class, () -> Interruption.check("the estimate"));
        assertFalse(Thread.currentThread().isInterrupted());
        List<String> lines = error.getMessage().lines().toList();
        assertEquals("the estimate was interrupted", lines.get(0));
        assertTrue(lines.get(3).startsWith("  hint     : "), error.getMessage());
    }
}
