package org.ebvlm.implicit;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.Settings;
import org.ebvlm.graph.Expr;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.scoring.Rbf;

/**
 * The gradient of the entropy H of a sampler x = g(noise; phi) whose density nobody knows, as a term of a loss (Li and Turner,
 * 2018, section 3.1): with the {@link Stein} estimate G of the score at a batch of its samples,
 *
 * <pre>
 * dH/dphi = -E[ s(x)' dx/dphi ],   surrogate = -(1/n) sum over i of held(G_i) . x_i
 * </pre>
 *
 * is a number whose parameter gradient estimates dH/dphi. Its value means nothing. Add it to what is to be made large:
 *
 * <pre>{@code
 * Expr x = generator.apply(noise);
 * Expr gain = model.freeEnergy(x).neg().mean().plus(EntropyGradient.kernel(Rbf.medianHeuristic()).surrogate(x));
 * Phase.of("sampler", generator, gain.neg(), gain);      // goes down KL(sampler || model)
 * }</pre>
 *
 * <p>All within the graph, so that it compiles with the rest of the step: the equations (K + ridge I) G = -D are solved by
 * some steps of conjugate gradients, each a product with K, written out. Single precision is enough, as the condition number
 * is (n + ridge) / ridge at most.
 *
 * <p>The kernel lends its shape. Its length is the root of the mean squared distance of the batch's different rows, times a
 * factor; that moves with the sampler while it learns and needs no sorting. With {@link #bandwidth} it stays.
 *
 * <p>Bias: the estimate shrinks the score by about ridge / (n times the kernel's share in it), so the entropy counts a little
 * too little. Batches of about 100 do; the cost of a step is n^2 d times the number of steps.
 */
public final class EntropyGradient {
    private static final double TINY = 1e-30;

    private final Rule rule;
    private final Kernel shape;
    private final double ridge;
    private final int steps;
    private final double factor;
    private final double bandwidth;

    /** Where the score comes from. */
    private enum Rule {
        STEIN("entropy gradient"),
        DENSITY("entropy gradient by kernel density"),
        SCORE_MATCHING("entropy gradient by score matching"),
        NONE("no entropy gradient");

        private final String text;

        Rule(String text) {
            this.text = text;
        }
    }

    private EntropyGradient(Rule rule, Kernel shape, double ridge, int steps, double factor, double bandwidth) {
        this.rule = rule;
        this.shape = shape;
        this.ridge = ridge;
        this.steps = steps;
        this.factor = factor;
        this.bandwidth = bandwidth;
    }

    /**
     * With the shape of a kernel; whatever its bandwidth, the batch's takes its place. Ridge 1, 20 steps. Conjugate gradients ask for
     * a positive definite matrix, so a kernel that is not always so needs a ridge large enough.
     */
    public static EntropyGradient kernel(Kernel kernel) {
        return new EntropyGradient(Rule.STEIN, kernel.unit(), 1, 20, 1, 0);
    }

    /**
     * By the score of a kernel density estimate, as {@link Kde} has it, in place of Stein's: grad log of the mean over j of
     * k(x, x_j). No equations are solved, so ridge and steps do nothing. In many dimensions the gradient is far too short.
     */
    public static EntropyGradient density(Kernel kernel) {
        return new EntropyGradient(Rule.DENSITY, kernel.unit(), 1, 20, 1, 0);
    }

    /**
     * By the score that {@link KernelScoreMatching} finds, in place of Stein's. Ridge 1, 20 steps. In many dimensions it is much
     * longer than Stein's, which the ridge shrinks: take a smaller weight.
     */
    public static EntropyGradient scoreMatching(Kernel kernel) {
        return new EntropyGradient(Rule.SCORE_MATCHING, kernel.unit(), 1, 20, 1, 0);
    }

    /** Zero, whatever the samples: what is trained goes up the rest of its gain alone. To compare with. */
    public static EntropyGradient none() {
        return new EntropyGradient(Rule.NONE, Rbf.bandwidth(1), 1, 1, 1, 0);
    }

    /** What is added to the diagonal of K, or of Sigma where scores are matched; 1 unless said otherwise. */
    public EntropyGradient ridge(double value) {
        return new EntropyGradient(
                rule, shape, Settings.positive("EntropyGradient.ridge", value), steps, factor, bandwidth);
    }

    /** How many steps of conjugate gradients; 20 unless said otherwise. */
    public EntropyGradient steps(int number) {
        return new EntropyGradient(
                rule, shape, ridge, Settings.atLeast(1, "EntropyGradient.steps", number), factor, bandwidth);
    }

    /** The kernel's length in root mean squared distances of the batch; 1 unless said otherwise. */
    public EntropyGradient lengths(double number) {
        return new EntropyGradient(rule, shape, ridge, steps, Settings.positive("EntropyGradient.lengths", number), 0);
    }

    /** The same length for all batches. */
    public EntropyGradient bandwidth(double length) {
        return new EntropyGradient(
                rule, shape, ridge, steps, 1, Settings.positive("EntropyGradient.bandwidth", length));
    }

    /**
     * A number whose gradient with respect to what x depends on estimates that of the entropy.
     *
     * @param x a batch of samples, [n, width], as an expression of parameters and noise
     */
    public Expr surrogate(Expr x) {
        return score(x).times(x).sum().times(-1.0 / x.shape(0));
    }

