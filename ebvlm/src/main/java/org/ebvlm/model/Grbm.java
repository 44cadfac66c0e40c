package org.ebvlm.model;

import java.util.Locale;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;

/**
 * Gaussian restricted Boltzmann machine, in the convention of the VaGES code (Bao et al., 2021):
 *
 * <pre>
 * E(v, h) = 1/2 ||(v - b) / s||^2 - c . h - v' W h          (the coupling is not divided by s^2)
 * F(v)    = 1/2 ||(v - b) / s||^2 - sum of softplus(c + W' v)
 * p(h = 1 | v) = sigmoid(c + W' v),     p(v | h) = N(b + s^2 W h, s^2)
 * </pre>
 *
 * <p>Parameters: {@code W} [visible, hidden], {@code c} [hidden], {@code b} [visible], and {@code logStd} [visible], the
 * logarithm of s, unless s is fixed. The marginal of v is a mixture of 2^hidden Gaussians with equal covariance, so it
 * cannot show sharp edges: expect blobs.
 */
public final class Grbm implements EnergyModel {
    private final LatentEnergy energy;
    private final Double fixedStd;

    Grbm(LatentEnergy energy, Double fixedStd) {
        this.energy = energy;
        this.fixedStd = fixedStd;
    }

    /** Starts a machine with visible units of this number. */
    public static Builder visible(int units) {
        return new Builder(units);
    }

    /** Sizes and options; {@link #init} or {@link #of} ends it. */
    public static final class Builder {
        private final int visible;
        private int hidden;
        private Double fixedStd;

        private Builder(int visible) {
            this.visible = visible;
        }

        /** Number of hidden units. */
        public Builder hidden(int units) {
            hidden = units;
            return this;
        }

        /** Fixes the standard deviation s of all visible units; learned otherwise. */
        public Builder fixedStd(double std) {
            if (!(std > 0)) {
                throw new SettingException(Facts.that("Grbm.fixedStd: not a standard deviation")
                        .expected("a positive number")
                        .butWas(std));
            }
            fixedStd = std;
            return this;
        }

        /** The machine with W, c and b uniform within 1 / sqrt(hidden) and s = 1, as published. */
        public Grbm init(Noise noise) {
            double bound = 1 / Math.sqrt(Math.max(1, hidden));
            return build(
                    blueprint()
                            .uniform("W", bound, visible, hidden)
                            .uniform("c", bound, hidden)
                            .uniform("b", bound, visible),
                    noise);
        }

        /**
         * The machine with given parameters.
         *
         * @param w [visible, hidden], row-major
         * @param c [hidden]
         * @param b [visible]
         * @param std [visible]; ignored where it is fixed
         */
        public Grbm of(float[] w, float[] c, float[] b, float[] std) {
            Grbm model = init(Noise.seed(0));
            Parameters given = model.parameters().with("W", w).with("c", c).with("b", b);
            if (fixedStd == null) {
                float[] logStd = new float[std.length];
                for (int i = 0; i < std.length; i++) {
                    logStd[i] = (float) Math.log(std[i]);
                }
                given = given.with("logStd", logStd);
            }
            return model.with(given);
        }

        private LatentEnergy.Builder blueprint() {
            return LatentEnergy.visible(visible).binary(hidden).named("Grbm " + visible + "/" + hidden);
        }

        private Grbm build(LatentEnergy.Builder blueprint, Noise noise) {
            if (fixedStd == null) {
                blueprint.zeros("logStd", visible);
            }
            double precision = fixedStd == null ? 1 : 1 / fixedStd;
            return new Grbm(
                    blueprint
                            .energy((g, v, h) -> {
                                var r = v.sub(g.getVariable("b"));
                                var scaled = fixedStd == null
                                        ? r.mul(g.math.exp(
                                                g.getVariable("logStd").neg()))
                                        : r.mul(precision);
                                var drive = v.mmul(g.getVariable("W")).add(g.getVariable("c"));
                                return g.math.square(scaled)
                                        .sum(1)
                                        .mul(0.5)
                                        .sub(drive.mul(h).sum(1));
                            })
                            .init(noise),
                    fixedStd);
        }
    }

    @Override
    public String name() {
        return energy.name();
    }

    @Override
    public int visible() {
        return energy.visible();
    }

    @Override
    public int hidden() {
        return energy.hidden();
    }

    @Override
    public Latents latents() {
        return Latents.BINARY;
    }

    @Override
    public Parameters parameters() {
        return energy.parameters();
    }

    @Override
    public Grbm with(Parameters values) {
        return new Grbm(energy.with(values), fixedStd);
    }

    @Override
    public Expr energy(Expr v, Expr h) {
        return energy.energy(v, h);
    }

    @Override
    public boolean hasFreeEnergy() {
        return true;
    }

    /** F(v) = 1/2 ||(v - b) / s||^2 - sum of softplus(c + W' v); [n]. */
    @Override
    public Expr freeEnergy(Expr v) {
        return quadratic(v).minus(drive(v).softplus().sum(1));
    }

    /** 1/2 ||(v - b) / s||^2; [n]. */
    Expr quadratic(Expr v) {
        return v.minus(parameters().get("b"))
                .times(std().reciprocal())
                .square()
                .sum(1)
                .times(0.5);
    }

    /** c + W' v, the log odds of each hidden unit given v; [n, hidden]. */
    public Expr drive(Expr v) {
        return v.matmul(parameters().get("W")).plus(parameters().get("c"));
    }

    /** p(h = 1 | v) = sigmoid(c + W' v); [n, hidden]. */
    public Expr hiddenMean(Expr v) {
        return drive(v).sigmoid();
    }

    /** E[v | h] = b + s^2 W h; [n, visible]. */
    public Expr visibleMean(Expr h) {
        Expr coupling = h.matmul(parameters().get("W"), false, true);
        return coupling.times(std().square()).plus(parameters().get("b"));
    }

    /** s, the standard deviation of v given h; [visible]. */
    public Expr std() {
        return fixedStd == null ? parameters().get("logStd").exp() : Expr.constant(fixedStd, visible());
    }

    /** The values of s. */
    public float[] stdValues() {
        float[] std = new float[visible()];
        for (int i = 0; i < std.length; i++) {
            std[i] = fixedStd == null ? (float) Math.exp(parameters().values("logStd")[i]) : fixedStd.floatValue();
        }
        return std;
    }

    /** The energy as a SameDiff model, to save it or to build on it. */
    public LatentEnergy asLatentEnergy() {
        return energy;
    }

    Double fixedStd() {
        return fixedStd;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: Gaussian RBM, std %s, %,d parameters",
                name(),
                fixedStd == null ? "learned" : "fixed at " + fixedStd,
                parameters().size());
    }
}
