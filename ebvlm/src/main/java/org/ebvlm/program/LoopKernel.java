package org.ebvlm.program;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Pointwise;
import org.ebvlm.program.LoopBody.Value;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;

/**
 * One loop nest: an expression worked out element by element, and stored or summed. Everything that is not in memory is
 * computed in the loop body, each value once, as far out as it can be.
 *
 * <p>Loops over kept axes come first, by falling stride of the target; loops that sum come inside. Where all values lie
 * side by side along one axis, or do not change with it, that axis is taken many elements at a time ({@link VectorText}).
 */
final class LoopKernel implements Kernel {

    /** What happens to the value at each element. */
    enum Ending {
        STORE,
        SUM,
        LARGEST
    }

    /** Rows of a product that are taken at a time. */
    private static final int ROWS = 4;

    private final LoopBody body;
    private final Value result;
    private final Location target;
    private final Vectors.Width width;
    private final List<Integer> sizes = new ArrayList<>();
    private final List<Boolean> reduced = new ArrayList<>();
    private final Buffer lanes;
    private final int rowLoop;
    private Ending ending;
    private Affine store;
    private int vectorLoop = -1;

    private LoopKernel(
            LoopBody body,
            Value result,
            int[] shape,
            Ending ending,
            Location target,
            Affine store,
            Vectors.Width width) {
        this.body = body;
        this.result = result;
        this.target = target;
        this.store = store.plus(target.offset());
        this.width = width;
        for (int a = 0; a < shape.length; a++) {
            sizes.add(shape[a]);
            reduced.add(ending != Ending.STORE && store.factor()[a] == 0);
        }
        arrange();
        this.ending = reduced.contains(true) ? ending : Ending.STORE;
        this.lanes =
                vectorLoop >= 0 && reduced.get(vectorLoop) ? new Buffer(width.lanes(), Storage.Role.SCRATCH) : null;
        this.rowLoop = vectorLoop >= 0 ? findRowLoop() : -1;
    }

    /** Works out an expression and stores it, or its sum or largest element over the axes that the target lacks. */
    static LoopKernel of(
            Expr value, Ending ending, Location target, Function<Expr, Location> located, Vectors.Width width) {
        Affine[] index = Affine.counters(value.shape());
        LoopBody body = new LoopBody(index.length, located);
        Affine store = Affine.position(index, target.strides(), index.length);
        return new LoopKernel(body, body.value(value, index), value.shape(), ending, target, store, width);
    }

    /**
     * A matrix product: C[s, i, j] = sum over l of A[s, i, l] B[s, l, j], for small matrices.
     *
     * @param m rows of A
     * @param k columns of A as it enters the product
     * @param n columns of C
     */
    static LoopKernel product(int stack, int m, int k, int n, Location a, Location b, Location c, Vectors.Width width) {
        LoopBody body = new LoopBody(4, null);
        int[] shape = {stack, m, n, k};
        Value left = body.load(a, new Affine(0, new int[] {a.strides()[0], a.strides()[1], 0, a.strides()[2]}));
        Value right = body.load(b, new Affine(0, new int[] {b.strides()[0], 0, b.strides()[2], b.strides()[1]}));
        Value product = body.apply(Pointwise.MUL, List.of(left, right));
        Affine store = new Affine(0, new int[] {c.strides()[0], c.strides()[1], c.strides()[2], 0});
        return new LoopKernel(body, product, shape, Ending.SUM, c, store, width);
    }

    // ---------------------------------------------------------------- the loops

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

    // ---------------------------------------------------------------- the text

    @Override
    public Set<Buffer> buffers() {
        Set<Buffer> all = new LinkedHashSet<>();
        all.add(target.buffer());
        all.addAll(body.buffers());
        if (lanes != null) {
            all.add(lanes);
        }
        return all;
    }

    @Override
    public Set<Buffer> reads() {
        return body.buffers();
    }

