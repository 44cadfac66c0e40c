package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Latents;
import org.ebvlm.model.Parameters;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Snapshot;
import org.ebvlm.variational.ImportanceEstimate;
import org.ebvlm.variational.Particle;
import org.ebvlm.variational.Posterior;

/**
 * The score of an importance estimate of the marginal: with h_l from a proposal q, by default a fair coin for each binary
 * unit, the free energy is replaced by
 *
 * <pre>
 * F(v) = -log 1/L sum over l of  exp(-E(v, h_l)) / q(h_l)
 * score(v) = -grad_v F = sum over l of w_l grad_v log p~(v, h_l),   w_l proportional to exp(-E(v, h_l)) / q(h_l), sum 1
 * </pre>
 *
 * <p>and everything follows by differentiating that: along z, with a_l = z . grad_v log p~(v, h_l), the parameter gradient
 * is sum w_l d/dtheta a_l plus the covariance of a_l and grad_theta log p~ under the weights. In v and in the parameters the draws, and q where they were drawn, are held.
 *
 * <p>The estimate is biased by the order of (variance of the weights) / L, and so is all that is built on it; with more than a few units a
 * coin hardly ever hits a likely h, the weights of all but one draw vanish, and the bias does not show in any number: that is what
 * {@link Vages} is for, and this the baseline against it ("IS-KSD" of Bao et al., 2021, is {@link Ksd} with it). With a
 * {@linkplain #posterior posterior} near the model's own the bias is small. Its draws must be true draws of the density that it
 * reports: real h, or {@code hard()} binary ones, for a relaxed draw is no state of the model. Works with every objective that takes an {@link Estimator}. Cost: L
 * energies, with the draws for score and gradient apart.
 */
public final class ImportanceScore implements Estimator {
    private final int particles;
    private final Posterior posterior;
    private final boolean shared;

    private ImportanceScore(int particles, Posterior posterior, boolean shared) {
        this.particles = particles;
        this.posterior = posterior;
        this.shared = shared;
    }

    /** This many draws of h for each row, by fair coins; published: 2, 5 and 10. */
    public static ImportanceScore particles(int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("ImportanceScore.particles: too few")
                    .expected("1 or more")
                    .butWas(number));
        }
        return new ImportanceScore(number, null, false);
    }

    /** Draws from a posterior in place of coins. */
    public ImportanceScore posterior(Posterior q) {
        return new ImportanceScore(particles, q, shared);
    }

    /** The same draws for the score and for its gradient: half the cost, but their products are then correlated. */
    public ImportanceScore sharedParticles() {
        return new ImportanceScore(particles, posterior, true);
    }

    @Override
    public String name() {
        return "importance estimate with " + particles + " particles of "
                + (posterior == null ? "fair coins" : posterior.name()) + (shared ? ", shared particles" : "");
    }

    @Override
    public Estimate at(EnergyModel model, Expr points) {
        requireFit(model);
        Expr v = points.point();
        List<Particle> first = draws(model, v);
        List<Particle> second = shared ? first : draws(model, v);
        return new Estimate() {
            @Override
            public Expr score() {
                return Differentiation.gradient(ImportanceEstimate.logMarginal(model, v, first), v);
            }

            @Override
            public Expr along(Expr z) {
                return Differentiation.jvp(ImportanceEstimate.logMarginal(model, v, second), v, z.held());
            }

            @Override
            public Expr surrogate(Expr z) {
                return along(z);
            }
        };
    }

    /** Held draws; an estimate of F(v') for v' near v would have q at v, so log q is held as well. */
    private List<Particle> draws(EnergyModel model, Expr v) {
        List<Particle> draws = new ArrayList<>();
        for (int l = 0; l < particles; l++) {
            Particle draw = posterior == null ? coins(model, v) : posterior.sampleAndLogProb(v);
            draws.add(new Particle(draw.h().held(), draw.logProb().held()));
        }
        return draws;
    }

    /** Each unit 0 or 1 with probability one half. */
    private static Particle coins(EnergyModel model, Expr v) {
        Expr u = Expr.noise(Leaf.Source.UNIFORM, "u", v.shape(0), model.hidden());
        Expr logProb = Expr.constant(-model.hidden() * Math.log(2), v.shape(0));
        return new Particle(u.greater(0.5), logProb);
    }

    private void requireFit(EnergyModel model) {
        if (posterior != null) {
            Vaes.requireFit(model, posterior);
        } else if (model.latents() != Latents.BINARY) {
            throw new SettingException(Facts.that("ImportanceScore: coins are no proposal for " + model.name())
                    .expected("binary h")
                    .butWas(model)
                    .hint(
                            model.latents() == Latents.NONE
                                    ? "its score is exact: take ExactScore.estimator()"
                                    : "give a posterior: ImportanceScore.particles(" + particles + ").posterior(q)"));
        }
    }

    @Override
    public List<Phase> innerPhases(EnergyModel model, Expr v, Expr weights) {
        return posterior == null ? List.of() : posterior.innerPhases(model, v, weights);
    }

    @Override
    public List<Parameters> parameters() {
        return posterior == null ? List.of() : List.of(posterior.parameters());
    }

    @Override
    public ImportanceScore at(Snapshot snapshot) {
        return posterior == null ? this : new ImportanceScore(particles, snapshot.fitted(posterior), shared);
    }

    @Override
    public String toString() {
        return name();
    }
}
