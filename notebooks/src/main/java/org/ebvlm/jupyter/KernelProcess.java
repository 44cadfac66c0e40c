package org.ebvlm.jupyter;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * A kernel in a process of its own, spoken to over Jupyter's wire protocol, so that notebooks run without Jupyter.
 *
 * <p>One thread executes; {@link #interrupt} may be called from any. Closing asks the kernel to shut down and ends its
 * process if it does not. A kernel that dies raises {@link DataException} with the last it said.
 */
public final class KernelProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int LAST_LINES = 40;

    private final Process process;
    private final Path connectionFile;
    private final Thread ender;
    private final Deque<String> said = new ArrayDeque<>();
    private final Map<String, List<JsonObject>> displays = new HashMap<>();
    private final ZContext context = new ZContext();
    private final Wire wire;
    private final ZMQ.Socket shell;
    private final ZMQ.Socket iopub;
    private final ZMQ.Socket control;

    private KernelProcess(Process process, Path connectionFile, ConnectionFile at) {
        this.process = process;
        this.connectionFile = connectionFile;
        ender = new Thread(() -> {
            process.destroyForcibly();
            delete(connectionFile);
        });
        Runtime.getRuntime().addShutdownHook(ender);
        Thread reader = new Thread(this::listen, "what the kernel says");
        reader.setDaemon(true);
        reader.start();
        context.setLinger(0);
        wire = new Wire(at.key());
        shell = connect(SocketType.DEALER, at.shell());
        control = connect(SocketType.DEALER, at.control());
        iopub = connect(SocketType.SUB, at.iopub());
        iopub.subscribe(ZMQ.SUBSCRIPTION_ALL);
    }

    private ZMQ.Socket connect(SocketType type, int port) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.connect(ConnectionFile.address(port));
        return socket;
    }

    /**
     * Starts a kernel and waits until it answers.
     *
     * @param launch the command line
     * @param folder where it runs; relative paths of cells are relative to it
     */
    public static KernelProcess start(Launch launch, Path folder) {
        ConnectionFile at = ConnectionFile.create();
        KernelProcess kernel = null;
        Path file = null;
        boolean good = false;
        try {
            file = Files.createTempFile("ebvlm-kernel", ".json");
            Files.writeString(file, at.json().toString());
            ProcessBuilder builder = new ProcessBuilder(launch.command(file))
                    .directory(folder.toAbsolutePath().toFile())
                    .redirectErrorStream(true);
            builder.environment().putAll(launch.env());
            kernel = new KernelProcess(builder.start(), file, at);
            kernel.awaitAnswer();
            good = true;
            return kernel;
        } catch (IOException e) {
            throw new DataException(Facts.that("KernelProcess: the kernel cannot be started")
                    .expected("a command that runs: " + launch.argv().get(0))
                    .butWas("an error of the operating system")
                    .causedBy(e));
        } finally {
            if (!good && kernel != null) {
                kernel.end();
            } else if (!good && file != null) {
                delete(file);
            }
        }
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (said) {
                    said.addLast(line);
                    if (said.size() > LAST_LINES) {
                        said.removeFirst();
                    }
                }
            }
        } catch (IOException e) {
            // The process was ended while it spoke.
            return;
        }
    }

    /** The last lines that the process wrote to its own output and error: what Jupyter shows on the server's console. */
    public String console() {
        synchronized (said) {
            return String.join("\n", said);
        }
    }

    /** The process number. */
    public long pid() {
        return process.pid();
    }

    /** Asks again and again: what was published before the subscription arrived is lost. */
    private void awaitAnswer() {
        long end = System.nanoTime() + START.toNanos();
        boolean published = false;
        boolean answered = false;
        while (!published || !answered) {
            check(end, "to start");
            if (!answered || !published) {
                wire.send(shell, wire.message("kernel_info_request", new JsonObject()));
            }
            long next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
            while (System.nanoTime() < next && !(published && answered)) {
                poll();
                published |= wire.receive(iopub) != null;
                answered |= wire.receive(shell) != null;
            }
        }
    }

    private void poll() {
        try (ZMQ.Poller poller = context.createPoller(2)) {
            poller.register(shell, ZMQ.Poller.POLLIN);
            poller.register(iopub, ZMQ.Poller.POLLIN);
            poller.poll(20);
        }
    }

    private void check(long end, String what) {
        if (!process.isAlive()) {
            throw new DataException(Facts.that("KernelProcess: the kernel died")
                    .expected("it " + what)
                    .butWas("exit code " + process.exitValue())
                    .hint("it said:\n" + console()));
        }
        if (System.nanoTime() > end) {
            throw new DataException(Facts.that("KernelProcess: the kernel takes too long " + what)
                    .expected("an answer")
                    .butWas("none")
                    .hint("it said:\n" + console()));
        }
    }

    /** Executes a cell and waits for what it gives, up to ten minutes. */
    public CellRun execute(String source) {
        return execute(source, Duration.ofMinutes(10), message -> {});
    }

    /**
     * Executes a cell.
     *
     * @param longest how long it may take; then it is interrupted, the process ended, and {@link DataException} raised
     * @param listener is told the type of each message that is published meanwhile, such as {@code update_display_data}
     */
    public CellRun execute(String source, Duration longest, Consumer<String> listener) {
        long began = System.nanoTime();
        Message request = wire.message("execute_request", request(source));
        wire.send(shell, request);
        CellOutputs outputs = new CellOutputs(displays);
        Message reply = null;
        boolean idle = false;
        try {
            while (reply == null || !idle) {
                check(began + longest.toNanos(), "to execute a cell");
                poll();
                for (Message next = wire.receive(iopub); next != null; next = wire.receive(iopub)) {
                    if (next.answers(request.id())) {
                        idle |= next.isIdle();
                        outputs.accept(next);
                        listener.accept(next.type());
                    }
                }
                Message answer = wire.receive(shell);
                reply = answer != null && answer.answers(request.id()) ? answer : reply;
            }
        } catch (DataException e) {
            end();
            throw e;
        }
        JsonObject content = reply.content();
        int count =
                content.has("execution_count") ? content.get("execution_count").getAsInt() : 0;
        return new CellRun(source, count, outputs.json(), content, (System.nanoTime() - began) * 1e-9);
    }

    private static JsonObject request(String source) {
        JsonObject content = new JsonObject();
        content.addProperty("code", source);
        content.addProperty("silent", false);
        content.addProperty("store_history", true);
        content.add("user_expressions", new JsonObject());
        content.addProperty("allow_stdin", false);
        content.addProperty("stop_on_error", true);
        return content;
    }

    /** Interrupts the cell that runs, as the stop button does: by a message, since a signal would end the process. */
    public void interrupt() {
        ask("interrupt_request", new JsonObject());
    }

    /** Whether the kernel answered on the control channel. */
    private synchronized boolean ask(String type, JsonObject content) {
        if (context.isClosed()) {
            return false;
        }
        Message request = wire.message(type, content);
        wire.send(control, request);
        control.setReceiveTimeOut((int) ANSWER.toMillis());
        long end = System.nanoTime() + ANSWER.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            Message answer = wire.receive(control);
            if (answer != null && answer.answers(request.id())) {
                return true;
            }
            pause();
        }
        return false;
    }

    private static void pause() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Shuts the kernel down; ends its process if it does not within a few seconds. */
    @Override
    public void close() {
        if (process.isAlive()) {
            JsonObject content = new JsonObject();
            content.addProperty("restart", false);
            ask("shutdown_request", content);
            awaitEnd(3);
        }
        end();
    }

    private void awaitEnd(int seconds) {
        try {
            process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void end() {
        process.destroyForcibly();
        awaitEnd(2);
        context.close();
        try {
            Runtime.getRuntime().removeShutdownHook(ender);
        } catch (IllegalStateException e) {
            // This process ends as well.
            return;
        } finally {
            delete(connectionFile);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
