package org.ebvlm.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.codehaus.commons.compiler.CompileException;
import org.codehaus.janino.SimpleCompiler;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Starts what a training needs and what takes long to start, native code and the compiler of generated text, beside the
 * reading of the command line and the data.
 */
final class Startup {
    private static final Set<String> TRAINING = Set.of("fit", "evaluate", "reproduce", "shell", "run");
    private static final List<Thread> RUNNING = new ArrayList<>();

    private Startup() {}

    /** Starts, if these arguments ask for a training, and comes back at once. */
    static void begin(String... arguments) {
        if (arguments.length > 0
                && TRAINING.contains(arguments[0])
                && !List.of(arguments).contains("--help")) {
            begin("start of native code", () -> Nd4j.create(1));
            begin("start of the compiler", TextCompiler::start);
        }
    }

    private static void begin(String name, Runnable what) {
        Thread thread = new Thread(what, name);
        thread.setDaemon(true);
        // What fails here fails again where it is needed, with a message that says for what.
        thread.setUncaughtExceptionHandler((where, error) -> {});
        thread.start();
        RUNNING.add(thread);
    }

    /** Waits for the native code. No other thread may touch its classes before: two that initialise them at once can lock. */
    static void await() {
        try {
            for (Thread thread : RUNNING) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** In a class of its own: the JVM loads what a class catches with it, here from a signed jar, whose check takes 0.15 s. */
    private static final class TextCompiler {
        static void start() {
            try {
                new SimpleCompiler()
                        .cook(
                                "public final class Start { public static float twice(float[] a) { return 2f * a[0]; } }");
            } catch (CompileException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
