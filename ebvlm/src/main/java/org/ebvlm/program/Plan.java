package org.ebvlm.program;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ebvlm.graph.Convolution;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.graph.MatMul;
import org.ebvlm.graph.Shapes;
import org.ebvlm.graph.Structure;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;
import org.ebvlm.program.Storage.Role;

/**
 * The schedule of a program: which steps, in which order, on which arrays. Views cost nothing, parts of a concatenation
 * are computed in place, and arrays are used again as soon as what they hold is no longer needed.
 */
final class Plan {
    /** Multiplications up to which a product is a plain loop; above, a native call pays. */
    private static final long LOOP_WORK = 100_000;
    /** The same for a loop on vectors. */
    private static final long VECTOR_WORK = 8_000_000;
    /** Rows of a product from which on a copy of the other side that lies better is worth while. */
    private static final int TURNED_FOR = 16;
    /** Elements from which on a given array that does not lie well is copied first. */
    private static final int TURNED = 64;

    private final List<Expr> order;
    private final Set<Expr> stored;
    private final Map<Expr, Location> locations = new HashMap<>();
    private final Map<Expr, Location> placed = new HashMap<>();
    private final Map<Expr, Location> results = new HashMap<>();
    private final Map<Side, Location> turnedCopies = new HashMap<>();
    private final Set<Expr> rowMajor = new HashSet<>();
    private final Set<Expr> readByLoops = new HashSet<>();
    private final ConvolutionPlan convolutions;
    private final Vectors.Width width;
    private final Set<Expr> outputs;
    private final List<Step> steps = new ArrayList<>();
    private final List<Buffer> slots = new ArrayList<>();

    Plan(List<Expr> outputs, Vectors.Width width) {
        this.width = width;
        this.outputs = new HashSet<>(outputs);
        this.order = Expr.sorted(outputs);
        this.stored = Fusion.stored(order, outputs);
        this.convolutions = new ConvolutionPlan(order, steps, this::locate, this::placeEarly, width);
        demandRowMajor();
        placeParts();
        for (Expr node : order) {
            schedule(node);
        }
        assignSlots();
        Mirrors.assign(steps);
    }

    List<Step> steps() {
        return steps;
    }

    /** One representative buffer for each array of the program, in order. */
    List<Buffer> slots() {
        return slots;
    }

    /** Where an output is. */
    Location output(Expr node) {
        return results.get(node);
    }

    // ---------------------------------------------------------------- places

    /** Marks what must lie row-major: what native code and moves of whole rows read, and what is seen in another shape. */
    private void demandRowMajor() {
        for (Expr node : order) {
            if (node.op() instanceof Convolution
                    || node.op() instanceof Structure.Gather
                    || node.op() instanceof Structure.Scatter
                    || (node.op() instanceof MatMul && node.rank() == 3)
                    || (node.op() instanceof Structure.Reshape && !Fusion.changesUnitAxesOnly(node))) {
                node.inputs().forEach(this::demandRowMajor);
            }
            if (!(isLoop(node) || isProduct(node))) {
                demandRowMajor(node);
            }
            if (isLoop(node) || (isProduct(node) && work(node) <= loopWork())) {
                readByLoops.addAll(node.inputs());
            }
        }
    }

    private void demandRowMajor(Expr node) {
        rowMajor.add(node);
        if (isView(node)) {
            demandRowMajor(node.input());
        }
    }

    private static boolean isLoop(Expr node) {
        return !(node.op() instanceof Convolution
                || node.op() instanceof Structure.Gather
                || node.op() instanceof Structure.Scatter
                || node.op() instanceof MatMul);
    }

    private static boolean isProduct(Expr node) {
        return node.op() instanceof MatMul && node.rank() == 2;
    }

    /** Gives what is concatenated its place in the whole beforehand, so that it need not be moved. */
    private void placeParts() {
        for (int i = order.size() - 1; i >= 0; i--) {
            Expr whole = order.get(i);
            if (whole.op() instanceof Structure.Concat concat
                    && Shapes.size(Arrays.copyOf(whole.shape(), concat.axis())) == 1) {
                rowMajor.add(whole);
                placeParts(whole, place(whole));
            }
        }
    }

    private void placeParts(Expr whole, Location at) {
        int offset = 0;
        for (Expr part : whole.inputs()) {
            Expr maker = maker(part);
            if (isSameMemory(part, maker) && isComputed(maker) && !placed.containsKey(maker)) {
                placed.put(maker, at.with(offset, Layout.rowMajor(maker.shape())));
            }
            offset += part.size();
        }
    }

