package org.ebvlm.model;

import java.util.ArrayList;
import java.util.Collections;
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
 * Sigmoid belief network (Neal, 1992) of any depth, over binary v and binary h = [h1, ..., hL], h1 the layer next to v:
 *
 * <pre>
 * p(hL) = Bernoulli(sigmoid(a)),     p(hi | hi+1) = Bernoulli(sigmoid(hi+1 Wi+1 + bi+1)),     p(v | h1) = Bernoulli(sigmoid(h1 W1 + b1))
 * E(v, h) = -log p(v, h),     log of a Bernoulli mass with log odds z at x:  x z - softplus(z)
 * </pre>
 *
 * <p>exp(-E) is a probability as it stands, log Z = 0. The posterior of h does not factorise, and h is discrete, so gradients
 * cannot pass through draws: fit it with {@code Vimco} and a layered posterior. The exact likelihood is known up to {@link
 * Enumeration#LIMIT} hidden units; {@code ImportanceBound} bounds it from below for any.
 *
 * <p>Parameters: {@code Wi} [units of hi, units below], {@code bi} [units below], i from 1, and {@code prior} [units of hL],
 * the log odds a, unless they are fixed at zero.
 */
public final class Sbn implements Directed {
    private static final String PRIOR = "prior";

    private final LatentEnergy energy;
    private final List<Integer> layers;

    Sbn(LatentEnergy energy, List<Integer> layers) {
        this.energy = energy;
        this.layers = List.copyOf(layers);
    }

    /** Starts a network with binary v of this width. */
    public static Builder visible(int units) {
        return new Builder(Blueprint.width("Sbn.visible", units));
    }

    /** Sizes and options; {@link #init} ends it. */
    public static final class Builder {
        private final int visible;
        private final List<Integer> layers = new ArrayList<>();
        private boolean fixedPrior;

        private Builder(int visible) {
            this.visible = visible;
        }

        /** Numbers of hidden units of each layer, the one next to v first; published: 200, 200, 200. */
        public Builder hidden(int... units) {
            if (!layers.isEmpty() || units.length == 0) {
                throw new SettingException(Facts.that("Sbn.hidden: not possible")
                        .expected("the layers, one or more, once")
                        .butWas(layers + (units.length == 0 ? " and then none" : " and then others")));
            }
            for (int each : units) {
                layers.add(Blueprint.width("Sbn.hidden", each));
            }
            return this;
        }

        /** Fixes the top layer's units at probability one half; learned otherwise. */
        public Builder fixedPrior() {
            fixedPrior = true;
            return this;
        }

        /** The network with weights normal of variance 1 / (units above), no biases, and a prior of one half. */
        public Sbn init(Noise noise) {
            if (layers.isEmpty()) {
                throw new SettingException(Facts.that("Sbn.init: the network is not complete")
                        .expected("hidden(units, ...)")
                        .butWas("no hidden layer"));
            }
            int hidden = layers.stream().mapToInt(Integer::intValue).sum();
            StringBuilder name = new StringBuilder("Sbn ").append(visible);
            layers.forEach(each -> name.append('/').append(each));
            LatentEnergy.Builder plan = LatentEnergy.visible(visible)
                    .binary(hidden)
                    .normalised()
                    .binaryVisible()
                    .named(name.toString());
            int below = visible;
            for (int i = 0; i < layers.size(); i++) {
                int units = layers.get(i);
                plan.normal(weight(i), 1 / Math.sqrt(units), units, below).zeros(bias(i), below);
                below = units;
            }
            if (!fixedPrior) {
                plan.zeros(PRIOR, below);
            }
            return new Sbn(plan.energy(this::energy).init(noise), layers);
        }

        private SDVariable energy(SameDiff g, SDVariable v, SDVariable h) {
            SDVariable below = v;
            SDVariable log = null;
            int from = 0;
            for (int i = 0; i < layers.size(); i++) {
                SDVariable units =
                        layers.size() == 1 ? h : h.get(SDIndex.all(), SDIndex.interval(from, from + layers.get(i)));
                SDVariable odds = units.mmul(g.getVariable(weight(i))).add(g.getVariable(bias(i)));
                SDVariable mass = logMass(g, below, odds);
                log = log == null ? mass : log.add(mass);
                below = units;
                from += layers.get(i);
            }
            int top = layers.get(layers.size() - 1);
            return fixedPrior
                    ? log.neg().add(top * Math.log(2))
                    : log.add(logMass(g, below, g.getVariable(PRIOR))).neg();
        }

        /** x z - softplus(z), over all units. */
        private static SDVariable logMass(SameDiff g, SDVariable x, SDVariable odds) {
            return x.mul(odds).sub(g.nn.softplus(odds)).sum(1);
        }
    }

    private static String weight(int layer) {
        return "W" + (layer + 1);
    }

    private static String bias(int layer) {
        return "b" + (layer + 1);
    }

    // ---------------------------------------------------------------- the model

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

    /** Units of each hidden layer, the one next to v first, as they lie in h. */
    public List<Integer> layers() {
        return layers;
    }

    @Override
    public Latents latents() {
        return Latents.BINARY;
    }

    @Override
    public boolean hasBinaryVisible() {
        return true;
    }

    @Override
    public Parameters parameters() {
        return energy.parameters();
    }

    @Override
    public Sbn with(Parameters values) {
        return new Sbn(energy.with(values), layers);
    }

    /** -log p(v, h); [n]. */
    @Override
    public Expr energy(Expr v, Expr h) {
        return energy.energy(v, h);
    }

    /** Each layer given the one above. */
    @Override
    public Expr hiddenDraw(int rows) {
        int top = layers.size() - 1;
        Expr odds = parameters().names().contains(PRIOR)
                ? parameters().get(PRIOR).broadcastTo(rows, layers.get(top))
                : Expr.constant(0, rows, layers.get(top));
        List<Expr> drawn = new ArrayList<>();
        for (int i = top; i >= 0; i--) {
            Expr p = odds.sigmoid();
            Expr units = p.greater(Expr.noise(Leaf.Source.UNIFORM, "h" + (i + 1), p.shape()));
            drawn.add(units);
            odds = odds(i, units);
        }
        Collections.reverse(drawn);
        return Expr.concat(1, drawn);
    }

    /** Log odds of the layer below hidden layer i. */
    private Expr odds(int layer, Expr units) {
        return units.matmul(parameters().get(weight(layer))).plus(parameters().get(bias(layer)));
    }

    @Override
    public Expr visibleMean(Expr h) {
        return odds(0, h.slice(1, 0, layers.get(0))).sigmoid();
    }

    @Override
    public Expr visibleDraw(Expr mean) {
        return mean.greater(Expr.noise(Leaf.Source.UNIFORM, "v", mean.shape()));
    }

    /** The energy as a SameDiff model, to save it or to build on it. */
    public LatentEnergy asLatentEnergy() {
        return energy;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: sigmoid belief network, %,d parameters",
                name(),
                parameters().size());
    }
}
