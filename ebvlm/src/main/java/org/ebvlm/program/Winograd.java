package org.ebvlm.program;

import java.util.List;
import java.util.Set;
import org.ebvlm.graph.Convolution.Geometry;
import org.ebvlm.program.Kernel.Operand;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;
import org.ebvlm.program.Storage.Role;

/**
 * A convolution with windows of 3 x 3 by Winograd's minimal filtering F(2 x 2, 3 x 3): a tile of 2 x 2 results is
 *
 * <pre>
 * Y = A' [ (G g G') * (B' d B) ] A,        * element by element, summed over channels
 *
 *      1  0 -1  0          1   0   0             1  1  1  0
 * B' = 0  1  1  0     G = 1/2 1/2 1/2       A' = 0  1 -1 -1
 *      0 -1  1  0         1/2 -1/2 1/2
 *      0  1  0 -1          0   0   1
 * </pre>
 *
 * of a tile d of 4 x 4 pixels and weights g: 16 multiplications where the sum itself takes 36. For each of the 16 places
 * the sum over channels is a matrix product, [tiles, channels in] by [channels in, channels out]. A few tiles are taken at
 * a time, so that all of it stays in the cache; what lies outside of the image is zero.
 *
 * <p>In single precision the error is a few times that of the sum itself.
 *
 * <p>Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (CVPR 2016), equations 8 to 10.
 */
final class Winograd extends Blocked {
    /** Places of a transformed tile. */
    static final int PLACES = 16;
    /** Smaller images have too many tiles that reach beyond them. */
    private static final int SMALLEST = 6;
    /** Floats that a few tiles may take, transformed, before and after the products. */
    private static final int CACHED = 48_000;

    /**
     * Sizes of a convolution.
     *
     * @param images how many
     * @param in channels of an image
     * @param out channels of the result
     */
    record Sizes(Geometry geometry, int images, int in, int out) {
        int tilesDown() {
            return (geometry.outHeight() + 1) / 2;
        }

        int tilesAcross() {
            return (geometry.outWidth() + 1) / 2;
        }

        int tiles() {
            return images * tilesDown() * tilesAcross();
        }

        /** Tiles that are taken at a time: a multiple of the rows that a product takes. */
        int block() {
            int fitting = CACHED / (PLACES * (in + out)) / LoopNest.ROWS * LoopNest.ROWS;
            return Math.min(Math.min(32, fitting), tiles() / LoopNest.ROWS * LoopNest.ROWS);
        }

        /** The convolution of which the image gradient is the result: of the result's slope, with weights turned round. */
        Sizes turned() {
            Geometry g = geometry;
            Geometry back = new Geometry(
                    g.outHeight(),
                    g.outWidth(),
                    3,
                    3,
                    1,
                    1,
                    2 - g.padTop(),
                    2 - g.padLeft(),
                    1,
                    1,
                    g.height(),
                    g.width());
            return new Sizes(back, images, out, in);
        }

        /** Whether this way is open, and quicker than native code. */
        boolean suit(Vectors.Width width) {
            Geometry g = geometry;
            int lanes = width.lanes();
            return lanes > 1
                    && g.windowHeight() == 3
                    && g.windowWidth() == 3
                    && g.strideY() == 1
                    && g.strideX() == 1
                    && g.dilationY() == 1
                    && g.dilationX() == 1
                    && g.padTop() <= 2
                    && g.padLeft() <= 2
                    && Math.min(g.height(), g.width()) >= SMALLEST
                    && Math.min(g.outHeight(), g.outWidth()) >= SMALLEST
                    && in % lanes == 0
                    && out % lanes == 0
                    && block() >= LoopNest.ROWS;
        }
    }

    private final Sizes sizes;
    private final Location image;
    private final Location weights;
    private final Location result;
    private final Vectors.Width width;
    /** Transformed tiles, [16, block, in]. */
    private final Buffer tiles;
    /** Their products with the weights, [16, block, out]. */
    private final Buffer products;
    /** A tile on its way, [2, 4, 4, in or out]. */
    private final Buffer tile;

