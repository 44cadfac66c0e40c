package org.ebvlm.bayes;

import org.ebvlm.graph.Expr;

/**
 * The entropy's gradient by the slope of a Gaussian kernel density estimate of the samples,
 *
 * <pre>G_i = sum over j of k_ij (x_j - x_i) / (h^2 sum over j of k_ij),   k_ij = exp(-||x_i - x_j||^2 / (2 h^2))</pre>
 *
 * <p>The estimate {@link org.ebvlm.implicit.Kde} makes, within the graph. Where h is as long as distances between samples
 * are, it is far too small in many dimensions: about one part in two in width one, one in 2 width + 1 with h the median
 * distance. So it counts the entropy too little, and what is trained with it is too narrow.
 */
public final class KdeEntropy implements EntropyTerm {
    private final double factor;
    private final double bandwidth;

    private KdeEntropy(double factor, double bandwidth) {
        this.factor = factor;
        this.bandwidth = bandwidth;
    }

    /** With a bandwidth of so many root mean squared distances of the batch. */
    public static KdeEntropy lengths(double number) {
        return new KdeEntropy(Settings.positive("KdeEntropy.lengths", number), 0);
    }

    /** With the same bandwidth for all batches. */
    public static KdeEntropy bandwidth(double length) {
        return new KdeEntropy(1, Settings.positive("KdeEntropy.bandwidth", length));
    }

    @Override
    public String name() {
        return "kernel density";
    }

    @Override
    public Expr score(Expr x) {
        Batch batch = Batch.of(x, factor, bandwidth);
        Expr k = batch.squaredDistances.times(-0.5).exp();
        // In units of the length: (K X / K 1 - X), and by it once more.
        return k.matmul(batch.x)
                .over(k.sumKeep(1))
                .minus(batch.x)
                .over(batch.length)
                .held();
    }

    @Override
    public String toString() {
        return name();
    }
}
