package org.ebvlm.model;

import java.util.Locale;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.noise.Noise;

/**
 * Restricted Boltzmann machine of binary v and binary h (Smolensky, 1986; Hinton, 2002):
 *
 * <pre>
 * E(v, h) = -b . v - c . h - v' W h
 * F(v)    = -b . v - sum of softplus(c + W' v)
 * p(h = 1 | v) = sigmoid(c + W' v),     p(v = 1 | h) = sigmoid(b + W h)
 * </pre>
 *
 * <p>Parameters: {@code W} [visible, hidden], {@code c} [hidden], {@code b} [visible].
 *
 * <p>v is 0 or 1, and log Z sums over such v alone. The energy, the free energy and the score are nevertheless formulas
 * that take any real v. An objective made of scores (DSM, KSD, Fisher divergence) uses them so: it fits the relaxed
 * machine, whose slopes agree with those of the data, smoothed, and says nothing of the likelihood of binary rows. The
 * relaxed density exp(-F) has no finite integral over all real v, so do not run Langevin on it: {@code BlockGibbs} gives
 * binary rows.
 */
public final class BernoulliRbm extends WrittenMachine {
    BernoulliRbm(LatentEnergy energy) {
        super(energy);
    }

    /** Starts a machine with visible units of this number. */
    public static Builder visible(int units) {
        return new Builder(Blueprint.width("BernoulliRbm.visible", units));
    }

    /** Sizes; {@link #init} or {@link #of} ends it. */
    public static final class Builder {
        private final int visible;
        private int hidden;

        private Builder(int visible) {
            this.visible = visible;
        }

        /** Number of hidden units. */
        public Builder hidden(int units) {
            hidden = Blueprint.width("BernoulliRbm.hidden", units);
            return this;
        }

        /** The machine with W uniform within 1 / sqrt(visible + hidden) and no biases: nearly fair coins. */
        public BernoulliRbm init(Noise noise) {
            return new BernoulliRbm(LatentEnergy.visible(visible)
                    .binary(hidden)
                    .named("BernoulliRbm " + visible + "/" + hidden)
                    .uniform("W", 1 / Math.sqrt(visible + hidden), visible, hidden)
                    .zeros("c", hidden)
                    .zeros("b", visible)
                    .energy((g, v, h) -> {
                        var drive = v.mmul(g.getVariable("W")).add(g.getVariable("c"));
                        return v.mul(g.getVariable("b"))
                                .sum(1)
                                .add(drive.mul(h).sum(1))
                                .neg();
                    })
                    .init(noise));
        }

        /**
         * The machine with given parameters.
         *
         * @param w [visible, hidden], row-major
         * @param c [hidden]
         * @param b [visible]
         */
        public BernoulliRbm of(float[] w, float[] c, float[] b) {
            BernoulliRbm model = init(Noise.seed(0));
            return model.with(model.parameters().with("W", w).with("c", c).with("b", b));
        }
    }

    @Override
    public boolean hasBinaryVisible() {
        return true;
    }

    @Override
    public BernoulliRbm with(Parameters values) {
        return new BernoulliRbm(energy.with(values));
    }

    static BernoulliRbm described(Description folder) {
        return new BernoulliRbm(LatentEnergy.described(folder));
    }

    @Override
    public boolean hasFreeEnergy() {
        return true;
    }

    /** F(v) = -b . v - sum of softplus(c + W' v); [n]. */
    @Override
    public Expr freeEnergy(Expr v) {
        Expr own = v.times(parameters().get("b")).sum(1);
        return own.plus(drive(v).softplus().sum(1)).neg();
    }

    /** c + W' v, the log odds of each hidden unit given v; [n, hidden]. */
    @Override
    public Expr drive(Expr v) {
        return v.matmul(parameters().get("W")).plus(parameters().get("c"));
    }

    /** p(h = 1 | v) = sigmoid(c + W' v); [n, hidden]. */
    public Expr hiddenMean(Expr v) {
        return drive(v).sigmoid();
    }

    /** p(v = 1 | h) = sigmoid(b + W h); [n, visible]. */
    public Expr visibleMean(Expr h) {
        return h.matmul(parameters().get("W"), false, true)
                .plus(parameters().get("b"))
                .sigmoid();
    }

    @Override
    public int evenUnits() {
        return visible();
    }

    @Override
    public int oddUnits() {
        return hidden();
    }

    @Override
    public Expr evenMean(Expr odd) {
        return visibleMean(odd);
    }

    /** 1 where the mean is above a uniform number. */
    @Override
    public Expr evenDraw(Expr mean) {
        return mean.greater(Expr.noise(Leaf.Source.UNIFORM, "v", mean.shape()));
    }

    @Override
    public Sides sides() {
        return new Sides(
                Numbers.widened(parameters().values("b")),
                new double[0],
                Numbers.widened(parameters().values("c")),
                Numbers.widened(parameters().values("W")));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: Bernoulli RBM, %,d parameters",
                name(),
                parameters().size());
    }
}
