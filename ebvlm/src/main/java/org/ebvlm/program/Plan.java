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
    /** Multiplications above which a product is worth a call of BLAS. */
    private static final long GEMM_WORK = 20_000;

    private final List<Expr> order;
    private final Set<Expr> stored;
    private final Map<Expr, Location> locations = new HashMap<>();
    private final Map<Expr, Location> placed = new HashMap<>();
    private final Set<Expr> outputs;
    private final List<Step> steps = new ArrayList<>();
    private final List<Buffer> slots = new ArrayList<>();

    Plan(List<Expr> outputs) {
        this.outputs = new HashSet<>(outputs);
        this.order = Expr.sorted(outputs);
        this.stored = Fusion.stored(order, outputs);
        placeParts();
        for (Expr node : order) {
            schedule(node);
        }
        assignSlots();
    }

    List<Step> steps() {
        return steps;
    }

    /** One representative buffer for each array of the program, in order. */
    List<Buffer> slots() {
        return slots;
    }

    /** Where a stored expression is. */
    Location location(Expr node) {
        return locations.get(node);
    }

    // ---------------------------------------------------------------- places

    /** Gives what is concatenated its place in the whole beforehand, so that it need not be moved. */
    private void placeParts() {
        for (int i = order.size() - 1; i >= 0; i--) {
            Expr whole = order.get(i);
            if (whole.op() instanceof Structure.Concat concat
                    && Shapes.size(Arrays.copyOf(whole.shape(), concat.axis())) == 1) {
                placeParts(whole, place(whole));
            }
        }
    }

    private void placeParts(Expr whole, Location at) {
        int offset = 0;
        for (Expr part : whole.inputs()) {
            Expr maker = maker(part);
            if (isComputed(maker) && !placed.containsKey(maker)) {
                placed.put(maker, at.plus(offset));
            }
            offset += part.size();
        }
    }

    /** The expression whose memory a reshaped or held one shares. */
    private static Expr maker(Expr node) {
        while (isSameMemory(node)) {
            node = node.input();
        }
        return node;
    }

    private boolean isComputed(Expr node) {
        return stored.contains(node) && !(node.op() instanceof Leaf) && !isView(node) && !outputs.contains(node);
    }

    private Location place(Expr node) {
        return placed.computeIfAbsent(
                node,
                n -> new Location(new Buffer(n.size(), outputs.contains(n) ? Role.OUTPUT : Role.SCRATCH, null), 0));
    }

    /** Where an expression is in memory; null if it is not, and is worked out where it is used. */
    private Location locate(Expr node) {
        Location known = locations.get(node);
        if (known == null && node.op() instanceof Leaf && !node.isUniform()) {
            known = new Location(Buffer.of(node), 0);
            locations.put(node, known);
        }
        if (known == null && isView(node)) {
            Location whole = locate(node.input());
            known = whole == null ? null : whole.plus(viewOffset(node));
        }
        return known;
    }

    private static boolean isView(Expr node) {
        return isSameMemory(node) || (node.op() instanceof Structure.Slice && isContiguous(node));
    }

    private static boolean isSameMemory(Expr node) {
        return node.op() instanceof Structure.Reshape
                || node.op() instanceof Structure.Held
                || node.op() instanceof Structure.Point;
    }

    private static boolean isContiguous(Expr slice) {
        Structure.Slice box = (Structure.Slice) slice.op();
        int[] whole = slice.input().shape();
        boolean partial = false;
        for (int a = whole.length - 1; a >= 0; a--) {
            int size = box.size().get(a);
            if ((partial && size != 1) || (size > 1 && box.step().get(a) != 1)) {
                return false;
            }
            partial |= size != whole[a];
        }
        return true;
    }

    private static int viewOffset(Expr view) {
        if (!(view.op() instanceof Structure.Slice box)) {
            return 0;
        }
        int[] strides = Shapes.strides(view.input().shape());
        int offset = 0;
        for (int a = 0; a < strides.length; a++) {
            offset += box.begin().get(a) * strides[a];
        }
        return offset;
    }

    // ---------------------------------------------------------------- steps

    private void schedule(Expr node) {
        if (!stored.contains(node)) {
            return;
        }
        boolean own = outputs.contains(node);
        if (!own && (node.op() instanceof Leaf || isView(node)) && locate(node) != null) {
            return;
        }
        Location target = place(node);
        if (node.op() instanceof MatMul) {
            product(node, target);
        } else if (node.op() instanceof Convolution) {
            steps.add(new NativeConvolution(
                    node, node.inputs().stream().map(this::locate).toList(), target));
        } else if (node.op() instanceof Structure.Gather gather) {
            steps.add(rows(node.input(), node.input().shape(), gather.axis(), gather.indices(), false, target));
        } else if (node.op() instanceof Structure.Scatter scatter) {
            steps.add(rows(node.input(), node.shape(), scatter.axis(), scatter.indices(), true, target));
        } else if (node.op() instanceof Structure.Sum) {
            steps.add(loop(node.input(), LoopKernel.Ending.SUM, target, node.shape()));
        } else if (node.op() instanceof Structure.Largest) {
            steps.add(loop(node.input(), LoopKernel.Ending.LARGEST, target, node.shape()));
        } else if (node.op() instanceof Structure.Concat concat) {
            parts(node, concat.axis(), target);
        } else if (node.op() instanceof Structure.Pad pad) {
            steps.add(new Zeros(target, node.size()));
            box(node.input(), node.shape(), pad.begin(), pad.step(), target);
        } else {
            steps.add(loop(node, LoopKernel.Ending.STORE, target, node.shape()));
        }
        locations.put(node, target);
    }

    private LoopKernel loop(Expr value, LoopKernel.Ending ending, Location target, int[] shape) {
        return new LoopKernel(value, ending, target, LoopKernel.rowMajor(shape), this::locate);
    }

    private void parts(Expr whole, int axis, Location target) {
        int[] begin = new int[whole.rank()];
        List<Integer> ones = Collections.nCopies(whole.rank(), 1);
        for (Expr part : whole.inputs()) {
            Location here = locate(part);
            Location there = target.plus(begin[axis] * Shapes.strides(whole.shape())[axis]);
            if (here == null || !here.equals(there)) {
                box(part, whole.shape(), Structure.list(begin), ones, target);
            }
            begin[axis] += part.shape()[axis];
        }
    }

    private void box(Expr part, int[] whole, List<Integer> begin, List<Integer> step, Location target) {
        steps.add(new LoopKernel(
                part,
                LoopKernel.Ending.STORE,
                target,
                LoopKernel.boxed(whole, Structure.array(begin), Structure.array(step)),
                this::locate));
    }

    private void product(Expr node, Location target) {
        MatMul op = (MatMul) node.op();
        Expr left = node.inputs().get(0);
        Expr right = node.inputs().get(1);
        int rank = node.rank();
        int m = node.shape()[rank - 2];
        int n = node.shape()[rank - 1];
        int k = left.shape()[op.transposeA() ? rank - 2 : rank - 1];
        Product product = new Product(m, k, n, op.transposeA(), op.transposeB());
        for (int s = 0; s < (rank == 3 ? node.shape()[0] : 1); s++) {
            Location a = locate(left).plus(s * m * k);
            Location b = locate(right).plus(s * k * n);
            Location c = target.plus(s * m * n);
            steps.add(product.work() > GEMM_WORK ? new Gemm(product, a, b, c) : new MatMulKernel(product, a, b, c));
        }
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
