package org.ebvlm.shell;

import java.util.Map;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * Runs what is typed in this virtual machine, which has the toolkit's class path and flags already, and not in a second
 * one beside it; and interrupts it the way a notebook does, so that a training gives back the run so far. JShell finds it
 * under the name {@value #NAME}. Public because services must be.
 */
public final class InterruptibleExecution implements ExecutionControlProvider {
    /** The name to give to JShell's {@code --execution}. */
    static final String NAME = "ebvlm";

    private static volatile Runnable ready = () -> {};

    /** For the service loader. */
    public InterruptibleExecution() {}

    /** What to wait for before the first line runs. Set it before a shell opens. */
    static void after(Runnable what) {
        ready = what;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
        return new InterruptibleControl(ready);
    }
}
