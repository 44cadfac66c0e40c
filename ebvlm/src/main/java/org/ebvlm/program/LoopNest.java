package org.ebvlm.program;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ebvlm.graph.Pointwise;
import org.ebvlm.program.LoopBody.Value;
import org.ebvlm.program.LoopKernel.Ending;

/**
 * The loops around a body, in the order in which they run best.
 *
 * <p>Loops over kept axes come first, by falling stride of the target; loops that sum come inside. Where all values lie
 * side by side along one axis, or do not change with it, that axis is taken many elements at a time.
 */
final class LoopNest {
    /** Rows of a product that are taken at a time. */
    static final int ROWS = 4;
    /** Vectors of a product's row that are taken at a time, where it is long enough. */
    private static final int VECTORS = 2;

    final LoopBody body;
    final Value result;
    final Ending ending;
    final Vectors.Width width;
    final List<Integer> sizes = new ArrayList<>();
    /** Whether a loop sums. */
    final List<Boolean> reduced = new ArrayList<>();
    /** Where in the target a result goes. */
    Affine store;
    /** The loop that is taken many elements at a time, or -1. */
    int vectorLoop = -1;
    /** The loop of a product that is taken a few rows at a time, or -1. */
    final int rowLoop;
    /** How many vectors side by side are taken at a time. */
    final int vectors;

    LoopNest(LoopBody body, Value result, int[] shape, Ending ending, Affine store, Vectors.Width width) {
        this.body = body;
        this.result = result;
        this.store = store;
        this.width = width;
        for (int a = 0; a < shape.length; a++) {
            sizes.add(shape[a]);
            reduced.add(ending != Ending.STORE && store.factor()[a] == 0);
        }
        arrange();
        this.ending = reduced.contains(true) ? ending : Ending.STORE;
        this.rowLoop = vectorLoop >= 0 ? putRowLoopInside(findRowLoop()) : -1;
        this.vectors = rowLoop >= 0 && isWideEnough() ? VECTORS : 1;
    }

    /** Whether the loop that is taken many elements at a time sums: then lanes are added at its end. */
    boolean sumsLanes() {
        return vectorLoop >= 0 && reduced.get(vectorLoop);
    }

    private void arrange() {
        choose(IntStream.range(0, sizes.size()).filter(p -> sizes.get(p) != 1));
        choose(IntStream.range(0, sizes.size())
                .boxed()
                .sorted(Comparator.<Integer, Boolean>comparing(reduced::get)
                        .thenComparing(p -> -Math.abs(store.factor()[p]))
                        .thenComparing(p -> -longestStride(p)))
                .mapToInt(p -> p));
        mergeLoops();
        vectorLoop = width.lanes() > 1 && VectorText.canCompute(body) ? findVectorLoop() : -1;
        int inner = vectorLoop >= 0 && reduced.get(vectorLoop) ? vectorLoop : vectorLoop < 0 ? plainInner() : -1;
        if (inner >= 0) {
            choose(IntStream.concat(IntStream.range(0, sizes.size()).filter(p -> p != inner), IntStream.of(inner)));
            vectorLoop = vectorLoop < 0 ? -1 : sizes.size() - 1;
        }
    }

    private int longestStride(int p) {
        return body.positions().stream()
                .mapToInt(f -> Math.abs(f.factor()[p]))
                .max()
                .orElse(0);
    }

    /** Keeps these loops, in this order. */
    private void choose(IntStream counters) {
        int[] order = counters.toArray();
        List<Integer> newSizes = new ArrayList<>();
        List<Boolean> newReduced = new ArrayList<>();
        for (int p : order) {
            newSizes.add(sizes.get(p));
            newReduced.add(reduced.get(p));
        }
        sizes.clear();
        sizes.addAll(newSizes);
        reduced.clear();
        reduced.addAll(newReduced);
        store = store.choose(order);
        body.mapPositions(f -> f.choose(order));
    }

