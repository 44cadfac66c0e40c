package org.ebvlm.variational;

import java.util.List;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Directed;
import org.ebvlm.model.EnergyModel;

/**
 * Reweighted wake-sleep (Bornschein and Bengio, 2015): the model goes up the importance weighted bound; the posterior goes
 * down the other divergence, KL(p(h | v) || q(h | v)), which needs no score function and no baseline,
 *
 * <pre>
 * wake theta:  sum over k of  w_k grad log p(v, h_k),     w = softmax(l)
 * wake phi:    sum over k of  w_k grad log q(h_k | v)
 * sleep phi:   grad log q(h | v)  at (v, h) drawn from the model
 * </pre>
 *
 * <p>The wake gradient of phi is a self-normalised estimate: biased at finite K, of low variance. The sleep gradient is
 * unbiased, for rows that the model makes up. Neither follows the gradient of the bound in phi.
 */
public final class Rws implements MonteCarlo {
    private final int samples;
    private final double wake;

    private Rws(int samples, double wake) {
        this.samples = samples;
        this.wake = wake;
    }

    /** K draws for each row, 2 or more; the posterior learns awake. */
    public static Rws samples(int number) {
        return new Rws(Draws.samples("Rws", number, 2), 1);
    }

    /** The posterior learns from the model's own samples alone; for a {@link Directed} model. */
    public Rws asleep() {
        return new Rws(samples, 0);
    }

    /** The posterior learns both ways, by the mean of both gradients; for a {@link Directed} model. */
    public Rws wakeAndSleep() {
        return new Rws(samples, 0.5);
    }

    @Override
    public String name() {
        return "RWS" + (wake == 1 ? "" : wake == 0 ? " asleep" : " wake and sleep");
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public void check(Posterior q) {
        Vimco.requireExactDraws("Rws", q);
    }

    @Override
    public Surrogate surrogate(EnergyModel model, Posterior q, Expr v) {
        Draws draws = Draws.held(model, q, v, samples);
        Expr l = draws.logWeights();
        Expr w = Draws.shares(l).held();
        Expr theta = w.times(draws.logJoint()).sum(0);
        Expr phi = w.times(draws.logPosterior()).sum(0).times(wake);
        return new Surrogate(
                theta.neg(),
                wake == 1 ? phi.neg() : phi.plus(dream(model, q, v)).neg(),
                Draws.logMean(l),
                List.of());
    }

    /** log q at rows that the model makes up, as many as are awake, by their share; [n]. */
    private Expr dream(EnergyModel model, Posterior q, Expr v) {
        if (!(model instanceof Directed directed)) {
            throw new SettingException(Facts.that("Rws: the model cannot be drawn from in one pass")
                    .expected("a directed model, such as an Sbn or a Vae, or the wake phase alone")
                    .butWas(model)
                    .hint("take Rws.samples(" + samples + ")"));
        }
        Expr h = directed.hiddenDraw(v.shape(0)).held();
        Expr made = directed.visibleDraw(directed.visibleMean(h)).held();
        return q.logProb(made, h).times(1 - wake);
    }

    @Override
    public String toString() {
        return name() + ", " + samples + " samples";
    }
}
