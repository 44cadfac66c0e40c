package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Updater;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.Particle;
import org.ebvlm.variational.Posterior;

/**
 * Variational noise-contrastive estimation (Rhodes and Gutmann, 2019): {@link Nce} where the sum over h is not known. With
 * weights w(v, h) = p~(v, h) / q(h | v), log odds G = log w - log Z - log p_n - log nu, and L draws of h from q,
 *
 * <pre>
 * J = E_data mean over l of softplus(-G(v, h_l)) + nu E_noise softplus( log mean over l of exp G(u, h_l) )
 * </pre>
 *
 * <p>The first term is at least that of NCE, by Jensen, and equal to it if q is the model's own posterior; the second is NCE's
 * with the marginal by importance sampling, too small by the order of 1 / L times the spread of the weights there. So J is
 * NCE's loss for any number of draws of the exact posterior, a bound from above in the limit of many draws, and no bound at
 * all for few draws of a poor posterior.
 *
 * <p>The posterior is fitted by its own fit ({@code q.fittedBy(Elbo.innerSteps(5))}), or, with {@link #innerSteps}, down the
 * first term of J, as published; one that has neither stays as it is. Its relaxed draws make the weights approximate. What
 * {@link Nce} says about noise and log Z holds here too; noise far from the data is where q was never fitted, and the weights there
 * are poor. Cost: L energies for each row of data and noise, twice, and the inner steps.
 */
public final class Vnce implements Objective {
    private static final int PARTICLES = 5;

    private final Contrast contrast;
    private final Posterior posterior;
    private final int particles;
    private final int innerSteps;

    private Vnce(Contrast contrast, Posterior posterior, int particles, int innerSteps) {
        this.contrast = contrast;
        this.posterior = posterior;
        this.particles = particles;
        this.innerSteps = innerSteps;
    }

    /** With draws of this posterior, against a Gaussian with mean and covariance of the training data. */
    public static Vnce posterior(Posterior q) {
        return new Vnce(Contrast.standard(), q, PARTICLES, 0);
    }

    /** Against noise of this density; published: {@code GaussianNoise.standard(width)}. */
    public Vnce noise(NoiseDensity density) {
        return new Vnce(contrast.noise(density), posterior, particles, innerSteps);
    }

    /** Draws of noise for each row of data, nu; published: 1. */
    public Vnce drawsPerRow(int nu) {
        return new Vnce(contrast.ratio(nu), posterior, particles, innerSteps);
    }

    /** Draws of h for each row; published, and unless said otherwise: 5. */
    public Vnce particles(int number) {
        if (number < 1) {
            throw new SettingException(
                    Facts.that("Vnce.particles: too few").expected("1 or more").butWas(number));
        }
        return new Vnce(contrast, posterior, number, innerSteps);
    }

    /**
     * Fits the posterior down the first term of J, this many steps for each step of the model; published: 5.
     *
     * @throws SettingException if it has another fit already, or its draws carry no derivative
     */
    public Vnce innerSteps(int number) {
        if (number < 1 || posterior.fit().isPresent()) {
            throw new SettingException(Facts.that("Vnce.innerSteps: not possible")
                    .expected("1 or more, for a posterior without a fit of its own")
                    .butWas(number + " steps of: " + posterior));
        }
        // A posterior that cannot be fitted by the ELBO, being hard or exact, cannot be fitted by this either, and says
        // so.
        posterior.fittedBy(Elbo.innerSteps(number));
        return new Vnce(contrast, posterior, particles, number);
    }

    /** Where log Z starts, in nats; 0 unless said otherwise. */
    public Vnce startingAt(double logZ) {
        return new Vnce(contrast.startingAt(logZ), posterior, particles, innerSteps);
    }

    /** How log Z descends, where it differs from the model. */
    public Vnce normaliserBy(Updater how) {
        return new Vnce(contrast.updater(how), posterior, particles, innerSteps);
    }

    /** The log Z that is learned: {@code run.fitted(loss.normaliser()).value()} after training. */
    public LogNormaliser normaliser() {
        return contrast.normaliser();
    }

    @Override
    public String name() {
        return "VNCE with " + particles + " particles of " + posterior.name() + " against " + contrast;
    }

    @Override
    public List<Parameters> parameters() {
        return List.of(posterior.parameters(), normaliser().parameters());
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        Vaes.requireFit(model, posterior);
        Contrast settled = contrast.settledOn(model, data);
        List<Phase> phases = new ArrayList<>(posterior.innerPhases(model, batch));
        if (innerSteps > 0) {
            Expr bound = lostOnData(settled, model, batch, 1).mean();
            phases.add(new Phase("vnceBound", innerSteps, posterior, bound, bound, Optional.empty()));
        }
        phases.add(settled.normaliserPhase(loss(settled, model, batch)));
        Expr loss = loss(settled, model, batch);
        phases.add(Phase.of("objective", model, loss, loss));
        return phases;
    }

    /** J with draws and noise of its own. */
    private Expr loss(Contrast settled, EnergyModel model, Expr v) {
        Expr u = settled.draws(v);
        Expr marginal = logWeights(model, u, particles).logSumExp(1).minus(Math.log(particles));
        return settled.loss(lostOnData(settled, model, v, particles), settled.logOdds(marginal, u));
    }

    /** mean over l of softplus(-G(v, h_l)); [n]. */
    private Expr lostOnData(Contrast settled, EnergyModel model, Expr v, int draws) {
        Expr weights = logWeights(model, v, draws);
        Expr sum = null;
        for (int l = 0; l < draws; l++) {
            Expr log = weights.slice(1, l, 1).reshape(v.shape(0));
            Expr lost = settled.logOdds(log, v).neg().softplus();
            sum = sum == null ? lost : sum.plus(lost);
        }
        return sum.over(draws);
    }

    /** log p~(v, h_l) - log q(h_l | v); [n, draws]. */
    private Expr logWeights(EnergyModel model, Expr v, int draws) {
        List<Expr> columns = new ArrayList<>();
        for (int l = 0; l < draws; l++) {
            Particle draw = posterior.sampleAndLogProb(v);
            columns.add(model.logUnnormalised(v, draw.h()).minus(draw.logProb()).reshape(v.shape(0), 1));
        }
        return Expr.concat(1, columns);
    }

    @Override
    public String toString() {
        return name();
    }
}
