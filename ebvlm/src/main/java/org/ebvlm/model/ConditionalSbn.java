package org.ebvlm.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Sigmoid belief network of one part of v given the other, for structured prediction: v = [c, y] with context c and target y,
 * binary h = [h1, ..., hL], h1 next to the context,
 *
 * <pre>
 * p(h1 | c) = Bernoulli(sigmoid(c W1 + b1)),   p(hi | hi-1) = Bernoulli(sigmoid(hi-1 Wi + bi)),   p(y | hL) likewise, last
 * E(v, h) = -log p(y, h | c)
 * </pre>
 *
 * <p>The context has no distribution: likelihoods and bounds are of y given c, and log Z = 0 for every c. Draws of h from the
 * prior p(h | c) are the usual way to fit it ({@code Posteriors.prior}), by {@code Vimco} for example; a posterior of v works as
 * well. Published: 392-200-200-392, the lower half of a digit given the upper.
 *
 * <p>Parameters: {@code Wi} [units before, units], {@code bi} [units], i from 1 to L + 1.
 */
public final class ConditionalSbn implements EnergyModel {
    private final LatentEnergy energy;
    private final int context;
    private final List<Integer> layers;

    ConditionalSbn(LatentEnergy energy, int context, List<Integer> layers) {
        this.energy = energy;
        this.context = context;
        this.layers = List.copyOf(layers);
    }

    /** Starts a network given so many units: the first columns of v. */
    public static Builder context(int units) {
        return new Builder(Blueprint.width("ConditionalSbn.context", units));
    }

    /** Sizes; {@link #init} ends it. */
    public static final class Builder {
        private final int context;
        private final List<Integer> layers = new ArrayList<>();
        private int target;

        private Builder(int context) {
            this.context = context;
        }

        /** Numbers of hidden units of each layer, the one next to the context first; published: 200, 200. */
        public Builder hidden(int... units) {
            layers.clear();
            for (int each : units) {
                layers.add(Blueprint.width("ConditionalSbn.hidden", each));
            }
            return this;
        }

        /** Units that are predicted: the last columns of v. */
        public Builder target(int units) {
            target = Blueprint.width("ConditionalSbn.target", units);
            return this;
        }

        /** The network with weights normal of variance 1 / (units before) and no biases. */
        public ConditionalSbn init(Noise noise) {
            if (layers.isEmpty() || target == 0) {
                throw new SettingException(Facts.that("ConditionalSbn.init: the network is not complete")
                        .expected("hidden(units, ...) and target(units)")
                        .butWas(layers.isEmpty() ? "no hidden layer" : "no target"));
            }
            List<Integer> widths = new ArrayList<>(layers);
            widths.add(target);
            StringBuilder name = new StringBuilder("ConditionalSbn ").append(context);
            widths.forEach(each -> name.append('/').append(each));
            LatentEnergy.Builder plan = LatentEnergy.visible(context + target)
                    .binary(layers.stream().mapToInt(Integer::intValue).sum())
                    .normalised()
                    .binaryVisible()
                    .named(name.toString());
            int before = context;
            for (int i = 0; i < widths.size(); i++) {
                plan.normal(weight(i), 1 / Math.sqrt(before), before, widths.get(i))
                        .zeros(bias(i), widths.get(i));
                before = widths.get(i);
            }
            return new ConditionalSbn(plan.energy(this::energy).init(noise), context, layers);
        }

        private SDVariable energy(SameDiff g, SDVariable v, SDVariable h) {
            SDVariable before = v.get(SDIndex.all(), SDIndex.interval(0, context));
            SDVariable log = null;
            int from = 0;
            for (int i = 0; i <= layers.size(); i++) {
                boolean last = i == layers.size();
                SDVariable x = last
                        ? v.get(SDIndex.all(), SDIndex.interval(context, context + target))
                        : layers.size() == 1 ? h : h.get(SDIndex.all(), SDIndex.interval(from, from + layers.get(i)));
                SDVariable odds = before.mmul(g.getVariable(weight(i))).add(g.getVariable(bias(i)));
                SDVariable mass = x.mul(odds).sub(g.nn.softplus(odds)).sum(1);
                log = log == null ? mass : log.add(mass);
                before = x;
                from += last ? 0 : layers.get(i);
            }
            return log.neg();
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

    /** Context and target together. */
    @Override
    public int visible() {
        return energy.visible();
    }

    @Override
    public int hidden() {
        return energy.hidden();
    }

    /** Width of the context, the first columns of v. */
    public int context() {
        return context;
    }

    /** Units of each hidden layer, the one next to the context first, as they lie in h. */
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

    /** Given the context. */
    @Override
    public boolean isNormalised() {
        return true;
    }

    @Override
    public Parameters parameters() {
        return energy.parameters();
    }

    @Override
    public ConditionalSbn with(Parameters values) {
        return new ConditionalSbn(energy.with(values), context, layers);
    }

    /** -log p(y, h | c); [n]. */
    @Override
    public Expr energy(Expr v, Expr h) {
        return energy.energy(v, h);
    }

    /**
     * Log odds of a layer given the one before.
     *
     * @param layer from 0, the one next to the context, up to the number of hidden layers, which is the target's
     * @param before [n, units before]
     */
    public Expr odds(int layer, Expr before) {
        return before.matmul(parameters().get(weight(layer))).plus(parameters().get(bias(layer)));
    }

    /** E[y | h]; [n, target]. */
    public Expr targetMean(Expr h) {
        int top = layers.get(layers.size() - 1);
        return odds(layers.size(), h.slice(1, hidden() - top, top)).sigmoid();
    }

    /** The energy as a SameDiff model, to save it or to build on it. */
    public LatentEnergy asLatentEnergy() {
        return energy;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: conditional sigmoid belief network, %,d parameters",
                name(),
                parameters().size());
    }
}
