package org.ebvlm.datasets;

/**
 * Labelled rows in two parts.
 *
 * @param train for fitting
 * @param test for judging, never fitted
 */
public record LabelledSplit(Labelled train, Labelled test) {
    @Override
    public String toString() {
        return train.name() + ": " + train.size() + " labelled rows to train, " + test.size() + " to test, width "
                + train.width();
    }
}
