package org.ebvlm.samediff;

import org.ebvlm.graph.Convolution;

/**
 * How a window moves along one axis of an image.
 *
 * @param in size of the image
 * @param size of the window
 * @param stride steps between windows
 * @param dilation steps between the window's elements
 * @param pad elements before the image
 * @param out number of windows
 */
record Window(int in, int size, int stride, int dilation, int pad, int out) {

    /** Elements from the window's first to its last. */
    static int reach(int size, int dilation) {
        return (size - 1) * dilation + 1;
    }

    /** With equal padding on both sides; a last window that does not fit is left out. */
    static Window padded(int in, int size, int stride, int dilation, int pad) {
        int out = (in + 2 * pad - reach(size, dilation)) / stride + 1;
        return new Window(in, size, stride, dilation, pad, out);
    }

    /** With as much padding as gives one window for each stride; an odd element goes after the image. */
    static Window same(int in, int size, int stride, int dilation) {
        int out = (in + stride - 1) / stride;
        int pad = Math.max(0, (out - 1) * stride + reach(size, dilation) - in) / 2;
        return new Window(in, size, stride, dilation, pad, out);
    }

    /** Elements after the image that the last window reaches. */
    int padAfter() {
        return Math.max(0, (out - 1) * stride + reach(size, dilation) - in - pad);
    }

    /** Elements of the image that a window reaches. */
    int reached() {
        return Math.min(in, (out - 1) * stride + reach(size, dilation) - pad);
    }

    /** Whether the padding is the same on both sides, up to what no window reaches. */
    boolean isEven() {
        return out == padded(in, size, stride, dilation, pad).out;
    }

    /** Whether it is the same on both sides, and every element is reached. */
    boolean isExact() {
        return (out - 1) * stride + reach(size, dilation) == in + 2 * pad;
    }

    /** The same windows of an image that has its padding around it. */
    Window exact() {
        return new Window((out - 1) * stride + reach(size, dilation), size, stride, dilation, 0, out);
    }

    /** The same windows, gaps included, of an image that has its padding around it where that is not the same on both sides. */
    Window plain() {
        Window moved = isEven() ? this : exact();
        return new Window(moved.in, reach(size, dilation), stride, 1, moved.pad, out);
    }

    /** Windows and their elements with changed places: the same sums of positions. */
    Window turned() {
        int elements = out;
        int windows = size;
        int between = dilation;
        int within = stride;
        return new Window(in, elements, between, within, pad, windows);
    }

    static Window vertical(Convolution.Geometry g) {
        return new Window(g.height(), g.windowHeight(), g.strideY(), g.dilationY(), g.padTop(), g.outHeight());
    }

    static Window horizontal(Convolution.Geometry g) {
        return new Window(g.width(), g.windowWidth(), g.strideX(), g.dilationX(), g.padLeft(), g.outWidth());
    }

    static Convolution.Geometry geometry(Window y, Window x) {
        return new Convolution.Geometry(
                y.in, x.in, y.size, x.size, y.stride, x.stride, y.pad, x.pad, y.dilation, x.dilation, y.out, x.out);
    }
}