    /**
     * A number that stands for the entropy where something has to be balanced against it; held. By Stein and by score
     * matching it is the proxy
     *
     * <pre>-(1/n) sum over i of G_i . (x_i - mean),</pre>
     *
     * <p>which is the width of x for the true score, whatever the entropy, and less as G is shrunk. By kernel density it is
     * the plug-in
     *
     * <pre>-(1/n) sum over i of log (1/n) sum over j of k(x_i, x_j),</pre>
     *
     * <p>in units of the kernel's length: zero where all samples are one, log n at most. (Both: Li and Turner, 2018, section 4.3.)
     *
     * @param x [n, width]
     */
    public Expr value(Expr x) {
        if (rule != Rule.DENSITY) {
            return score(x).times(centred(x)).sum().times(-1.0 / x.shape(0));
        }
        requireBatch(x);
        Expr r2 = squaredDistances(centred(x));
        return shape.value(r2.over(squaredLength(r2)))
                .mean(1)
                .log()
                .mean()
                .neg()
                .held();
    }

    /**
     * The estimate of the sampler's score at the batch; held.
     *
     * @param x [n, width], n at least 2
     * @return [n, width]
     */
    public Expr score(Expr x) {
        requireBatch(x);
        if (rule == Rule.NONE) {
            return x.filled(0);
        }
        Expr centred = centred(x);
        Expr r2 = squaredDistances(centred);
        Expr square = squaredLength(r2);
        Expr scaled = r2.over(square);
        if (rule == Rule.SCORE_MATCHING) {
            Expr length = square.sqrt();
            return matched(centred.over(length), scaled).over(length).held();
        }
        Expr k = shape.value(scaled);
        // -D = 2 (diag(P 1) X - P X) / square
        Expr b = drift(shape.slope(scaled), centred).times(2).over(square);
        return (rule == Rule.STEIN ? solved(k, b) : b.over(k.sumKeep(1))).held();
    }

    private static void requireBatch(Expr x) {
        if (x.rank() != 2 || x.shape(0) < 2) {
            throw new SettingException(Facts.that("EntropyGradient: not a batch of samples")
                    .expected("[n, width], n at least 2")
                    .butWas(x.toString()));
        }
    }

    private static Expr centred(Expr x) {
        Expr held = x.held();
        return held.minus(held.mean(0));
    }

    private Expr squaredLength(Expr r2) {
        double n = r2.shape(0);
        return bandwidth > 0
                ? Expr.constant(bandwidth * bandwidth)
                : r2.sum().times(factor * factor / (n * (n - 1))).max(TINY);
    }

    /** diag(P 1) X - P X. */
    private static Expr drift(Expr p, Expr x) {
        return p.sumKeep(1).times(x).minus(p.matmul(x));
    }

    /** G = 2 (diag(P a) X - P diag(a) X), (Sigma + ridge I) a = v: see {@link KernelScoreMatching}; lengths are one. */
    private Expr matched(Expr x, Expr r2) {
        int n = x.shape(0);
        Expr p = shape.slope(r2);
        Expr s = x.matmul(x, false, true);
        Expr norms = x.square().sumKeep(1);
        // Sigma = 4 ( (P P).S - (P.S) P - P (P.S) + P diag(S) P )
        Expr crossed = p.matmul(p.times(s));
        Expr sigma = p.matmul(p)
                .times(s)
                .minus(crossed)
                .minus(crossed.transpose())
                .plus(p.matmul(norms.times(p)))
                .times(4);
        // v_k = -sum over j of (2 d f'_jk + 4 f''_jk r_jk^2)
        Expr v = p.times(2.0 * x.shape(1))
                .plus(shape.bend(r2).times(r2).times(4))
                .sumKeep(1)
                .neg();
        Expr a = solved(sigma, v);
        return drift(p.times(a.reshape(1, n)), x).times(2);
    }

    /** ||x||^2 + ||y||^2 - 2 x . y off the diagonal, zero on it. */
    private static Expr squaredDistances(Expr x) {
        Expr norms = x.square().sumKeep(1);
        Expr r2 = norms.plus(norms.transpose())
                .minus(x.matmul(x, false, true).times(2))
                .max(0);
        return r2.times(offDiagonal(x.shape(0)));
    }

    private static Expr offDiagonal(int n) {
        double[] mask = new double[n * n];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i / n == i % n ? 0 : 1;
        }
        return Expr.constant(mask, n, n);
    }

    /** (K + ridge I)^-1 B, K positive definite, each column by conjugate gradients of its own. */
    private Expr solved(Expr k, Expr b) {
        Expr x = b.times(0);
        Expr r = b;
        Expr p = b;
        Expr square = r.square().sumKeep(0);
        for (int step = 0; step < steps; step++) {
            Expr ap = k.matmul(p).plus(p.times(ridge));
            Expr alpha = square.over(p.times(ap).sumKeep(0).max(TINY));
            x = x.plus(p.times(alpha));
            r = r.minus(ap.times(alpha));
            Expr next = r.square().sumKeep(0);
            p = r.plus(p.times(next.over(square.max(TINY))));
            square = next;
        }
        return x;
    }

    @Override
    public String toString() {
        return rule == Rule.NONE ? rule.text : rule.text + settings();
    }

    private String settings() {
        return ", " + shape.name()
                + (bandwidth > 0 ? " x " + Settings.number(bandwidth) : " of the batch")
                + (rule == Rule.DENSITY ? "" : ", ridge " + Settings.number(ridge) + ", " + steps + " steps");
    }
}
