package org.ebvlm.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other kernel, where its jar is given; it is not fetched by the build. */
class JjavaTest {
    @Test
    void theFirstCellNeedsNoImport(@TempDir Path folder) {
        String jar = System.getProperty("jjava.jar");
        assumeTrue(jar != null, "skipped: no jar of JJava; set -Djjava.jar=<file>");
        Launch launch = Launch.on(Kernels.CLASS_PATH, Path.of(jar));
        try (KernelProcess kernel = KernelProcess.start(launch, folder)) {
            CellRun run = kernel.execute("Grbm.visible(2).hidden(3).init(seed(7)).visible()");
            assertTrue(run.isGood(), () -> run.error().orElse(""));
            assertEquals(1, run.outputs().size(), run.outputs().toString());
        }
    }
}
