package org.ebvlm.model;

import java.util.ArrayList;
import java.util.List;
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
public final class ConditionalSbn extends BeliefNetwork {
    private final int context;

    ConditionalSbn(LatentEnergy energy, int context, List<Layer> kinds) {
        super(energy, kinds);
        this.context = context;
    }

    /** Starts a network given so many units: the first columns of v. */
    public static Builder context(int units) {
        return new Builder(Blueprint.width("ConditionalSbn.context", units));
    }

    /** Sizes; {@link #init} ends it. */
    public static final class Builder {
        private final int context;
        private List<Layer> layers = List.of();
        private int target;

        private Builder(int context) {
            this.context = context;
        }

        /** Numbers of hidden units of each layer, the one next to the context first; published: 200, 200. */
        public Builder hidden(int... units) {
            layers = bits("ConditionalSbn.hidden", units);
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
            List<Layer> links = links();
            StringBuilder name = new StringBuilder("ConditionalSbn ").append(context);
            links.forEach(each -> name.append('/').append(each.units()));
            LatentEnergy.Builder plan = LatentEnergy.visible(context + target)
                    .binary(layers.stream().mapToInt(Layer::units).sum())
                    .normalised()
                    .binaryVisible()
                    .named(name.toString());
            int before = context;
            for (int i = 0; i < links.size(); i++) {
                plan(plan, i, before, links.get(i).units());
                before = links.get(i).units();
            }
            return new ConditionalSbn(plan.energy(this::energy).init(noise), context, layers);
        }

        /** The hidden layers, and then the target. */
        private List<Layer> links() {
            List<Layer> all = new ArrayList<>(layers);
            all.add(Layer.bernoulli(target));
            return all;
        }

        private SDVariable energy(SameDiff g, SDVariable v, SDVariable h) {
            List<Layer> links = links();
            SDVariable before = v.get(SDIndex.all(), SDIndex.interval(0, context));
            SDVariable log = null;
            for (int i = 0; i < links.size(); i++) {
                SDVariable x = i < layers.size()
                        ? columns(h, layers, i)
                        : v.get(SDIndex.all(), SDIndex.interval(context, context + target));
                SDVariable odds = before.mmul(g.getVariable(weight(i))).add(g.getVariable(bias(i)));
                SDVariable mass = links.get(i).logProb(g, x, odds);
                log = log == null ? mass : log.add(mass);
                before = x;
            }
            return log.neg();
        }
    }

    // ---------------------------------------------------------------- the model

    @Override
    public boolean hasBinaryVisible() {
        return true;
    }

    /** Width of the context, the first columns of v. */
    public int context() {
        return context;
    }

    @Override
    void describe(Description folder) {
        super.describe(folder);
        folder.add("context", context).add("layers", layers());
    }

    static ConditionalSbn described(Description folder) {
        return new ConditionalSbn(
                LatentEnergy.described(folder),
                folder.whole("context"),
                folder.list("layers", each -> Layer.bernoulli(each.getAsInt())));
    }

    @Override
    public ConditionalSbn with(Parameters values) {
        return new ConditionalSbn(energy.with(values), context, kinds);
    }

    /**
     * Log odds of a layer given the one before.
     *
     * @param layer from 0, the one next to the context, up to the number of hidden layers, which is the target's
     * @param before [n, units before]
     */
    public Expr odds(int layer, Expr before) {
        return code(layer, before);
    }

    /** E[y | h]; [n, target]. */
    public Expr targetMean(Expr h) {
        int top = kinds.get(kinds.size() - 1).units();
        return odds(kinds.size(), h.slice(1, hidden() - top, top)).sigmoid();
    }

    @Override
    String description() {
        return "conditional sigmoid belief network";
    }
}
