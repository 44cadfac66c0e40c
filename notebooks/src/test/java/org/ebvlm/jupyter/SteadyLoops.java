package org.ebvlm.jupyter;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.ebvlm.graph.Expr;
import org.ebvlm.program.Program;

/**
 * A process that runs short loops of vector operations, which nothing else has called yet, until they allocate nothing or for
 * very long, and says what their last runs allocated at most.
 */
public final class SteadyLoops {
    private static final int RUNS = 5_000;
    private static final int BLOCKS = 40;
    /** The measurement itself allocates a little. */
    private static final long NOTHING = 2_000;

    private SteadyLoops() {}

    /** Prints a number of bytes. */
    public static void main(String[] args) {
        Expr x = Expr.input("x", 24);
        float[] values = new float[x.size()];
        Arrays.fill(values, 0.5f);
        long bytes = 0;
        for (Expr y : List.of(
                x.reciprocal().times(0.3),
                x.max(0.2),
                x.sqrt(),
                x.abs().neg(),
                x.square().minus(3))) {
            try (Program program = Program.of(y)) {
                program.set(x, values);
                bytes = Math.max(bytes, steady(program));
            }
        }
        System.out.println(bytes);
    }

    private static long steady(Program program) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = Long.MAX_VALUE;
        for (int block = 0; block < BLOCKS && bytes > NOTHING; block++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < RUNS; i++) {
                program.run();
            }
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        return bytes;
    }
}