    @Override
    public List<Operand> operands() {
        Set<Operand> all = new LinkedHashSet<>();
        all.add(new Operand(target.buffer(), store.constant()));
        if (lanes != null) {
            all.add(new Operand(lanes, 0));
        }
        for (Value value : body.values()) {
            if (value.from != null) {
                all.add(operand(value));
            }
        }
        return List.copyOf(all);
    }

    private static Operand operand(Value load) {
        return new Operand(load.from.buffer(), load.at.constant());
    }

    @Override
    public String text() {
        List<Operand> operands = operands();
        for (Value value : body.values()) {
            if (value.from != null) {
                value.load = "b%1$d[o%1$d%2$s]".formatted(operands.indexOf(operand(value)), value.at.text());
            }
        }
        Text text = new Text();
        if (vectorLoop >= 0) {
            vectorLoops(text);
        } else {
            plainLoops(text);
        }
        return text.toString();
    }

    // ---------------------------------------------------------------- one element at a time

    private void plainLoops(Text text) {
        int loops = sizes.size();
        // Reduced loops at the inside sum into a local; those outside of kept ones sum into memory.
        int local = loops;
        while (local > 0 && reduced.get(local - 1)) {
            local--;
        }
        boolean intoMemory = reduced.subList(0, local).contains(true);
        if (intoMemory) {
            fillTarget(text);
        }
        for (int level = 0; level <= loops; level++) {
            if (level == local && local < loops) {
                text.line("double sum = %s;".formatted(neutral()));
            }
            scalars(text, level);
            if (level < loops) {
                open(text, level);
            }
        }
        if (local < loops) {
            text.line(combine("sum", PointwiseText.term(result)));
            close(text, loops - local);
            text.line(intoMemory ? combine(place(), "(float) sum") : place() + " = (float) sum;");
        } else {
            text.line(
                    intoMemory
                            ? combine(place(), PointwiseText.term(result))
                            : place() + " = " + PointwiseText.term(result) + ";");
        }
        close(text, local);
    }

    private void fillTarget(Text text) {
        int open = 0;
        for (int level = 0; level < sizes.size(); level++) {
            if (!reduced.get(level)) {
                open(text, level);
                open++;
            }
        }
        text.line(place() + " = " + neutral() + ";");
        close(text, open);
    }

    private void open(Text text, int level) {
        text.open("for (int i%1$d = 0; i%1$d < %2$d; i%1$d++) {".formatted(level, sizes.get(level)));
    }

    private static void close(Text text, int loops) {
        for (int i = 0; i < loops; i++) {
            text.close();
        }
    }

    private void scalars(Text text, int level) {
        for (Value value : body.values()) {
            if (value.level() == level) {
                text.line("float " + value.name + " = " + PointwiseText.of(value) + ";");
            }
        }
    }

    private String place() {
        return "b0[o0" + store.text() + "]";
    }

    private String neutral() {
        return ending == Ending.LARGEST ? "Float.NEGATIVE_INFINITY" : "0f";
    }

    private String combine(String into, String value) {
        return ending == Ending.LARGEST
                ? into + " = Math.max(" + into + ", " + value + ");"
                : into + " += " + value + ";";
    }

    // ---------------------------------------------------------------- many elements at a time

    /** A loop over blocks of lanes. The last block begins earlier if it must: it repeats elements rather than lack some. */
    private void vectorLoops(Text text) {
        VectorText vectors = new VectorText(text, vectorLoop);
        int loops = sizes.size();
        int kept = keptLoops();
        for (int level = 0; level <= loops; level++) {
            if (level == kept && kept < loops) {
                eachRow(row ->
                        text.line("FloatVector sum%s = FloatVector.broadcast(F, %s);".formatted(row, neutral())));
            }
            for (Value value : body.values()) {
                if (value.level() == level && !(value == result && isProductSum())) {
                    vectors.define(value, rowsOf(value));
                }
            }
            if (level == vectorLoop) {
                openBlocks(text, level, width.lanes());
            } else if (level == rowLoop) {
                openBlocks(text, level, ROWS);
            } else if (level < loops) {
                open(text, level);
            }
        }
        if (ending == Ending.STORE) {
            text.line(vectors.vector(result) + ".intoArray(b0, o0" + store.text() + ");");
            close(text, loops);
            return;
        }
        accumulate(text, vectors);
        close(text, loops - kept);
        if (lanes == null) {
            eachRow(row -> text.line("sum%1$s.intoArray(b0, o0%2$s%3$s);"
                    .formatted(row, store.text(), row.isEmpty() ? "" : " + " + rowOffset(store, row))));
        } else {
            text.line("sum.intoArray(b1, 0);");
            text.line(place() + " = Lanes." + (ending == Ending.SUM ? "sum" : "largest") + "(b1, " + width.lanes()
                    + ");");
        }
        close(text, kept);
    }

