package org.ebvlm.bayes;

import org.ebvlm.graph.Expr;

/**
 * The entropy's gradient by score matching of a kernel exponential family, log q(y) = sum over k of a_k k(y, x_k) + const,
 * with the Gaussian kernel of bandwidth h (Li and Turner, 2018, appendix). In units of h, with S = X X' and . elementwise,
 *
 * <pre>
 * Sigma = (K K).S - (K.S) K - K (K.S) + K diag(S) K,   v_k = sum over j of K_jk (width - ||x_k - x_j||^2)
 * a     = (Sigma + ridge I)^-1 v,   G_i = sum over k of a_k K_ik (x_k - x_i)
 * </pre>
 *
 * <p>The estimate {@link org.ebvlm.implicit.KernelScoreMatching} makes, within the graph; the equations are solved by
 * conjugate gradients, written out. Single precision wants a ridge that is not small against Sigma.
 */
public final class ScoreMatchingEntropy implements EntropyTerm {
    private static final double TINY = 1e-30;

    private final double factor;
    private final double bandwidth;
    private final double ridge;
    private final int steps;

    private ScoreMatchingEntropy(double factor, double bandwidth, double ridge, int steps) {
        this.factor = factor;
        this.bandwidth = bandwidth;
        this.ridge = ridge;
        this.steps = steps;
    }

    /** With a bandwidth of so many root mean squared distances of the batch; ridge 1, 30 steps. */
    public static ScoreMatchingEntropy lengths(double number) {
        return new ScoreMatchingEntropy(Settings.positive("ScoreMatchingEntropy.lengths", number), 0, 1, 30);
    }

    /** With the same bandwidth for all batches; ridge 1, 30 steps. */
    public static ScoreMatchingEntropy bandwidth(double length) {
        return new ScoreMatchingEntropy(1, Settings.positive("ScoreMatchingEntropy.bandwidth", length), 1, 30);
    }

    /** What is added to the diagonal of Sigma. */
    public ScoreMatchingEntropy ridge(double value) {
        return new ScoreMatchingEntropy(
                factor, bandwidth, Settings.positive("ScoreMatchingEntropy.ridge", value), steps);
    }

    /** How many steps of conjugate gradients; as many as there are samples solve the equations to rounding. */
    public ScoreMatchingEntropy steps(int number) {
        return new ScoreMatchingEntropy(
                factor, bandwidth, ridge, Settings.atLeast(1, "ScoreMatchingEntropy.steps", number));
    }

    @Override
    public String name() {
        return "score matching";
    }

    @Override
    public Expr score(Expr samples) {
        Batch batch = Batch.of(samples, factor, bandwidth);
        Expr x = batch.x;
        Expr k = batch.squaredDistances.times(-0.5).exp();
        Expr s = x.matmul(x, false, true);
        Expr ks = k.times(s);
        Expr squares = x.square().sumKeep(1);
        // K (K.S), whose transpose is (K.S) K
        Expr crossed = k.matmul(ks);
        Expr sigma =
                k.matmul(k).times(s).minus(crossed).minus(crossed.transpose()).plus(k.matmul(k.times(squares)));
        Expr v = k.times(batch.squaredDistances.neg().plus(x.shape(1))).sumKeep(1);
        Expr a = solved(sigma, v);
        // sum over k of a_k K_ik (x_k - x_i)
        return k.matmul(a.times(x))
                .minus(k.matmul(a).times(x))
                .over(batch.length)
                .held();
    }

    /** (Sigma + ridge I)^-1 v by conjugate gradients. */
    private Expr solved(Expr sigma, Expr v) {
        Expr x = v.times(0);
        Expr r = v;
        Expr p = v;
        Expr square = r.square().sum();
        for (int step = 0; step < steps; step++) {
            Expr ap = sigma.matmul(p).plus(p.times(ridge));
            Expr alpha = square.over(p.times(ap).sum().max(TINY));
            x = x.plus(p.times(alpha));
            r = r.minus(ap.times(alpha));
            Expr next = r.square().sum();
            p = r.plus(p.times(next.over(square.max(TINY))));
            square = next;
        }
        return x;
    }

    @Override
    public String toString() {
        return name() + ", ridge " + Settings.number(ridge);
    }
}
