package org.ebvlm.model;

import java.util.List;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Shapes;
import org.ebvlm.noise.Noise;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Architectures of networks that halve images, {@link Network#convolutions}, or double them, {@link Network#deconvolutions}.
 * Both have stride 2 at each layer, so that the sizes of one are those of the other backwards: 28, 14, 7, 4.
 *
 * <pre>{@code
 * var encoder = Network.convolutions(Grid.grey(28, 28), 32, 64, 64).dense(512).activation(Activation.RELU);
 * var decoder = Network.deconvolutions(Grid.grey(28, 28), 32, 64, 64).dense(512).activation(Activation.RELU);
 * }</pre>
 *
 * <p>Every layer starts uniform within 1 / sqrt(numbers that one output is summed from). Nothing is normalised over the
 * batch: each row is a function of its own row.
 */
public final class ImageNetwork implements Network.Architecture {
    private static final String X = "x";
    private static final String LAST = "last";
    private static final int WINDOW = 3;

    private final Grid grid;
    private final boolean isEncoder;
    private final int[] channels;
    private final int[] dense;
    private final Activation activation;

    private ImageNetwork(Grid grid, boolean isEncoder, int[] channels, int[] dense, Activation activation) {
        this.grid = grid;
        this.isEncoder = isEncoder;
        this.channels = channels.clone();
        this.dense = dense.clone();
        this.activation = activation;
    }

    static ImageNetwork encoder(Grid grid, int... channels) {
        return new ImageNetwork(grid, true, channels, new int[0], Activation.LEAKY_RELU);
    }

    static ImageNetwork decoder(Grid grid, int... channels) {
        if (channels.length == 0) {
            throw new SettingException(Facts.that("Network.deconvolutions: no layers")
                    .expected("numbers of channels, the smallest image first, for example 32, 64, 64")
                    .butWas("none"));
        }
        return new ImageNetwork(grid, false, channels, new int[0], Activation.LEAKY_RELU);
    }

    /** Linear layers of these widths between the rows of numbers and the images; none unless said otherwise. */
    public ImageNetwork dense(int... widths) {
        for (int width : widths) {
            Blueprint.width(name() + ".dense", width);
        }
        return new ImageNetwork(grid, isEncoder, channels, widths, activation);
    }

    /** What stands after each layer but the last; leaky ReLU unless said otherwise. */
    public ImageNetwork activation(Activation function) {
        return new ImageNetwork(grid, isEncoder, channels, dense, function);
    }

    @Override
    public Network init(int in, int out, Noise noise) {
        int images = isEncoder ? in : out;
        if (images != grid.size()) {
            throw new ShapeException(Facts.that("Network." + kind() + ": the rows are not such images")
                    .expected("rows of " + grid.size() + ", images of " + grid)
                    .butWas("rows of " + images));
        }
        Blueprint plan = new Blueprint("convolutional network").argument(X, in);
        GraphFunction function =
                isEncoder ? halving(plan, out).init(noise) : doubling(plan, in).init(noise);
        return new Network(name(), in, out, function, List.of(LAST));
    }

    // ---------------------------------------------------------------- image to row

    private Blueprint halving(Blueprint plan, int out) {
        int depth = grid.channels();
        for (int i = 0; i < channels.length; i++) {
            plan.convolution("convolution" + i, WINDOW, depth, channels[i]);
            depth = channels[i];
        }
        int features = halved(grid.height(), channels.length) * halved(grid.width(), channels.length) * depth;
        int width = features;
        for (int i = 0; i < dense.length; i++) {
            plan.layer("dense" + i, width, dense[i]);
            width = dense[i];
        }
        return plan.layer(LAST, width, out).body(g -> encoded(g, features));
    }

    private SDVariable encoded(SameDiff g, int features) {
        SDVariable x = g.getVariable(X).reshape(-1, grid.height(), grid.width(), grid.channels());
        for (int i = 0; i < channels.length; i++) {
            x = activation.apply(g, Images.convolution(g, "convolution" + i, x, WINDOW, 2));
        }
        return Blueprint.linear(g, LAST, throughDense(g, Images.flat(x, features)));
    }

    private SDVariable throughDense(SameDiff g, SDVariable rows) {
        SDVariable x = rows;
        for (int i = 0; i < dense.length; i++) {
            x = activation.apply(g, Blueprint.linear(g, "dense" + i, x));
        }
        return x;
    }

    // ---------------------------------------------------------------- row to image

    private Blueprint doubling(Blueprint plan, int in) {
        int width = in;
        for (int i = 0; i < dense.length; i++) {
            plan.layer("dense" + i, width, dense[i]);
            width = dense[i];
        }
        plan.layer("image", width, sizeAt(0, grid.height()) * sizeAt(0, grid.width()) * channels[0]);
        for (int i = 0; i < channels.length; i++) {
            int high = window(sizeAt(i + 1, grid.height()));
            int wide = window(sizeAt(i + 1, grid.width()));
            int next = i + 1 < channels.length ? channels[i + 1] : grid.channels();
            // With stride 2 a quarter of the window reaches each pixel.
            double bound = 2 / Math.sqrt((double) channels[i] * high * wide);
            plan.weight(doublingName(i) + ".W", bound, high, wide, next, channels[i]);
            plan.weight(doublingName(i) + ".b", bound, next);
        }
        return plan.body(this::decoded);
    }

    private SDVariable decoded(SameDiff g) {
        SDVariable x = activation.apply(g, Blueprint.linear(g, "image", throughDense(g, g.getVariable(X))));
        x = x.reshape(-1, sizeAt(0, grid.height()), sizeAt(0, grid.width()), channels[0]);
        for (int i = 0; i < channels.length; i++) {
            int high = window(sizeAt(i + 1, grid.height()));
            int wide = window(sizeAt(i + 1, grid.width()));
            SDVariable larger = Images.doubled(g, doublingName(i), x, high, wide);
            x = i + 1 < channels.length ? activation.apply(g, larger) : larger;
        }
        return Images.flat(x, grid.size());
    }

    private String doublingName(int layer) {
        return layer + 1 < channels.length ? "deconvolution" + layer : LAST;
    }

    /** A length of the image that enters layer i; layer channels.length is the whole image's. */
    private int sizeAt(int layer, int length) {
        return halved(length, channels.length - layer);
    }

    private static int halved(int length, int times) {
        int left = length;
        for (int i = 0; i < times; i++) {
            left = (left + 1) / 2;
        }
        return left;
    }

    /** With padding 1 and stride 2, a window of 4 makes 2 n pixels of n and one of 3 makes 2 n - 1. */
    private static int window(int length) {
        return length % 2 == 0 ? 4 : 3;
    }

    // ---------------------------------------------------------------- words

    private String kind() {
        return isEncoder ? "convolutions" : "deconvolutions";
    }

    private String name() {
        return kind() + " " + Shapes.text(channels) + (dense.length == 0 ? "" : " dense " + Shapes.text(dense));
    }

    @Override
    public String toString() {
        return name();
    }
}
