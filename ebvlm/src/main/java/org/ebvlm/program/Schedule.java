package org.ebvlm.program;

/** What generated classes implement. Public only because they are loaded by a class loader of their own. */
public interface Schedule {
    /**
     * Runs all steps.
     *
     * @param b the program's arrays
     * @param calls the program's library calls
     */
    void run(float[][] b, Runnable[] calls);
}
