package org.ebvlm.cli;

/** Something to time. */
interface BenchCase extends AutoCloseable {
    /** Does some steps and returns how many. */
    int run();

    /** Frees what lies outside the Java heap. */
    @Override
    default void close() {}
}
