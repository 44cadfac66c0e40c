package org.ebvlm.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.ebvlm.program.Kernel.Operand;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;

/**
 * A convolution with windows of 3 x 3, or the slope of its image, by Winograd's minimal filtering: a tile of results is
 *
 * <pre>Y = A' [ (G g G') * (B' d B) ] A,        * element by element, summed over channels</pre>
 *
 * of a tile d of pixels and weights g, with the matrices of a {@link Filtering} down and one across. F(4 x 4, 3 x 3) takes 36
 * multiplications where the sum itself takes 144. For each place of a tile the sum over channels is a matrix product, [tiles,
 * channels in] by [channels in, channels out]. A few tiles are taken at a time, so that all of it stays in the cache; what lies
 * outside of the image is zero.
 *
 * <p>In single precision the error is some three times that of the sum itself, on average, and up to ten times at worst.
 *
 * <p>Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (CVPR 2016), equations 8 to 10.
 */
final class Winograd extends Blocked {
    /** Floats that a few tiles may take, transformed, before and after the products. */
    private static final int CACHED = 64_000;
    /** Tiles that are taken at a time at least: weights are read anew for each block. */
    private static final int FEWEST = 8;
    /** Tiles that are taken at a time at most. */
    private static final int MOST = 32;

    private final Tiling tiling;
    private final Location image;
    private final Location weights;
    private final Location result;
    private final Vectors.Width width;
    private final int block;
    /** Transformed tiles, [places, block, in]. */
    private final Buffer tiles;
    /** Their products with the weights, [places, block, out]. */
    private final Buffer products;
    /** A tile on its way. */
    private final Buffer tile;

    /**
     * @param image row-major
     * @param weights transformed, [classes, in, out]: what {@link WinogradWeights} makes
     * @param result row-major
     */
    Winograd(Tiling tiling, Location image, Location weights, Location result, Vectors.Width width) {
        super((tiling.tiles() + block(tiling) - 1) / block(tiling), tiling.work());
        this.tiling = tiling;
        this.image = image;
        this.weights = weights;
        this.result = result;
        this.width = width;
        this.block = block(tiling);
        this.tiles = scratch(tiling.places() * block * tiling.from().channels());
        this.products = scratch(tiling.places() * block * tiling.to().channels());
        this.tile = scratch(tiling.scratch());
    }

    /** Tiles that are taken at a time: a multiple of the rows that a product takes. */
    private static int block(Tiling tiling) {
        int fitting = CACHED
                / (tiling.places() * (tiling.from().channels() + tiling.to().channels()));
        int wanted = Math.min(MOST, Math.max(FEWEST, fitting));
        return Math.min(wanted, tiling.tiles()) / LoopNest.ROWS * LoopNest.ROWS;
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
        TileText text = new TileText(tiling, block, width.lanes());
        List<Stage> all = new ArrayList<>();
        all.add(new Stage(List.of(new Operand(tiles, 0), Operand.of(image), new Operand(tile, 0)), text.from()));
        for (LoopKernel product : tiling.products(tiles, weights, products, block, width)) {
            all.add(new Stage(product.operands(), product.text()));
        }
        all.add(new Stage(List.of(Operand.of(result), new Operand(products, 0), new Operand(tile, 0)), text.to()));
        return all;
    }
}
