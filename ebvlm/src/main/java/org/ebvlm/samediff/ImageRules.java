package org.ebvlm.samediff;

import java.util.function.BinaryOperator;
import org.ebvlm.graph.Convolution;
import org.ebvlm.graph.Expr;

/** Convolutions, pooling and upsampling of images, in either order of axes. */
final class ImageRules {
    private ImageRules() {}

    static void addTo(Rows rows) {
        rows.row("conv2d", ImageRules::convolution);
        rows.row("deconv2d", ImageRules::transposed);
        rows.row("maxpool2d", ImageRules::largest);
        rows.row("avgpool2d", ImageRules::average);
        rows.row("upsampling2d", ImageRules::upsampled);
    }

    // Attributes of windows: height, width, strides, paddings, dilations, mode of padding.

    private static final int MODE = 8;

    private static Expr convolution(Call call) {
        boolean channelsLast = call.integerOr(9, 0) == 1;
        Expr image = channelsLast(call.in(0), channelsLast);
        Expr weights = heightWidthInOut(call.in(1), call.integerOr(10, 0));
        Window y = window(call, 0, image, weights.shape(0));
        Window x = window(call, 1, image, weights.shape(1));
        // Native code knows neither gaps in the window nor paddings that differ: both become zeros.
        Expr wide = IndexRules.padded(
                image, new int[] {0, before(y), before(x), 0}, new int[] {0, after(y), after(x), 0}, 0);
        Convolution.Geometry geometry = Window.geometry(y.plain(), x.plain());
        Expr result = Convolution.of(geometry, wide, withoutGaps(weights, y, x));
        return back(biased(result, call), channelsLast);
    }

    private static int before(Window window) {
        return window.isEven() ? 0 : window.pad();
    }

    private static int after(Window window) {
        return window.isEven() ? 0 : window.padAfter();
    }

    /** Weights with zeros where a dilated window has gaps. */
    private static Expr withoutGaps(Expr weights, Window y, Window x) {
        if (y.dilation() == 1 && x.dilation() == 1) {
            return weights;
        }
        int[] whole = {y.plain().size(), x.plain().size(), weights.shape(2), weights.shape(3)};
        return weights.pad(new int[4], whole, new int[] {y.dilation(), x.dilation(), 1, 1});
    }

    /** The adjoint of a convolution whose image is what is sought; its weights have that image's channels third. */
    private static Expr transposed(Call call) {
        boolean channelsLast = call.integerOr(9, 0) == 1;
        Expr result = channelsLast(call.in(0), channelsLast);
        Expr weights = heightWidthInOut(call.in(1), call.integerOr(10, 0));
        Window y = transposedWindow(call, 0, result, weights.shape(0));
        Window x = transposedWindow(call, 1, result, weights.shape(1));
        Convolution.Geometry geometry = Window.geometry(y.plain(), x.plain());
        Expr wide = Expr.of(new Convolution(geometry, Convolution.Part.IMAGE), withoutGaps(weights, y, x), result);
        Expr image = wide.slice(1, before(y), y.in()).slice(2, before(x), x.in());
        return back(biased(image, call), channelsLast);
    }

    private static Expr biased(Expr result, Call call) {
        return call.count() > 2 ? result.plus(call.in(2).reshape(-1)) : result;
    }

    private static Expr largest(Call call) {
        return pooled(call, Double.NEGATIVE_INFINITY, Expr::max);
    }

    /** Sums over counts; the counts leave the padding out unless the attribute says otherwise. */
    private static Expr average(Call call) {
        if (isInBlocks(call)) {
            return blockMeans(call);
        }
        Expr sum = pooled(call, 0, Expr::plus);
        if (call.integerOr(9, 0) == 1) {
            return sum.over(call.integer(0) * call.integer(1));
        }
        return sum.over(pooled(call.with(call.in().filled(1)), 0, Expr::plus));
    }
    /** Whether windows neither overlap nor leave gaps nor reach beyond the image. */
    private static boolean isInBlocks(Call call) {
        return call.integerOr(MODE, 0) == 0
                && call.integer(0) == call.integer(2)
                && call.integer(1) == call.integer(3)
                && call.integer(4) == 0
                && call.integer(5) == 0
                && call.integer(6) == 1
                && call.integer(7) == 1;
    }

