package org.ebvlm.variational;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;

/**
 * The importance weighted bound (Burda, Grosse and Salakhutdinov, 2016) by its plain gradient through reparametrised draws,
 *
 * <pre>grad L = sum over k of  w_k d/d(theta, phi) l_k(h_k(phi)),     w = softmax(l)</pre>
 *
 * <p>Unbiased for real h. With relaxed binary h it is the Gumbel-softmax gradient, with {@linkplain
 * LayeredPosterior#straightThrough straight-through} draws that estimate: both biased, of low variance, and here to be compared
 * with. One draw makes it the evidence lower bound. The posterior's part gets noisier with more draws relative to its size
 * (Rainforth et al., 2018): {@link Dreg} does not.
 */
public final class Iwae implements MonteCarlo {
    private final int samples;

    private Iwae(int samples) {
        this.samples = samples;
    }

    /** K draws for each row, 1 or more. */
    public static Iwae samples(int number) {
        return new Iwae(Draws.samples("Iwae", number, 1));
    }

    @Override
    public String name() {
        return "IWAE";
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public void check(Posterior q) {
        requireSmoothDraws("Iwae", q);
    }

    /** Refuses draws that carry no derivative. */
    static void requireSmoothDraws(String what, Posterior q) {
        if (!q.hasSmoothDraws()) {
            throw new SettingException(Facts.that(what + ": the posterior's draws carry no derivative")
                    .expected("real, relaxed or straight-through h")
                    .butWas(q)
                    .hint("for hard draws take Vimco"));
        }
    }

    @Override
    public Surrogate surrogate(EnergyModel model, Posterior q, Expr v) {
        Expr bound = Draws.logMean(Draws.smooth(model, q, v, samples).logWeights());
        return Surrogate.of(bound.neg(), bound);
    }

    @Override
    public String toString() {
        return name() + ", " + samples + " samples";
    }
}
