package org.ebvlm.notebook;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Does things in a thread that nobody interrupts, while the caller waits. For what goes out to a notebook: a thread that is
 * interrupted while it writes to a channel closes that channel, and with it the kernel's only way to its page.
 */
final class Aside {
    private static final ThreadPoolExecutor THREAD =
            new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Aside::daemon);

    static {
        // No thread where there is nothing to do.
        THREAD.allowCoreThreadTimeOut(true);
    }

    private Aside() {}

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "ebvlm display");
        thread.setDaemon(true);
        return thread;
    }

    /** Does it and returns when it is done; an interrupt is left for the caller to see afterwards. */
    static void run(Runnable work) {
        Future<?> done = THREAD.submit(work);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    done.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
