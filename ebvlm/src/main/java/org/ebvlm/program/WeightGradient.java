package org.ebvlm.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.ebvlm.program.Kernel.Operand;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;
import org.ebvlm.program.Storage.Role;

/**
 * The weight gradient of a convolution with windows of 3 x 3 by minimal filtering, the adjoint of {@link Winograd}: for tiles d
 * of the image and y of the result's slope
 *
 * <pre>g = G' [ sum over tiles of (B' d B) * (A y A') ] G,        * element by element, for each pair of channels.</pre>
 *
 * For each place of a tile the sum is a matrix product, [channels in, tiles] by [tiles, channels out]. Tiles add up in
 * blocks, whatever the number of threads, so that sums have the same order on all machines.
 */
final class WeightGradient extends Blocked {
    /** Numbers that a product should add up: fewer keep it busy with storing. */
    private static final int ADDED = 64;

    private final Tiling tiling;
    private final Location image;
    private final Location slope;
    private final Vectors.Width width;
    private final int block;
    /** [blocks, classes, in, out] */
    private final Buffer sums;
    /** Transformed tiles of the image, [places, block, in]. */
    private final Buffer tiles;
    /** Transformed tiles of the slope, [places, block, out]. */
    private final Buffer slopes;
    /** A tile on its way. */
    private final Buffer tile;

    /**
     * @param tiling of the convolution
     * @param image row-major
     * @param slope of the result, row-major
     */
    WeightGradient(Tiling tiling, Location image, Location slope, Vectors.Width width) {
        super(blocks(tiling), tiling.work());
        this.tiling = tiling;
        this.image = image;
        this.slope = slope;
        this.width = width;
        this.block = block(tiling);
        this.sums = new Buffer(blocks(tiling) * tiling.classes() * tiling.weights(), Role.SCRATCH);
        this.tiles = scratch(tiling.places() * block * tiling.from().channels());
        this.slopes = scratch(tiling.places() * block * tiling.to().channels());
        this.tile = scratch(tiling.scratch());
    }

    private static int blocks(Tiling tiling) {
        return tiling.tiles() / block(tiling);
    }

    /** Tiles that are taken at a time, the same number in each block as none may count twice. */
    private static int block(Tiling tiling) {
        double wanted = (double) ADDED * tiling.classes() / tiling.places();
        return IntStream.rangeClosed(1, tiling.tiles())
                .filter(size -> tiling.tiles() % size == 0)
                .boxed()
                .min((a, b) -> Double.compare(Math.abs(Math.log(a / wanted)), Math.abs(Math.log(b / wanted))))
                .orElseThrow();
    }

    /** Adds the blocks' sums, and makes weights of them. */
    Kernel total(Location target) {
        return new Total(target, sums, tiling, blocks(tiling), width.lanes());
    }

    @Override
    Set<Buffer> own() {
        return Set.of(tiles, slopes, tile);
    }

    @Override
    public Set<Buffer> reads() {
        return Set.of(image.buffer(), slope.buffer());
    }

    @Override
    List<Stage> stages() {
        TileText text = new TileText(tiling, block, width.lanes());
        List<Stage> all = new ArrayList<>();
        all.add(new Stage(List.of(new Operand(tiles, 0), Operand.of(image), new Operand(tile, 0)), text.from()));
        all.add(new Stage(List.of(new Operand(slopes, 0), Operand.of(slope), new Operand(tile, 0)), text.slope()));
        for (LoopKernel product : tiling.weightSums(tiles, slopes, sums, block, width)) {
            Text begin = new Text();
            begin.line("o0 += block * %d;".formatted(tiling.classes() * tiling.weights()));
            all.add(new Stage(product.operands(), begin + product.text()));
        }
        return all;
    }

    /** The sum of all blocks, in the place of the first, and G' m G of it. */
    private record Total(Location target, Buffer sums, Tiling tiling, int blocks, int lanes) implements Kernel {
        /** Vectors that are added up at a time. */
        private static final int VECTORS = 4;

        @Override
        public Set<Buffer> buffers() {
            return Set.of(target.buffer(), sums);
        }

        @Override
        public Set<Buffer> reads() {
            return Set.of(sums);
        }

        @Override
        public List<Operand> operands() {
            return List.of(Operand.of(target), new Operand(sums, 0));
        }

        @Override
        public String text() {
            Text text = new Text();
            if (blocks > 1) {
                add(text);
            }
            double[][] rows = Filtering.transposed(tiling.down().weights());
            double[][] columns = Filtering.transposed(tiling.across().weights());
            Combinations combinations = new Combinations(text, lanes);
            int pair = tiling.weights();
            int row = tiling.across().classes() * pair;
            // G' m, in the place of m's first three rows, a few numbers at a time, and then (G' m) G
            text.open("for (int c = 0; c < %d; c += %d) {"
                    .formatted(pair, tiling.to().channels()));
            text.open("for (int l = 0; l < %d; l++) {".formatted(columns[0].length));
            text.line("int of = o1 + l * %d + c;".formatted(pair));
            combinations.write(
                    rows,
                    tiling.to().channels(),
                    new Combinations.Runs("b1", "of", row),
                    new Combinations.Runs("b1", "of", row));
            text.close();
            text.open("for (int k = 0; k < 3; k++) {");
            text.line("int of = o1 + k * %d + c;".formatted(row));
            text.line("int to = o0 + k * %d + c;".formatted(3 * pair));
            combinations.write(
                    columns,
                    tiling.to().channels(),
                    new Combinations.Runs("b1", "of", pair),
                    new Combinations.Runs("b0", "to", pair));
            text.close(2);
            return text.toString();
        }

        private void add(Text text) {
            int size = tiling.classes() * tiling.weights();
            text.open("for (int i = 0; i < %d; i += %d) {".formatted(size, VECTORS * lanes));
            text.line("int of = o1 + i;");
            for (int v = 0; v < VECTORS; v++) {
                text.line("FloatVector sum%1$d = FloatVector.fromArray(F, b1, of + %2$d);".formatted(v, v * lanes));
            }
            text.open("for (int k = %1$d; k < %2$d; k += %1$d) {".formatted(size, size * blocks));
            for (int v = 0; v < VECTORS; v++) {
                text.line(
                        "sum%1$d = sum%1$d.add(FloatVector.fromArray(F, b1, of + k + %2$d));".formatted(v, v * lanes));
            }
            text.close();
            for (int v = 0; v < VECTORS; v++) {
                text.line("sum%1$d.intoArray(b1, of + %2$d);".formatted(v, v * lanes));
            }
            text.close();
        }
    }
}