    /** The expression whose memory another one shows, itself if it is no view. */
    private static Expr maker(Expr node) {
        while (isView(node)) {
            node = node.input();
        }
        return node;
    }

    /** Whether a view shows all of its maker's elements in their order. */
    private static boolean isSameMemory(Expr view, Expr maker) {
        for (Expr node = view; !node.equals(maker); node = node.input()) {
            if (node.op() instanceof Structure.Slice) {
                return false;
            }
        }
        return true;
    }

    private boolean isComputed(Expr node) {
        return stored.contains(node) && !(node.op() instanceof Leaf) && !outputs.contains(node);
    }

    private Location place(Expr node) {
        return placed.computeIfAbsent(node, n -> {
            boolean own = outputs.contains(n);
            return new Location(
                    new Buffer(n.size(), own ? Role.OUTPUT : Role.SCRATCH),
                    0,
                    own ? Layout.rowMajor(n.shape()) : layout(n));
        });
    }

    /** The place of what is worked out before its turn. */
    private Location placeEarly(Expr node) {
        Location place = place(node);
        locations.put(node, place);
        results.put(node, place);
        return place;
    }

    private int[] layout(Expr node) {
        return rowMajor.contains(node) ? Layout.rowMajor(node.shape()) : Layout.forLoops(node.shape());
    }

    /** Where an expression is in memory; null if it is not, and is worked out where it is used. */
    private Location locate(Expr node) {
        Location known = locations.get(node);
        if (known == null && node.op() instanceof Leaf && !node.isUniform()) {
            known = leaf(node);
            locations.put(node, known);
        }
        if (known == null && isView(node)) {
            Location whole = locate(node.input());
            known = whole == null ? null : view(node, whole);
        }
        return known;
    }

    /** Given values come row-major; the program's own noise and constants lie as loops like it. */
    private Location leaf(Expr node) {
        boolean given = node.op() instanceof Leaf.Input input && input.source() == Leaf.Source.GIVEN;
        int[] strides = given ? Layout.rowMajor(node.shape()) : layout(node);
        return new Location(new Buffer(node, strides), 0, strides);
    }

    private static boolean isView(Expr node) {
        return node.op() instanceof Structure.Reshape
                || node.op() instanceof Structure.Held
                || node.op() instanceof Structure.Point
                || node.op() instanceof Structure.Slice;
    }

    /** A view's place, or null if its elements cannot be found in steps. */
    private static Location view(Expr node, Location whole) {
        if (!(node.op() instanceof Structure.Slice box)) {
            int[] strides = Layout.reshaped(whole.strides(), node.input().shape(), node.shape());
            return strides == null ? null : whole.with(0, strides);
        }
        int offset = 0;
        int[] strides = new int[node.rank()];
        for (int a = 0; a < strides.length; a++) {
            offset += box.begin().get(a) * whole.strides()[a];
            strides[a] = node.shape()[a] == 1 ? 0 : box.step().get(a) * whole.strides()[a];
        }
        return whole.with(offset, strides);
    }

    // ---------------------------------------------------------------- steps

    private void schedule(Expr node) {
        if (node.op() instanceof Leaf.Input input && input.source() == Leaf.Source.GIVEN) {
            turn(node);
        }
        if (!stored.contains(node) || convolutions.hasMade(node)) {
            return;
        }
        boolean own = outputs.contains(node);
        if (!own && (node.op() instanceof Leaf || isView(node))) {
            Location at = locate(node);
            if (at != null && Layout.isGapless(at.strides(), node.shape())) {
                return;
            }
        }
        Location target = place(node);
        int[] best = Layout.forLoops(node.shape());
        boolean lies = rowMajor.contains(node) || Layout.isRowMajor(best, node.shape());
        if (own && !(node.op() instanceof Leaf) && isLoop(node) && !lies) {
            // Callers want it row-major, loops run better otherwise: work it out for loops, then move it.
            Location made = new Location(new Buffer(node.size(), Role.SCRATCH), 0, best);
            compute(node, made);
            locations.put(node, made);
            steps.add(LoopKernel.of(node, LoopKernel.Ending.STORE, target, this::locate, width));
        } else {
            compute(node, target);
        }
        results.put(node, target);
        locations.putIfAbsent(node, target);
    }

