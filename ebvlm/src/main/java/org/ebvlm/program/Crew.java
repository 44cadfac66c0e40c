package org.ebvlm.program;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Threads that stand by to share out the blocks of a step with the thread that runs a program. Handing over takes a few
 * microseconds and no memory. There is one crew: who finds it at work for another does all by himself.
 */
final class Crew {
    /** Looks at a flag before a thread goes to sleep: some ten microseconds. */
    private static final int SPINS = 2000;

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Helper[] HELPERS = new Helper[Blocked.THREADS];

    private Crew() {}

    /** Work that can be shared out. */
    interface Work {
        /** Does a thread's share. */
        void share(int thread, int threads);
    }

    /** Does all of it, on so many threads, of which the caller is one. */
    static void run(int threads, Work work) {
        if (threads == 1 || !LOCK.tryLock()) {
            work.share(0, 1);
            return;
        }
        try {
            for (int k = 1; k < threads; k++) {
                helper(k).give(work, threads);
            }
            Throwable error = attempt(work, 0, threads);
            for (int k = 1; k < threads; k++) {
                Throwable other = HELPERS[k].await();
                error = error == null ? other : error;
            }
            if (error instanceof Error worst) {
                throw worst;
            } else if (error != null) {
                throw (RuntimeException) error;
            }
        } finally {
            LOCK.unlock();
        }
    }

    private static Helper helper(int k) {
        if (HELPERS[k] == null) {
            HELPERS[k] = new Helper(k);
            HELPERS[k].start();
        }
        return HELPERS[k];
    }

    /** No thread may leave before all are done, so what goes wrong waits. */
    private static Throwable attempt(Work work, int thread, int threads) {
        try {
            work.share(thread, threads);
            return null;
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    /** One who stands by. */
    private static final class Helper extends Thread {
        private final int number;
        private int threads;
        private Thread caller;
        private Throwable error;
        /** Set by the caller, and taken away when it is done. */
        private volatile Work work;

        Helper(int number) {
            super("ebvlm crew " + number);
            this.number = number;
            setDaemon(true);
        }

        void give(Work given, int shares) {
            threads = shares;
            caller = Thread.currentThread();
            work = given;
            LockSupport.unpark(this);
        }

        /** Waits until it is done. An interrupt stays for the caller to see. */
        Throwable await() {
            for (int i = 0; work != null; i++) {
                if (i < SPINS || Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            return error;
        }

        @Override
        public void run() {
            while (true) {
                for (int i = 0; work == null; i++) {
                    if (i < SPINS) {
                        Thread.onSpinWait();
                    } else {
                        LockSupport.park(this);
                    }
                }
                error = attempt(work, number, threads);
                Thread waiting = caller;
                work = null;
                LockSupport.unpark(waiting);
            }
        }
    }
}
