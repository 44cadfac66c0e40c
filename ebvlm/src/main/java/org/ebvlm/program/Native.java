package org.ebvlm.program;

import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J's native operations, called directly: its executioner leaves garbage behind each time. */
final class Native {
    private static final NativeOps OPS;

    static {
        // ND4J sets the number of threads when it starts; it must not do so after us.
        Nd4j.create(1);
        OPS = NativeOpsHolder.getInstance().getDeviceNativeOps();
    }

    /** Set for each calling thread by itself, as OpenMP does. */
    private static final ThreadLocal<int[]> THREADS = ThreadLocal.withInitial(() -> new int[1]);

    private Native() {}

    /** Runs an operation on a number of cores. */
    static void run(long operation, Pointer context, int cores) {
        useThreads(cores);
        if (OPS.execCustomOp2(null, operation, context) != 0) {
            throw new IllegalStateException("a native operation failed: " + OPS.lastErrorMessage());
        }
    }

    private static void useThreads(int number) {
        int[] present = THREADS.get();
        if (number != present[0]) {
            OPS.setOmpNumThreads(number);
            present[0] = number;
        }
    }
}
