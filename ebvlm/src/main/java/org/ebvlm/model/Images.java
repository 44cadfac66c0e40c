package org.ebvlm.model;

import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;

/** Layers on images [n, height, width, channels], as expressions of a SameDiff graph. */
final class Images {
    private Images() {}

    /** A convolution with weights {@code name.W} and, if there is one, the bias {@code name.b}. */
    static SDVariable convolution(SameDiff g, String name, SDVariable image, int size, int stride) {
        SDVariable filtered = filter(g, name, image, size, stride);
        return g.hasVariable(name + ".b") ? filtered.add(g.getVariable(name + ".b")) : filtered;
    }

    /** A convolution with weights {@code name.W} alone; the image is padded by half the window. */
    static SDVariable filter(SameDiff g, String name, SDVariable image, int size, int stride) {
        Conv2DConfig window = Conv2DConfig.builder()
                .kH(size)
                .kW(size)
                .sH(stride)
                .sW(stride)
                .pH(size / 2)
                .pW(size / 2)
                .dataFormat(Conv2DConfig.NHWC)
                .weightsFormat(WeightsFormat.YXIO)
                .build();
        return g.cnn.conv2d(image, g.getVariable(name + ".W"), window);
    }

    /** A transposed convolution of stride 2 and padding 1, with a window of this size and weights [height, width, out, in]. */
    static SDVariable doubled(SameDiff g, SDVariable weights, SDVariable image, int high, int wide) {
        return deconvolution(g, weights, image, high, wide, 1);
    }

    /**
     * The transpose of {@link #filter} with stride 2 and the same weights, back to an image of this size.
     *
     * @param weights [size, size, out, in]: as the filter has them, whose channels in are those that come out here
     */
    static SDVariable transposed(SameDiff g, SDVariable weights, SDVariable image, int size, int height, int width) {
        int pad = size / 2;
        return deconvolution(g, weights, image, size, size, 0)
                .get(
                        SDIndex.all(),
                        SDIndex.interval(pad, pad + height),
                        SDIndex.interval(pad, pad + width),
                        SDIndex.all());
    }

    private static SDVariable deconvolution(
            SameDiff g, SDVariable weights, SDVariable image, int high, int wide, int pad) {
        DeConv2DConfig window = DeConv2DConfig.builder()
                .kH(high)
                .kW(wide)
                .sH(2)
                .sW(2)
                .pH(pad)
                .pW(pad)
                .dataFormat(Conv2DConfig.NHWC)
                .build();
        return g.cnn.deconv2d(image, weights, window);
    }

    /** Means of two by two pixels; a last odd row or column is left out. */
    static SDVariable halved(SameDiff g, SDVariable image) {
        return g.cnn.avgPooling2d(
                image,
                Pooling2DConfig.builder().kH(2).kW(2).sH(2).sW(2).isNHWC(true).build());
    }

    /** One row an image. */
    static SDVariable flat(SDVariable image, int width) {
        return image.reshape(-1, width);
    }
}
