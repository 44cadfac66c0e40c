package org.ebvlm.variational;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.ConditionalSbn;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Latents;
import org.ebvlm.model.Layer;
import org.ebvlm.model.LayeredModel;
import org.ebvlm.model.Network;
import org.ebvlm.model.Sbn;
import org.ebvlm.noise.Noise;

/**
 * Posteriors for a model, by family. Each family has an encoder of its own unless another architecture is given, and its
 * first values come from a fixed seed unless a source is given.
 *
 * <pre>{@code
 * var q = Posteriors.bernoulli(grbm).fittedBy(Elbo.innerSteps(5));
 * }</pre>
 */
public final class Posteriors {
    private static final double TEMPERATURE = 0.1;

    /** The way out where there is no h to have a posterior. */
    static final String NO_LATENTS = "the model has no h: its score is exact, so take ExactScore.estimator()";

    private Posteriors() {}

    /** Independent Bernoulli units, relaxed at temperature 0.1, for binary h; linear encoder. */
    public static BernoulliPosterior bernoulli(EnergyModel model) {
        return bernoulli(model, Network.linear(), Noise.seed(0));
    }

    /** Independent Bernoulli units with another encoder. */
    public static BernoulliPosterior bernoulli(EnergyModel model, Network.Architecture encoder, Noise noise) {
        require(model, Latents.BINARY, "bernoulli");
        return new BernoulliPosterior(
                encoder.init(model.visible(), model.hidden(), noise.split("posterior"))
                        .requireRowwise("Posteriors.bernoulli"),
                TEMPERATURE,
                null);
    }

    /** Layers of Bernoulli units, each drawn from the one below it, for the layers of a sigmoid belief network; linear encoders. */
    public static LayeredPosterior layered(Sbn model) {
        int[] units = model.layers().stream().mapToInt(Integer::intValue).toArray();
        return layered(model, Network.linearNormal(), Noise.seed(0), units);
    }

    /** Layers of the model's kinds, each drawn from the one below it; linear encoders. */
    public static LayeredPosterior layered(LayeredModel model) {
        return layered(
                model,
                Network.linearNormal(),
                Noise.seed(0),
                model.hiddenLayers().toArray(Layer[]::new));
    }

    /**
     * Layers of Bernoulli units for any model of binary h.
     *
     * @param encoder of each layer, from the rows below it to log odds
     * @param units of each layer, the one next to v first, as they lie in h
     */
    public static LayeredPosterior layered(EnergyModel model, Network.Architecture encoder, Noise noise, int... units) {
        require(model, Latents.BINARY, "layered");
        Layer[] kinds =
                IntStream.of(units).mapToObj(each -> bits(model, each, units)).toArray(Layer[]::new);
        return layered(model, encoder, noise, kinds);
    }

    private static Layer bits(EnergyModel model, int each, int... units) {
        if (each < 1) {
            throw new SettingException(Facts.that("Posteriors.layered: the layers do not make up h of " + model.name())
                    .expected("one or more layers of " + model.hidden() + " units together")
                    .butWas(Arrays.toString(units)));
        }
        return Layer.bernoulli(each);
    }

    /**
     * Layers of any kinds, for any model whose h they make up.
     *
     * @param encoder of each layer, from the rows below it to its code
     * @param kinds of each layer, the one next to v first, as they lie in h
     */
    public static LayeredPosterior layered(
            EnergyModel model, Network.Architecture encoder, Noise noise, Layer... kinds) {
        return LayeredPosterior.init(model, encoder, noise.split("posterior"), List.of(kinds));
    }

    /** Independent Gaussian units for real h; encoder of two layers of 100 leaky rectified units. */
    public static GaussianPosterior gaussian(EnergyModel model) {
        return gaussian(model, Network.leakyRelu(100, 100), Noise.seed(0));
    }

    /** Independent Gaussian units with another encoder. */
    public static GaussianPosterior gaussian(EnergyModel model, Network.Architecture encoder, Noise noise) {
        require(model, Latents.CONTINUOUS, "gaussian");
        return new GaussianPosterior(
                encoder.init(model.visible(), 2 * model.hidden(), noise.split("posterior"))
                        .requireRowwise("Posteriors.gaussian"),
                null);
    }

    /** The prior of a conditional network given its context, in a posterior's place; it shares the model's parameters. */
    public static ConditionalPrior prior(ConditionalSbn model) {
        return new ConditionalPrior(model);
    }

    /** The model's own posterior, where it is known. */
    public static ExactPosterior exact(EnergyModel model) {
        return new ExactPosterior(model);
    }

    /** Draws of a posterior for real h, moved toward the model's own before they are used. */
    public static RefinedPosterior refined(EnergyModel model, Posterior start, HiddenLangevin moves) {
        return new RefinedPosterior(model, start, moves);
    }

    private static void require(EnergyModel model, Latents kind, String family) {
        if (model.latents() != kind) {
            throw new SettingException(Facts.that("Posteriors." + family + ": the model's h is of another kind")
                    .expected(kind)
                    .butWas(model)
                    .hint(wayOut(model)));
        }
    }

    private static String wayOut(EnergyModel model) {
        return switch (model.latents()) {
            case NONE -> NO_LATENTS;
            case MIXED -> "h of several kinds: Posteriors.layered(model)";
            default -> "binary h: Posteriors.bernoulli(model); real h: Posteriors.gaussian(model)";
        };
    }
}