    /**
     * @param image row-major
     * @param weights transformed, [16, in, out]: what {@link WinogradWeights} makes
     * @param result row-major
     */
    Winograd(Sizes sizes, Location image, Location weights, Location result, Vectors.Width width) {
        super(blocks(sizes), 9L * sizes.tiles() * 4 * sizes.in() * sizes.out());
        this.sizes = sizes;
        this.image = image;
        this.weights = weights;
        this.result = result;
        this.width = width;
        this.tiles = scratch(PLACES * sizes.block() * sizes.in());
        this.products = scratch(PLACES * sizes.block() * sizes.out());
        this.tile = scratch(2 * PLACES * Math.max(sizes.in(), sizes.out()));
    }

    private static int blocks(Sizes sizes) {
        return (sizes.tiles() + sizes.block() - 1) / sizes.block();
    }

    private static Buffer scratch(int size) {
        return new Buffer(THREADS * size, Role.SCRATCH);
    }

    @Override
    Set<Buffer> own() {
        return Set.of(tiles, products, tile);
    }

    @Override
    public Set<Buffer> reads() {
        return Set.of(image.buffer(), weights.buffer());
    }

    @Override
    List<Stage> stages() {
        LoopKernel product = LoopKernel.product(
                PLACES,
                sizes.block(),
                sizes.in(),
                sizes.out(),
                stack(tiles, sizes.block(), sizes.in()),
                new Location(weights.buffer(), weights.offset(), new int[] {sizes.in() * sizes.out(), sizes.out(), 1}),
                stack(products, sizes.block(), sizes.out()),
                width);
        return List.of(
                new Stage(List.of(whole(tiles), at(image), whole(tile)), imageText()),
                new Stage(product.operands(), product.text()),
                new Stage(List.of(at(result), whole(products), whole(tile)), resultText()));
    }

    private static Location stack(Buffer buffer, int rows, int columns) {
        return new Location(buffer, 0, new int[] {rows * columns, columns, 1});
    }

    private static Operand whole(Buffer buffer) {
        return new Operand(buffer, 0);
    }

    private static Operand at(Location location) {
        return new Operand(location.buffer(), location.offset());
    }

    // ---------------------------------------------------------------- text

    /** Each tile of the block; one that begins the last block anew if it would not be full. */
    private void openTiles(Text text) {
        int perImage = sizes.tilesDown() * sizes.tilesAcross();
        text.open("for (int q = 0; q < %d; q++) {".formatted(sizes.block()));
        text.line("int t = Math.min(block * %1$d, %2$d) + q;".formatted(sizes.block(), sizes.tiles() - sizes.block()));
        text.line("int n = t / %d;".formatted(perImage));
        text.line("int y = 2 * (t %% %d / %d);".formatted(perImage, sizes.tilesAcross()));
        text.line("int x = 2 * (t %% %d);".formatted(sizes.tilesAcross()));
    }

    /** From image b1 into tiles b0: B' d, and then (B' d) B. */
    private String imageText() {
        int c = sizes.in();
        Text text = new Text();
        openTiles(text);
        findPixels(text);
        // Sums that do not change in the loop are made before it, or the JVM leaves the checks of indices in.
        for (int k = 0; k < 4; k++) {
            text.line("int row%1$d = first + %1$d * row;".formatted(k));
        }
        text.line("int half = o2 + %d;".formatted(16 * c));
        text.open("for (int i = 0; i < %d; i += %d) {".formatted(4 * c, width.lanes()));
        for (int k = 0; k < 4; k++) {
            load(text, k, "d", "row" + k + " + i");
        }
        storeImageSums(text, "b2", "half + i", 4 * c);
        text.close();
        text.open("for (int k = 0; k < 4; k++) {");
        text.line("int to = o0 + (4 * k * %1$d + q) * %2$d;".formatted(sizes.block(), c));
        text.line("int of = half + k * %d;".formatted(4 * c));
        text.open("for (int i = 0; i < %d; i += %d) {".formatted(c, width.lanes()));
        for (int k = 0; k < 4; k++) {
            load(text, k, "b2", "of + i + " + k * c);
        }
        storeImageSums(text, "b0", "to + i", sizes.block() * c);
        text.close(3);
        return text.toString();
    }

