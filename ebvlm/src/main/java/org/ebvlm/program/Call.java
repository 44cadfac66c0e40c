package org.ebvlm.program;

/** A step of a program that is a call, with everything it needs made beforehand. */
interface Call extends Step, AutoCloseable {

    /** Takes hold of the program's arrays. An input's array may later be replaced within. */
    void bind(float[][] arrays);

    /** Does the work. */
    void run();

    /** Frees memory outside the Java heap. */
    @Override
    void close();
}
