package org.ebvlm.training;

/** Something that is measured of a model now and then while it trains. */
public interface Evaluation {

    /** What the history calls it. */
    String name();

    /** Measures the model as it is now. */
    Measurement measure(Snapshot snapshot);
}
