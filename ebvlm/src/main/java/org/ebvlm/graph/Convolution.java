package org.ebvlm.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/**
 * Two-dimensional convolution and its two adjoints, as one thing: the sum
 *
 * <pre>T(x, w, y) = sum over n, i, j, k, l, c, o of  x[n, i s - p + k d, j s - p + l d, c]  w[k, l, c, o]  y[n, i, j, o]</pre>
 *
 * is linear in the image x, the weights w and the result y. Its derivative with respect to y is the convolution of x with
 * w; with respect to x, the transposed convolution of y; with respect to w, the weight gradient. So an operation is "T
 * without one of the three", and each derivative of one is another.
 *
 * <p>Images are [batch, height, width, channels], weights [height, width, channels in, channels out].
 *
 * @param geometry sizes, strides and padding
 * @param missing which of the three is computed from the other two
 */
public record Convolution(Geometry geometry, Part missing) implements Op {

    /** Numbers in a window up to which its weight gradient is a product: native code is slow with few channels. */
    private static final int NARROW = 32;

    /** The three parts of the trilinear form, in the order of the inputs. */
    public enum Part {
        IMAGE,
        WEIGHTS,
        RESULT
    }

    /**
     * How the window moves.
     *
     * @param height of the image
     * @param width of the image
     * @param windowHeight of the weights
     * @param windowWidth of the weights
     * @param strideY rows between windows
     * @param strideX columns between windows
     * @param padTop rows of zeros above the image
     * @param padLeft columns of zeros left of the image
     * @param dilationY rows between the window's elements
     * @param dilationX columns between the window's elements
     * @param outHeight of the result
     * @param outWidth of the result
     */
    public record Geometry(
            int height,
            int width,
            int windowHeight,
            int windowWidth,
            int strideY,
            int strideX,
            int padTop,
            int padLeft,
            int dilationY,
            int dilationX,
            int outHeight,
            int outWidth) {

        /** Whether each pixel of the result comes from the pixel at the same place alone. */
        boolean isPixelwise() {
            return windowHeight == 1
                    && windowWidth == 1
                    && strideY == 1
                    && strideX == 1
                    && padTop == 0
                    && padLeft == 0
                    && outHeight == height
                    && outWidth == width;
        }
    }

    /** The convolution of an image with weights, each side of the image padded alike. */
    public static Expr of(Expr image, Expr weights, int stride, int padding) {
        requireRank4(image, weights);
        int h = (image.shape(1) + 2 * padding - weights.shape(0)) / stride + 1;
        int w = (image.shape(2) + 2 * padding - weights.shape(1)) / stride + 1;
        Geometry geometry = new Geometry(
                image.shape(1),
                image.shape(2),
                weights.shape(0),
                weights.shape(1),
                stride,
                stride,
                padding,
                padding,
                1,
                1,
                h,
                w);
        return of(geometry, image, weights);
    }

    /** The convolution of an image with weights; with a window of one pixel it is a product of matrices. */
    public static Expr of(Geometry geometry, Expr image, Expr weights) {
        requireRank4(image, weights);
        if (!geometry.isPixelwise()) {
            return Expr.of(new Convolution(geometry, Part.RESULT), image, weights);
        }
        int pixels = image.shape(0) * image.shape(1) * image.shape(2);
        int in = weights.shape(2);
        int out = weights.shape(3);
        return image.reshape(pixels, in)
                .matmul(weights.reshape(in, out))
                .reshape(image.shape(0), image.shape(1), image.shape(2), out);
    }

    private static void requireRank4(Expr image, Expr weights) {
        if (image.rank() != 4 || weights.rank() != 4 || image.shape(3) != weights.shape(2)) {
            throw new ShapeException(Facts.that("convolution: shapes do not fit")
                    .expected("image [batch, height, width, c] and weights [height, width, c, channels out]")
                    .butWas(Shapes.text(image.shape()) + " and " + Shapes.text(weights.shape())));
        }
    }

    @Override
    public String name() {
        return switch (missing) {
            case RESULT -> "convolution";
            case IMAGE -> "transposed convolution";
            case WEIGHTS -> "convolution weight gradient";
        };
    }

    /** The parts in the order image, weights, result; null for the missing one. */
    public List<Expr> parts(List<Expr> inputs) {
        List<Expr> parts = new ArrayList<>(inputs);
        parts.add(missing.ordinal(), null);
        return parts;
    }

    @Override
    public int[] shape(List<Expr> inputs) {
        List<Expr> part = parts(inputs);
        Geometry g = geometry;
        int[] image = missing == Part.IMAGE ? null : part.get(0).shape();
        int[] weights = missing == Part.WEIGHTS ? null : part.get(1).shape();
        int[] result = missing == Part.RESULT ? null : part.get(2).shape();
        int batch = image == null ? result[0] : image[0];
        int in = image == null ? weights[2] : image[3];
        int out = result == null ? weights[3] : result[3];
        check(image, batch, g.height(), g.width(), in);
        check(weights, g.windowHeight(), g.windowWidth(), in, out);
        check(result, batch, g.outHeight(), g.outWidth(), out);
        return switch (missing) {
            case IMAGE -> new int[] {batch, g.height(), g.width(), in};
            case WEIGHTS -> new int[] {g.windowHeight(), g.windowWidth(), in, out};
            case RESULT -> new int[] {batch, g.outHeight(), g.outWidth(), out};
        };
    }

