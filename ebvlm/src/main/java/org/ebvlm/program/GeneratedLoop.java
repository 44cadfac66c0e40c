package org.ebvlm.program;

/** What generated classes implement. Public only because they are loaded by a class loader of their own. */
public interface GeneratedLoop {

    /**
     * Runs the loop.
     *
     * @param b the program's arrays
     * @param at which array the loop's first operand is in, where it begins there, then the same of the second, and so on
     */
    void run(float[][] b, int[] at);
}
