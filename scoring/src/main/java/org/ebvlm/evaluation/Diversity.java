package org.ebvlm.evaluation;

import java.util.Arrays;
import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.ShapeException;

/**
 * How varied samples are, and how near to the data: each sample has the label of its nearest neighbour among labelled training
 * rows, in the distance of absolute differences (Li and Turner, 2018, section 4.3, take 500 samples),
 *
 * <pre>
 * p(c)          = share of samples whose nearest neighbour has label c
 * label entropy = -sum over c of p(c) log p(c),   log of the number of labels at most
 * gap           = max over c of p(c) - min over c of p(c)
 * distance      = mean over samples of ||x - nearest||_1
 * </pre>
 *
 * <pre>{@code
 * Diversity.against(images, labels).of(generator.samples(500, seed(3)))
 * }</pre>
 *
 * <p>Labels that the data hold equally often are held so by good samples; a sampler that makes one class has entropy 0. It says nothing of
 * variety within a class: samples that repeat ten training rows score best. Noise has a neighbour, too: read it with the distance. Cost: rows x samples x
 * width subtractions at most; rows that are too far are left early.
 */
public final class Diversity {
    /** Differences that are summed before a row is looked at again. */
    private static final int STRIDE = 28;

    private final Data rows;
    private final float[] values;
    private final int[] labels;
    private final int classes;

    private Diversity(Data rows, int[] labels) {
        this.rows = rows;
        this.values = rows.values();
        this.labels = labels;
        this.classes = Arrays.stream(labels).max().orElseThrow() + 1;
    }

    /**
     * Against labelled rows.
     *
     * @param rows [n, width], mostly the training data
     * @param labels [n, 1], classes counted from 0
     */
    public static Diversity against(Data rows, Data labels) {
        return new Diversity(rows, Labels.of(rows, labels));
    }

    /** Against rows without labels: each row is a label of its own, so that the entropy counts different neighbours. */
    public static Diversity against(Data rows) {
        int[] own = new int[rows.rows()];
        Arrays.setAll(own, i -> i);
        return new Diversity(rows, own);
    }

    /**
     * What was found.
     *
     * @param labelEntropy of the shares, in nats
     * @param gap the largest share less the smallest
     * @param distance mean L1 distance to the nearest row
     * @param distanceError its standard error
     * @param shares p(c), by label
     * @param nearest the nearest row of each sample
     */
    public record Result(
            double labelEntropy, double gap, double distance, double distanceError, double[] shares, int[] nearest) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "label entropy %.3f of %.3f, gap %.3f, distance to the nearest row %.3f (standard error %.2g)",
                    labelEntropy,
                    Math.log(shares.length),
                    gap,
                    distance,
                    distanceError);
        }
    }

    /** Of these samples; [n, width]. */
    public Result of(Data samples) {
        if (samples.width() != rows.width()) {
            throw new ShapeException(Facts.that("Diversity: the samples have another width than the rows")
                    .expected("[n, " + rows.width() + "]")
                    .butWas("[" + samples.rows() + ", " + samples.width() + "] in " + samples.name()));
        }
        int n = samples.rows();
        int[] nearest = new int[n];
        double[] shares = new double[classes];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            Interruption.check("the search of nearest neighbours");
            float[] sample = samples.row(i);
            nearest[i] = nearest(sample);
            shares[labels[nearest[i]]] += 1.0 / n;
            double distance = distance(sample, nearest[i], Float.POSITIVE_INFINITY);
            sum += distance;
            squares += distance * distance;
        }
        double mean = sum / n;
        double error = n > 1 ? Math.sqrt(Math.max(0, squares / n - mean * mean) / (n - 1)) : Double.NaN;
        return new Result(entropy(shares), gap(shares), mean, error, shares, nearest);
    }

    private int nearest(float[] sample) {
        int best = 0;
        float least = Float.POSITIVE_INFINITY;
        for (int row = 0; row < labels.length; row++) {
            float distance = distance(sample, row, least);
            if (distance < least) {
                least = distance;
                best = row;
            }
        }
        return best;
    }

    /** The distance of a sample and a row; something larger than {@code enough} if it is larger than that. */
    private float distance(float[] sample, int row, float enough) {
        int at = row * sample.length;
        float sum = 0;
        for (int from = 0; from < sample.length && sum <= enough; from += STRIDE) {
            sum += difference(sample, at, from, Math.min(sample.length, from + STRIDE));
        }
        return sum;
    }

    /** A part of it, in four sums, none of which waits for another. */
    private float difference(float[] sample, int at, int from, int to) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int j = from;
        for (; j + 3 < to; j += 4) {
            a += Math.abs(sample[j] - values[at + j]);
            b += Math.abs(sample[j + 1] - values[at + j + 1]);
            c += Math.abs(sample[j + 2] - values[at + j + 2]);
            d += Math.abs(sample[j + 3] - values[at + j + 3]);
        }
        for (; j < to; j++) {
            a += Math.abs(sample[j] - values[at + j]);
        }
        return a + b + (c + d);
    }

    /** -sum over c of p(c) log p(c). */
    private static double entropy(double[] shares) {
        double sum = 0;
        for (double p : shares) {
            sum -= p > 0 ? p * Math.log(p) : 0;
        }
        return sum;
    }

    private static double gap(double[] shares) {
        return Arrays.stream(shares).max().orElseThrow()
                - Arrays.stream(shares).min().orElseThrow();
    }

    @Override
    public String toString() {
        return "Diversity against " + rows.rows() + " rows of " + rows.name() + ", " + classes + " labels";
    }
}
