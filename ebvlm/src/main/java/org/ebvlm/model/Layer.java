package org.ebvlm.model;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The distribution of one layer of units given a code, which the layer next to it sends: what {@link LayeredModel} and {@code
 * LayeredPosterior} are built of, in any order.
 *
 * <pre>
 * kind                     units      code                          log p(x | code)
 * bernoulli(n)             n          n log odds z                  sum of  x z - softplus(z)
 * categorical(g, k)        g k        g groups of k logits z        sum over groups of  x . z - logsumexp(z),  x one-hot in each
 * gaussian(n)              n          n means m, n log stds s       sum of  -((x - m) / e^s)^2 / 2 - s - log(2 pi) / 2
 * gaussian(n).fixedStd(c)  n          n means m                     the same at s = log c
 * </pre>
 *
 * <p>Gaussian draws are reparametrised. Draws of the others are 0 or 1 and carry no derivative; their {@linkplain #relaxed relaxed}
 * and {@linkplain #straightThrough straight-through} forms do, at the price of a bias.
 */
public sealed interface Layer permits BernoulliLayer, CategoricalLayer, GaussianLayer {

    /** Units that are 0 or 1, independent given the code. */
    static Layer bernoulli(int units) {
        return new BernoulliLayer(Blueprint.width("Layer.bernoulli", units));
    }

    /**
     * Groups of units of which exactly one is 1, independent of each other given the code: categories, one-hot.
     *
     * @param groups how many choices are made
     * @param classes of each choice, 2 or more
     */
    static Layer categorical(int groups, int classes) {
        if (classes < 2) {
            throw new SettingException(Facts.that("Layer.categorical: there is nothing to choose")
                    .expected("2 or more classes")
                    .butWas(classes));
        }
        return new CategoricalLayer(Blueprint.width("Layer.categorical", groups), classes);
    }

    /** Real units, independent given the code, which has their means and then the logarithms of their standard deviations. */
    static GaussianLayer gaussian(int units) {
        return new GaussianLayer(Blueprint.width("Layer.gaussian", units), null);
    }

    /** Width of the layer: its columns in v or h. */
    int units();

    /** Width of the code: how many numbers the network that leads here must give. */
    int numbers();

    /** What the units are. */
    Latents kind();

    /** Whether a derivative passes through {@link #draw}. */
    default boolean hasSmoothDraws() {
        return kind() == Latents.CONTINUOUS;
    }

    /**
     * The log mass, or density, of units.
     *
     * @param x [n, units]
     * @param code [n, numbers]
     * @return [n], in nats
     */
    Expr logProb(Expr x, Expr code);

    /** E[x | code]; [n, units]. */
    Expr mean(Expr code);

    /** A draw with a noise input of its own; [n, units]. */
    Expr draw(Expr code);

    /** A draw given the mean alone; [n, units]. Not for a Gaussian layer whose code has the standard deviation. */
    Expr drawGivenMean(Expr mean);

    /**
     * A draw relaxed at a temperature T, through which a derivative passes (Gumbel-softmax; Jang et al., Maddison et al., 2017):
     * not exactly 0 or 1. Real units are drawn as they are.
     */
    Expr relaxed(Expr code, double temperature);

    /** A draw of 0 and 1 whose derivative is taken to be that of its mean (Bengio et al., 2013). Real units are drawn as they are. */
    Expr straightThrough(Expr code);

    /** {@link #logProb} as a SameDiff expression; [n]. */
    SDVariable logProb(SameDiff graph, SDVariable x, SDVariable code);

    /** log + log p(x | a code of zeros), as a SameDiff expression; [n]. */
    SDVariable plusStandard(SDVariable log, SDVariable x);

    /**
     * The layer that a text describes, as {@code toString} gives it.
     *
     * @throws IllegalArgumentException if it is no such text
     */
    static Layer of(String text) {
        String[] words = text.split(" ", -1);
        int first = Integer.parseInt(words[1]);
        return switch (words[0] + " of " + words.length) {
            case "bernoulli of 2" -> bernoulli(first);
            case "categorical of 4" -> categorical(first, Integer.parseInt(words[3]));
            case "gaussian of 2" -> gaussian(first);
            case "gaussian of 4" -> gaussian(first).fixedStd(Double.parseDouble(words[3]));
            default -> throw new IllegalArgumentException("the layer is not known: " + text);
        };
    }
}
