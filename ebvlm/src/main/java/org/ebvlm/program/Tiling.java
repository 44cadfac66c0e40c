package org.ebvlm.program;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.graph.Convolution.Geometry;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;

/**
 * How a convolution with windows of 3 x 3 is taken apart into tiles, for {@link Filtering} along both axes.
 *
 * @param images how many
 * @param from what tiles are read from
 * @param to what tiles are made of it
 */
record Tiling(Filtering down, Filtering across, int images, Side from, Side to) {

    /**
     * One of the two images of a convolution: the image itself or the result.
     *
     * @param channels of a pixel
     */
    record Side(int height, int width, int channels) {}

    /** The convolution's result from its image. */
    static Tiling of(Geometry g, int images, int in, int out) {
        return new Tiling(
                Filtering.of(g.height(), g.padTop(), g.strideY(), g.outHeight()),
                Filtering.of(g.width(), g.padLeft(), g.strideX(), g.outWidth()),
                images,
                new Side(g.height(), g.width(), in),
                new Side(g.outHeight(), g.outWidth(), out));
    }

    /** The image's slope from the result's. */
    static Tiling turned(Geometry g, int images, int in, int out) {
        return new Tiling(
                Filtering.turned(g.height(), g.padTop(), g.strideY(), g.outHeight()),
                Filtering.turned(g.width(), g.padLeft(), g.strideX(), g.outWidth()),
                images,
                new Side(g.outHeight(), g.outWidth(), out),
                new Side(g.height(), g.width(), in));
    }

    /** Whether this way is open, and quicker than native code. */
    static boolean suits(Geometry g, int images, int in, int out, Vectors.Width width) {
        int lanes = width.lanes();
        return lanes > 1
                && g.windowHeight() == 3
                && g.windowWidth() == 3
                && g.dilationY() == 1
                && g.dilationX() == 1
                && Filtering.exists(g.height(), g.padTop(), g.strideY())
                && Filtering.exists(g.width(), g.padLeft(), g.strideX())
                && in % lanes == 0
                && out % lanes == 0
                && Math.min(
                                of(g, images, in, out).tiles(),
                                turned(g, images, in, out).tiles())
                        >= LoopNest.ROWS;
    }

    /** Tiles of all images. */
    int tiles() {
        return images * down.tiles() * across.tiles();
    }

    /** Places of a transformed tile. */
    int places() {
        return down.places() * across.places();
    }

    /** Places whose weights differ. */
    int classes() {
        return down.classes() * across.classes();
    }

    /** Numbers of all weights. */
    int weights() {
        return from.channels * to.channels;
    }

    /** Multiplications. */
    long work() {
        return (long) places() * tiles() * weights();
    }

    /** Floats on the way of a tile, of either side. */
    int scratch() {
        int pixels = Math.max(down.from()[0].length, down.to()[0].length)
                * Math.max(across.from()[0].length, across.to()[0].length);
        int half = down.places() * Math.max(across.from()[0].length, across.to()[0].length);
        int other = Math.max(down.from()[0].length, down.to()[0].length) * across.places();
        return (pixels + Math.max(half, other)) * Math.max(from.channels, to.channels);
    }

    // ---------------------------------------------------------------- products

    /** Places down and across that have the same weights, in tiles that lie [places, block, channels]. */
    private record Shared(int ofClass, int firstPlace, int down, int across) {}

    private List<Shared> shared() {
        List<Shared> all = new ArrayList<>();
        for (int a = 0; a < down.classes(); a++) {
            for (int b = 0; b < across.classes(); b++) {
                all.add(new Shared(
                        a * across.classes() + b,
                        down.firstPlace(a) * across.places() + across.firstPlace(b),
                        down.uses()[a],
                        across.uses()[b]));
            }
        }
        return all;
    }

    /** Tiles from, times weights [classes, from, to], are tiles to. */
    List<LoopKernel> products(Buffer tiles, Location weights, Buffer results, int block, Vectors.Width width) {
        if (places() == classes()) {
            return List.of(product(places(), block, tiles, 0, weights, 0, results, block, width));
        }
        List<LoopKernel> all = new ArrayList<>();
        for (Shared each : shared()) {
            // One row of places after the other, so that loops are alike.
            for (int i = 0; i < each.down; i++) {
                int place = each.firstPlace + i * across.places();
                all.add(product(1, each.across * block, tiles, place, weights, each.ofClass, results, block, width));
            }
        }
        return all;
    }

    private LoopKernel product(
            int stack,
            int rows,
            Buffer tiles,
            int place,
            Location weights,
            int ofClass,
            Buffer results,
            int block,
            Vectors.Width width) {
        int k = from.channels;
        int n = to.channels;
        return LoopKernel.product(
                stack,
                rows,
                k,
                n,
                new Location(tiles, place * block * k, new int[] {block * k, k, 1}),
                new Location(weights.buffer(), weights.offset() + ofClass * k * n, new int[] {k * n, n, 1}),
                new Location(results, place * block * n, new int[] {block * n, n, 1}),
                width);
    }

    /** Sums over tiles and over the places of a class: tiles from, transposed, times tiles to, are [classes, from, to]. */
    List<LoopKernel> weightSums(Buffer tiles, Buffer slopes, Buffer sums, int block, Vectors.Width width) {
        int m = from.channels;
        int n = to.channels;
        if (places() == classes()) {
            return List.of(LoopKernel.product(
                    places(),
                    m,
                    block,
                    n,
                    new Location(tiles, 0, new int[] {block * m, 1, m}),
                    new Location(slopes, 0, new int[] {block * n, n, 1}),
                    new Location(sums, 0, new int[] {m * n, n, 1}),
                    width));
        }
        int row = across.places() * block;
        return shared().stream()
                .map(each -> LoopKernel.product(
                        each.down,
                        m,
                        each.across * block,
                        n,
                        new Location(tiles, each.firstPlace * block * m, new int[] {row * m, 1, m}),
                        new Location(slopes, each.firstPlace * block * n, new int[] {row * n, n, 1}),
                        new Location(sums, each.ofClass * m * n, new int[] {0, n, 1}),
                        width))
                .toList();
    }
}
