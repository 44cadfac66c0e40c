package org.ebvlm.model;

import java.util.Locale;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.noise.Noise;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Gaussian restricted Boltzmann machine, in the convention of the VaGES code (Bao et al., 2021):
 *
 * <pre>
 * E(v, h) = 1/2 ||(v - b) / s||^2 - c . h - v' W h          (the coupling is not divided by s^2)
 * F(v)    = 1/2 ||(v - b) / s||^2 - sum of softplus(c + W' v)
 * p(h = 1 | v) = sigmoid(c + W' v),     p(v | h) = N(b + s^2 W h, s^2)
 * </pre>
 *
 * <p>or, of {@linkplain Builder#scaledCoupling scaled coupling}, in the common one (Cho, Ilin and Raiko, 2011):
 *
 * <pre>
 * E(v, h) = 1/2 ||(v - b) / s||^2 - c . h - (v / s^2)' W h
 * F(v)    = 1/2 ||(v - b) / s||^2 - sum of softplus(c + W' (v / s^2))
 * p(h = 1 | v) = sigmoid(c + W' (v / s^2)),     p(v | h) = N(b + W h, s^2)
 * </pre>
 *
 * <p>The two are one family: W of the second is s^2 times W of the first, row by row, as {@link #withScaledCoupling} and
 * {@link #withPlainCoupling} say. They differ in how they learn, since a step in s moves other things.
 *
 * <p>Parameters: {@code W} [visible, hidden], {@code c} [hidden], {@code b} [visible], and {@code logStd} [visible], the
 * logarithm of s, unless s is fixed. The marginal of v is a mixture of 2^hidden Gaussians with equal covariance, so it
 * cannot show sharp edges: expect blobs.
 */
public final class Grbm extends WrittenMachine {
    private final Double fixedStd;
    private final boolean scaled;

    Grbm(LatentEnergy energy, Double fixedStd, boolean scaled) {
        super(energy);
        this.fixedStd = fixedStd;
        this.scaled = scaled;
    }

    /** Starts a machine with visible units of this number. */
    public static Builder visible(int units) {
        return new Builder(Blueprint.width("Grbm.visible", units));
    }

    /** Sizes and options; {@link #init} or {@link #of} ends it. */
    public static final class Builder {
        private final int visible;
        private int hidden;
        private Double fixedStd;
        private boolean scaled;

        private Builder(int visible) {
            this.visible = visible;
        }

        /** Number of hidden units. */
        public Builder hidden(int units) {
            hidden = Blueprint.width("Grbm.hidden", units);
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

        /** Divides v by s^2 in the coupling, so that E[v | h] = b + W h: the common convention. */
        public Builder scaledCoupling() {
            scaled = true;
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

        /**
         * The machine of unit standard deviation that a machine with hidden units of -1 and 1 is, as Wang and Liu (2016) have it:
         *
         * <pre>
         * log p~(v) = b . v - 1/2 ||v||^2 + sum of log( 2 cosh( B' v + c ) )
         * W = 2 B,    2 c,    b - B 1        are the parameters of the machine with 0 and 1
         * </pre>
         *
         * <p>Free energies of the two differ by a number, 1/2 ||b - B 1||^2 - sum of c.
         *
         * @param couplings B, [visible, hidden], row-major
         * @param c [hidden]
         * @param b [visible]
         */
        public Grbm ofSigns(float[] couplings, float[] c, float[] b) {
            float[] w = couplings.clone();
            float[] twice = c.clone();
            float[] mean = b.clone();
            for (int k = 0; k < w.length; k++) {
                mean[k / hidden] -= w[k];
                w[k] *= 2;
            }
            for (int j = 0; j < twice.length; j++) {
                twice[j] *= 2;
            }
            return fixedStd(1).of(w, twice, mean, new float[0]);
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
                                var drive =
                                        coupled(g, v).mmul(g.getVariable("W")).add(g.getVariable("c"));
                                return g.math.square(scaled)
                                        .sum(1)
                                        .mul(0.5)
                                        .sub(drive.mul(h).sum(1));
                            })
                            .init(noise),
                    fixedStd,
                    scaled);
        }

        /** v as the coupling takes it: v, or v / s^2. */
        private SDVariable coupled(SameDiff g, SDVariable v) {
            if (!scaled) {
                return v;
            }
            return fixedStd == null
                    ? v.mul(g.math.exp(g.getVariable("logStd").mul(-2)))
                    : v.mul(1 / (fixedStd * fixedStd));
        }
    }

    @Override
    public Grbm with(Parameters values) {
        return new Grbm(energy.with(values), fixedStd, scaled);
    }

    @Override
    public boolean hasFreeEnergy() {
        return true;
    }

    /** F(v) = 1/2 ||(v - b) / s||^2 - sum of softplus(drive(v)); [n]. */
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

    /** c + W' v, or c + W' (v / s^2), the log odds of each hidden unit given v; [n, hidden]. */
    @Override
    public Expr drive(Expr v) {
        Expr coupled = scaled ? v.times(std().square().reciprocal()) : v;
        return coupled.matmul(parameters().get("W")).plus(parameters().get("c"));
    }

    /** p(h = 1 | v) = sigmoid(drive(v)); [n, hidden]. */
    public Expr hiddenMean(Expr v) {
        return drive(v).sigmoid();
    }

    /** E[v | h] = b + s^2 W h, or b + W h; [n, visible]. */
    public Expr visibleMean(Expr h) {
        Expr coupling = h.matmul(parameters().get("W"), false, true);
        return (scaled ? coupling : coupling.times(std().square()))
                .plus(parameters().get("b"));
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

    /** mean + s e. */
    @Override
    public Expr evenDraw(Expr mean) {
        Expr e = Expr.noise(Leaf.Source.NORMAL, "e", mean.shape());
        return mean.plus(e.times(std()));
    }

    /** With M = W, or W / s^2 row by row. */
    @Override
    public Sides sides() {
        double[] std = stds();
        double[] coupling = Numbers.widened(parameters().values("W"));
        for (int i = 0; scaled && i < coupling.length; i++) {
            double s = std[i / hidden()];
            coupling[i] /= s * s;
        }
        return new Sides(
                Numbers.widened(parameters().values("b")),
                std,
                Numbers.widened(parameters().values("c")),
                coupling);
    }

    // ---------------------------------------------------------------- conventions

    /** Whether the coupling is divided by s^2. */
    public boolean hasScaledCoupling() {
        return scaled;
    }

    /** The same distribution as a machine of scaled coupling, with a graph of its own: W becomes s^2 W. */
    public Grbm withScaledCoupling() {
        return scaled ? this : converted(2);
    }

    /** The same distribution as a machine of plain coupling, with a graph of its own: W becomes W / s^2. */
    public Grbm withPlainCoupling() {
        return scaled ? converted(-2) : this;
    }

    /** The other convention, with W multiplied by a power of s. */
    private Grbm converted(int power) {
        Builder builder = visible(visible()).hidden(hidden());
        builder.fixedStd = fixedStd;
        builder.scaled = !scaled;
        double[] std = stds();
        float[] w = parameters().values("W");
        for (int i = 0; i < w.length; i++) {
            w[i] = (float) (w[i] * Math.pow(std[i / hidden()], power));
        }
        Grbm other = builder.init(Noise.seed(0));
        Parameters values = other.parameters();
        for (String each : values.names()) {
            values = values.with(each, parameters().values(each));
        }
        return other.with(values.with("W", w));
    }

    /** s, the standard deviation of v given h; [visible]. */
    public Expr std() {
        return fixedStd == null ? parameters().get("logStd").exp() : Expr.constant(fixedStd, visible());
    }

    /** The values of s. */
    public float[] stdValues() {
        return Numbers.narrowed(stds());
    }

    private double[] stds() {
        return fixedStd == null ? Numbers.exp(parameters().values("logStd")) : Numbers.filled(fixedStd, visible());
    }

    Double fixedStd() {
        return fixedStd;
    }

    @Override
    void describe(Description folder) {
        super.describe(folder);
        folder.addIfKnown("fixedStd", fixedStd).add("scaledCoupling", scaled);
    }

    static Grbm described(Description folder) {
        return new Grbm(
                LatentEnergy.described(folder), folder.numberIfKnown("fixedStd"), folder.isTrue("scaledCoupling"));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: Gaussian RBM, std %s%s, %,d parameters",
                name(),
                fixedStd == null ? "learned" : "fixed at " + fixedStd,
                scaled ? ", scaled coupling" : "",
                parameters().size());
    }
}