    private int keptLoops() {
        return reduced.contains(true) ? reduced.indexOf(true) : sizes.size();
    }

    /**
     * The loop of a product whose rows are taken a few at a time, so that what the rows share is loaded once and additions
     * need not wait for one another; or -1.
     */
    private int findRowLoop() {
        boolean product =
                ending == Ending.SUM && isProductSum() && body.values().size() == 3;
        if (!product || lanes != null || keptLoops() < 2) {
            return -1;
        }
        int before = vectorLoop == keptLoops() - 1 ? vectorLoop - 1 : keptLoops() - 1;
        return sizes.get(before) >= ROWS ? before : -1;
    }

    /** Does something once, or for each of the rows taken at a time, which are named 0, 1, ... */
    private void eachRow(Consumer<String> what) {
        rows().forEach(what);
    }

    private List<String> rows() {
        return rowLoop < 0
                ? List.of("")
                : IntStream.range(0, ROWS).mapToObj(Integer::toString).toList();
    }

    /** How far apart in memory a value is for each row; nothing if it is the same for all. */
    private List<Integer> rowsOf(Value value) {
        return rowLoop < 0 || value.at == null || value.at.factor()[rowLoop] == 0
                ? List.of()
                : rows().stream().map(row -> rowOffset(value.at, row)).toList();
    }

    private int rowOffset(Affine position, String row) {
        return position.factor()[rowLoop] * Integer.parseInt(row);
    }

    private void openBlocks(Text text, int loop, int step) {
        int size = sizes.get(loop);
        if (size % step == 0) {
            text.open("for (int i%1$d = 0; i%1$d < %2$d; i%1$d += %3$d) {".formatted(loop, size, step));
        } else {
            text.open("for (int n%1$d = 0; n%1$d < %2$d; n%1$d += %3$d) {".formatted(loop, size, step));
            text.line("int i%1$d = Math.min(n%1$d, %2$d);".formatted(loop, size - step));
        }
    }

    /** Whether elements of the last block of a sum are elements of the one before, too. */
    private boolean repeatsElements() {
        return lanes != null && sizes.get(vectorLoop) % width.lanes() != 0;
    }

    /** Whether a sum of products is taken with one operation a step. */
    private boolean isProductSum() {
        return ending == Ending.SUM && result.op == Pointwise.MUL && !repeatsElements();
    }

    private void accumulate(Text text, VectorText vectors) {
        if (isProductSum()) {
            Value x = result.arguments.get(0);
            Value y = result.arguments.get(1);
            eachRow(row -> text.line("sum%1$s = %2$s.fma(%3$s, sum%1$s);"
                    .formatted(row, vectors.vector(x, rowsOf(x), row), vectors.vector(y, rowsOf(y), row))));
            return;
        }
        String value = vectors.vector(result);
        if (repeatsElements() && ending == Ending.SUM) {
            // Elements of the last block that the one before has counted.
            value += ".blend(0f, FloatVector.zero(F).addIndex(1).compare(VectorOperators.LT, (float) (n%1$d - i%1$d)))"
                    .formatted(vectorLoop);
        }
        text.line(ending == Ending.SUM ? "sum = sum.add(" + value + ");" : "sum = sum.max(" + value + ");");
    }
}
