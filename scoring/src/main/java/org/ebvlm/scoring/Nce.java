package org.ebvlm.scoring;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Updater;

/**
 * Noise-contrastive estimation (Gutmann and Hyvarinen, 2012): the model, with a learned log Z, is the classifier that tells
 * data from noise of a known density p_n,
 *
 * <pre>
 * J = E_data softplus(-G(v)) + nu E_noise softplus(G(u)),   G = -F - log Z - log p_n - log nu
 * </pre>
 *
 * <p>The minimum over model and log Z is the density of the data itself, normalised. Needs the free energy; for other models
 * take {@link Vnce}.
 *
 * <p>Everything depends on the noise: where it is far from the data the two are told apart without knowing the density, and
 * nothing is learned. Unless said otherwise it is a Gaussian fitted to the training data; the published comparisons use
 * the standard normal, {@code Nce.noise(GaussianNoise.standard(width))}, which suits standardised data of a few columns. In many
 * dimensions no simple noise is near: prefer {@link Dsm}. log Z moves by steps of its own, no faster than its updater lets
 * it: where it is known to be large, start it near. Cost: 1 + nu free energies a row, twice.
 */
public final class Nce implements Objective {
    private final Contrast contrast;

    private Nce(Contrast contrast) {
        this.contrast = contrast;
    }

    /** Against a Gaussian with mean and covariance of the training data. */
    public static Nce fittedNoise() {
        return new Nce(Contrast.standard());
    }

    /** Against noise of this density. */
    public static Nce noise(NoiseDensity density) {
        return new Nce(Contrast.standard().noise(density));
    }

    /** Draws of noise for each row of data, nu; published: 1. */
    public Nce drawsPerRow(int nu) {
        return new Nce(contrast.ratio(nu));
    }

    /** Where log Z starts, in nats; 0 unless said otherwise. */
    public Nce startingAt(double logZ) {
        return new Nce(contrast.startingAt(logZ));
    }

    /** How log Z descends, where it differs from the model. */
    public Nce normaliserBy(Updater how) {
        return new Nce(contrast.updater(how));
    }

    /** The log Z that is learned: {@code run.fitted(loss.normaliser()).value()} after training. */
    public LogNormaliser normaliser() {
        return contrast.normaliser();
    }

    @Override
    public String name() {
        return "NCE against " + contrast;
    }

    @Override
    public List<Parameters> parameters() {
        return List.of(normaliser().parameters());
    }

    @Override
    public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
        Contrast settled = contrast.settledOn(model, data);
        Expr loss = loss(settled, model, batch);
        return List.of(settled.normaliserPhase(loss(settled, model, batch)), Phase.of("objective", model, loss, loss));
    }

    /** J with noise of its own. */
    private static Expr loss(Contrast contrast, EnergyModel model, Expr v) {
        Expr u = contrast.draws(v);
        Expr odds = contrast.logOdds(model.freeEnergy(v).neg(), v);
        return contrast.loss(
                odds.neg().softplus(), contrast.logOdds(model.freeEnergy(u).neg(), u));
    }

    @Override
    public String toString() {
        return name();
    }
}
