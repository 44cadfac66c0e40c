package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;

/**
 * Denoising score matching (Vincent, 2011): the score of the model at noised data is drawn to the direction back,
 *
 * <pre>
 * J = E 1/2 || score(v~) + e / sigma ||^2,   v~ = v + sigma e,   e standard normal
 * dJ/dtheta = E z . d/dtheta score(v~),      z = score(v~) + e / sigma
 * </pre>
 *
 * <p>The minimum is the density of the noised data, so choose sigma as small as the data allow: the variance of the
 * gradient grows as 1 / sigma^2. Works with every {@link Estimator}.
 */
public final class Dsm implements Objective {
    private final double sigma;
    private final Estimator estimator;

    private Dsm(double sigma, Estimator estimator) {
        this.sigma = sigma;
        this.estimator = estimator;
    }

    /** Noise of this standard deviation, in units of v; published: 0.05 for the checkerboard, 0.3 for Frey faces. */
    public static Dsm noiseStd(double sigma) {
        if (!(sigma > 0) || sigma == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that("Dsm.noiseStd: not a standard deviation")
                    .expected("a positive number")
                    .butWas(sigma));
        }
        return new Dsm(sigma, ExactScore.estimator());
    }

    /** How the score and its gradient are found; {@link ExactScore} unless said otherwise. */
    public Dsm using(Estimator how) {
        return new Dsm(sigma, how);
    }

    @Override
    public String name() {
        return "DSM with noise " + sigma + " by " + estimator.name();
    }

    @Override
    public List<Parameters> parameters() {
        return estimator.parameters();
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        List<Phase> phases = new ArrayList<>(
                estimator.innerPhases(model, batch.plus(noise(batch).times(sigma))));
        Expr e = noise(batch);
        Estimator.Estimate estimate = estimator.at(model, batch.plus(e.times(sigma)));
        // z = score(v~) + e / sigma
        Expr z = estimate.score().plus(e.over(sigma)).held();
        Expr value = value(estimate.score().held(), e);
        phases.add(Phase.of("objective", model, estimate.surrogate(z).mean(), value));
        return phases;
    }

    /**
     * J with the known mean of 1/2 ||e / sigma||^2 in place of its sample, which would drown the rest:
     * mean of 1/2 ||s||^2 + s . e / sigma, plus width / (2 sigma^2).
     */
    private Expr value(Expr s, Expr e) {
        Expr varying = s.square().times(0.5).plus(s.times(e).over(sigma)).sum(1).mean();
        return varying.plus(e.shape(1) / (2 * sigma * sigma));
    }

    private static Expr noise(Expr batch) {
        return Expr.noise(Leaf.Source.NORMAL, "noise", batch.shape());
    }

    @Override
    public String toString() {
        return name();
    }
}
