package org.ebvlm.jupyter;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What the kernel's Java process runs: IJava, or JJava when its jar takes the place of IJava's. Native code and the
 * imports are made ready beside the first handshake with Jupyter, so that the first cell need not do it.
 *
 * <p>A kernel whose Jupyter is gone ends itself: else a server that crashed leaves a Java process behind.
 */
public final class KernelMain {
    /** Where JJava's main class has been in its releases. */
    private static final List<String> JJAVA = List.of("org.dflib.jjava.distro.JJava", "org.dflib.jjava.JJava");

    private static final String IJAVA = "io.github.spencerpark.ijava.IJava";

    /** Makes native code ready; null where JJava was not started by this class. */
    static volatile Thread natives;

    private KernelMain() {}

    /**
     * Serves a kernel until Jupyter shuts it down.
     *
     * @param arguments the connection file
     */
    public static void main(String[] arguments) throws Exception {
        // Both kernels announce their loops on the server's console at INFO.
        Logger.getLogger("").setLevel(Level.WARNING);
        endWithParent();
        natives = FirstUse.begin();
        if (isThere(IJAVA)) {
            ReadyKernel.serve(arguments, natives);
        } else {
            main(JJAVA, arguments);
        }
    }

    private static void main(List<String> names, String... arguments) throws Exception {
        String name = names.stream()
                .filter(KernelMain::isThere)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no Jupyter kernel on the class path: neither IJava nor JJava; run: ebvlm kernel install"));
        try {
            Class.forName(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        // A cell that was given up may work on, and would keep the process.
        System.exit(0);
    }

    /**
     * Waits until native code is ready. JJava's startup script calls it: two threads that initialise the classes of native
     * code at once can lock each other.
     */
    public static void awaitNatives() throws InterruptedException {
        if (natives != null) {
            natives.join();
        }
    }

    private static boolean isThere(String name) {
        return KernelMain.class.getClassLoader().getResource(name.replace('.', '/') + ".class") != null;
    }

    /** Jupyter leaves its process number in the environment; on Windows it is not one, but a handle. */
    private static void endWithParent() {
        String parent = System.getenv("JPY_PARENT_PID");
        if (parent != null
                && parent.matches("\\d{1,18}")
                && !System.getProperty("os.name").startsWith("Windows")) {
            ProcessHandle.of(Long.parseLong(parent)).ifPresent(KernelMain::endWith);
        }
    }

    private static void endWith(ProcessHandle jupyter) {
        Thread thread = new Thread(
                () -> {
                    jupyter.onExit().join();
                    Runtime.getRuntime().halt(0);
                },
                "end with Jupyter");
        thread.setDaemon(true);
        thread.start();
    }
}
