package org.ebvlm.datasets;

/**
 * Data in two parts.
 *
 * @param train for fitting
 * @param test for judging, never fitted
 */
public record Split(Data train, Data test) {
    /**
     * Both parts under the scaling that gives the train part mean 0 and standard deviation 1 in every column: the test part
     * has no say in it.
     *
     * @throws org.ebvlm.errors.DataException if a column of the train part is constant
     */
    public Split standardized() {
        Scaling scaling = Scaling.standardizing(train);
        return new Split(standardized(train, scaling), standardized(test, scaling));
    }

    static Data standardized(Data part, Scaling scaling) {
        return part.rescaled(scaling, "standardized by the train part");
    }

    @Override
    public String toString() {
        return train.name() + ": " + train.rows() + " rows to train, " + test.rows() + " to test, width "
                + train.width();
    }
}
