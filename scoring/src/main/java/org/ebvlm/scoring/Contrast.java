package org.ebvlm.scoring;

import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Updater;

/**
 * What noise-contrastive objectives have in common: a noise density, nu draws of it for each row of data, and log Z. With
 * G = log p~ - log Z - log p_n - log nu, the log odds of a point to be of the data,
 *
 * <pre>J = E_data softplus(-G) + nu E_noise softplus(G)</pre>
 *
 * @param noise null for a Gaussian fitted to the data
 * @param ratio nu
 * @param updater of log Z; null for the training's
 */
record Contrast(NoiseDensity noise, int ratio, LogNormaliser normaliser, Updater updater) {

    static Contrast standard() {
        return new Contrast(null, 1, LogNormaliser.startingAt(0), null);
    }

    Contrast noise(NoiseDensity density) {
        return new Contrast(density, ratio, normaliser, updater);
    }

    Contrast ratio(int nu) {
        if (nu < 1) {
            throw new SettingException(Facts.that("noise draws for each row of data: too few")
                    .expected("1 or more")
                    .butWas(nu));
        }
        return new Contrast(noise, nu, normaliser, updater);
    }

    Contrast startingAt(double logZ) {
        if (!Double.isFinite(logZ)) {
            throw new SettingException(Facts.that("log Z cannot start there")
                    .expected("a finite number")
                    .butWas(logZ));
        }
        return new Contrast(noise, ratio, LogNormaliser.startingAt(logZ), updater);
    }

    Contrast updater(Updater how) {
        return new Contrast(noise, ratio, normaliser, how);
    }

    /** The same with the noise settled. */
    Contrast settledOn(EnergyModel model, Data data) {
        NoiseDensity settled = noise == null ? GaussianNoise.fittedTo(data) : noise;
        if (settled.width() != model.visible()) {
            throw new SettingException(Facts.that("the noise density does not fit " + model.name())
                    .expected("width " + model.visible())
                    .butWas(settled.name() + " of width " + settled.width()));
        }
        return noise(settled);
    }

    /** Draws to tell the batch from; [nu n, width]. */
    Expr draws(Expr batch) {
        return noise.sample(ratio * batch.shape(0));
    }

    /** G = log p~ - log Z - log p_n - log nu, for an expression of log p~(v); [n]. */
    Expr logOdds(Expr logUnnormalised, Expr v) {
        return logUnnormalised
                .minus(normaliser.expression())
                .minus(noise.logDensity(v))
                .minus(Math.log(ratio));
    }

    /** The mean over data of what is lost there, plus nu times the mean over noise of softplus(G). */
    Expr loss(Expr lostOnData, Expr oddsOfNoise) {
        return lostOnData.mean().plus(oddsOfNoise.softplus().mean().times(ratio));
    }

    /** The phase that moves log Z down a loss; its value is log Z itself. */
    Phase normaliserPhase(Expr loss) {
        return new Phase(
                "logNormaliser", 1, normaliser, loss, normaliser.expression().reshape(), Optional.ofNullable(updater));
    }

    @Override
    public String toString() {
        return (noise == null ? "Gaussian fitted to the data" : noise.name()) + ", " + ratio + " a row";
    }
}