    /** Where the pixels of a tile are: in array d from {@code first} on, with {@code row} numbers from one row to the next. */
    private void findPixels(Text text) {
        Geometry g = sizes.geometry();
        text.line("int top = y - %d;".formatted(g.padTop()));
        text.line("int left = x - %d;".formatted(g.padLeft()));
        text.line("float[] d = b1;");
        text.line("int row = %d;".formatted(g.width() * sizes.in()));
        text.line("int first = o1 + (n * %d + top) * row + left * %d;".formatted(g.height(), sizes.in()));
        text.open("if (top < 0 || left < 0 || top > %d || left > %d) {".formatted(g.height() - 4, g.width() - 4));
        copyWithZeros(text);
        text.line("d = b2;");
        text.line("row = %d;".formatted(4 * sizes.in()));
        text.line("first = o2;");
        text.close();
    }

    /** Into b2, the pixels of a tile that reaches beyond the image. */
    private void copyWithZeros(Text text) {
        Geometry g = sizes.geometry();
        int c = sizes.in();
        text.line("java.util.Arrays.fill(b2, o2, o2 + %d, 0f);".formatted(16 * c));
        text.line("int from = Math.max(0, -left);");
        text.line("int size = (Math.min(4, %d - left) - from) * %d;".formatted(g.width(), c));
        text.open("for (int i = Math.max(0, -top); i < Math.min(4, %d - top); i++) {".formatted(g.height()));
        text.line("System.arraycopy(b1, first + i * row + from * %1$d, b2, o2 + (4 * i + from) * %1$d, size);"
                .formatted(c));
        text.close();
    }

    /** What B' makes of four. */
    private static void storeImageSums(Text text, String array, String place, int stride) {
        String[] sums = {"m0.sub(m2)", "m1.add(m2)", "m2.sub(m1)", "m1.sub(m3)"};
        for (int k = 0; k < 4; k++) {
            text.line("%s.intoArray(%s, %s + %d);".formatted(sums[k], array, place, k * stride));
        }
    }

    /** From products b1 into the result b0: A' m, and then (A' m) A. A column beyond the result goes to the end of b2. */
    private String resultText() {
        Geometry g = sizes.geometry();
        int c = sizes.out();
        int place = sizes.block() * c;
        Text text = new Text();
        openTiles(text);
        text.open("for (int k = 0; k < 4; k++) {");
        text.line("int of = o1 + k * %d + q * %d;".formatted(place, c));
        text.line("int to = o2 + k * %d;".formatted(c));
        text.open("for (int i = 0; i < %d; i += %d) {".formatted(c, width.lanes()));
        for (int k = 0; k < 4; k++) {
            load(text, k, "b1", "of + i + " + 4 * k * place);
        }
        storeResultSums(text, "b2", "to + i", "b2", "to + i + " + 4 * c);
        text.close(2);
        text.open("for (int k = 0; k < Math.min(2, %d - y); k++) {".formatted(g.outHeight()));
        text.line("int of = o2 + k * %d;".formatted(4 * c));
        text.line("int to = o0 + ((n * %d + y + k) * %d + x) * %d;".formatted(g.outHeight(), g.outWidth(), c));
        text.line("float[] second = x + 1 < %d ? b0 : b2;".formatted(g.outWidth()));
        text.line("int also = x + 1 < %d ? to + %d : o2 + %d;".formatted(g.outWidth(), c, 8 * c));
        text.open("for (int i = 0; i < %d; i += %d) {".formatted(c, width.lanes()));
        for (int k = 0; k < 4; k++) {
            load(text, k, "b2", "of + i + " + k * c);
        }
        storeResultSums(text, "b0", "to + i", "second", "also + i");
        text.close(3);
        return text.toString();
    }

    /** What A' makes of four. */
    private static void storeResultSums(Text text, String array, String place, String second, String also) {
        text.line("m0.add(m1).add(m2).intoArray(%s, %s);".formatted(array, place));
        text.line("m1.sub(m2).sub(m3).intoArray(%s, %s);".formatted(second, also));
    }

    private static void load(Text text, int k, String array, String place) {
        text.line("FloatVector m%d = FloatVector.fromArray(F, %s, %s);".formatted(k, array, place));
    }
}
