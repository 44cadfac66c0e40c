package org.ebvlm.model;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.noise.Noise;

/**
 * The error of an autoencoder as an energy of v, without hidden variables: with r = decode(encode(v)),
 *
 * <pre>
 * E(v) = ||v - r||^2                                                    (Berthelot et al., 2017, squared as in Li and Turner, 2018)
 * E(v) = ||v - r||                                   with root()        (Wang and Liu, 2016)
 * E(v) = sqrt(sum of |v - r|) + sqrt(sum of (v - r)^2)    with roots()  (the same authors' program for images)
 * </pre>
 *
 * <pre>{@code
 * var model = AutoencoderEnergy.visible(784).features(64).range(0, 1)
 *     .encoder(Network.convolutions(Grid.grey(28, 28), 32, 64, 64).dense(512))
 *     .decoder(Network.deconvolutions(Grid.grey(28, 28), 32, 64, 64).dense(512))
 *     .init(seed(7));
 * var published = AutoencoderEnergy.visible(784).features(64).range(0, 1)
 *     .encoder(Network.convolutions(Grid.grey(28, 28), 32, 64).window(5))
 *     .tied().dropout(0.3).roots().init(seed(7));
 * }</pre>
 *
 * <p>It is never negative, and large where the autoencoder has not been trained, not where there are no data: pushing the
 * energy of samples up is what makes a model of it. exp(-E) has a finite integral over a bounded set of v, as pixels are;
 * elsewhere nothing sees to that. The score is exact.
 *
 * <p>Parameters: those of the encoder, named {@code encoder.*}, and of the decoder, {@code decoder.*}; of a tied decoder its biases alone.
 */
public final class AutoencoderEnergy extends GraphModel {
    private static final String ENCODER = "encoder.";
    private static final String DECODER = "decoder.";
    /** Under the roots: where the error is smaller, its gradient is taken to be zero. */
    private static final double TINY = 1e-20;

    private final Network encoder;
    private final Network decoder;
    private final Parameters parameters;
    private final Form form;
    private final boolean isLearning;

    /** How large an error is. */
    private enum Measure {
        SQUARE("squared error") {
            @Override
            Expr of(Expr error) {
                return error.square().sum(1);
            }
        },
        ROOT("root of the squared error") {
            @Override
            Expr of(Expr error) {
                return root(SQUARE.of(error));
            }
        },
        ROOTS("roots of the absolute and the squared error") {
            @Override
            Expr of(Expr error) {
                return root(error.abs().sum(1)).plus(ROOT.of(error));
            }
        };

        private final String words;

        Measure(String words) {
            this.words = words;
        }

        abstract Expr of(Expr error);

        private static Expr root(Expr sum) {
            return sum.max(TINY).sqrt();
        }
    }

    /** The energy's form. */
    private record Form(Measure measure, Range range, double dropout, boolean tied) {

        void describe(Description folder) {
            folder.add("root", measure != Measure.SQUARE)
                    .add("absolute", measure == Measure.ROOTS)
                    .add("dropout", dropout)
                    .add("tied", tied);
            range.describe(folder);
        }

        static Form described(Description folder) {
            Measure measure =
                    folder.isTrue("absolute") ? Measure.ROOTS : folder.truth("root") ? Measure.ROOT : Measure.SQUARE;
            double dropout = folder.has("dropout") ? share(folder.number("dropout")) : 0;
            return new Form(measure, Range.described(folder), dropout, folder.isTrue("tied"));
        }
    }

