package org.ebvlm.scoring;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
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
        double[] levels = new double[batch.shape(0)];
        Arrays.fill(levels, sigma);
        return new Denoising(estimator, levels, s -> 1, s -> 1 / s).phases(model, batch, s -> 1);
    }

    @Override
    public String toString() {
        return name();
    }
}
