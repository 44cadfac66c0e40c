package org.ebvlm.datasets;

import java.util.Arrays;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;

/**
 * An affine change of units, column by column: {@code (x - mean) / std}. It can be undone, so that a model's samples go
 * back to the units of the data.
 *
 * <pre>{@code
 * var wine = Datasets.csv(path).standardized();
 * var likeWine = wine.scaling().orElseThrow().invert(samples);
 * }</pre>
 */
public final class Scaling {
    private final double[] mean;
    private final double[] std;

    private Scaling(double[] mean, double[] std) {
        this.mean = mean;
        this.std = std;
    }

    /**
     * A scaling by given numbers.
     *
     * @param mean what becomes zero, one a column
     * @param std the length that becomes one, positive, one a column
     * @throws org.ebvlm.errors.ShapeException if the two differ in length
     * @throws org.ebvlm.errors.SettingException if a std is not positive
     */
    public static Scaling of(double[] mean, double[] std) {
        Require.width("Scaling.of: std", mean.length, std.length);
        for (double s : std) {
            Require.positive("Scaling.of: std", s);
        }
        return new Scaling(mean.clone(), std.clone());
    }

    /**
     * The scaling under which every column of these data has mean 0 and standard deviation 1 (the population's: divided
     * by n).
     *
     * @throws DataException if a column is constant
     */
    public static Scaling standardizing(Data data) {
        for (int j = 0; j < data.width(); j++) {
            refuseConstant(data, j);
        }
        return centring(data);
    }

    /** As {@link #standardizing}, but a constant column is shifted alone and keeps its unit. */
    public static Scaling centring(Data data) {
        double[] mean = new double[data.width()];
        double[] std = new double[data.width()];
        for (int j = 0; j < data.width(); j++) {
            mean[j] = mean(data, j);
            std[j] = data.constant(j) ? 1 : Math.sqrt(variance(data, j, mean[j]));
        }
        return new Scaling(mean, std);
    }

    /** The one scaling of all columns alike that maps [low, high] to [newLow, newHigh]. */
    static Scaling ofRange(int width, double low, double high, double newLow, double newHigh) {
        double unit = (high - low) / (newHigh - newLow);
        double[] mean = new double[width];
        double[] std = new double[width];
        Arrays.fill(mean, low - newLow * unit);
        Arrays.fill(std, unit);
        return new Scaling(mean, std);
    }

    /** Columns scaled. */
    public int width() {
        return mean.length;
    }

    /** What becomes zero, one a column. */
    public double[] mean() {
        return mean.clone();
    }

    /** The length that becomes one, one a column. */
    public double[] std() {
        return std.clone();
    }

    double mean(int column) {
        return mean[column];
    }

    double std(int column) {
        return std[column];
    }

    /**
     * These data in the new units.
     *
     * @throws org.ebvlm.errors.ShapeException if they have another width
     */
    public Data apply(Data data) {
        return data.rescaled(this, "rescaled");
    }

    /**
     * Data in the new units, back in the old ones.
     *
     * @throws org.ebvlm.errors.ShapeException if they have another width
     */
    public Data invert(Data data) {
        return data.rescaled(inverse(), "scaling undone");
    }

    /** The scaling that undoes this one. */
    public Scaling inverse() {
        // x = y std + mean = (y - (-mean / std)) / (1 / std)
        double[] inverseMean = new double[width()];
        double[] inverseStd = new double[width()];
        for (int j = 0; j < width(); j++) {
            inverseMean[j] = -mean[j] / std[j];
            inverseStd[j] = 1 / std[j];
        }
        return new Scaling(inverseMean, inverseStd);
    }

    /**
     * This scaling, then another, as one.
     *
     * @throws org.ebvlm.errors.ShapeException if they differ in width
     */
    public Scaling then(Scaling next) {
        Require.width("Scaling.then: the next scaling", width(), next.width());
        // ((x - m) / s - n) / t = (x - (m + n s)) / (s t)
        double[] jointMean = new double[width()];
        double[] jointStd = new double[width()];
        for (int j = 0; j < width(); j++) {
            jointMean[j] = mean[j] + next.mean[j] * std[j];
            jointStd[j] = std[j] * next.std[j];
        }
        return new Scaling(jointMean, jointStd);
    }

    Scaling keeping(int[] columns) {
        return new Scaling(
                Arrays.stream(columns).mapToDouble(j -> mean[j]).toArray(),
                Arrays.stream(columns).mapToDouble(j -> std[j]).toArray());
    }

    @Override
    public String toString() {
        return "Scaling of " + width() + " columns: means " + brief(mean) + ", stds " + brief(std);
    }

    private static String brief(double[] numbers) {
        String few = Arrays.toString(Arrays.copyOf(numbers, Math.min(4, numbers.length)));
        return numbers.length > 4 ? few.replace("]", ", ...]") : few;
    }

    private static void refuseConstant(Data data, int column) {
        if (data.constant(column)) {
            throw new DataException(Facts.that("Data.standardized: column " + data.columnName(column) + " is constant")
                    .expected("at least two different values in every column of " + data.name())
                    .butWas(data.at(0, column) + " in all " + data.rows() + " rows")
                    .hint("leave such columns out first: data.withoutConstantColumns()"));
        }
    }

    private static double mean(Data data, int column) {
        double sum = 0;
        for (int i = 0; i < data.rows(); i++) {
            sum += data.at(i, column);
        }
        return sum / data.rows();
    }

    private static double variance(Data data, int column, double mean) {
        double sum = 0;
        for (int i = 0; i < data.rows(); i++) {
            double difference = data.at(i, column) - mean;
            sum += difference * difference;
        }
        return sum / data.rows();
    }
}