    /** Copies a given array that does not lie well for the loops that read it. */
    private void turn(Expr leaf) {
        int[] best = Layout.forLoops(leaf.shape());
        boolean lies = rowMajor.contains(leaf) || Layout.isRowMajor(best, leaf.shape());
        if (!lies && leaf.size() >= TURNED && readByLoops.contains(leaf)) {
            Location copy = new Location(new Buffer(leaf.size(), Role.SCRATCH), 0, best);
            steps.add(LoopKernel.of(leaf, LoopKernel.Ending.STORE, copy, this::locate, width));
            locations.put(leaf, copy);
        }
    }

    private void compute(Expr node, Location target) {
        if (node.op() instanceof MatMul) {
            product(node, target);
        } else if (node.op() instanceof Convolution) {
            convolutions.schedule(node, target);
        } else if (node.op() instanceof Structure.Gather gather) {
            steps.add(rows(node.input(), node.input().shape(), gather.axis(), gather.indices(), false, target));
        } else if (node.op() instanceof Structure.Scatter scatter) {
            steps.add(rows(node.input(), node.shape(), scatter.axis(), scatter.indices(), true, target));
        } else if (node.op() instanceof Structure.Sum) {
            steps.add(loop(node.input(), LoopKernel.Ending.SUM, target));
        } else if (node.op() instanceof Structure.Largest) {
            steps.add(loop(node.input(), LoopKernel.Ending.LARGEST, target));
        } else if (node.op() instanceof Structure.Concat concat) {
            parts(node, concat.axis(), target);
        } else if (node.op() instanceof Structure.Pad pad) {
            steps.add(new Zeros(target, node.size()));
            box(node.input(), pad.begin(), pad.step(), target);
        } else {
            steps.add(loop(node, LoopKernel.Ending.STORE, target));
        }
    }

    private LoopKernel loop(Expr value, LoopKernel.Ending ending, Location target) {
        return LoopKernel.of(value, ending, target, this::locate, width);
    }

    private void parts(Expr whole, int axis, Location target) {
        int[] begin = new int[whole.rank()];
        List<Integer> ones = Collections.nCopies(whole.rank(), 1);
        for (Expr part : whole.inputs()) {
            Location here = locate(part);
            if (here == null || !here.equals(boxed(part, Structure.list(begin), ones, target))) {
                box(part, Structure.list(begin), ones, target);
            }
            begin[axis] += part.shape()[axis];
        }
    }

    private void box(Expr part, List<Integer> begin, List<Integer> step, Location target) {
        steps.add(loop(part, LoopKernel.Ending.STORE, boxed(part, begin, step, target)));
    }

    /** The place of a box in an array. */
    private static Location boxed(Expr part, List<Integer> begin, List<Integer> step, Location target) {
        int offset = 0;
        int[] strides = new int[part.rank()];
        for (int a = 0; a < strides.length; a++) {
            offset += begin.get(a) * target.strides()[a];
            strides[a] = part.shape()[a] == 1 ? 0 : step.get(a) * target.strides()[a];
        }
        return target.with(offset, strides);
    }

    /** Multiplications of one product of a stack. */
    private static long work(Expr product) {
        Expr left = product.inputs().get(0);
        long stack = product.rank() == 3 ? product.shape(0) : 1;
        return (left.size() / stack) * product.shape(product.rank() - 1);
    }

    private void product(Expr node, Location target) {
        MatMul op = (MatMul) node.op();
        Location a = locate(node.inputs().get(0));
        Expr second = node.inputs().get(1);
        Location b = locate(second);
        int[] left = op.transposeA()
                ? turned(node.inputs().get(0).shape())
                : node.inputs().get(0).shape();
        int rank = node.rank();
        int m = node.shape()[rank - 2];
        int n = node.shape()[rank - 1];
        int k = left[rank - 1];
        int stack = rank == 3 ? node.shape()[0] : 1;
        int[] sa = op.transposeA() ? turned(a.strides()) : a.strides();
        int[] sb = op.transposeB() ? turned(b.strides()) : b.strides();
        long work = work(node);
        if (work <= loopWork()) {
            if (rank == 2 && worthTurning(m, n, sa, sb, target.strides())) {
                // The columns of the result side by side.
                b = turnedCopy(second, op.transposeB());
                sb = new int[] {n, 1};
            } else if (rank == 2 && isSumOfNeighbours(m, n, k, sa, sb)) {
                // What an element sums side by side.
                b = turnedCopy(second, !op.transposeB());
                sb = new int[] {1, k};
            }
            steps.add(LoopKernel.product(
                    stack, m, k, n, stacked(a, sa), stacked(b, sb), stacked(target, target.strides()), width));
            return;
        }
        for (int s = 0; s < stack; s++) {
            steps.add(NativeProduct.of(
                    matrix(a.with(s * m * k, last(sa)), m, k),
                    matrix(b.with(s * k * n, last(sb)), k, n),
                    matrix(target.with(s * m * n, last(target.strides())), m, n),
                    work));
        }
    }

