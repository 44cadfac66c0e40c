package org.ebvlm.reproduce;

/** One of the field's experiments, with the published settings, that anyone can repeat by name. */
public interface Experiment {

    /** How it is asked for. */
    String name();

    /** What it shows, in one line. */
    String title();

    /** The file it reads, in words; empty if it makes its data itself. */
    default String needs() {
        return "";
    }

    /** Does it, and tells what came out. */
    void run(Account account);
}
