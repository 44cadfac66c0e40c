package org.ebvlm.sampling;

/** Standard deviations of the columns of all rows seen (Welford, 1962). */
final class Scales {
    private final double[] mean;
    private final double[] squares;
    private long rows;

    Scales(int width) {
        mean = new double[width];
        squares = new double[width];
    }

    /** Sees more rows, [n, width]. */
    void see(float[] values) {
        int width = mean.length;
        for (int row = 0; row < values.length; row += width) {
            rows++;
            for (int j = 0; j < width; j++) {
                double off = values[row + j] - mean[j];
                mean[j] += off / rows;
                squares[j] += off * (values[row + j] - mean[j]);
            }
        }
    }

    /** The standard deviation of each column; one where it is zero or not a number. */
    void copyTo(float[] out) {
        for (int j = 0; j < out.length; j++) {
            float std = (float) Math.sqrt(squares[j] / rows);
            out[j] = std > 0 && std < Float.POSITIVE_INFINITY ? std : 1;
        }
    }
}
