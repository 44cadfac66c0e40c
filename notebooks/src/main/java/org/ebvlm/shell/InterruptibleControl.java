package org.ebvlm.shell;

import java.lang.reflect.Method;
import java.util.List;
import jdk.jshell.execution.LocalExecutionControl;

/**
 * Stops a snippet gently first. JShell's own way breaks into its code wherever it is, and what a training had learned by
 * then is lost. Here its threads are interrupted, and only what has not ended a moment later is broken off.
 */
final class InterruptibleControl extends LocalExecutionControl {
    /** What JShell calls the group of the threads in which it runs a snippet. */
    private static final String GROUP = "JShell process local execution";

    private static final int MILLISECONDS_TO_END = 2000;

    private final Object lock = new Object();
    private final Runnable ready;
    private boolean running;

    /**
     * Waits for nothing but what is given.
     *
     * @param ready returns when the first snippet may run; called before each
     */
    InterruptibleControl(Runnable ready) {
        this.ready = ready;
    }

    @Override
    protected String invoke(Method snippet) throws Exception {
        ready.run();
        return super.invoke(snippet);
    }

    @Override
    public void stop() throws EngineTerminationException, InternalException {
        threads().forEach(Thread::interrupt);
        if (!ended()) {
            super.stop();
        }
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getThreadGroup() != null
                        && GROUP.equals(thread.getThreadGroup().getName()))
                .toList();
    }

    private boolean ended() {
        long until = System.nanoTime() + MILLISECONDS_TO_END * 1_000_000L;
        synchronized (lock) {
            try {
                while (running && System.nanoTime() < until) {
                    lock.wait(20);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return !running;
        }
    }

    @Override
    protected void clientCodeEnter() {
        super.clientCodeEnter();
        running(true);
    }

    @Override
    protected void clientCodeLeave() {
        super.clientCodeLeave();
        running(false);
    }

    private void running(boolean now) {
        synchronized (lock) {
            running = now;
            lock.notifyAll();
        }
    }
}
