package org.ebvlm.scoring;

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
 * Multiscale denoising score matching (Li, Chen and Sommer, 2019), in the form of the VaGES code: row i of the batch gets
 * noise of its own level sigma_i, and one energy learns the direction back from all levels,
 *
 * <pre>
 * J = E 1/2 || score(v~) / sigma_i + e / sigma0^2 ||^2,   v~ = v + sigma_i e,   e standard normal
 * dJ/dtheta = E z . d/dtheta score(v~),                   z = ( score(v~) / sigma_i + e / sigma0^2 ) / sigma_i
 * </pre>
 *
 * <p>In high dimensions noise of one level leaves most of the space unseen; several levels shape the energy far from the data,
 * where samplers start. The levels are a fixed grid over the batch, the first row having the smallest. Works with every
 * {@link Estimator}; a posterior is fitted with the weight 1 / sigma_i for row i.
 */
public final class Mdsm implements Objective {
    private final NoiseGrid grid;
    private final double sigma0;
    private final Estimator estimator;

    private Mdsm(NoiseGrid grid, double sigma0, Estimator estimator) {
        this.grid = grid;
        this.sigma0 = sigma0;
        this.estimator = estimator;
    }

    /** Noise of these levels; sigma0 is the smallest unless said otherwise. */
    public static Mdsm noise(NoiseGrid grid) {
        return new Mdsm(grid, grid.smallest(), ExactScore.estimator());
    }

    /** The noise level whose density is learned; published: 0.1 for images. */
    public Mdsm sigma0(double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that("Mdsm.sigma0: not a standard deviation")
                    .expected("a positive number")
                    .butWas(value));
        }
        return new Mdsm(grid, value, estimator);
    }

    /** How the score and its gradient are found; {@link ExactScore} unless said otherwise. */
    public Mdsm using(Estimator how) {
        return new Mdsm(grid, sigma0, how);
    }

    @Override
    public String name() {
        return "MDSM with noise " + grid + ", sigma0 " + sigma0 + ", by " + estimator.name();
    }

    @Override
    public List<Parameters> parameters() {
        return estimator.parameters();
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        double variance = sigma0 * sigma0;
        return new Denoising(estimator, grid.levels(batch.shape(0)), s -> 1 / (s * s), s -> 1 / (s * variance))
                .phases(model, batch, s -> 1 / s);
    }

    @Override
    public String toString() {
        return name();
    }
}