    /** Sums over axes inside the blocks: their adjoint is one broadcast. */
    private static Expr blockMeans(Call call) {
        boolean channelsLast = call.integerOr(10, 0) == 1;
        Expr image = channelsLast(call.in(), channelsLast);
        int h = call.integer(0);
        int w = call.integer(1);
        int n = image.shape(0);
        int c = image.shape(3);
        int rows = image.shape(1) / h;
        int columns = image.shape(2) / w;
        Expr whole = image.slice(new int[4], new int[] {n, rows * h, columns * w, c}, new int[] {1, 1, 1, 1});
        Expr sums = whole.reshape(n, rows, h, columns, w, c).sum(2, 4);
        return back(sums.over(h * w), channelsLast);
    }

    /** One slice for each place in the window, combined. */
    private static Expr pooled(Call call, double padding, BinaryOperator<Expr> both) {
        boolean channelsLast = call.integerOr(10, 0) == 1;
        Expr image = channelsLast(call.in(), channelsLast);
        Window y = window(call, 0, image, call.integer(0));
        Window x = window(call, 1, image, call.integer(1));
        Expr wide = IndexRules.padded(
                image, new int[] {0, y.pad(), x.pad(), 0}, new int[] {0, y.padAfter(), x.padAfter(), 0}, padding);
        int[] size = {image.shape(0), y.out(), x.out(), image.shape(3)};
        int[] step = {1, y.stride(), x.stride(), 1};
        Expr out = null;
        for (int i = 0; i < y.size(); i++) {
            for (int j = 0; j < x.size(); j++) {
                Expr slice = wide.slice(new int[] {0, i * y.dilation(), j * x.dilation(), 0}, size, step);
                out = out == null ? slice : both.apply(out, slice);
            }
        }
        return back(out, channelsLast);
    }

    /** Attributes: factors of height and width, then whether channels come first. */
    private static Expr upsampled(Call call) {
        boolean channelsFirst = call.integerOr(2, 1) == 1;
        int height = channelsFirst ? 2 : 1;
        Expr tall = LayoutRules.repeatEach(call.in(), height, call.integer(0));
        return LayoutRules.repeatEach(tall, height + 1, call.integer(1));
    }

    // ---------------------------------------------------------------- windows and orders of axes

    private static Window window(Call call, int axis, Expr image, int size) {
        int mode = call.integerOr(MODE, 0);
        if (mode > 1) {
            throw call.refusal("pads causally", "pad the image, then convolve without padding");
        }
        int in = image.shape(1 + axis);
        return mode == 1
                ? Window.same(in, size, call.integer(2 + axis), call.integer(6 + axis))
                : Window.padded(in, size, call.integer(2 + axis), call.integer(6 + axis), call.integer(4 + axis));
    }

    private static Window transposedWindow(Call call, int axis, Expr result, int size) {
        int out = result.shape(1 + axis);
        int stride = call.integer(2 + axis);
        int dilation = call.integer(6 + axis);
        int pad = call.integer(4 + axis);
        return call.integer(MODE) == 1
                ? Window.same(out * stride, size, stride, dilation)
                : Window.padded(
                        (out - 1) * stride + Window.reach(size, dilation) - 2 * pad, size, stride, dilation, pad);
    }

    private static Expr channelsLast(Expr image, boolean already) {
        return already ? image : image.permute(0, 2, 3, 1);
    }

    private static Expr back(Expr image, boolean channelsLast) {
        return channelsLast ? image : image.permute(0, 3, 1, 2);
    }

    /** From [height, width, in, out], [out, in, height, width] or [out, height, width, in]. */
    private static Expr heightWidthInOut(Expr weights, int format) {
        return switch (format) {
            case 0 -> weights;
            case 1 -> weights.permute(2, 3, 1, 0);
            default -> weights.permute(1, 2, 3, 0);
        };
    }
}
