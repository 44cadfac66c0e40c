package org.ebvlm.model;

import java.util.Locale;
import java.util.Map;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.noise.Noise;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The directed model of a variational autoencoder (Kingma and Welling, 2014): h is standard normal and a network makes the
 * mean of v, or the log odds of binary v, of it.
 *
 * <pre>
 * E(v, h) = -log N(h; 0, I) - log p(v | h)
 * p(v | h) = N(decode(h), s^2)   for real v,     p(v = 1 | h) = sigmoid(decode(h))   for binary v
 * </pre>
 *
 * <p>exp(-E) is a density as it stands, log Z = 0. So it is an energy-based latent variable model like any other, to compare
 * one with: the same objectives fit it, the same estimates score it. Its own objective is {@code NegativeElbo}, its own
 * sampler {@code Ancestral}. The marginal of v has no closed form; {@code ImportanceBound} bounds it from below.
 *
 * <p>Parameters: those of the decoder, and for real v {@code logStd} [visible], the logarithm of s, unless s is fixed. With
 * a flexible decoder and a learned s the likelihood of real v has no upper bound on finitely many rows: fix s, or watch test
 * rows.
 */
public final class Vae extends GraphModel implements Directed {
    private static final String INPUT = "x";
    private static final String LOG_STD = "logStd";
    private static final double HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

    private final String name;
    private final int visible;
    private final int hidden;
    private final GraphFunction decoder;
    private final boolean binary;
    private final Double fixedStd;

    Vae(String name, int visible, GraphFunction decoder, boolean binary, Double fixedStd) {
        this.name = name;
        this.visible = visible;
        this.hidden = decoder.width(INPUT);
        this.decoder = decoder;
        this.binary = binary;
        this.fixedStd = fixedStd;
    }

    /** Starts a model of v of this width, real unless said otherwise. */
    public static Builder visible(int width) {
        return new Builder(Blueprint.width("Vae.visible", width));
    }

    /** Sizes and options; {@link #init} ends it. */
    public static final class Builder {
        private final int visible;
        private int hidden;
        private Network.Architecture decoder = Network.linear();
        private boolean binary;
        private Double fixedStd;

        private Builder(int visible) {
            this.visible = visible;
        }

        /** Width of h. */
        public Builder hidden(int units) {
            hidden = Blueprint.width("Vae.hidden", units);
            return this;
        }

        /** The network from h to v; one linear layer unless said otherwise, which makes probabilistic PCA of it. */
        public Builder decoder(Network.Architecture network) {
            decoder = network;
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
                throw new SettingException(Facts.that("Vae.fixedStd: not a standard deviation")
                        .expected("a positive number")
                        .butWas(std));
            }
            fixedStd = std;
            return this;
        }

        /** The model, with the decoder's first values drawn from a source and s = 1. */
        public Vae init(Noise noise) {
            if (visible < 1 || hidden < 1 || (binary && fixedStd != null)) {
                throw new SettingException(Facts.that("Vae.init: the model is not complete, or too much is said")
                        .expected("v and h of width 1 or more, and fixedStd for real v only")
                        .butWas("v " + visible + ", h " + hidden + (binary ? ", binary v" : "")
                                + (fixedStd == null ? "" : ", fixed std " + fixedStd)));
            }
            Network network = decoder.init(hidden, visible, noise).requireRowwise("Vae.decoder");
            SameDiff graph = network.function().graph();
            if (!binary && fixedStd == null) {
                graph.var(LOG_STD, Nd4j.createFromArray(new float[visible]));
            }
            GraphFunction function =
                    GraphFunction.of("Vae", graph, network.function().output());
            return new Vae("Vae " + visible + "/" + hidden, visible, function, binary, fixedStd);
        }
    }

    // ---------------------------------------------------------------- the model

    @Override
    public String name() {
        return name;
    }

    @Override
    public int visible() {
        return visible;
    }

    @Override
    public int hidden() {
        return hidden;
    }

    @Override
    public Latents latents() {
        return Latents.CONTINUOUS;
    }

    @Override
    public boolean hasBinaryVisible() {
        return binary;
    }

    @Override
    public boolean isNormalised() {
        return true;
    }

    @Override
    public Parameters parameters() {
        return decoder.parameters();
    }

    @Override
    public Vae with(Parameters values) {
        return new Vae(name, visible, decoder.with(values), binary, fixedStd);
    }

    /** -log p(h) - log p(v | h); [n]. */
    @Override
    public Expr energy(Expr v, Expr h) {
        Expr prior = h.square().sum(1).times(0.5).plus(hidden * HALF_LOG_2PI);
        return prior.minus(logLikelihood(v, h));
    }

    /** log p(v | h); [n]. */
    public Expr logLikelihood(Expr v, Expr h) {
        Expr decoded = decode(h);
        if (binary) {
            return v.times(decoded).minus(decoded.softplus()).sum(1);
        }
        Expr scaled = v.minus(decoded).times(std().reciprocal());
        Expr volume = std().log().plus(HALF_LOG_2PI).sum();
        return scaled.square().sum(1).times(-0.5).minus(volume);
    }

    /** The mean of real v, or the log odds of binary v; [n, visible]. */
    public Expr decode(Expr h) {
        return decoder.apply(Map.of(INPUT, h));
    }

    /** Standard normal numbers; [rows, hidden]. */
    @Override
    public Expr hiddenDraw(int rows) {
        return Expr.noise(Leaf.Source.NORMAL, "h", rows, hidden);
    }

    /** E[v | h]; [n, visible]. */
    @Override
    public Expr visibleMean(Expr h) {
        return binary ? decode(h).sigmoid() : decode(h);
    }

    /** A draw of v given its conditional mean, with a noise input of its own; [n, visible]. */
    @Override
    public Expr visibleDraw(Expr mean) {
        return binary
                ? mean.greater(Expr.noise(Leaf.Source.UNIFORM, "v", mean.shape()))
                : mean.plus(Expr.noise(Leaf.Source.NORMAL, "e", mean.shape()).times(std()));
    }

    /** s of real v; [visible]. */
    public Expr std() {
        return fixedStd == null ? parameters().get(LOG_STD).exp() : Expr.constant(fixedStd, visible);
    }

    @Override
    void describe(Description folder) {
        folder.graph(decoder).addIfKnown("fixedStd", fixedStd).add("binaryVisible", binary);
    }

    static Vae described(Description folder) {
        return new Vae(
                folder.text("name"),
                folder.whole("visible"),
                GraphFunction.of("Vae", folder.graph(), folder.output()),
                folder.isTrue("binaryVisible"),
                folder.numberIfKnown("fixedStd"));
    }

    @Override
    public String toString() {
        String std = fixedStd == null ? "learned" : "fixed at " + fixedStd;
        return String.format(
                Locale.ROOT,
                "%s: variational autoencoder, %s, %,d parameters",
                name,
                binary ? "binary v" : "real v, std " + std,
                parameters().size());
    }
}
