package org.ebvlm.program;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How much garbage code makes once it is compiled: vectors that the compiler keeps on the heap show here. */
final class Allocations {
    private static final int CALLS = 100;
    private static final int TRIES = 20_000;

    private Allocations() {}

    /** Bytes that a hundred calls allocate; they are repeated until that is nothing, or for a very long time. */
    static long ofCompiled(Runnable code) {
        ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = Long.MAX_VALUE;
        for (int i = 0; i < TRIES && bytes > 0; i++) {
            long before = bean.getCurrentThreadAllocatedBytes();
            for (int j = 0; j < CALLS; j++) {
                code.run();
            }
            bytes = bean.getCurrentThreadAllocatedBytes() - before;
        }
        return bytes;
    }
}