    /** Multiplications up to which a product is a loop; above, a native call pays. */
    private long loopWork() {
        return width.lanes() == 1 ? LOOP_WORK : VECTOR_WORK;
    }

    /** Whether neither the columns of the result nor its rows lie side by side in all that a product touches. */
    private boolean worthTurning(int m, int n, int[] a, int[] b, int[] c) {
        boolean byColumns = c[1] == 1 && b[1] == 1;
        boolean byRows = c[0] == 1 && a[0] == 1;
        return c[1] == 1 && n >= width.lanes() && m >= TURNED_FOR && !byColumns && !byRows;
    }

    /** Whether a result of few columns is best taken element by element, if what each sums lies side by side. */
    private boolean isSumOfNeighbours(int m, int n, int k, int[] a, int[] b) {
        return n < width.lanes() && k >= width.lanes() && m >= TURNED_FOR && a[1] == 1 && b[0] != 1;
    }

    /** A copy of a matrix that lies column by column, or row by row. */
    private Location turnedCopy(Expr side, boolean byColumns) {
        return turnedCopies.computeIfAbsent(new Side(side, byColumns), key -> {
            int[] strides = byColumns ? new int[] {1, side.shape(0)} : new int[] {side.shape(1), 1};
            Location copy = new Location(new Buffer(side.size(), Role.SCRATCH), 0, strides);
            steps.add(loop(side, LoopKernel.Ending.STORE, copy));
            return copy;
        });
    }

    /** A factor of a product, and how it lies. */
    private record Side(Expr matrix, boolean byColumns) {}

    private static int[] turned(int[] axes) {
        int[] out = axes.clone();
        out[out.length - 1] = axes[out.length - 2];
        out[out.length - 2] = axes[out.length - 1];
        return out;
    }

    private static int[] last(int[] strides) {
        return Arrays.copyOfRange(strides, strides.length - 2, strides.length);
    }

    private static Location stacked(Location location, int[] strides) {
        return location.with(0, strides.length == 3 ? strides : new int[] {0, strides[0], strides[1]});
    }

    /** A gapless matrix, which lies row by row or column by column. */
    private static NativeProduct.Matrix matrix(Location at, int rows, int columns) {
        Mirror.Place place = Mirror.Place.of(at, rows * columns);
        boolean byColumns = rows > 1 && columns > 1 && at.strides()[0] == 1 && at.strides()[1] != 1;
        return byColumns
                ? new NativeProduct.Matrix(place, columns, rows, true)
                : new NativeProduct.Matrix(place, rows, columns, false);
    }

    private Rows rows(Expr from, int[] larger, int axis, List<Integer> indices, boolean scatter, Location target) {
        int outer = Shapes.size(Arrays.copyOf(larger, axis));
        int inner = Shapes.size(Arrays.copyOfRange(larger, axis + 1, larger.length));
        return new Rows(locate(from), target, Structure.array(indices), outer, larger[axis], inner, scatter);
    }

    // ---------------------------------------------------------------- arrays

    /** Gives each buffer an array; a scratch array is free again after the last step that uses it. */
    private void assignSlots() {
        Map<Buffer, Integer> last = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            for (Buffer buffer : steps.get(i).buffers()) {
                last.put(buffer, i);
            }
        }
        Map<Integer, Deque<Integer>> free = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            for (Buffer buffer : steps.get(i).buffers()) {
                if (buffer.slot < 0) {
                    take(buffer, free);
                }
            }
            for (Buffer buffer : steps.get(i).buffers()) {
                if (buffer.role == Role.SCRATCH && last.get(buffer) == i) {
                    free.computeIfAbsent(buffer.size, size -> new ArrayDeque<>())
                            .push(buffer.slot);
                }
            }
        }
    }

    private void take(Buffer buffer, Map<Integer, Deque<Integer>> free) {
        Deque<Integer> same = buffer.role == Role.SCRATCH ? free.get(buffer.size) : null;
        if (same != null && !same.isEmpty()) {
            buffer.slot = same.pop();
        } else {
            buffer.slot = slots.size();
            slots.add(buffer);
        }
    }
}
