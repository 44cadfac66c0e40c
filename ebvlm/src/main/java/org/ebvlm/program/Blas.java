package org.ebvlm.program;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Large matrix products, and how many threads they may use.
 *
 * <p>OpenBLAS threads wait for each other by spinning, which makes products that are not large slower, and much slower on
 * a busy machine; so smaller ones always run on one thread.
 */
public final class Blas {
    /** Multiplications from which on threads are worth their coordination. */
    private static final long SHARED_WORK = 8_000_000;

    private static int threads = Runtime.getRuntime().availableProcessors();
    private static int present;

    static {
        // ND4J sets the number of threads when it starts; it must not do so after us.
        Nd4j.getBackend();
        Nd4j.create(1);
        present = openblas.blas_get_num_threads();
    }

    private Blas() {}

    /** Threads for products that are worth it; all cores unless said otherwise. */
    public static synchronized void useThreads(int number) {
        if (number < 1) {
            throw new SettingException(
                    Facts.that("Blas.useThreads: too few").expected("1 or more").butWas(number));
        }
        threads = number;
    }

    /** Threads for products that are worth it. */
    public static synchronized int threads() {
        return threads;
    }

    private static synchronized void prepare(long work) {
        int wanted = work < SHARED_WORK ? 1 : threads;
        if (wanted != present) {
            openblas.blas_set_num_threads(wanted);
            present = wanted;
        }
    }

    /** C = A B, all row-major. */
    static void multiply(Product p, FloatPointer a, FloatPointer b, FloatPointer c) {
        prepare(p.work());
        openblas.cblas_sgemm(
                openblas.CblasRowMajor,
                p.transposeA() ? openblas.CblasTrans : openblas.CblasNoTrans,
                p.transposeB() ? openblas.CblasTrans : openblas.CblasNoTrans,
                p.m(),
                p.n(),
                p.k(),
                1f,
                a,
                p.transposeA() ? p.m() : p.k(),
                b,
                p.transposeB() ? p.k() : p.n(),
                0f,
                c,
                p.n());
    }
}
