package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Snapshot;
import org.ebvlm.variational.Posterior;

/**
 * Variational estimate of the score and of its parameter gradient (Bao et al., 2021):
 *
 * <pre>
 * d/dtheta grad_v log p(v) = E_p(h|v)[ d/dtheta grad_v log p~ ] + Cov_p(h|v)( grad_v log p~, grad_theta log p~ )
 * </pre>
 *
 * with both expectations over draws of q(h | v). Along a vector z, with the tangents a_l = z . grad_v log p~(v, h_l), the
 * estimate is the parameter gradient of
 *
 * <pre>
 * mean over l of a_l  +  1/(L - 1) sum over l of held(a_l - mean a) log p~(v, h_l)
 * </pre>
 *
 * one forward tangent and one reverse sweep, no second backward pass. The score, the first mean and the covariance each
 * have L draws of their own, so that the product of a residual with the estimate is unbiased given q.
 *
 * <p>Unbiased if q is the model's own posterior, for any L from 2 up; otherwise biased by the order of the root of the
 * Kullback-Leibler divergence. Cost: three groups of L particles, sharing whatever of the energy depends on v alone.
 */
public final class Vages implements Estimator {
    private final int particles;
    private final Posterior posterior;
    private final boolean reduced;
    private final boolean biased;
    private final boolean shared;

    private Vages(int particles, Posterior posterior, boolean reduced, boolean biased, boolean shared) {
        this.particles = particles;
        this.posterior = posterior;
        this.reduced = reduced;
        this.biased = biased;
        this.shared = shared;
    }

    /** This many draws of h for each row in each group; published: 2. */
    public static Builder particles(int number) {
        if (number < 2) {
            throw new SettingException(Facts.that("Vages.particles: too few for a covariance")
                    .expected("2 or more")
                    .butWas(number));
        }
        return new Builder(number);
    }

    /** Waits for the posterior. */
    public static final class Builder {
        private final int particles;

        private Builder(int particles) {
            this.particles = particles;
        }

        /** Where the draws come from. */
        public Vages posterior(Posterior q) {
            return new Vages(particles, q, false, false, false);
        }
    }

    /** Subtracts grad_v log q(h | v) in the score: see {@link Vaes#varianceReduced}. */
    public Vages varianceReduced() {
        return new Vages(particles, posterior, true, biased, shared);
    }

    /** Divides the covariance by L in place of L - 1: too small by the factor (L - 1) / L. */
    public Vages biasedCovariance() {
        return new Vages(particles, posterior, reduced, true, shared);
    }

    /** Uses one group of draws for all three: a third of the cost, but residual and estimate are then correlated. */
    public Vages sharedParticles() {
        return new Vages(particles, posterior, reduced, biased, true);
    }

    @Override
    public String name() {
        return "VaGES with " + particles + " particles of " + posterior.name() + (reduced ? ", variance reduced" : "")
                + (biased ? ", biased covariance" : "") + (shared ? ", shared particles" : "");
    }

    @Override
    public Estimate at(EnergyModel model, Expr points) {
        Vaes.requireFit(model, posterior);
        Expr v = points.point();
        List<Expr> first = posterior.particles(v, particles);
        List<Expr> second = shared ? first : posterior.particles(v, particles);
        List<Expr> third = shared ? first : posterior.particles(v, particles);
        return new Estimate() {
            @Override
            public Expr score() {
                return new Vaes(particles, posterior, reduced).mean(model, v, first);
            }

            @Override
            public Expr along(Expr z) {
                return meanTangent(model, v, z.held(), second);
            }

            @Override
            public Expr surrogate(Expr z) {
                return along(z).plus(covariance(model, v, z.held(), third));
            }
        };
    }

    /** mean over l of a_l. */
    private static Expr meanTangent(EnergyModel model, Expr v, Expr z, List<Expr> draws) {
        return mean(Differentiation.jvp(logs(model, v, draws), Map.of(v, z)));
    }

    /** 1/(L - 1) sum over l of held(a_l - mean a) log p~(v, h_l). */
    private Expr covariance(EnergyModel model, Expr v, Expr z, List<Expr> draws) {
        List<Expr> logs = logs(model, v, draws);
        List<Expr> tangents = Differentiation.jvp(logs, Map.of(v, z));
        Expr mean = mean(tangents);
        Expr sum = null;
        for (int l = 0; l < logs.size(); l++) {
            Expr term = tangents.get(l).minus(mean).held().times(logs.get(l));
            sum = sum == null ? term : sum.plus(term);
        }
        return sum.over(biased ? particles : particles - 1);
    }

    private static List<Expr> logs(EnergyModel model, Expr v, List<Expr> draws) {
        List<Expr> logs = new ArrayList<>();
        draws.forEach(h -> logs.add(model.logUnnormalised(v, h)));
        return logs;
    }

    private static Expr mean(List<Expr> each) {
        return each.stream().reduce(Expr::plus).orElseThrow().over(each.size());
    }

    @Override
    public List<Phase> innerPhases(EnergyModel model, Expr v, Expr weights) {
        return posterior.innerPhases(model, v, weights);
    }

    @Override
    public List<Parameters> parameters() {
        return List.of(posterior.parameters());
    }

    @Override
    public Vages at(Snapshot snapshot) {
        return new Vages(particles, snapshot.fitted(posterior), reduced, biased, shared);
    }

    @Override
    public String toString() {
        return name();
    }
}
