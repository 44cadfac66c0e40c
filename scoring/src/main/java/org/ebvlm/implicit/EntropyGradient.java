package org.ebvlm.implicit;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.scoring.Kernel;

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

    private final Kernel shape;
    private final double ridge;
    private final int steps;
    private final double factor;
    private final double bandwidth;

    private EntropyGradient(Kernel shape, double ridge, int steps, double factor, double bandwidth) {
        this.shape = shape;
        this.ridge = ridge;
        this.steps = steps;
        this.factor = factor;
        this.bandwidth = bandwidth;
    }

    /** With the shape of a kernel; whatever its bandwidth, the batch's takes its place. Ridge 1, 20 steps. */
    public static EntropyGradient kernel(Kernel kernel) {
        return new EntropyGradient(kernel.unit(), 1, 20, 1, 0);
    }

    /** What is added to the diagonal of K; 1 unless said otherwise. */
    public EntropyGradient ridge(double value) {
        return new EntropyGradient(shape, Settings.positive("EntropyGradient.ridge", value), steps, factor, bandwidth);
    }

    /** How many steps of conjugate gradients; 20 unless said otherwise. */
    public EntropyGradient steps(int number) {
        return new EntropyGradient(
                shape, ridge, Settings.atLeast(1, "EntropyGradient.steps", number), factor, bandwidth);
    }

    /** The kernel's length in root mean squared distances of the batch; 1 unless said otherwise. */
    public EntropyGradient lengths(double number) {
        return new EntropyGradient(shape, ridge, steps, Settings.positive("EntropyGradient.lengths", number), 0);
    }

    /** The same length for all batches. */
    public EntropyGradient bandwidth(double length) {
        return new EntropyGradient(shape, ridge, steps, 1, Settings.positive("EntropyGradient.bandwidth", length));
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
     * The estimate of the sampler's score at the batch; held.
     *
     * @param x [n, width], n at least 2
     * @return [n, width]
     */
    public Expr score(Expr x) {
        if (x.rank() != 2 || x.shape(0) < 2) {
            throw new SettingException(Facts.that("EntropyGradient: not a batch of samples")
                    .expected("[n, width], n at least 2")
                    .butWas(x.toString()));
        }
        Expr held = x.held();
        Expr centred = held.minus(held.mean(0));
        Expr r2 = squaredDistances(centred);
        int n = x.shape(0);
        Expr square = bandwidth > 0
                ? Expr.constant(bandwidth * bandwidth)
                : r2.sum().times(factor * factor / ((double) n * (n - 1))).max(TINY);
        Expr scaled = r2.over(square);
        // -D = 2 (diag(P 1) X - P X) / square
        Expr p = shape.slope(scaled);
        Expr b = p.sumKeep(1).times(centred).minus(p.matmul(centred)).times(2).over(square);
        return solved(shape.value(scaled), b).held();
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

    /** (K + ridge I)^-1 B, each column by conjugate gradients of its own. */
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
        return "entropy gradient, " + shape.name()
                + (bandwidth > 0 ? " x " + Settings.number(bandwidth) : " of the batch") + ", ridge "
                + Settings.number(ridge) + ", " + steps + " steps";
    }
}
