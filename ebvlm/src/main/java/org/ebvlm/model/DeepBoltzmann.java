package org.ebvlm.model;

import java.util.List;
import java.util.Locale;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.noise.Noise;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Deep Boltzmann machine of two hidden layers (Salakhutdinov and Hinton, 2009), h = [h1; h2] binary:
 *
 * <pre>
 * E(v, h) = own(v) - c1 . h1 - c2 . h2 - v' W1 h1 - h1' W2 h2
 * own(v)  = 1/2 ||(v - b) / s||^2   for real v,     -b . v   for binary v
 * p(h1 = 1 | v, h2) = sigmoid(c1 + W1' v + W2 h2),     p(h2 = 1 | h1) = sigmoid(c2 + W2' h1)
 * p(v | h1) = N(b + s^2 W1 h1, s^2)   or   p(v = 1 | h1) = sigmoid(b + W1 h1)
 * </pre>
 *
 * <p>Parameters: {@code W1} [visible, h1], {@code W2} [h1, h2], {@code c1}, {@code c2}, {@code b}, and for real v {@code
 * logStd} [visible] unless s is fixed. The coupling is not divided by s^2, as in a {@link Grbm} of plain coupling.
 *
 * <p>p(h | v) does not factorise. The free energy is known where one of the hidden layers has at most {@link
 * Enumeration#LIMIT} units: the sum over the other is closed, and that over the smaller goes through all its states, which
 * costs 2^units a row. Above that, fit it with {@code Vages} and a Bernoulli posterior. About binary v, what {@link
 * BernoulliRbm} says holds here too.
 */
public final class DeepBoltzmann extends WrittenMachine {
    private final int first;
    private final int second;
    private final boolean binary;
    private final Double fixedStd;

    DeepBoltzmann(LatentEnergy energy, int first, boolean binary, Double fixedStd) {
        super(energy);
        this.first = first;
        this.second = energy.hidden() - first;
        this.binary = binary;
        this.fixedStd = fixedStd;
    }

    /** Starts a machine with visible units of this number, real unless said otherwise. */
    public static Builder visible(int units) {
        return new Builder(Blueprint.width("DeepBoltzmann.visible", units));
    }

    /** Sizes and options; {@link #init} ends it. */
    public static final class Builder {
        private final int visible;
        private int first;
        private int second;
        private boolean binary;
        private Double fixedStd;

        private Builder(int visible) {
            this.visible = visible;
        }

        /** Numbers of hidden units: of the layer that sees v, and of the layer above. */
        public Builder hidden(int h1, int h2) {
            if (h1 < 1 || h2 < 1) {
                throw new SettingException(Facts.that("DeepBoltzmann.hidden: not two layers")
                        .expected("1 or more units in each")
                        .butWas(h1 + " and " + h2));
            }
            first = h1;
            second = h2;
            return this;
        }

        /** Makes v binary. */
        public Builder binaryVisible() {
            binary = true;
            return this;
        }

        /** Fixes the standard deviation s of all visible units; learned otherwise. */
        public Builder fixedStd(double std) {
            if (!(std > 0)) {
                throw new SettingException(Facts.that("DeepBoltzmann.fixedStd: not a standard deviation")
                        .expected("a positive number")
                        .butWas(std));
            }
            fixedStd = std;
            return this;
        }

        /** The machine with W1 and W2 uniform within 1 / sqrt(hidden units of both ends), no biases and s = 1. */
        public DeepBoltzmann init(Noise noise) {
            if (first == 0 || (binary && fixedStd != null)) {
                throw new SettingException(
                        Facts.that("DeepBoltzmann.init: the machine is not complete, or too much is said")
                                .expected("hidden(h1, h2), and fixedStd for real v only")
                                .butWas(first == 0 ? "no hidden layers" : "binary v and a fixed standard deviation"));
            }
            LatentEnergy.Builder plan = LatentEnergy.visible(visible)
                    .binary(first + second)
                    .named("DeepBoltzmann " + visible + "/" + first + "/" + second)
                    .uniform("W1", 1 / Math.sqrt(visible + first), visible, first)
                    .uniform("W2", 1 / Math.sqrt(first + second), first, second)
                    .zeros("c1", first)
                    .zeros("c2", second)
                    .zeros("b", visible);
            if (!binary && fixedStd == null) {
                plan.zeros("logStd", visible);
            }
            return new DeepBoltzmann(plan.energy(this::energy).init(noise), first, binary, fixedStd);
        }

        private SDVariable energy(SameDiff g, SDVariable v, SDVariable h) {
            SDVariable h1 = h.get(SDIndex.all(), SDIndex.interval(0, first));
            SDVariable h2 = h.get(SDIndex.all(), SDIndex.interval(first, first + second));
            SDVariable drive1 = v.mmul(g.getVariable("W1")).add(g.getVariable("c1"));
            SDVariable drive2 = h1.mmul(g.getVariable("W2")).add(g.getVariable("c2"));
            return own(g, v).sub(drive1.mul(h1).sum(1)).sub(drive2.mul(h2).sum(1));
        }

        private SDVariable own(SameDiff g, SDVariable v) {
            SDVariable b = g.getVariable("b");
            if (binary) {
                return v.mul(b).sum(1).neg();
            }
            SDVariable r = v.sub(b);
            SDVariable scaled =
                    fixedStd == null ? r.mul(g.math.exp(g.getVariable("logStd").neg())) : r.mul(1 / fixedStd);
            return g.math.square(scaled).sum(1).mul(0.5);
        }
    }

    @Override
    public boolean hasBinaryVisible() {
        return binary;
    }

    @Override
    public DeepBoltzmann with(Parameters values) {
        return new DeepBoltzmann(energy.with(values), first, binary, fixedStd);
    }

    private Expr get(String name) {
        return parameters().get(name);
    }

    // ---------------------------------------------------------------- free energy

    @Override
    public boolean hasFreeEnergy() {
        return Math.min(first, second) <= Enumeration.LIMIT;
    }

    /** F(v) = own(v) - log of the sum over the states of one layer, the other summed in closed form; [n]. */
    @Override
    public Expr freeEnergy(Expr v) {
        if (!hasFreeEnergy()) {
            throw new SettingException(Facts.that(name() + ": the free energy is not known")
                    .expected("a hidden layer of at most " + Enumeration.LIMIT + " units")
                    .butWas("layers of " + first + " and " + second)
                    .hint("use a variational estimate: Vaes for the score, Vages for its parameter gradient"));
        }
        Expr logs = first <= Enumeration.LIMIT ? overFirst(v) : overSecond(v);
        return own(v).minus(logs.logSumExp(1));
    }

    /** 1/2 ||(v - b) / s||^2 or -b . v; [n]. */
    private Expr own(Expr v) {
        if (binary) {
            return v.times(get("b")).sum(1).neg();
        }
        return v.minus(get("b")).times(std().reciprocal()).square().sum(1).times(0.5);
    }

    /** For each state of h1: (c1 + W1' v) . h1 + sum of softplus(c2 + W2' h1); [n, 2^first]. */
    private Expr overFirst(Expr v) {
        Expr states = Enumeration.states(first);
        Expr drive = v.matmul(get("W1")).plus(get("c1"));
        Expr above = states.matmul(get("W2")).plus(get("c2")).softplus().sum(1);
        return drive.matmul(states, false, true).plus(above);
    }

    /** For each state of h2: c2 . h2 + sum of softplus(c1 + W1' v + W2 h2); [n, 2^second]. */
    private Expr overSecond(Expr v) {
        Expr states = Enumeration.states(second);
        int rows = v.shape(0);
        Expr below = v.matmul(get("W1")).plus(get("c1")).reshape(rows, 1, first);
        Expr above = states.matmul(get("W2"), false, true).reshape(1, states.shape(0), first);
        Expr own = states.times(get("c2")).sum(1);
        return below.plus(above).softplus().sum(2).plus(own);
    }

    // ---------------------------------------------------------------- conditionals

    @Override
    public int evenUnits() {
        return visible() + second;
    }

    @Override
    public int oddUnits() {
        return first;
    }

    /** c1 + W1' v + W2 h2; [n, h1]. */
    @Override
    public Expr drive(Expr even) {
        Expr v = even.slice(1, 0, visible());
        Expr h2 = even.slice(1, visible(), second);
        return v.matmul(get("W1")).plus(h2.matmul(get("W2"), false, true)).plus(get("c1"));
    }

    @Override
    public Expr evenMean(Expr odd) {
        Expr field = odd.matmul(get("W1"), false, true);
        Expr v = binary
                ? field.plus(get("b")).sigmoid()
                : field.times(std().square()).plus(get("b"));
        Expr h2 = odd.matmul(get("W2")).plus(get("c2")).sigmoid();
        return Expr.concat(1, List.of(v, h2));
    }

    @Override
    public Expr evenDraw(Expr mean) {
        Expr v = mean.slice(1, 0, visible());
        Expr h2 = mean.slice(1, visible(), second);
        Expr drawn = binary
                ? v.greater(Expr.noise(Leaf.Source.UNIFORM, "v", v.shape()))
                : v.plus(Expr.noise(Leaf.Source.NORMAL, "e", v.shape()).times(std()));
        return Expr.concat(1, List.of(drawn, h2.greater(Expr.noise(Leaf.Source.UNIFORM, "h2", h2.shape()))));
    }

    /** s of real v; [visible]. */
    private Expr std() {
        return fixedStd == null ? get("logStd").exp() : Expr.constant(fixedStd, visible());
    }

    /** M is W1 above the transpose of W2. */
    @Override
    public Sides sides() {
        float[] w2 = parameters().values("W2");
        double[] turned = new double[w2.length];
        for (int i = 0; i < w2.length; i++) {
            turned[i % second * first + i / second] = w2[i];
        }
        return new Sides(
                Numbers.concat(
                        Numbers.widened(parameters().values("b")),
                        Numbers.widened(parameters().values("c2"))),
                stds(),
                Numbers.widened(parameters().values("c1")),
                Numbers.concat(Numbers.widened(parameters().values("W1")), turned));
    }

    private double[] stds() {
        if (binary) {
            return new double[0];
        }
        return fixedStd == null ? Numbers.exp(parameters().values("logStd")) : Numbers.filled(fixedStd, visible());
    }

    /** Units of the layer that sees v: the first columns of h. */
    public int firstUnits() {
        return first;
    }

    @Override
    void describe(Description folder) {
        super.describe(folder);
        folder.addIfKnown("fixedStd", fixedStd).add("firstUnits", first).add("binaryVisible", binary);
    }

    static DeepBoltzmann described(Description folder) {
        return new DeepBoltzmann(
                LatentEnergy.described(folder),
                folder.whole("firstUnits"),
                folder.isTrue("binaryVisible"),
                folder.numberIfKnown("fixedStd"));
    }

    @Override
    public String toString() {
        String std = fixedStd == null ? "learned" : "fixed at " + fixedStd;
        return String.format(
                Locale.ROOT,
                "%s: deep Boltzmann machine, %s, %,d parameters",
                name(),
                binary ? "binary v" : "real v, std " + std,
                parameters().size());
    }
}
