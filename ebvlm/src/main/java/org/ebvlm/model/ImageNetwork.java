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
 * var dcgan = Network.deconvolutions(new Grid(64, 64, 3), 1024, 512, 256, 128)
 *     .window(5).batchNormalised().activation(Activation.RELU);           // Radford et al., 2016
 * }</pre>
 *
 * <p>Every layer starts uniform within 1 / sqrt(numbers that one output is summed from). Each row is a function of its own
 * row, unless the network is {@linkplain #batchNormalised() batch-normalised}.
 */
public final class ImageNetwork implements Network.Architecture {
    static final String X = "x";
    static final String LAST = "last";
    private static final String IMAGE = "image";
    private static final int WINDOW = 3;

    private final Grid grid;
    private final boolean isEncoder;
    private final Form form;

    /** What adjectives change; window 0 is the usual one. */
    private record Form(int[] channels, int[] dense, Activation activation, int window, boolean normalised) {}

    private ImageNetwork(Grid grid, boolean isEncoder, Form form) {
        this.grid = grid;
        this.isEncoder = isEncoder;
        this.form = form;
    }

    static ImageNetwork encoder(Grid grid, int... channels) {
        return new ImageNetwork(grid, true, usual(channels));
    }

    static ImageNetwork decoder(Grid grid, int... channels) {
        if (channels.length == 0) {
            throw new SettingException(Facts.that("Network.deconvolutions: no layers")
                    .expected("numbers of channels, the smallest image first, for example 32, 64, 64")
                    .butWas("none"));
        }
        return new ImageNetwork(grid, false, usual(channels));
    }

    private static Form usual(int... channels) {
        return new Form(channels.clone(), new int[0], Activation.LEAKY_RELU, 0, false);
    }

    /** Linear layers of these widths between the rows of numbers and the images; none unless said otherwise. */
    public ImageNetwork dense(int... widths) {
        for (int width : widths) {
            Blueprint.width(name() + ".dense", width);
        }
        return with(new Form(form.channels, widths.clone(), form.activation, form.window, form.normalised));
    }

    /** What stands after each layer but the last; leaky ReLU unless said otherwise. */
    public ImageNetwork activation(Activation function) {
        return with(new Form(form.channels, form.dense, function, form.window, form.normalised));
    }

    /**
     * Pixels along each side of all windows, for example 5; 3 for convolutions, 4 or 3 for transposed ones unless said otherwise. A
     * transposed convolution is then the transpose of a convolution with this window, also where it makes an even length.
     *
     * @param size odd, 3 or more
     */
    public ImageNetwork window(int size) {
        if (size < WINDOW || size % 2 == 0) {
            throw new SettingException(Facts.that(name() + ".window: not possible")
                    .expected("an odd number, 3 or more")
                    .butWas(size));
        }
        return with(new Form(form.channels, form.dense, form.activation, size, form.normalised));
    }

    /**
     * Normalises each layer but the last over the batch (Ioffe and Szegedy, 2015), before its activation: units of linear
     * layers, channels of images. A gain and a shift for each stand in place of the layer's bias.
     *
     * <p>Rows then depend on each other, so this is for a {@link Generator}, which says what happens when it draws; models, whose energy is
     * of one row, refuse it.
     */
    public ImageNetwork batchNormalised() {
        return with(new Form(form.channels, form.dense, form.activation, form.window, true));
    }

    private ImageNetwork with(Form other) {
        return new ImageNetwork(grid, isEncoder, other);
    }

    @Override
    public Network init(int in, int out, Noise noise) {
        requireImages("Network." + kind(), grid, isEncoder ? in : out);
        Blueprint plan = new Blueprint("convolutional network").argument(X, in);
        GraphFunction function =
                isEncoder ? halving(plan, out).init(noise) : doubling(plan, in).init(noise);
        return new Network(name(), in, out, function, List.of(LAST));
    }

    static void requireImages(String doing, Grid grid, int width) {
        if (width != grid.size()) {
            throw new ShapeException(Facts.that(doing + ": the rows are not such images")
                    .expected("rows of " + grid.size() + ", images of " + grid)
                    .butWas("rows of " + width));
        }
    }

    // ---------------------------------------------------------------- layers that both have

    /** A linear layer that is followed by {@link #after}. */
    private void planLinear(Blueprint plan, String layer, int in, int out) {
        double bound = 1 / Math.sqrt(in);
        plan.weight(layer + ".W", bound, in, out);
        planAfter(plan, layer, bound, out);
    }

    /** The bias of a layer, or what stands for it. */
    private void planAfter(Blueprint plan, String layer, double bound, int width) {
        if (form.normalised) {
            BatchNormalisation.plan(plan, layer, width);
        } else {
            plan.weight(layer + ".b", bound, width);
        }
    }

    private SDVariable linear(SameDiff g, String layer, SDVariable x) {
        return x.mmul(g.getVariable(layer + ".W"));
    }

    /** Bias or normalisation, then the activation. */
    private SDVariable after(SameDiff g, String layer, SDVariable x, int... axes) {
        SDVariable shifted =
                form.normalised ? BatchNormalisation.apply(g, layer, x, axes) : x.add(g.getVariable(layer + ".b"));
        return form.activation.apply(g, shifted);
    }

    /** The width of what comes out of the dense layers. */
    private int planDense(Blueprint plan, int in) {
        int width = in;
        for (int i = 0; i < form.dense.length; i++) {
            planLinear(plan, "dense" + i, width, form.dense[i]);
            width = form.dense[i];
        }
        return width;
    }

    private SDVariable throughDense(SameDiff g, SDVariable rows) {
        SDVariable x = rows;
        for (int i = 0; i < form.dense.length; i++) {
            x = after(g, "dense" + i, linear(g, "dense" + i, x), 0);
        }
        return x;
    }

    // ---------------------------------------------------------------- image to row

    private Blueprint halving(Blueprint plan, int out) {
        int depth = grid.channels();
        for (int i = 0; i < form.channels.length; i++) {
            double bound = 1 / Math.sqrt(depth * windowOfHalving() * windowOfHalving());
            plan.filter(convolution(i), windowOfHalving(), depth, form.channels[i]);
            planAfter(plan, convolution(i), bound, form.channels[i]);
            depth = form.channels[i];
        }
        int features =
                sizeAfter(form.channels.length, grid.height()) * sizeAfter(form.channels.length, grid.width()) * depth;
        return plan.layer(LAST, planDense(plan, features), out).body(g -> encoded(g, features));
    }

    private SDVariable encoded(SameDiff g, int features) {
        SDVariable x = g.getVariable(X).reshape(-1, grid.height(), grid.width(), grid.channels());
        for (int i = 0; i < form.channels.length; i++) {
            x = after(g, convolution(i), Images.filter(g, convolution(i), x, windowOfHalving(), 2), 0, 1, 2);
        }
        return Blueprint.linear(g, LAST, throughDense(g, Images.flat(x, features)));
    }

    static String convolution(int layer) {
        return "convolution" + layer;
    }

    private int windowOfHalving() {
        return form.window == 0 ? WINDOW : form.window;
    }

    // ---------------------------------------------------------------- row to image

    private Blueprint doubling(Blueprint plan, int in) {
        int[] channels = form.channels;
        int pixels = sizeAt(0, grid.height()) * sizeAt(0, grid.width());
        int width = planDense(plan, in);
        double first = 1 / Math.sqrt(width);
        plan.weight(IMAGE + ".W", first, width, pixels * channels[0]);
        planAfter(plan, IMAGE, first, form.normalised ? channels[0] : pixels * channels[0]);
        for (int i = 0; i < channels.length; i++) {
            int high = windowOfDoubling(sizeAt(i + 1, grid.height()));
            int wide = windowOfDoubling(sizeAt(i + 1, grid.width()));
            int next = i + 1 < channels.length ? channels[i + 1] : grid.channels();
            // With stride 2 a quarter of the window reaches each pixel.
            double bound = 2 / Math.sqrt((double) channels[i] * high * wide);
            plan.weight(doublingName(i) + ".W", bound, high, wide, next, channels[i]);
            if (i + 1 < channels.length) {
                planAfter(plan, doublingName(i), bound, next);
            } else {
                plan.weight(LAST + ".b", bound, next);
            }
        }
        return plan.body(this::decoded);
    }

    private SDVariable decoded(SameDiff g) {
        SDVariable x = firstImage(g, linear(g, IMAGE, throughDense(g, g.getVariable(X))));
        for (int i = 0; i < form.channels.length; i++) {
            SDVariable larger = larger(g, i, x);
            x = i + 1 < form.channels.length
                    ? after(g, doublingName(i), larger, 0, 1, 2)
                    : larger.add(g.getVariable(LAST + ".b"));
        }
        return Images.flat(x, grid.size());
    }

    private SDVariable firstImage(SameDiff g, SDVariable rows) {
        int[] size = {-1, sizeAt(0, grid.height()), sizeAt(0, grid.width()), form.channels[0]};
        return form.normalised
                ? after(g, IMAGE, rows.reshape(size), 0, 1, 2)
                : after(g, IMAGE, rows).reshape(size);
    }

    private SDVariable larger(SameDiff g, int layer, SDVariable image) {
        int height = sizeAt(layer + 1, grid.height());
        int width = sizeAt(layer + 1, grid.width());
        SDVariable weights = g.getVariable(doublingName(layer) + ".W");
        return form.window == 0
                ? Images.doubled(g, weights, image, windowOfDoubling(height), windowOfDoubling(width))
                : Images.transposed(g, weights, image, form.window, height, width);
    }

    private String doublingName(int layer) {
        return layer + 1 < form.channels.length ? "deconvolution" + layer : LAST;
    }

    /** A length of the image that enters layer i; layer channels.length is the whole image's. */
    private int sizeAt(int layer, int length) {
        return sizeAfter(form.channels.length - layer, length);
    }

    /** A length of an image that has been halved so often. */
    static int sizeAfter(int layers, int length) {
        int left = length;
        for (int i = 0; i < layers; i++) {
            left = (left + 1) / 2;
        }
        return left;
    }

    /** With padding 1 and stride 2, a window of 4 makes 2 n pixels of n and one of 3 makes 2 n - 1. */
    private int windowOfDoubling(int length) {
        return form.window != 0 ? form.window : length % 2 == 0 ? 4 : 3;
    }

    // ---------------------------------------------------------------- the way back

    /** Whether there is a {@linkplain #transposed way back} of the same weights. */
    boolean hasTranspose() {
        return isEncoder && !form.normalised;
    }

    /** The network from rows to images that goes through the layers of these convolutions backwards. */
    TransposedNetwork transposed() {
        return new TransposedNetwork(grid, form.channels, form.dense, form.activation, windowOfHalving());
    }

    // ---------------------------------------------------------------- words

    private String kind() {
        return isEncoder ? "convolutions" : "deconvolutions";
    }

    private String name() {
        return kind() + " " + Shapes.text(form.channels)
                + (form.dense.length == 0 ? "" : " dense " + Shapes.text(form.dense))
                + (form.window == 0 ? "" : " window " + form.window)
                + (form.normalised ? " batch-normalised" : "");
    }

    @Override
    public String toString() {
        return name();
    }
}
