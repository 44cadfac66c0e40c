package org.ebvlm.model;

import java.util.List;
import java.util.stream.Collectors;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;

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
public final class Sbn extends TopDown {
    Sbn(LatentEnergy energy, List<Layer> kinds) {
        super(energy, Layer.bernoulli(energy.visible()), kinds);
    }

    /** Starts a network with binary v of this width. */
    public static Builder visible(int units) {
        return new Builder(Blueprint.width("Sbn.visible", units));
    }

    /** Sizes and options; {@link #init} ends it. */
    public static final class Builder {
        private final int visible;
        private List<Layer> layers = List.of();
        private boolean fixedPrior;

        private Builder(int visible) {
            this.visible = visible;
        }

        /** Numbers of hidden units of each layer, the one next to v first; published: 200, 200, 200. */
        public Builder hidden(int... units) {
            if (!layers.isEmpty() || units.length == 0) {
                throw new SettingException(Facts.that("Sbn.hidden: not possible")
                        .expected("the layers, one or more, once")
                        .butWas(widths() + (units.length == 0 ? " and then none" : " and then others")));
            }
            layers = bits("Sbn.hidden", units);
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
            String name =
                    "Sbn " + visible + widths().stream().map(each -> "/" + each).collect(Collectors.joining());
            return new Sbn(written(name, Layer.bernoulli(visible), layers, fixedPrior, noise), layers);
        }

        private List<Integer> widths() {
            return layers.stream().map(Layer::units).toList();
        }
    }

    @Override
    public Sbn with(Parameters values) {
        return new Sbn(energy.with(values), kinds);
    }

    @Override
    void describe(Description folder) {
        super.describe(folder);
        folder.add("layers", layers());
    }

    static Sbn described(Description folder) {
        return new Sbn(LatentEnergy.described(folder), folder.list("layers", each -> Layer.bernoulli(each.getAsInt())));
    }

    @Override
    String description() {
        return "sigmoid belief network";
    }
}
