package org.dflib.jjava.distro;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;

/**
 * Stands in for JJava's main class, which Maven does not have: a plain kernel on JShell, on JJava's own base classes and
 * sockets. What touches us is as in JJava 1.0-a6: the startup script runs before the first message, cells run in threads of
 * a pool, an interrupt cancels and reports at once, and what a cell threw is wrapped.
 */
public final class JJava extends BaseKernel {
    private final Cells cells = new Cells();
    private final JShell shell =
            JShell.builder().executionEngine(new Engine(cells), Map.of()).build();

    private JJava() {
        super(
                "stand-in",
                "1.0-a6",
                new LanguageInfo.Builder("Java").version("17").build(),
                List.of(),
                null,
                new JupyterIO(StandardCharsets.UTF_8),
                new CommManager(),
                new Renderer(),
                null,
                null,
                false,
                new StringStyler("", "", "", line -> ""));
    }

    public static void main(String[] arguments) throws Exception {
        String connection = Files.readString(Path.of(arguments[0]));
        JupyterConnection wire = new JupyterConnection(KernelConnectionProperties.parse(connection));
        JJava kernel = new JJava();
        kernel.onStartup();
        kernel.evalRaw("import java.util.*;");
        kernel.evalRaw(System.getenv("JJAVA_STARTUP_SCRIPT"));
        kernel.becomeHandlerForConnection(wire);
        wire.connect();
        wire.waitUntilClose();
    }

    @Override
    public Object evalRaw(String code) {
        SourceCodeAnalysis.CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(code);
        Object result = null;
        while (next.completeness().isComplete()) {
            result = one(next.source());
            next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
        }
        return result;
    }

    private Object one(String source) {
        cells.result = null;
        for (SnippetEvent event : shell.eval(source)) {
            JShellException thrown = event.exception();
            if (thrown instanceof EvalException eval) {
                throw new RuntimeException(eval.getExceptionClassName() + ", " + eval.getMessage(), eval);
            } else if (thrown != null || !event.status().isDefined()) {
                throw new IllegalStateException(source, thrown);
            }
        }
        return cells.result;
    }

    @Override
    public void interrupt() {
        cells.interrupt();
    }

    @Override
    public void onShutdown(boolean restart) {
        super.onShutdown(restart);
        shell.close();
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
        return null;
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
        return null;
    }

    @Override
    public String isComplete(String code) {
        return IS_COMPLETE_MAYBE;
    }

    /** Runs what JShell compiled, in this process. */
    private static final class Cells extends DirectExecutionControl {
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private volatile Future<Object> running;
        private volatile Object result;

        @Override
        protected String invoke(Method snippet) throws Exception {
            running = threads.submit(() -> snippet.invoke(null));
            try {
                result = running.get();
                return "";
            } catch (CancellationException e) {
                throw new UserException("Evaluation interrupted.", "Execution Interrupted", e.getStackTrace());
            } catch (ExecutionException e) {
                Throwable thrown =
                        e.getCause() instanceof InvocationTargetException wrapped ? wrapped.getCause() : e.getCause();
                throw new UserException(thrown.getMessage(), thrown.getClass().getName(), thrown.getStackTrace());
            } finally {
                running = null;
            }
        }

        void interrupt() {
            Future<Object> now = running;
            if (now != null) {
                now.cancel(true);
            }
        }

        @Override
        public void stop() {
            threads.shutdownNow();
        }
    }

    private record Engine(Cells cells) implements ExecutionControlProvider {
        @Override
        public String name() {
            return "cells";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv surroundings, Map<String, String> parameters) {
            return cells;
        }
    }
}
