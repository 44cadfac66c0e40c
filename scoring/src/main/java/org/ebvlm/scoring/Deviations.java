package org.ebvlm.scoring;

/**
 * Collects repeated estimates of a vector beside the truth (or an unbiased draw of it), d = estimate - truth, in blocks:
 *
 * <pre>
 * || E d ||^2   by the mean over pairs of blocks b != c of  d_b . d_c,      d_b the mean of d in block b
 * </pre>
 *
 * Blocks are independent, so the product has the square of the mean as its mean: the noise of the estimate, which the
 * square of one mean would add, drops out. The standard error is the jackknife over blocks; where there is no bias it is
 * rather too large than too small.
 */
final class Deviations {
    private static final int BLOCKS = 20;

    private final int repeats;
    private final double[][] blocks;
    private final int[] counts = new int[BLOCKS];
    private final double[] estimates;
    private final double[] truths;
    private double squares;
    private int seen;

    /**
     * Nothing yet.
     *
     * @param size of the vector
     * @param repeats that will come: at least two a block
     */
    Deviations(int size, int repeats) {
        this.repeats = repeats;
        blocks = new double[BLOCKS][size];
        estimates = new double[size];
        truths = new double[size];
    }

    /** The fewest repeats. */
    static int fewest() {
        return 2 * BLOCKS;
    }

    void add(float[] estimate, float[] truth) {
        int block = (int) ((long) seen * BLOCKS / repeats);
        double[] sum = blocks[block];
        for (int i = 0; i < sum.length; i++) {
            double gap = (double) estimate[i] - truth[i];
            sum[i] += gap;
            estimates[i] += estimate[i];
            truths[i] += truth[i];
            squares += (double) estimate[i] * estimate[i];
        }
        counts[block]++;
        seen++;
    }

    /**
     * The accuracy found.
     *
     * @param parts squares are divided by it: the rows, if the vector is one of each row
     * @param millis time of one estimate
     */
    Quality accuracy(int parts, double millis) {
        double[] total = new double[estimates.length];
        for (int b = 0; b < BLOCKS; b++) {
            for (int i = 0; i < total.length; i++) {
                blocks[b][i] /= counts[b];
                total[i] += blocks[b][i];
            }
        }
        // d_b . sum over c != b of d_c
        double[] withOthers = new double[BLOCKS];
        double all = 0;
        for (int b = 0; b < BLOCKS; b++) {
            for (int i = 0; i < total.length; i++) {
                withOthers[b] += blocks[b][i] * (total[i] - blocks[b][i]);
            }
            all += withOthers[b];
        }
        double value = all / (BLOCKS * (BLOCKS - 1.0));
        double spread = 0;
        for (int b = 0; b < BLOCKS; b++) {
            double without = (all - 2 * withOthers[b]) / ((BLOCKS - 1.0) * (BLOCKS - 2.0));
            spread += (without - value) * (without - value);
        }
        double error = Math.sqrt((BLOCKS - 1.0) / BLOCKS * spread);
        return new Quality(
                value / parts, error / parts, Math.sqrt(variance() / parts), signal() / Math.sqrt(parts), millis);
    }

    /** ( sum |x|^2 - |sum x|^2 / R ) / (R - 1); what is within rounding of zero is zero. */
    private double variance() {
        double ofSum = 0;
        for (double each : estimates) {
            ofSum += each * each;
        }
        double about = squares - ofSum / seen;
        return about < 1e-11 * squares ? 0 : about / (seen - 1);
    }

    private double signal() {
        double sum = 0;
        for (double each : truths) {
            sum += each / seen * (each / seen);
        }
        return Math.sqrt(sum);
    }
}