    private AutoencoderEnergy(Network encoder, Network decoder, Parameters parameters, Form form, boolean isLearning) {
        this.encoder = encoder.with(parameters.part(ENCODER));
        this.decoder = decoder.with(parameters.views(places(encoder, decoder, form.tied)));
        this.parameters = parameters;
        this.form = form;
        this.isLearning = isLearning;
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
        private Network.Architecture decoder;
        private Measure measure = Measure.SQUARE;
        private Range range = Range.EVERYWHERE;
        private double dropout;
        private boolean tied;

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

        /**
         * The decoder goes back through the encoder's layers, with the encoder's own weights transposed, filters and all, and biases of its
         * own: half as many parameters. For an encoder of {@link Network#convolutions}; in place of {@link #decoder}.
         */
        public Builder tied() {
            tied = true;
            return this;
        }

        /** Keeps the reconstruction between two numbers, by a sigmoid: 0 and 1 for pixels. */
        public Builder range(double from, double to) {
            range = Range.of("AutoencoderEnergy.range", from, to);
            return this;
        }

        /** The length of the error in place of its square. */
        public Builder root() {
            return measured(Measure.ROOT);
        }

        /** The root of the sum of absolute errors and the root of the sum of squared ones, added, in place of the square. */
        public Builder roots() {
            return measured(Measure.ROOTS);
        }

        private Builder measured(Measure how) {
            if (measure != Measure.SQUARE) {
                throw new SettingException(Facts.that("AutoencoderEnergy: the error's measure is said twice")
                        .expected("root() or roots(), once")
                        .butWas(measure.words + ", then " + how.words));
            }
            measure = how;
            return this;
        }

        /**
         * While the model learns the encoder sees v with this share of its values zero, at random, and the others larger by 1 / (1 -
         * share): the error is still that of v. Published: 0.3. Energies, scores and features of the model as it is are without.
         */
        public Builder dropout(double share) {
            dropout = AutoencoderEnergy.share(share);
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
            Network out = wayBack().init(features, visible, noise.split("decoder"));
            return of(in, out, new Form(measure, range, dropout, tied));
        }

        private Network.Architecture wayBack() {
            if (!tied) {
                return decoder == null ? Network.elu(100) : decoder;
            }
            if (decoder != null || !(encoder instanceof ImageNetwork images && images.hasTranspose())) {
                throw new SettingException(Facts.that("AutoencoderEnergy.tied: not possible")
                        .expected("an encoder of Network.convolutions, and no decoder")
                        .butWas("encoder " + encoder + (decoder == null ? "" : ", decoder " + decoder)));
            }
            return images.transposed();
        }
    }

    private static double share(double share) {
        if (!(share >= 0 && share < 1)) {
            throw new SettingException(Facts.that("AutoencoderEnergy.dropout: not a share")
                    .expected("a number from 0 up to, not including, 1")
                    .butWas(share));
        }
        return share;
    }

    private static AutoencoderEnergy of(Network in, Network out, Form form) {
        in.requireRowwise("AutoencoderEnergy.encoder");
        out.requireRowwise("AutoencoderEnergy.decoder");
        Parameters.Builder all = Parameters.named("autoencoder").all(ENCODER, in.parameters());
        places(in, out, form.tied).forEach((name, place) -> {
            if (place.startsWith(DECODER)) {
                all.add(place, out.parameters().values(name), out.parameters().shape(name));
            }
        });
        return new AutoencoderEnergy(in, out, all.build(), form, false);
    }

    /** Where the decoder's parameters lie: if it is tied, those that the encoder has too are the encoder's. */
    private static Map<String, String> places(Network in, Network out, boolean tied) {
        Map<String, String> places = new LinkedHashMap<>();
        for (String name : out.parameters().names()) {
            boolean isShared = tied && in.parameters().names().contains(name);
            places.put(name, (isShared ? ENCODER : DECODER) + name);
        }
        return places;
    }

    // ---------------------------------------------------------------- on disk

    @Override
    void describe(Description folder) {
        form.describe(folder);
        folder.graph("encoder", encoder.function()).graph("decoder", decoder.function());
    }

    static AutoencoderEnergy described(Description folder) {
        Network in = folder.network("encoder");
        Network out = folder.network("decoder");
        if (in.out() != out.in() || in.in() != out.out()) {
            throw new IllegalArgumentException("the decoder does not lead back: " + in + "; " + out);
        }
        return of(in, out, Form.described(folder));
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
        return new AutoencoderEnergy(encoder, decoder, values, form, isLearning);
    }

    /** With dropout, if there is any: each energy then has a mask of its own, a noise input, for each row. */
    @Override
    public AutoencoderEnergy learning() {
        return form.dropout == 0 ? this : new AutoencoderEnergy(encoder, decoder, parameters, form, true);
    }

    /** What the encoder makes of v, to measure distances in; [n, {@link #featureWidth}]. */
    public Expr features(Expr v) {
        return encoder.apply(v);
    }

    /** What the decoder makes of the features; [n, visible]. */
    public Expr reconstruction(Expr v) {
        return form.range.squash(decoder.apply(features(v)));
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
        return error(v, seen(v));
    }

    /** v as the encoder sees it: with values missing while the model learns. */
    Expr seen(Expr v) {
        if (!isLearning) {
            return v;
        }
        Expr kept = Expr.noise(Leaf.Source.UNIFORM, "dropout", v.shape()).greater(form.dropout);
        return v.times(kept.times(1 / (1 - form.dropout)));
    }

    /** The error of v by what was seen of it; [n]. */
    Expr error(Expr v, Expr seen) {
        return form.measure.of(v.minus(reconstruction(seen)));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %s%s%s, %,d parameters",
                name(),
                form.measure.words,
                form.tied ? ", tied weights" : "",
                form.dropout == 0 ? "" : ", dropout " + form.dropout,
                parameters.size());
    }
}
