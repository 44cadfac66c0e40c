package org.ebvlm.variational;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;

/**
 * Variational inference for Monte Carlo objectives (Mnih and Rezende, 2016): the gradient of the K-sample bound L by a score
 * function, for draws through which no derivative passes, each draw measured against what the others make of the bound,
 *
 * <pre>
 * grad L  ~  sum over j of  A_j grad log q(h_j | v)  +  sum over j of  w_j grad l_j,     w = softmax(l)
 * A_j = L - L_j,     L_j = log 1/K ( exp(l_1) + ... with f_j in place of exp(l_j) )
 * geometric:   log f_j = the mean of the other l_i          arithmetic:   f_j = the mean of the other exp(l_i)
 * </pre>
 *
 * <p>Unbiased, as L_j does not depend on h_j; no baseline to learn. The geometric form is the paper's; for K = 2 both are
 * the same. K must be 2 or more. With more draws the bound is tighter; the gradient's noise falls as well, unlike that of
 * one signal for all draws. A_j is worked out in log space and stays finite for log weights hundreds of nats apart.
 *
 * <p>Cost: one pass up the posterior and one down the model for K n rows, and as much again for the gradient; nothing in K^2.
 *
 * <pre>{@code
 * var q = Posteriors.layered(sbn);
 * var run = Training.of(sbn).minimizing(Vimco.samples(5).posterior(q)).on(digits.train()) ...
 * }</pre>
 */
public final class Vimco implements MonteCarlo {
    private final int samples;
    private final boolean arithmetic;

    private Vimco(int samples, boolean arithmetic) {
        this.samples = samples;
        this.arithmetic = arithmetic;
    }

    /** K draws for each row, 2 or more; geometric baseline. */
    public static Vimco samples(int number) {
        return new Vimco(Draws.samples("Vimco", number, 2), false);
    }

    /** With the arithmetic mean of the other weights in a draw's place. */
    public Vimco arithmetic() {
        return new Vimco(samples, true);
    }

    @Override
    public String name() {
        return "VIMCO" + (arithmetic ? " arithmetic" : "");
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public void check(Posterior q) {
        requireExactDraws("Vimco", q);
    }

    /** Refuses draws that do not follow log q. */
    static void requireExactDraws(String what, Posterior q) {
        if (!q.hasExactDraws()) {
            throw new SettingException(Facts.that(what + ": the posterior's draws do not follow its log q")
                    .expected("hard draws")
                    .butWas(q)
                    .hint("take q.hard(); relaxed draws are for Elbo and Iwae"));
        }
    }

    @Override
    public Surrogate surrogate(EnergyModel model, Posterior q, Expr v) {
        Draws draws = Draws.scored(model, q, v, samples);
        Expr l = draws.logWeights();
        Expr bound = Draws.logMean(l);
        Expr signal = bound.minus(withoutEach(l)).held();
        return Surrogate.of(bound.plus(signal.times(draws.logChoice()).sum(0)).neg(), bound);
    }

    /** L_j, the bound with something else in the place of draw j; [K, n]. */
    Expr withoutEach(Expr l) {
        Expr others = Draws.logSumOfOthers(l);
        return arithmetic
                ? others.minus(Math.log(samples - 1.0))
                : Draws.logAddExp(others, Draws.meanOfOthers(l)).minus(Math.log(samples));
    }

    @Override
    public String toString() {
        return name() + ", " + samples + " samples";
    }
}
