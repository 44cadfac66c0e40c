package org.ebvlm.implicit;

import org.ebvlm.linear.Matrix;
import org.ebvlm.linear.Precision;

/** Numbers in the precision that they were found in, which is half of the memory where that is single. */
final class Values {
    private final double[] wide;
    private final float[] narrow;

    private Values(double[] wide, float[] narrow) {
        this.wide = wide;
        this.narrow = narrow;
    }

    /** Not to be changed afterwards. */
    static Values of(double[] wide) {
        return new Values(wide, null);
    }

    /** A copy of a matrix's. */
    static Values of(Matrix matrix) {
        return matrix.precision() == Precision.SINGLE
                ? new Values(null, matrix.singleValues())
                : new Values(matrix.values(), null);
    }

    int size() {
        return wide != null ? wide.length : narrow.length;
    }

    /** A copy in double precision. */
    double[] copy() {
        if (wide != null) {
            return wide.clone();
        }
        double[] copy = new double[narrow.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = narrow[i];
        }
        return copy;
    }
}
