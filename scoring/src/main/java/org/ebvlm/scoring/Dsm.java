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
        Expr value = value(estimate, z, e).held();
        phases.add(Phase.of("objective", model, estimate.surrogate(z).mean(), value));
        return phases;
    }

    /**
     * J for plotting, without the noise of 1/2 ||e / sigma||^2, whose mean is known, and without the variance of the
     * estimated score s, which a square of s would add: with s' estimated from other draws,
     *
     * <pre>J = E[ 1/2 z . s' + 1/2 s . e / sigma ] + width / (2 sigma^2)</pre>
     */
    private Expr value(Estimator.Estimate estimate, Expr z, Expr e) {
        Expr drift = estimate.score().times(e.over(sigma)).sum(1);
        return estimate.along(z).plus(drift).mean().times(0.5).plus(e.shape(1) / (2 * sigma * sigma));
    }

    private static Expr noise(Expr batch) {
        return Expr.noise(Leaf.Source.NORMAL, "noise", batch.shape());
    }

    @Override
    public String toString() {
        return name();
    }
}
