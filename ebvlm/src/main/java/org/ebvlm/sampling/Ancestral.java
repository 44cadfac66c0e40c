package org.ebvlm.sampling;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Directed;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/** Exact, independent samples of a {@link Directed} model: h from its prior, then v given h. No chain, no burn-in. */
public final class Ancestral implements Sampler {
    private final boolean means;

    private Ancestral(boolean means) {
        this.means = means;
    }

    /** The sampler. */
    public static Ancestral sampler() {
        return new Ancestral(false);
    }

    /** Returns E[v | h] in place of a noisy v: what pictures of faces or digits show. */
    public Ancestral showingMeans() {
        return new Ancestral(true);
    }

    @Override
    public Data sample(EnergyModel model, int chains, Noise noise) {
        if (!(model instanceof Directed directed)) {
            throw new SettingException(Facts.that("Ancestral.sample: v cannot be drawn given h from a prior")
                    .expected("a Vae or an Sbn")
                    .butWas(model)
                    .hint("use BlockGibbs or Langevin"));
        }
        Expr mean = directed.visibleMean(directed.hiddenDraw(chains));
        try (Program program = Program.of(means ? mean : directed.visibleDraw(mean))) {
            directed.parameters().give(program);
            program.draw(noise);
            program.run();
            return Data.of("samples of " + directed.name(), program.value(0).clone(), directed.visible());
        }
    }

    @Override
    public String toString() {
        return "Ancestral" + (means ? ", means" : "");
    }
}
