package org.ebvlm.model;

import java.util.List;
import org.ebvlm.datasets.Grid;
import org.ebvlm.noise.Noise;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The way back through the layers of an {@link ImageNetwork} of convolutions: with the same weights, transposed, under the same names, so
 * that they may be the very ones, and with biases of its own, {@code back0.b} for the image's own layer, {@code back1.b} and on.
 *
 * @param grid of the images that come out
 * @param channels of the convolutions, the largest image first
 * @param dense widths of the linear layers behind them
 * @param activation after each layer but the image's own
 * @param window of the convolutions
 */
record TransposedNetwork(Grid grid, int[] channels, int[] dense, Activation activation, int window)
        implements Network.Architecture {

    @Override
    public Network init(int in, int out, Noise noise) {
        ImageNetwork.requireImages("transposed convolutions", grid, out);
        Blueprint plan = new Blueprint("transposed network").argument(ImageNetwork.X, in);
        return new Network("transposed convolutions", in, out, plan(plan, in).init(noise), List.of());
    }

    /** Weights as the convolutions plan them, biases of zero. */
    private Blueprint plan(Blueprint plan, int features) {
        int depth = grid.channels();
        for (int i = 0; i < channels.length; i++) {
            plan.filter(ImageNetwork.convolution(i), window, depth, channels[i]).filled(bias(i), 0, depth);
            depth = channels[i];
        }
        int width = length(channels.length, grid.height()) * length(channels.length, grid.width()) * depth;
        for (int i = 0; i < dense.length; i++) {
            plan.weight("dense" + i + ".W", 1 / Math.sqrt(width), width, dense[i])
                    .filled(bias(channels.length + i), 0, width);
            width = dense[i];
        }
        return plan.weight(ImageNetwork.LAST + ".W", 1 / Math.sqrt(width), width, features)
                .filled(bias(channels.length + dense.length), 0, width)
                .body(this::body);
    }

    private static String bias(int layer) {
        return "back" + layer + ".b";
    }

    private static int length(int layers, int length) {
        return ImageNetwork.sizeAfter(layers, length);
    }

    /** The last layer first. */
    private SDVariable body(SameDiff g) {
        int layers = channels.length;
        SDVariable x = linear(g, ImageNetwork.LAST, layers + dense.length, g.getVariable(ImageNetwork.X));
        for (int i = dense.length - 1; i >= 0; i--) {
            x = linear(g, "dense" + i, layers + i, x);
        }
        int depth = layers == 0 ? grid.channels() : channels[layers - 1];
        x = x.reshape(-1, length(layers, grid.height()), length(layers, grid.width()), depth);
        for (int i = layers - 1; i >= 0; i--) {
            x = convolution(g, i, x);
        }
        return Images.flat(x, grid.size());
    }

    /** x W' + b. */
    private SDVariable linear(SameDiff g, String layer, int bias, SDVariable x) {
        return after(g, bias, g.mmul(x, g.getVariable(layer + ".W"), false, true, false));
    }

    private SDVariable convolution(SameDiff g, int layer, SDVariable x) {
        SDVariable weights = g.getVariable(ImageNetwork.convolution(layer) + ".W");
        int height = length(layer, grid.height());
        int width = length(layer, grid.width());
        return after(g, layer, Images.transposed(g, weights, x, window, height, width));
    }

    /** Layer 0 makes the image itself, which nothing bends. */
    private SDVariable after(SameDiff g, int layer, SDVariable x) {
        SDVariable shifted = x.add(g.getVariable(bias(layer)));
        return layer == 0 ? shifted : activation.apply(g, shifted);
    }
}
