package org.ebvlm.model;

import com.google.gson.JsonObject;
import java.util.Locale;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;

/**
 * The error of an autoencoder as an energy of v, without hidden variables:
 *
 * <pre>
 * E(v) = ||v - decode(encode(v))||^2      (Berthelot et al., 2017, squared as in Li and Turner, 2018)
 * E(v) = ||v - decode(encode(v))||        with root(): (Wang and Liu, 2016)
 * </pre>
 *
 * <pre>{@code
 * var model = AutoencoderEnergy.visible(784).features(64).range(0, 1)
 *     .encoder(Network.convolutions(Grid.grey(28, 28), 32, 64, 64).dense(512))
 *     .decoder(Network.deconvolutions(Grid.grey(28, 28), 32, 64, 64).dense(512))
 *     .init(seed(7));
 * }</pre>
 *
 * <p>It is never negative, and large where the autoencoder has not been trained, not where there are no data: pushing the
 * energy of samples up is what makes a model of it. exp(-E) has a finite integral over a bounded set of v, as pixels are;
 * elsewhere nothing sees to that. The score is exact.
 *
 * <p>Parameters: those of the encoder, named {@code encoder.*}, and of the decoder, {@code decoder.*}.
 */
public final class AutoencoderEnergy implements EnergyModel {
    private static final String ENCODER = "encoder.";
    private static final String DECODER = "decoder.";
    /** Under the root: where the error is smaller, its gradient is taken to be zero. */
    private static final double TINY = 1e-20;

    private final Network encoder;
    private final Network decoder;
    private final Parameters parameters;
    private final Shape shape;

    /** The energy's form; no range is low = high = 0. */
    private record Shape(boolean root, double low, double high) {
        void addTo(JsonObject facts) {
            facts.addProperty("root", root);
            ModelFile.addRange(facts, low, high);
        }

        static Shape of(JsonObject facts) {
            double[] range = ModelFile.range(facts);
            return new Shape(facts.get("root").getAsBoolean(), range[0], range[1]);
        }
    }

    private AutoencoderEnergy(Network encoder, Network decoder, Parameters parameters, Shape shape) {
        this.encoder = encoder.with(parameters.part(ENCODER));
        this.decoder = decoder.with(parameters.part(DECODER));
        this.parameters = parameters;
        this.shape = shape;
    }

    /** Starts an energy of v of this width. */
    public static Builder visible(int width) {
        return new Builder(Blueprint.width("AutoencoderEnergy.visible", width));
    }

    /** Sizes and options; {@link #init} ends it. */
    public static final class Builder {
        private final int visible;
        private int features;
        private Network.Architecture encoder = Network.elu(100);
        private Network.Architecture decoder = Network.elu(100);
        private boolean root;
        private double low;
        private double high;

        private Builder(int visible) {
            this.visible = visible;
        }

        /** Width of what stands between encoder and decoder; less than that of v, or the error is zero everywhere. */
        public Builder features(int width) {
            features = Blueprint.width("AutoencoderEnergy.features", width);
            return this;
        }

        /** The network from v to the features; 100 ELU units unless said otherwise. */
        public Builder encoder(Network.Architecture kind) {
            encoder = kind;
            return this;
        }

        /** The network from the features to v; 100 ELU units unless said otherwise. */
        public Builder decoder(Network.Architecture kind) {
            decoder = kind;
            return this;
        }

        /** Keeps the reconstruction between two numbers, by a sigmoid: 0 and 1 for pixels. */
        public Builder range(double from, double to) {
            if (!(from < to && Double.isFinite(to - from))) {
                throw new SettingException(Facts.that("AutoencoderEnergy.range: not a range")
                        .expected("two finite numbers, the smaller first")
                        .butWas(from + " and " + to));
            }
            low = from;
            high = to;
            return this;
        }

        /** The length of the error in place of its square. */
        public Builder root() {
            root = true;
            return this;
        }

        /** The model, with both networks' first values drawn from a source. */
        public AutoencoderEnergy init(Noise noise) {
            if (features < 1) {
                throw new SettingException(Facts.that("AutoencoderEnergy.init: the model is not complete")
                        .expected("features(width)")
                        .butWas("no width of the features"));
            }
            Network in = encoder.init(visible, features, noise.split("encoder"));
            Network out = decoder.init(features, visible, noise.split("decoder"));
            return of(in, out, new Shape(root, low, high));
        }
    }

    private static AutoencoderEnergy of(Network in, Network out, Shape shape) {
        Parameters all = Parameters.named("autoencoder")
                .all(ENCODER, in.parameters())
                .all(DECODER, out.parameters())
                .build();
        return new AutoencoderEnergy(in, out, all, shape);
    }

    // ---------------------------------------------------------------- on disk

    /** What it is beside its two networks. */
    void addTo(JsonObject facts) {
        shape.addTo(facts);
    }

    /** The energy of two networks and what {@link #addTo} wrote. */
    static AutoencoderEnergy of(Network in, Network out, JsonObject facts) {
        if (in.out() != out.in() || in.in() != out.out()) {
            throw new IllegalArgumentException("the decoder does not lead back: " + in + "; " + out);
        }
        return of(in, out, Shape.of(facts));
    }

    /** The encoder, with the present parameters. */
    GraphFunction encoder() {
        return encoder.function();
    }

    /** The decoder, with the present parameters. */
    GraphFunction decoder() {
        return decoder.function();
    }

    // ---------------------------------------------------------------- the model

    @Override
    public String name() {
        return "AutoencoderEnergy " + visible() + "/" + featureWidth();
    }

    @Override
    public int visible() {
        return encoder.in();
    }

    /** None. */
    @Override
    public int hidden() {
        return 0;
    }

    /** Width of the features. */
    public int featureWidth() {
        return encoder.out();
    }

    @Override
    public Latents latents() {
        return Latents.NONE;
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public AutoencoderEnergy with(Parameters values) {
        return new AutoencoderEnergy(encoder, decoder, values, shape);
    }

    /** What the encoder makes of v, to measure distances in; [n, {@link #featureWidth}]. */
    public Expr features(Expr v) {
        return encoder.apply(v);
    }

    /** What the decoder makes of the features; [n, visible]. */
    public Expr reconstruction(Expr v) {
        Expr decoded = decoder.apply(features(v));
        return shape.high > shape.low
                ? decoded.sigmoid().times(shape.high - shape.low).plus(shape.low)
                : decoded;
    }

    /** E(v); there is no h to look at. */
    @Override
    public Expr energy(Expr v, Expr h) {
        return freeEnergy(v);
    }

    @Override
    public boolean hasFreeEnergy() {
        return true;
    }

    /** E(v); [n]. */
    @Override
    public Expr freeEnergy(Expr v) {
        Expr error = v.minus(reconstruction(v)).square().sum(1);
        return shape.root ? error.max(TINY).sqrt() : error;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %s error, %,d parameters",
                name(),
                shape.root ? "root of the squared" : "squared",
                parameters.size());
    }
}
