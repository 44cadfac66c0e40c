package org.ebvlm.model;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.GraphException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Shapes;
import org.ebvlm.noise.Noise;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** A function from rows to rows, [n, in] to [n, out], with parameters: an encoder, a critic, a feature map. */
public final class Network implements Parametric<Network> {
    private static final String X = "x";

    private final String name;
    private final int in;
    private final int out;
    private final GraphFunction function;
    /** The layers whose sum is the result. */
    private final List<String> lastLayers;

    Network(String name, int in, int out, GraphFunction function, List<String> lastLayers) {
        this.name = name;
        this.in = in;
        this.out = out;
        this.function = function;
        this.lastLayers = lastLayers;
    }

    /** How networks are described before their widths are known. */
    public interface Architecture {
        /** The network from rows of one width to rows of another. */
        Network init(int in, int out, Noise noise);
    }

    /** An architecture that says what it is. */
    private record Named(String name, Architecture how) implements Architecture {
        @Override
        public Network init(int in, int out, Noise noise) {
            return how.init(in, out, noise);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** One linear layer. */
    public static Architecture linear() {
        return new Named(
                "linear",
                (in, out, noise) -> new Network(
                        "linear",
                        in,
                        out,
                        new Blueprint("linear network")
                                .argument(X, in)
                                .layer("layer", in, out)
                                .body(g -> Blueprint.linear(g, "layer", g.getVariable(X)))
                                .init(noise),
                        List.of("layer")));
    }

    /** One linear layer whose weights begin normal with variance 1 / in and whose biases begin at zero. */
    public static Architecture linearNormal() {
        return new Named(
                "linearNormal",
                (in, out, noise) -> new Network(
                        "linear",
                        in,
                        out,
                        new Blueprint("linear network")
                                .argument(X, in)
                                .normal("layer.W", 1 / Math.sqrt(in), in, out)
                                .weight("layer.b", 0, out)
                                .body(g -> Blueprint.linear(g, "layer", g.getVariable(X)))
                                .init(noise),
                        List.of("layer")));
    }

    /** Linear layers of these widths with ELU between, beside one linear layer from end to end. */
    public static Architecture elu(int... widths) {
        return layers("elu", widths, Activation.ELU);
    }

    /** Linear layers of these widths with leaky ReLU (slope 0.2) between, beside one linear layer from end to end. */
    public static Architecture leakyRelu(int... widths) {
        return layers("leakyRelu", widths, Activation.LEAKY_RELU);
    }

    /**
     * Convolutions of 3 x 3 with stride 2, to these numbers of channels, with leaky ReLU (slope 0.2) after each, then one linear layer: the
     * published encoder of images has 64, 128 and 256 channels.
     *
     * @param grid shape of the images that lie in the rows
     */
    public static ImageNetwork convolutions(Grid grid, int... channels) {
        return ImageNetwork.encoder(grid, channels);
    }

    /**
     * From rows to images: one linear layer to a small image, then transposed convolutions with stride 2, each of which doubles
     * the image, with leaky ReLU (slope 0.2) between. Images of 28 x 28 with channels 32, 64, 64 come by way of 4 x 4 x 32, 7 x 7 x 64
     * and 14 x 14 x 64. Windows are 4 x 4, which covers all pixels alike, and 3 long where an odd length is made. The result is
     * not squashed.
     *
     * @param grid shape of the images that the result's rows are
     * @param channels of the images that enter each layer, the smallest image first
     */
    public static ImageNetwork deconvolutions(Grid grid, int... channels) {
        return ImageNetwork.decoder(grid, channels);
    }

    private static Architecture layers(String kind, int[] widths, Activation activation) {
        String name = kind + " " + Shapes.text(widths);
        return new Named(name, (in, out, noise) -> {
            Blueprint plan = new Blueprint(kind + " network").argument(X, in).layer("shortcut", in, out);
            int width = in;
            for (int i = 0; i < widths.length; i++) {
                plan.layer("layer" + i, width, widths[i]);
                width = widths[i];
            }
            plan.layer("last", width, out).body(g -> {
                SDVariable x = g.getVariable(X);
                for (int i = 0; i < widths.length; i++) {
                    x = activation.apply(g, Blueprint.linear(g, "layer" + i, x));
                }
                return Blueprint.linear(g, "last", x).add(Blueprint.linear(g, "shortcut", g.getVariable(X)));
            });
            return new Network(name, in, out, plan.init(noise), List.of("last", "shortcut"));
        });
    }

    /**
     * A network that anyone can write down as a SameDiff graph.
     *
     * @param graph with a placeholder {@code x} of shape [-1, in]
     * @param output name of the result, [n, out]
     */
    public static Network of(SameDiff graph, String output) {
        GraphFunction function = GraphFunction.of("network", graph, output);
        int in = function.width(X);
        int rows = in + 1;
        Expr probe = function.apply(Map.of(X, Expr.input(X, rows, in)));
        if (probe.rank() != 2 || probe.shape(0) != rows) {
            throw new GraphException(Facts.that("Network.of: the result is not a row for each row")
                    .expected("[n, out]")
                    .butWas(Shapes.text(probe.shape()) + " for n = " + rows));
        }
        return new Network("network", in, probe.shape(1), function, List.of());
    }

    /**
     * The network at rows [n, in]; the result is [n, out]. A batch-normalised one takes the moments of these rows: then each row's
     * result is a function of them all.
     */
    public Expr apply(Expr rows) {
        return function.apply(Map.of(X, rows));
    }

    /**
     * The network at rows [n, in], each by itself: where there is batch normalisation, by the moments that other rows have.
     *
     * @param reference those rows, [m, in]; not looked at where nothing is normalised
     * @return [n, out]
     */
    public Expr apply(Expr rows, Expr reference) {
        List<String> moments = moments();
        List<Expr> values = function.inner(moments, Map.of(X, reference));
        Map<String, Expr> arguments = new HashMap<>(Map.of(X, rows));
        for (int i = 0; i < moments.size(); i++) {
            arguments.put(moments.get(i), values.get(i));
        }
        return function.apply(arguments);
    }

    /** Whether a row's result depends on the other rows: see {@link ImageNetwork#batchNormalised}. */
    public boolean isBatchNormalised() {
        return !moments().isEmpty();
    }

    private List<String> moments() {
        return BatchNormalisation.moments(function.variables());
    }

    /** This network, if each row's result is of that row alone: what scores, energies and posteriors are made of. */
    public Network requireRowwise(String doing) {
        if (isBatchNormalised()) {
            throw new SettingException(Facts.that(doing + ": not with batch normalisation")
                    .expected("a network of which each row's result is of that row alone")
                    .butWas(this)
                    .hint("batch normalisation is for a Generator"));
        }
        return this;
    }

    /** This network with its last layers set to zero, so that the result is zero everywhere; graphs of others stay. */
    public Network startingAtZero() {
        Parameters values = parameters();
        for (String layer : lastLayers) {
            values = values.with(layer + ".W", new float[values.values(layer + ".W").length]);
            values = values.with(layer + ".b", new float[values.values(layer + ".b").length]);
        }
        return with(values);
    }

    /** Width of the input. */
    public int in() {
        return in;
    }

    /** Width of the output. */
    public int out() {
        return out;
    }

    @Override
    public Parameters parameters() {
        return function.parameters();
    }

    @Override
    public Network with(Parameters values) {
        return new Network(name, in, out, function.with(values), lastLayers);
    }

    /** The network as a function of its placeholder {@code x}. */
    public GraphFunction function() {
        return function;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, %d to %d, %,d parameters",
                name,
                in,
                out,
                parameters().size());
    }
}
