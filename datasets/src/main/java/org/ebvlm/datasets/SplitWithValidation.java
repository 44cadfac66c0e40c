package org.ebvlm.datasets;

/**
 * Data in three parts.
 *
 * @param train for fitting
 * @param validation for choosing settings and when to stop
 * @param test for judging, never fitted nor chosen by
 */
public record SplitWithValidation(Data train, Data validation, Data test) {
    /**
     * All parts under the scaling that gives the train part mean 0 and standard deviation 1 in every column.
     *
     * @throws org.ebvlm.errors.DataException if a column of the train part is constant
     */
    public SplitWithValidation standardized() {
        Scaling scaling = Scaling.standardizing(train);
        return new SplitWithValidation(
                Split.standardized(train, scaling),
                Split.standardized(validation, scaling),
                Split.standardized(test, scaling));
    }

    @Override
    public String toString() {
        return train.name() + ": " + train.rows() + " rows to train, " + validation.rows() + " to validate, "
                + test.rows() + " to test, width " + train.width();
    }
}
