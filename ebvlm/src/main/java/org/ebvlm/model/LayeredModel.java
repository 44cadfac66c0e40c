package org.ebvlm.model;

import java.util.List;
import java.util.stream.Collectors;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;

/**
 * A directed model of layers of any {@linkplain Layer kinds}, in any order: Bernoulli, categorical and Gaussian, mixed,
 *
 * <pre>
 * p(v, h) = p(hL) p(hL-1 | hL) ... p(h1 | h2) p(v | h1),     code of a layer = units above W + b
 * E(v, h) = -log p(v, h)
 * </pre>
 *
 * <pre>{@code
 * var model = LayeredModel.visible(Layer.bernoulli(784)).hidden(Layer.gaussian(20), Layer.categorical(10, 4)).init(seed(7));
 * var q = Posteriors.layered(model);
 * var run = Training.of(model).minimizing(Vimco.samples(5).posterior(q)) ...
 * }</pre>
 *
 * <p>log Z = 0. Bernoulli layers alone make it an {@link Sbn}; then h is binary. With Gaussian layers alone h is real and takes {@code
 * Iwae} and {@code Dreg}. With others h is {@link Latents#MIXED}: fit it by {@code Vimco}, {@code LeaveOneOut}, {@code Nvil} or
 * {@code Renyi}, which pass a derivative through the real units and take the score function for the rest, or by {@code Rws} or
 * {@code Tvo}, which need none. {@code ImportanceBound} bounds the likelihood from below. Links are linear: for others write
 * the log masses down as a {@link LatentEnergy}.
 *
 * <p>Parameters: {@code Wi} [units of hi, numbers of the code below], {@code bi} [numbers], i from 1, and {@code prior}, the code of
 * hL, unless it is fixed at zero.
 */
public final class LayeredModel extends TopDown {

    LayeredModel(LatentEnergy energy, Layer visible, List<Layer> kinds) {
        super(energy, visible, kinds);
    }

    /** Starts a model whose v is such a layer; a Gaussian one must have a fixed standard deviation. */
    public static Builder visible(Layer layer) {
        if (layer instanceof GaussianLayer gaussian && !gaussian.hasFixedStd()) {
            throw new SettingException(Facts.that("LayeredModel.visible: the standard deviation of v is not fixed")
                    .expected("Layer.gaussian(" + layer.units() + ").fixedStd(...)")
                    .butWas(layer)
                    .hint("with a learned one the likelihood of finitely many rows has no upper bound"));
        }
        return new Builder(layer);
    }

    /** Layers and options; {@link #init} ends it. */
    public static final class Builder {
        private final Layer visible;
        private List<Layer> layers = List.of();
        private boolean fixedPrior;

        private Builder(Layer visible) {
            this.visible = visible;
        }

        /** The hidden layers, the one next to v first. */
        public Builder hidden(Layer... kinds) {
            if (!layers.isEmpty() || kinds.length == 0) {
                throw new SettingException(Facts.that("LayeredModel.hidden: not possible")
                        .expected("the layers, one or more, once")
                        .butWas(layers + (kinds.length == 0 ? " and then none" : " and then others")));
            }
            layers = List.of(kinds);
            return this;
        }

        /** Fixes the top layer's code at zero: odds of one half, equal classes, or standard normal; learned otherwise. */
        public Builder fixedPrior() {
            fixedPrior = true;
            return this;
        }

        /** The model with weights normal of variance 1 / (units above), no biases, and a prior with a code of zeros. */
        public LayeredModel init(Noise noise) {
            if (layers.isEmpty()) {
                throw new SettingException(Facts.that("LayeredModel.init: the model is not complete")
                        .expected("hidden(layer, ...)")
                        .butWas("no hidden layer"));
            }
            String name = "LayeredModel " + visible.units()
                    + layers.stream().map(each -> "/" + each.units()).collect(Collectors.joining());
            return new LayeredModel(written(name, visible, layers, fixedPrior, noise), visible, layers);
        }
    }

    @Override
    void describe(Description folder) {
        super.describe(folder);
        folder.add("visibleLayer", visibleLayer().toString())
                .add("hiddenLayers", kinds.stream().map(Layer::toString).toList());
    }

    static LayeredModel described(Description folder) {
        return new LayeredModel(
                LatentEnergy.described(folder),
                Layer.of(folder.text("visibleLayer")),
                folder.list("hiddenLayers", each -> Layer.of(each.getAsString())));
    }

    @Override
    public LayeredModel with(Parameters values) {
        return new LayeredModel(energy.with(values), visibleLayer(), kinds);
    }

    /** What the hidden layers are, the one next to v first. */
    public List<Layer> hiddenLayers() {
        return kinds;
    }

    @Override
    String description() {
        return "v " + visibleLayer() + ", h " + kinds.toString().replaceAll("[\\[\\]]", "");
    }
}
