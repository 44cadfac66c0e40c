package org.ebvlm.variational;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;

/**
 * K draws of h for each of n rows with their log masses, and what is made of them in log space.
 *
 * @param h [K n, hidden]
 * @param logJoint log p(v, h), up to log Z; [K, n]
 * @param logPosterior log q(h | v); [K, n]
 * @param logChoice the part of log q whose score function is wanted: all of it, or that of the units without a derivative; [K, n]
 */
record Draws(Expr h, Expr logJoint, Expr logPosterior, Expr logChoice) {

    /** Draws that are constants to whoever differentiates: only the masses depend on parameters. */
    static Draws held(EnergyModel model, Posterior q, Expr v, int number) {
        return q.hasSmoothDraws() || q.hasPartlySmoothDraws()
                ? at(model, q, v, q.draws(v, number).h().held())
                : of(model, v, q.draws(v, number));
    }

    /**
     * Draws for a score function: where some units are reparametrised, derivatives pass through those, and the score is that
     * of the others,
     *
     * <pre>grad E f(h)  =  E[ f grad log q(units without a derivative)  +  grad f through the others ]</pre>
     *
     * both gradients total ones, along the reparametrised units too. All other draws are constants.
     */
    static Draws scored(EnergyModel model, Posterior q, Expr v, int number) {
        return q.hasPartlySmoothDraws() ? smooth(model, q, v, number) : held(model, q, v, number);
    }

    /** Draws through which derivatives pass. */
    static Draws smooth(EnergyModel model, Posterior q, Expr v, int number) {
        return of(model, v, q.draws(v, number));
    }

    /** Given draws, [K n, hidden]. */
    static Draws at(EnergyModel model, Posterior q, Expr v, Expr h) {
        return of(model, v, new Particle(h, q.logProbOfDraws(v, h)));
    }

    private static Draws of(EnergyModel model, Expr v, Particle drawn) {
        int rows = v.shape(0);
        Expr h = drawn.h();
        Expr stacked = Stack.repeated(v, h.shape(0) / rows);
        return new Draws(
                h,
                Stack.byDraw(model.logUnnormalised(stacked, h), rows),
                Stack.byDraw(drawn.logProb(), rows),
                Stack.byDraw(drawn.logChoice(), rows));
    }

    /** l = log p(v, h) - log q(h | v); [K, n]. */
    Expr logWeights() {
        return logJoint.minus(logPosterior);
    }

    // ---------------------------------------------------------------- of log weights [K, n]

    /** log of the mean of exp(l) over draws; [n]. */
    static Expr logMean(Expr l) {
        return l.logSumExp(0).minus(Math.log(l.shape(0)));
    }

    /** exp(l) as shares of its sum over draws; [K, n]. */
    static Expr shares(Expr l) {
        return l.softmax(0);
    }

    /** The mean of the other draws' l; [K, n]. */
    static Expr meanOfOthers(Expr l) {
        return l.sumKeep(0).minus(l).over(l.shape(0) - 1.0);
    }

    /**
     * log of the sum of exp over all draws but one, for each; [K, n]. With w the shares,
     *
     * <pre>log sum of the others = log sum + log(1 - w_j)</pre>
     *
     * loses nothing where w_j is at most one half. A draw with a greater share is the only one of its row, and its others are
     * summed without it.
     */
    static Expr logSumOfOthers(Expr l) {
        Expr w = shares(l);
        Expr greater = w.greater(0.5);
        Expr all = l.logSumExp(0);
        Expr rest = greater.where(l.filled(LEAST), l).logSumExp(0);
        Expr short1 = all.plus(w.min(0.5).neg().log1p());
        return greater.where(rest.broadcastTo(l.shape()), short1);
    }

    /** A log weight that counts for nothing and is finite in single precision. */
    private static final double LEAST = -1e30;

    /** log(exp(a) + exp(b)). */
    static Expr logAddExp(Expr a, Expr b) {
        return a.max(b).plus(a.minus(b).abs().neg().exp().log1p());
    }

    // ---------------------------------------------------------------- settings

    static int samples(String what, int number, int least) {
        if (number < least) {
            throw new SettingException(Facts.that(what + ".samples: too few draws")
                    .expected(least + " or more"
                            + (least == 2 ? ": the estimate compares each draw with the others" : ""))
                    .butWas(number)
                    .hint(least == 2 ? "for one draw take Nvil.samples(1)" : "for example " + what + ".samples(5)"));
        }
        return number;
    }
}
