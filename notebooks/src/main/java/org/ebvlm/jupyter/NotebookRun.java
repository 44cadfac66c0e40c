package org.ebvlm.jupyter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A notebook executed from its first cell to its last, or to the first that errs.
 *
 * @param notebook what was executed
 * @param cells what came of each cell of code, in order
 * @param ready seconds until the kernel answered
 * @param seconds seconds that the cells took
 */
public record NotebookRun(NotebookFile notebook, List<CellRun> cells, double ready, double seconds) {
    /** Copies the list. */
    public NotebookRun {
        cells = List.copyOf(cells);
    }

    /**
     * Executes a notebook in a kernel of its own.
     *
     * @param folder where the kernel runs; paths in cells are relative to it
     * @param longest how long a cell may take
     */
    public static NotebookRun of(NotebookFile notebook, Launch launch, Path folder, Duration longest) {
        long began = System.nanoTime();
        try (KernelProcess kernel = KernelProcess.start(launch, folder)) {
            long answered = System.nanoTime();
            List<CellRun> cells = new ArrayList<>();
            for (String source : notebook.sources()) {
                cells.add(kernel.execute(source, longest, type -> {}));
                if (!cells.get(cells.size() - 1).isGood()) {
                    break;
                }
            }
            return new NotebookRun(notebook, cells, (answered - began) * 1e-9, (System.nanoTime() - answered) * 1e-9);
        }
    }

    /** The first error, with the number of its cell; empty if every cell ended well. */
    public Optional<String> failure() {
        for (int i = 0; i < cells.size(); i++) {
            if (!cells.get(i).isGood()) {
                return Optional.of(
                        "cell " + (i + 1) + " erred\n" + cells.get(i).error().orElse(""));
            }
        }
        return Optional.empty();
    }

    /** The notebook with its outputs. Only if every cell ended well. */
    public NotebookFile executed() {
        return notebook.executed(cells);
    }
}
