package org.ebvlm.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every notebook of the repository, executed as Jupyter would, each in a kernel of its own. */
class NotebooksTest {
    private static final Path FOLDER = Path.of("").toAbsolutePath();

    private static List<Path> notebooks() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".ipynb"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void thereAreNotebooks() throws IOException {
        assertFalse(notebooks().isEmpty(), "no *.ipynb in " + FOLDER);
    }

    @TestFactory
    Stream<DynamicTest> everyCellRunsAndGivesWhatIsStored() throws IOException {
        return notebooks().stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
    }

    private static void check(Path file) throws IOException {
        NotebookFile notebook = NotebookFile.read(file);
        assertFalse(notebook.sources().isEmpty(), "no cells of code");
        NotebookRun run = NotebookRun.of(notebook, Kernels.LAUNCH, FOLDER, Duration.ofMinutes(5));
        assertEquals(List.of(), NotebookAudit.complaints(run));
        assertEquals(notebook.sources().size(), run.cells().size());
        assertTrue(
                Files.readString(file).equals(notebook.text()),
                file + " is not stored as 'ebvlm notebook run' stores it");
    }
}
