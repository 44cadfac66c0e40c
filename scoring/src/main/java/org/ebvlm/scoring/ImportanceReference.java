package org.ebvlm.scoring;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Substitution;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Latents;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.RefinedPosterior;

/**
 * A model whose free energy is estimated with many draws of a posterior, held where they fell,
 *
 * <pre>F(v) = -log( 1/L sum over l of exp(-E(v, h_l)) / held(q(h_l | v)) )</pre>
 *
 * so that its score and its parameter gradient are the self-normalised importance estimates of the exact ones. Their bias
 * falls as one over the effective number of draws. What stands for the truth where there is no closed form.
 */
final class ImportanceReference implements EnergyModel {
    private final EnergyModel model;
    private final Posterior q;
    private final int particles;

    private ImportanceReference(EnergyModel model, Posterior q, int particles) {
        this.model = model;
        this.q = q;
        this.particles = particles;
    }

    /** With the values that the posterior now has, whatever a program gives to its parameters. */
    static ImportanceReference of(EnergyModel model, Posterior posterior, int particles) {
        if (model.latents() != Latents.CONTINUOUS) {
            throw new SettingException(Facts.that("EstimatorAudit: the truth is not known for " + model.name())
                    .expected("a model with a free energy (a Grbm, at most ten binary units), or one of real h")
                    .butWas(model.hidden() + " binary units")
                    .hint("audit the estimator on a smaller model of the same kind"));
        }
        Posterior q = posterior instanceof RefinedPosterior moved ? moved.start() : posterior;
        return new ImportanceReference(model, q, particles);
    }

    @Override
    public Expr freeEnergy(Expr v) {
        return logWeights(v).logSumExp(1).neg().plus(Math.log(particles));
    }

    /** log p~(v, h_l) - held(log q(h_l | v)); [n, particles]. */
    private Expr logWeights(Expr v) {
        int n = v.shape(0);
        int width = v.shape(1);
        Expr rows = v.reshape(n, 1, width).broadcastTo(n, particles, width).reshape(n * particles, width);
        Parameters phi = q.parameters();
        double[] values = new double[phi.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = phi.values()[i];
        }
        Substitution fixed = Substitution.of(phi.leaf(), Expr.constant(values, values.length));
        Expr h = q.sample(rows.held());
        Expr logQ = fixed.in(q.logProb(rows.held(), h)).held();
        return model.logUnnormalised(rows, fixed.in(h).held()).minus(logQ).reshape(n, particles);
    }

    /** ( sum w )^2 / sum w^2, the draws that count, on average over rows. */
    double effectiveSize(float[] rows, Noise noise) {
        Expr v = Expr.input("rows", rows.length / visible(), visible());
        Expr log = logWeights(v);
        Expr size =
                log.logSumExp(1).times(2).minus(log.times(2).logSumExp(1)).exp().mean();
        try (Program program = Program.of(size)) {
            parameters().give(program);
            program.set(v, rows);
            program.draw(noise);
            program.run();
            return program.scalar(0);
        }
    }

    @Override
    public boolean hasFreeEnergy() {
        return true;
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public int visible() {
        return model.visible();
    }

    @Override
    public int hidden() {
        return model.hidden();
    }

    @Override
    public Latents latents() {
        return model.latents();
    }

    @Override
    public Expr energy(Expr v, Expr h) {
        return model.energy(v, h);
    }

    @Override
    public Parameters parameters() {
        return model.parameters();
    }

    @Override
    public ImportanceReference with(Parameters values) {
        return new ImportanceReference(model.with(values), q, particles);
    }
}
