package org.ebvlm.scoring;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.ebvlm.errors.Interruption;
import org.ebvlm.program.Cores;

/**
 * The Stein kernel u summed over the pairs of rows, a tile of rows by rows at a time, so that memory grows with the rows
 * and not with their pairs.
 *
 * <p>Tiles are worked out in single precision, with the kernel's length as the unit, u(x, y) = u_1(x / h, y / h) / h^2 of
 * scores h s, and added in double. Where the spread of many coordinates is so large beside that length that products
 * would lose the distance of close rows to rounding, it is found from differences, some ten times slower.
 *
 * <p>Threads share out stripes, of which there are always as many: each has sums of its own, which are added in order, so
 * the result does not depend on the number of threads.
 */
final class SteinPairs {
    /**
     * Rows of a block at most: the arrays of a tile then stay in the cache next to the core. Not a power of two, which would
     * have the columns of a product evict one another.
     */
    static final int BLOCK = 224;
    /** A block's size is a multiple of this, so that few different programs are compiled. */
    private static final int GRAIN = 32;

    private static final int STRIPES = 8;

    /** What an interrupt ends. */
    private static final String SUM = "the sum over pairs of rows";

    /** The largest relative error of a kernel's value that rounding of products may cause. */
    private static final double ALLOWED_ERROR = 1e-3;

    private final Kernel kernel;
    private final double unit;
    private final ScoredRows rows;
    private final SteinForm form;
    private final int size;
    private final SteinBlock[] blocks;
    private final int bootstraps;

    private SteinPairs(Kernel settled, ScoredRows rows, Bootstraps bootstraps) {
        this.kernel = settled.unit();
        this.unit = settled.length();
        this.rows = rows;
        this.bootstraps = bootstraps.number();
        // r^2 is off by about 2^-24 (2 radius)^2, and f by f'(0) times that.
        double error = Math.abs(SteinKernel.rate(kernel)) * 4 * rows.squaredRadius() / (unit * unit) / (1 << 24);
        form = error <= ALLOWED_ERROR ? SteinForm.of(kernel, rows.width()) : SteinForm.byDifferences(kernel);
        int number = quotientUp(rows.rows(), BLOCK);
        size = GRAIN * quotientUp(quotientUp(rows.rows(), number), GRAIN);
        try (SteinShares shares = new SteinShares(form, rows.width(), size)) {
            blocks = IntStream.range(0, number)
                    .mapToObj(each -> SteinBlock.of(rows, shares, unit, bootstraps, each * size, size))
                    .toArray(SteinBlock[]::new);
        }
    }

    private static int quotientUp(int n, int by) {
        return (n + by - 1) / by;
    }

    /**
     * Sums over pairs.
     *
     * @param rows of each row i the sum of u_ij over all j but i
     * @param imitations of each bootstrap the sum of a_bi a_bj u_ij over all i and j that differ
     * @param diagonal the sum of u_ii
     */
    record Sums(double[] rows, double[] imitations, double diagonal) {}

    /** Of rows, with whatever bootstraps there are. */
    static Sums sums(Kernel settled, ScoredRows rows, Bootstraps bootstraps) {
        return new SteinPairs(settled, rows, bootstraps).sums();
    }

    private Sums sums() {
        List<Stripe> stripes = IntStream.range(0, Math.min(STRIPES, blocks.length))
                .mapToObj(Stripe::new)
                .toList();
        ConcurrentLinkedQueue<Stripe> open = new ConcurrentLinkedQueue<>(stripes);
        int threads = blocks.length < STRIPES ? 1 : Cores.used();
        Cores.sideBySide(threads, thread -> work(open), SUM);
        Stripe all = new Stripe(0);
        stripes.forEach(all::add);
        return all.sums(diagonal());
    }

    private boolean work(ConcurrentLinkedQueue<Stripe> open) {
        try (SteinTile tile = new SteinTile(form, rows.width(), size, bootstraps)) {
            for (Stripe next = open.poll(); next != null; next = open.poll()) {
                next.work(tile);
            }
        }
        return true;
    }

    /** u_1(x, x) = f(0) ||h s||^2 - 2 d f'(0), summed over rows. */
    private double diagonal() {
        return SteinKernel.atZero(kernel::value) * unit * unit * rows.squaredScores()
                - 2.0 * rows.points().length * SteinKernel.atZero(kernel::slope);
    }

    /** Every so many rows of tiles, and what their pairs add up to. */
    private final class Stripe {
        private final int begin;
        private final double[] perRow = new double[rows.rows()];
        private final double[] perBootstrap = new double[bootstraps];

        Stripe(int begin) {
            this.begin = begin;
        }

        void work(SteinTile tile) {
            for (int a = begin; a < blocks.length; a += STRIPES) {
                tile.one(blocks[a]);
                for (int b = a; b < blocks.length; b++) {
                    Interruption.check(SUM);
                    tile.with(blocks[b]);
                    addRows(a, tile.rowSums());
                    addRows(b, tile.columnSums());
                    if (bootstraps > 0) {
                        addBootstraps(tile.imitations());
                    }
                }
            }
        }

        private void addRows(int block, float[] sums) {
            int from = block * size;
            int to = Math.min(from + size, perRow.length);
            for (int i = from; i < to; i++) {
                perRow[i] += sums[i - from];
            }
        }

        private void addBootstraps(float[] sums) {
            for (int b = 0; b < bootstraps; b++) {
                perBootstrap[b] += sums[b];
            }
        }

        void add(Stripe other) {
            for (int i = 0; i < perRow.length; i++) {
                perRow[i] += other.perRow[i];
            }
            for (int b = 0; b < bootstraps; b++) {
                perBootstrap[b] += other.perBootstrap[b];
            }
        }

        /** Sums in the unit of u. A bootstrap met each pair once, and it counts twice. */
        Sums sums(double diagonal) {
            double h2 = unit * unit;
            return new Sums(scaled(perRow, 1 / h2), scaled(perBootstrap, 2 / h2), diagonal / h2);
        }

        private double[] scaled(double[] values, double factor) {
            return Arrays.stream(values).map(each -> each * factor).toArray();
        }
    }
}
