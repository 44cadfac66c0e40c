package org.ebvlm.program;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How many cores native operations (large matrix products, convolutions) may use.
 *
 * <p>Native threads wait for each other by spinning, which makes operations that are not large slower, and much slower on
 * a busy machine; so smaller ones always run on one core.
 */
public final class Cores {
    /** Multiplications from which on more cores are worth their coordination. */
    private static final long SHARED_WORK = 8_000_000;

    private static int cores = Runtime.getRuntime().availableProcessors();
    private static int present;

    private Cores() {}

    /** Cores for operations that are worth it; all of them unless said otherwise. */
    public static synchronized void use(int number) {
        if (number < 1) {
            throw new SettingException(
                    Facts.that("Cores.use: too few").expected("1 or more").butWas(number));
        }
        cores = number;
    }

    /** Cores for operations that are worth it. */
    public static synchronized int used() {
        return cores;
    }

    /** Called before each native operation. */
    static synchronized void prepare(long work) {
        int wanted = work < SHARED_WORK ? 1 : cores;
        if (wanted != present) {
            Native.OPS.setOmpNumThreads(wanted);
            present = wanted;
        }
    }

    /** Loaded with the first native operation, and not before. */
    private static final class Native {
        private static final NativeOps OPS;

        static {
            // ND4J sets the number of threads when it starts; it must not do so after us.
            Nd4j.create(1);
            OPS = NativeOpsHolder.getInstance().getDeviceNativeOps();
        }
    }
}
