package org.ebvlm.variational;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.Parametric;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Phase;

/**
 * The K-sample bound L by a score function with one signal for all draws of a row (Mnih and Gregor, 2014, for K = 1), less
 * a running mean c and, if wanted, a baseline b(v) that a network learns, and divided by a running standard deviation where
 * that is above 1:
 *
 * <pre>
 * grad L  ~  A sum over j of grad log q(h_j | v)  +  sum over j of  w_j grad l_j
 * A = (L - b(v) - c) / max(1, s),     b goes down (L - b(v) - c)^2
 * </pre>
 *
 * <p>c and s are those of former steps, so they do not depend on the draws: unbiased without the division, and scaled by it in its
 * first term. One signal for all draws gets noisier with K, which {@link Vimco} mends. K = 1 is allowed; {@link #plain} leaves out
 * mean and division, which is the naive score function.
 */
public final class Nvil implements MonteCarlo {
    private final int samples;
    private final double decay;
    private final boolean divided;
    private final Network.Architecture network;
    private final Noise noise;

    private Nvil(int samples, double decay, boolean divided, Network.Architecture network, Noise noise) {
        this.samples = samples;
        this.decay = decay;
        this.divided = divided;
        this.network = network;
        this.noise = noise;
    }

    /** K draws for each row, 1 or more; running mean and deviation that keep 0.9 of themselves at each step, no network. */
    public static Nvil samples(int number) {
        return new Nvil(Draws.samples("Nvil", number, 1), 0.9, true, null, null);
    }

    /** With a baseline b(v) that a network learns. */
    public Nvil baseline(Network.Architecture architecture, Noise source) {
        return new Nvil(samples, decay, divided, architecture, source);
    }

    /** Running moments that keep this much of themselves at each step: from 0 up to, not including, 1. */
    public Nvil keeping(double share) {
        if (!(share >= 0 && share < 1)) {
            throw new SettingException(Facts.that("Nvil.keeping: not a share")
                    .expected("a number from 0 up to, not including, 1")
                    .butWas(share));
        }
        return new Nvil(samples, share, divided, network, noise);
    }

    /** Without the division by the running deviation: then it is unbiased. */
    public Nvil undivided() {
        return new Nvil(samples, decay, false, network, noise);
    }

    /** Without running moments: the naive score function, or the learned baseline alone. */
    public Nvil plain() {
        return new Nvil(samples, 1, false, network, noise);
    }

    @Override
    public String name() {
        return decay == 1 && network == null ? "score function" : "NVIL";
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public void check(Posterior q) {
        Vimco.requireExactDraws("Nvil", q);
    }

    /** Running mean and variance of the signal. */
    record Moments(Parameters parameters) implements Parametric<Moments> {
        static Moments none() {
            return new Moments(Parameters.named("running moments")
                    .filled("mean", 0, 1)
                    .filled("variance", 0, 1)
                    .build());
        }

        @Override
        public Moments with(Parameters values) {
            return new Moments(values);
        }

        Expr mean() {
            return parameters.get("mean");
        }

        Expr variance() {
            return parameters.get("variance");
        }
    }

    @Override
    public Surrogate surrogate(EnergyModel model, Posterior q, Expr v) {
        return surrogate(model, q, v, Moments.none());
    }

    Surrogate surrogate(EnergyModel model, Posterior q, Expr v, Moments moments) {
        Draws draws = Draws.scored(model, q, v, samples);
        Expr l = draws.logWeights();
        Expr bound = Draws.logMean(l);
        List<Phase> others = new ArrayList<>();
        Expr centred = bound.held();
        if (decay < 1) {
            centred = centred.minus(moments.mean().held());
        }
        Expr error = centred;
        if (network != null) {
            Network b =
                    network.init(model.visible(), 1, noise.split("baseline")).requireRowwise("Nvil.baseline");
            error = centred.minus(b.apply(v).reshape(v.shape(0)));
            Expr square = error.square().mean();
            others.add(Phase.of("baseline", b, square, square));
        }
        if (decay < 1) {
            others.add(moved(moments, error.held()));
        }
        Expr signal =
                divided ? error.held().over(moments.variance().held().sqrt().max(1)) : error.held();
        Expr gain = bound.plus(signal.times(draws.logChoice().sum(0)));
        return new Surrogate(gain.neg(), gain.neg(), bound, others);
    }

    /** c + (1 - r) mean of the error, and r s^2 + (1 - r) variance of the error, with r what is kept. */
    private Phase moved(Moments moments, Expr error) {
        Expr mean = error.mean();
        Expr variance = error.minus(mean).square().mean();
        Expr nextMean = moments.mean().plus(mean.times(1 - decay));
        Expr nextVariance = moments.variance().times(decay).plus(variance.times(1 - decay));
        Expr next = Expr.concat(0, List.of(nextMean, nextVariance));
        return Phase.setting("running moments", moments, next, moments.mean().sum());
    }

    @Override
    public String toString() {
        return name() + ", " + samples + " samples" + (network == null ? "" : ", baseline " + network)
                + (decay == 1 ? "" : ", keeping " + decay) + (divided || decay == 1 ? "" : ", undivided");
    }
}