    private void check(int[] was, int... expected) {
        if (was != null && !Arrays.equals(was, expected)) {
            throw new ShapeException(Facts.that(name() + ": shapes do not fit")
                    .expected(Shapes.text(expected))
                    .butWas(Shapes.text(was)));
        }
    }

    /** T without {@code part}, at the two others. */
    private Expr without(Part part, List<Expr> all) {
        if (part == Part.WEIGHTS && isNarrow(all.get(0))) {
            return narrowWeights(all.get(0), all.get(2));
        }
        List<Expr> rest = new ArrayList<>(all);
        rest.remove(part.ordinal());
        return Expr.of(new Convolution(geometry, part), rest.toArray(Expr[]::new));
    }

    /** Whether a window of the image holds few numbers: grey and colour images, mostly. */
    private boolean isNarrow(Expr image) {
        return geometry.windowHeight() * geometry.windowWidth() * image.shape(3) <= NARROW;
    }

    /** The weight gradient as a product: the windows of the image, one a row, against the result. */
    private Expr narrowWeights(Expr image, Expr result) {
        Geometry g = geometry;
        int rows = result.shape(0) * g.outHeight() * g.outWidth();
        int channels = image.shape(3);
        Expr wide = padded(image);
        int[] size = {image.shape(0), g.outHeight(), g.outWidth(), channels};
        int[] step = {1, g.strideY(), g.strideX(), 1};
        List<Expr> columns = new ArrayList<>();
        for (int k = 0; k < g.windowHeight(); k++) {
            for (int l = 0; l < g.windowWidth(); l++) {
                int[] begin = {0, k * g.dilationY(), l * g.dilationX(), 0};
                columns.add(wide.slice(begin, size, step).reshape(rows, channels));
            }
        }
        return Expr.concat(1, columns)
                .matmul(result.reshape(rows, result.shape(3)), true, false)
                .reshape(g.windowHeight(), g.windowWidth(), channels, result.shape(3));
    }

    /** The image with its padding around it, as far as windows reach. */
    private Expr padded(Expr image) {
        Geometry g = geometry;
        int height = Math.max(
                g.height() + g.padTop(),
                (g.outHeight() - 1) * g.strideY() + (g.windowHeight() - 1) * g.dilationY() + 1);
        int width = Math.max(
                g.width() + g.padLeft(), (g.outWidth() - 1) * g.strideX() + (g.windowWidth() - 1) * g.dilationX() + 1);
        int[] whole = {image.shape(0), height, width, image.shape(3)};
        int[] begin = {0, g.padTop(), g.padLeft(), 0};
        return Arrays.equals(whole, image.shape()) ? image : image.pad(begin, whole, new int[] {1, 1, 1, 1});
    }

    @Override
    public List<Expr> cotangents(Expr node, Expr cotangent) {
        List<Expr> all = parts(node.inputs());
        all.set(missing.ordinal(), cotangent);
        List<Expr> flows = new ArrayList<>();
        for (Part part : Part.values()) {
            if (part != missing) {
                flows.add(without(part, all));
            }
        }
        return flows;
    }

    @Override
    public Expr tangent(Expr node, List<Expr> tangents) {
        Expr sum = null;
        for (int i = 0; i < 2; i++) {
            if (tangents.get(i) != null) {
                Expr[] moved = node.inputs().toArray(Expr[]::new);
                moved[i] = tangents.get(i);
                Expr term = Expr.of(this, moved);
                sum = sum == null ? term : sum.plus(term);
            }
        }
        return sum;
    }

    @Override
    public void evaluate(Expr node, List<double[]> inputs, double[] out) {
        Arrays.fill(out, 0);
        List<double[]> part = new ArrayList<>(inputs);
        part.add(missing.ordinal(), out);
        int[] shape = node.shape();
        List<Expr> parts = parts(node.inputs());
        int[] x = missing == Part.IMAGE ? shape : parts.get(0).shape();
        int[] w = missing == Part.WEIGHTS ? shape : parts.get(1).shape();
        int[] y = missing == Part.RESULT ? shape : parts.get(2).shape();
        int[] sx = Shapes.strides(x);
        int[] sw = Shapes.strides(w);
        Geometry g = geometry;
        Structure.walk(
                y,
                (at, i) -> Structure.walk(w, (wAt, k) -> {
                    int row = i[1] * g.strideY() - g.padTop() + k[0] * g.dilationY();
                    int column = i[2] * g.strideX() - g.padLeft() + k[1] * g.dilationX();
                    if (k[3] == i[3] && row >= 0 && row < g.height() && column >= 0 && column < g.width()) {
                        int xAt = i[0] * sx[0] + row * sx[1] + column * sx[2] + k[2];
                        int wHere = k[0] * sw[0] + k[1] * sw[1] + k[2] * sw[2] + k[3];
                        switch (missing) {
                            case IMAGE -> out[xAt] += part.get(1)[wHere] * part.get(2)[at];
                            case WEIGHTS -> out[wHere] += part.get(0)[xAt] * part.get(2)[at];
                            case RESULT -> out[at] += part.get(0)[xAt] * part.get(1)[wHere];
                        }
                    }
                }));
    }
}
