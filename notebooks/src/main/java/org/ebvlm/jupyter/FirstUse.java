package org.ebvlm.jupyter;

import org.ebvlm.graph.Expr;
import org.ebvlm.program.Program;
import org.nd4j.linalg.factory.Nd4j;

/** The first use of what takes long to start: native code, and the compiler of generated loops. */
public final class FirstUse {
    private FirstUse() {}

    /**
     * Multiplies two matrices by ND4J and runs a small program. The very first time on a machine this unpacks about 400 MB
     * of native code.
     *
     * @return how long it took, in seconds
     */
    public static double now() {
        long began = System.nanoTime();
        double product = Nd4j.ones(2, 3).mmul(Nd4j.ones(3, 2)).getDouble(0);
        Expr a = Expr.input("a", 2, 2);
        try (Program program = Program.of(a.matmul(a).tanh().times(2))) {
            program.set(a, new float[] {1, 0, 0, 1});
            program.run();
        }
        if (product != 3) {
            throw new IllegalStateException("a product of ones is wrong: " + product);
        }
        return (System.nanoTime() - began) * 1e-9;
    }

    /** Starts it on a thread of its own. What fails here fails again, and is shown, where it is needed. */
    static Thread begin() {
        Thread thread = new Thread(FirstUse::now, "first use of native code");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((where, error) -> {});
        thread.start();
        return thread;
    }
}