    /** Makes one loop of two where every position is the same function of both counters together. */
    private void mergeLoops() {
        for (int p = sizes.size() - 2; p >= 0; p--) {
            if (reduced.get(p).equals(reduced.get(p + 1)) && runsOn(p)) {
                int outer = p;
                sizes.set(p + 1, sizes.get(p) * sizes.get(p + 1));
                choose(IntStream.range(0, sizes.size()).filter(q -> q != outer));
            }
        }
    }

    private boolean runsOn(int p) {
        int inner = sizes.get(p + 1);
        return store.factor()[p] == store.factor()[p + 1] * inner
                && body.positions().stream().allMatch(f -> f.factor()[p] == f.factor()[p + 1] * inner);
    }

    /** The loop that can be taken many elements at a time: a kept one before one that sums, then the longest; or -1. */
    private int findVectorLoop() {
        return IntStream.range(0, sizes.size())
                .filter(p -> sizes.get(p) >= width.lanes() && isSideBySide(p))
                .boxed()
                .min(Comparator.<Integer, Boolean>comparing(reduced::get).thenComparing(p -> -sizes.get(p)))
                .orElse(-1);
    }

    private boolean isSideBySide(int p) {
        return store.factor()[p] == (reduced.get(p) ? 0 : 1)
                && body.positions().stream().allMatch(f -> f.factor()[p] == 0 || f.factor()[p] == 1);
    }

    /** Without vectors: the loop to put inside a sum so that the JVM may vectorise it, or -1 to leave loops as they are. */
    private int plainInner() {
        return !reduced.contains(true)
                ? -1
                : IntStream.range(0, sizes.size())
                        .filter(p -> !reduced.get(p) && sizes.get(p) >= 16 && isSideBySide(p))
                        .findFirst()
                        .orElse(-1);
    }

    int keptLoops() {
        return reduced.contains(true) ? reduced.indexOf(true) : sizes.size();
    }

    /**
     * The loop of a product whose rows are taken a few at a time, so that what the rows share is loaded once and additions
     * need not wait for one another; or -1.
     */
    private int findRowLoop() {
        boolean product =
                ending == Ending.SUM && isProductSum() && body.values().size() == 3;
        if (!product || sumsLanes() || keptLoops() < 2) {
            return -1;
        }
        int before = vectorLoop == keptLoops() - 1 ? vectorLoop - 1 : keptLoops() - 1;
        return sizes.get(before) >= ROWS ? before : -1;
    }

    /** What a few columns take of the second factor is soon at hand if all rows come before the next few. */
    private int putRowLoopInside(int found) {
        if (found < 0 || found > vectorLoop) {
            return found;
        }
        int outer = vectorLoop;
        choose(IntStream.range(0, sizes.size()).map(p -> p == found ? outer : p == outer ? found : p));
        vectorLoop = found;
        return outer;
    }

    /** Whether the last block, which repeats elements to be full, repeats few when blocks are of several vectors. */
    private boolean isWideEnough() {
        int single = blocks(width.lanes());
        int several = blocks(VECTORS * width.lanes()) * VECTORS;
        return sizes.get(vectorLoop) >= VECTORS * width.lanes() && 4 * several <= 5 * single;
    }

    private int blocks(int elements) {
        return (sizes.get(vectorLoop) + elements - 1) / elements;
    }

    /** Whether elements of the last block of a sum are elements of the one before, too. */
    boolean repeatsElements() {
        return sumsLanes() && sizes.get(vectorLoop) % width.lanes() != 0;
    }

    /** Whether a sum of products is taken with one operation a step. */
    boolean isProductSum() {
        return ending == Ending.SUM && result.op == Pointwise.MUL && !repeatsElements();
    }

    /** Begins a loop that takes one element at a time. */
    void open(Text text, int level) {
        text.open("for (int i%1$d = 0; i%1$d < %2$d; i%1$d++) {".formatted(level, sizes.get(level)));
    }

    /** Where a result goes; the target is operand 0. */
    String place() {
        return "b0[o0" + store.text() + "]";
    }
}
