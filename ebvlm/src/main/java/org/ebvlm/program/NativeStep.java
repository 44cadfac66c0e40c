package org.ebvlm.program;

/** A step of a program that runs as a call of a library, with everything it needs made beforehand. */
interface NativeStep extends Step, AutoCloseable {

    /** Takes hold of the program's arrays, which stay the same for all runs. */
    void bind(float[][] arrays);

    /** Does the work. */
    void run();

    /** Frees memory outside the Java heap. */
    @Override
    void close();
}
