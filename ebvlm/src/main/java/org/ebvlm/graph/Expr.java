package org.ebvlm.graph;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/**
 * A real-valued array expression of known shape: an immutable node in a directed acyclic graph, built by methods that
 * read as the formula does. This is what SameDiff graphs are read into, what derivatives are taken of, and what {@link
 * org.ebvlm.program.Program} compiles.
 *
 * <p>Equal expressions are the same object, so work written twice is done once: the features f(v) of an energy E(v, h)
 * are shared by all particles h, by their tangents, and by one reverse sweep. Expressions are numbers without a type;
 * single or double precision is chosen when they are compiled. Building one costs about a microsecond.
 *
 * <p>Binary methods broadcast as NumPy does. Shapes are checked at once, and a wrong one is a {@link ShapeException}.
 */
public final class Expr implements Comparable<Expr> {
    private static final Map<Expr, WeakReference<Expr>> POOL = new WeakHashMap<>();
    private static final AtomicLong CLOCK = new AtomicLong();
    /** Constants up to this size are folded; larger results are left for the program to compute once a run. */
    private static final int FOLD_LIMIT = 1 << 16;

    private final Op op;
    private final List<Expr> inputs;
    private final int[] shape;
    private final int hash;
    private final long age = CLOCK.incrementAndGet();

    private Expr(Op op, List<Expr> inputs) {
        this.op = op;
        this.inputs = inputs;
        this.shape = op.shape(inputs);
        int mix = op.hashCode();
        for (Expr input : inputs) {
            mix = 31 * mix + System.identityHashCode(input);
        }
        this.hash = mix;
    }

    // ---------------------------------------------------------------- making

    /** An input whose values the caller gives at each run. */
    public static Expr input(String name, int... shape) {
        return of(new Leaf.Input(name, shape, Leaf.Source.GIVEN));
    }

    /** An input that a source of noise fills before each run. */
    public static Expr noise(Leaf.Source source, String name, int... shape) {
        return of(new Leaf.Input(name, shape, source));
    }

    /** One number, repeated over a shape; no shape makes a scalar. */
    public static Expr constant(double value, int... shape) {
        return of(new Leaf.Constant(shape, new double[] {value}));
    }

    /** Numbers in row-major order. */
    public static Expr constant(double[] values, int... shape) {
        return of(new Leaf.Constant(shape, values));
    }

    /** An operation applied to inputs: checked, folded when all inputs are constant, and shared with its equals. */
    public static Expr of(Op op, Expr... inputs) {
        if (op instanceof Pointwise each && Arrays.stream(inputs).allMatch(Expr::isUniform)) {
            return constant(
                    each.at(Arrays.stream(inputs).mapToDouble(Expr::uniform).toArray()), op.shape(List.of(inputs)));
        }
        Expr node = new Expr(op, List.of(inputs));
        if (inputs.length > 0 && node.size() <= FOLD_LIMIT && allConstant(inputs)) {
            node = folded(node);
        }
        return shared(node);
    }

    private static Expr shared(Expr node) {
        synchronized (POOL) {
            WeakReference<Expr> known = POOL.get(node);
            Expr same = known == null ? null : known.get();
            if (same != null) {
                return same;
            }
            POOL.put(node, new WeakReference<>(node));
            return node;
        }
    }

    private static boolean allConstant(Expr... inputs) {
        for (Expr input : inputs) {
            if (!(input.op instanceof Leaf.Constant) || input.size() > FOLD_LIMIT) {
                return false;
            }
        }
        return true;
    }

    private static Expr folded(Expr node) {
        List<double[]> values = new ArrayList<>();
        for (Expr input : node.inputs) {
            double[] each = new double[input.size()];
            input.op.evaluate(input, List.of(), each);
            values.add(each);
        }
        double[] out = new double[node.size()];
        node.op.evaluate(node, values, out);
        boolean uniform = out.length > 0 && Arrays.stream(out).allMatch(x -> Double.compare(x, out[0]) == 0);
        return new Expr(new Leaf.Constant(node.shape, uniform ? new double[] {out[0]} : out), List.of());
    }

    // ---------------------------------------------------------------- looking

    /** The operation. */
    public Op op() {
        return op;
    }

    /** What it is applied to. */
    public List<Expr> inputs() {
        return inputs;
    }

    /** The first input. */
    public Expr input() {
        return inputs.get(0);
    }

    /** The shape; not to be modified. */
    public int[] shape() {
        return shape;
    }

    /** The size along an axis; negative axes count from the end. */
    public int shape(int axis) {
        return shape[Shapes.axis(axis, shape.length)];
    }

    /** Number of axes. */
    public int rank() {
        return shape.length;
    }

    /** Number of elements. */
    public int size() {
        return Shapes.size(shape);
    }

    /** Whether this is a constant with this one value everywhere. */
    public boolean is(double value) {
        return op instanceof Leaf.Constant c && c.isUniform() && c.at(0) == value;
    }

    /** Whether this is a constant with one value everywhere. */
    public boolean isUniform() {
        return op instanceof Leaf.Constant c && c.isUniform();
    }

    private double uniform() {
        return ((Leaf.Constant) op).at(0);
    }

    /** All nodes that the outputs are computed from, inputs before results. */
    public static List<Expr> sorted(List<Expr> outputs) {
        Set<Expr> seen = new HashSet<>();
        ArrayDeque<Expr> open = new ArrayDeque<>(outputs);
        while (!open.isEmpty()) {
            Expr node = open.pop();
            if (seen.add(node)) {
                open.addAll(node.inputs);
            }
        }
        List<Expr> order = new ArrayList<>(seen);
        Collections.sort(order);
        return order;
    }

    /** By age: an expression is younger than all that it is built from. */
    @Override
    public int compareTo(Expr other) {
        return Long.compare(age, other.age);
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Expr that)
                || hash != that.hash
                || inputs.size() != that.inputs.size()
                || !op.equals(that.op)) {
            return false;
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i) != that.inputs.get(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return op + Shapes.text(shape);
    }

    // ---------------------------------------------------------------- arithmetic

    /** A constant of this shape. */
    public Expr filled(double value) {
        return constant(value, shape);
    }

    /** This plus other. */
    public Expr plus(Expr other) {
        if (other.is(0) && wide(this, other)) {
            return this;
        }
        if (is(0) && wide(other, this)) {
            return other;
        }
        // a + -b = a - b
        if (other.op == Pointwise.NEG) {
            return minus(other.input());
        }
        return op == Pointwise.NEG ? other.minus(input()) : pointwise(Pointwise.ADD, this, other);
    }

    /** This plus a number. */
    public Expr plus(double number) {
        return plus(constant(number));
    }

    /** This minus other. */
    public Expr minus(Expr other) {
        if (other.is(0) && wide(this, other)) {
            return this;
        }
        if (is(0) && wide(other, this)) {
            return other.neg();
        }
        return other.op == Pointwise.NEG ? plus(other.input()) : pointwise(Pointwise.SUB, this, other);
    }

    /** This minus a number. */
    public Expr minus(double number) {
        return minus(constant(number));
    }

    /** This times other, element by element. */
    public Expr times(Expr other) {
        if (isUniform() && !other.isUniform()) {
            return other.times(this);
        }
        if (other.isUniform() && wide(this, other)) {
            double factor = other.uniform();
            if (factor == 1) {
                return this;
            } else if (factor == -1) {
                return neg();
            } else if (factor == 0) {
                return filled(0);
            } else if (op == Pointwise.MUL && inputs.get(1).isUniform()) {
                return inputs.get(0).times(inputs.get(1).uniform() * factor);
            } else if (op == Pointwise.NEG) {
                return input().times(-factor);
            }
        }
        if (equals(other)) {
            return square();
        }
        // (c x) y = c (x y), where that is no more to multiply: factors meet there and become one.
        if (wide(this, other) && scale() != 1) {
            return unscaled().times(other).times(scale());
        } else if (wide(other, this) && other.scale() != 1) {
            return times(other.unscaled()).times(other.scale());
        }
        return pointwise(Pointwise.MUL, this, other);
    }

    /** The number that this is another expression times of; one if it is not. */
    private double scale() {
        if (op == Pointwise.NEG) {
            return -1;
        }
        boolean scaled = op == Pointwise.MUL && inputs.get(1).isUniform() && Arrays.equals(unscaled().shape, shape);
        return scaled ? inputs.get(1).uniform() : 1;
    }

    private Expr unscaled() {
        return inputs.get(0);
    }

    /** This times a number. */
    public Expr times(double number) {
        return times(constant(number));
    }

    /** This divided by other, element by element. */
    public Expr over(Expr other) {
        return other.isUniform()
                ? times(constant(1 / other.uniform(), other.shape))
                : pointwise(Pointwise.DIV, this, other);
    }

    /** This divided by a number. */
    public Expr over(double number) {
        return times(1 / number);
    }

    /** This to the power of other. */
    public Expr pow(Expr other) {
        if (other.isUniform() && wide(this, other)) {
            double power = other.uniform();
            if (power == 0) {
                return filled(1);
            } else if (power == 1) {
                return this;
            } else if (power == 2) {
                return square();
            } else if (power == 0.5) {
                return sqrt();
            } else if (power == -1) {
                return reciprocal();
            }
        }
        return pointwise(Pointwise.POW, this, other);
    }

    /** This to the power of a number. */
    public Expr pow(double number) {
        return pow(constant(number));
    }

    /** The larger of both. */
    public Expr max(Expr other) {
        return pointwise(Pointwise.MAX, this, other);
    }

    /** The larger of this and a number. */
    public Expr max(double number) {
        return max(constant(number));
    }

    /** The smaller of both. */
    public Expr min(Expr other) {
        return pointwise(Pointwise.MIN, this, other);
    }

    /** The smaller of this and a number. */
    public Expr min(double number) {
        return min(constant(number));
    }

    /** 1 where this is greater than other, else 0. */
    public Expr greater(Expr other) {
        return pointwise(Pointwise.GREATER, this, other);
    }

    /** 1 where this is greater than a number, else 0. */
    public Expr greater(double number) {
        return greater(constant(number));
    }

    /** 1 where both are equal, else 0. */
    public Expr equalTo(Expr other) {
        return pointwise(Pointwise.EQUAL, this, other);
    }

    /** The first where this is not zero, the second elsewhere. */
    public Expr where(Expr then, Expr otherwise) {
        int[] common = Shapes.broadcast("where", shape, Shapes.broadcast("where", then.shape, otherwise.shape));
        return of(Pointwise.WHERE, broadcastTo(common), then.broadcastTo(common), otherwise.broadcastTo(common));
    }

    /** Minus this. */
    public Expr neg() {
        if (op == Pointwise.NEG) {
            return input();
        } else if (op == Pointwise.SUB) {
            return inputs.get(1).minus(inputs.get(0));
        } else if (op == Pointwise.MUL && inputs.get(1).isUniform()) {
            return inputs.get(0).times(-inputs.get(1).uniform());
        }
        return of(Pointwise.NEG, this);
    }

    /** exp. */
    public Expr exp() {
        return of(Pointwise.EXP, this);
    }

    /** exp(x) - 1. */
    public Expr expm1() {
        return of(Pointwise.EXPM1, this);
    }

    /** Natural logarithm. */
    public Expr log() {
        return of(Pointwise.LOG, this);
    }

    /** log(1 + x). */
    public Expr log1p() {
        return of(Pointwise.LOG1P, this);
    }

    /** Square root. */
    public Expr sqrt() {
        return of(Pointwise.SQRT, this);
    }

    /** Square. */
    public Expr square() {
        return of(Pointwise.SQUARE, this);
    }

    /** 1 / x. */
    public Expr reciprocal() {
        return of(Pointwise.RECIPROCAL, this);
    }

    /** 1 / (1 + exp(-x)). */
    public Expr sigmoid() {
        return of(Pointwise.SIGMOID, this);
    }

    /** log(1 + exp(x)). */
    public Expr softplus() {
        return of(Pointwise.SOFTPLUS, this);
    }

    /** Hyperbolic tangent. */
    public Expr tanh() {
        return of(Pointwise.TANH, this);
    }

    /** x where positive, exp(x) - 1 elsewhere. */
    public Expr elu() {
        return of(Pointwise.ELU, this);
    }

    /** Sine. */
    public Expr sin() {
        return of(Pointwise.SIN, this);
    }

    /** Cosine. */
    public Expr cos() {
        return of(Pointwise.COS, this);
    }

    /** Absolute value. */
    public Expr abs() {
        return of(Pointwise.ABS, this);
    }

    /** -1, 0 or 1. */
    public Expr sign() {
        return of(Pointwise.SIGN, this);
    }

    /** A copy through which no derivative flows. */
    public Expr held() {
        return op instanceof Leaf.Constant || op instanceof Structure.Held ? this : of(new Structure.Held(), this);
    }

    /**
     * This as a point at which derivatives can be taken. Expressions simplify as they are built, and a scaled or reshaped
     * one may vanish into its users: {@code x.times(2)} inside {@code y.times(3)} becomes {@code x.times(6)}. A point stays.
     */
    public Expr point() {
        return isPoint() ? this : of(new Structure.Point(), this);
    }

    /** Whether no simplification looks through this: an input or a {@link #point}. */
    boolean isPoint() {
        return op instanceof Leaf.Input || op instanceof Structure.Point;
    }

    private static Expr pointwise(Pointwise op, Expr a, Expr b) {
        int[] common = Shapes.broadcast(op.toString(), a.shape, b.shape);
        return of(op, a.broadcastTo(common), b.broadcastTo(common));
    }

    /** Whether a's shape is that of a combined with b. */
    private static boolean wide(Expr a, Expr b) {
        return Arrays.equals(a.shape, Shapes.broadcast("pointwise", a.shape, b.shape));
    }

    // ---------------------------------------------------------------- reductions

    /** The sum over axes, which go; over all axes when none is named. */
    public Expr sum(int... axes) {
        return sumKeep(axes).dropped(axes);
    }

    /** The sum over axes, which stay with size one. */
    public Expr sumKeep(int... axes) {
        boolean[] reduced = marked(axes);
        if (isUniform() && is(0)) {
            return constant(0, reducedShape(reduced));
        }
        return trivial(reduced) ? this : of(new Structure.Sum(flags(reduced)), this);
    }

    /** The mean over axes, which go; over all axes when none is named. */
    public Expr mean(int... axes) {
        Expr sum = sum(axes);
        return sum.times((double) sum.size() / size());
    }

    /** The largest element over axes, which go; over all axes when none is named. */
    public Expr maxOver(int... axes) {
        boolean[] reduced = marked(axes);
        return (trivial(reduced) ? this : of(new Structure.Largest(flags(reduced)), this)).dropped(axes);
    }

    /** log of the sum of exp over axes, which go; without overflow. */
    public Expr logSumExp(int... axes) {
        Expr top = maxOver(axes).held();
        Expr kept = top.reshape(reducedShape(marked(axes)));
        return minus(kept).exp().sum(axes).log().plus(top);
    }

    /** exp(x) divided by its sum along an axis. */
    public Expr softmax(int axis) {
        Expr top = maxOver(axis).held().reshape(reducedShape(marked(axis)));
        Expr e = minus(top).exp();
        return e.over(e.sumKeep(axis));
    }

    private boolean[] marked(int... axes) {
        boolean[] reduced = new boolean[rank()];
        if (axes.length == 0) {
            Arrays.fill(reduced, true);
        }
        for (int axis : axes) {
            reduced[Shapes.axis(axis, rank())] = true;
        }
        return reduced;
    }

    private boolean trivial(boolean[] reduced) {
        for (int a = 0; a < rank(); a++) {
            if (reduced[a] && shape[a] != 1) {
                return false;
            }
        }
        return true;
    }

    private int[] reducedShape(boolean[] reduced) {
        int[] out = shape.clone();
        for (int a = 0; a < out.length; a++) {
            out[a] = reduced[a] ? 1 : out[a];
        }
        return out;
    }

    private static List<Boolean> flags(boolean[] reduced) {
        List<Boolean> flags = new ArrayList<>();
        for (boolean flag : reduced) {
            flags.add(flag);
        }
        return flags;
    }

    private Expr dropped(int... axes) {
        boolean[] gone = marked(axes);
        int[] out = new int[rank()];
        int kept = 0;
        for (int a = 0; a < rank(); a++) {
            if (!gone[a]) {
                out[kept++] = shape[a];
            }
        }
        return reshape(Arrays.copyOf(out, kept));
    }

    // ---------------------------------------------------------------- shape

    /** The same elements in row-major order with another shape; one size may be -1 and is worked out. */
    public Expr reshape(int... to) {
        int[] target = to.clone();
        int known = 1;
        int open = -1;
        for (int a = 0; a < target.length; a++) {
            if (target[a] == -1) {
                open = a;
            } else {
                known *= target[a];
            }
        }
        if (open >= 0 && known > 0) {
            target[open] = size() / known;
        }
        if (Shapes.size(target) != size()) {
            throw new ShapeException(Facts.that("reshape: sizes differ")
                    .expected("a shape of " + size() + " elements, as " + Shapes.text(shape))
                    .butWas(Shapes.text(to)));
        }
        if (Arrays.equals(shape, target)) {
            return this;
        }
        if (isUniform()) {
            return constant(uniform(), target);
        }
        return of(new Structure.Reshape(Structure.list(target)), op instanceof Structure.Reshape ? input() : this);
    }

    /** Repeated along axes of size one, and along new leading axes, to fill a shape. */
    public Expr broadcastTo(int... to) {
        if (Arrays.equals(shape, to)) {
            return this;
        }
        if (isUniform()) {
            return constant(uniform(), to);
        }
        Expr aligned = reshape(Shapes.aligned(shape, to.length));
        Expr from = aligned.op instanceof Structure.Broadcast ? aligned.input() : aligned;
        return Arrays.equals(from.shape, to) ? from : of(new Structure.Broadcast(Structure.list(to)), from);
    }

    /** Axes in another order. */
    public Expr permute(int... order) {
        boolean same = true;
        for (int a = 0; a < order.length; a++) {
            same &= order[a] == a;
        }
        return same ? this : of(new Structure.Permute(Structure.list(order)), this);
    }

    /** The transpose of a matrix. */
    public Expr transpose() {
        return permute(1, 0);
    }

    /** Elements from {@code begin}, {@code size} of them, along one axis. */
    public Expr slice(int axis, int begin, int size) {
        int at = Shapes.axis(axis, rank());
        int[] from = new int[rank()];
        int[] steps = new int[rank()];
        int[] sizes = shape.clone();
        Arrays.fill(steps, 1);
        from[at] = begin;
        sizes[at] = size;
        return slice(from, sizes, steps);
    }

    /** A box: along each axis {@code size} elements from {@code begin}, {@code step} apart. */
    public Expr slice(int[] begin, int[] size, int[] step) {
        if (Arrays.equals(size, shape)) {
            return this;
        }
        if (op instanceof Structure.Concat concat && isSpan(concat.axis(), size, step)) {
            Expr part = partAt(concat.axis(), begin[concat.axis()], size[concat.axis()]);
            if (part != null) {
                return part;
            }
        }
        Expr box = of(new Structure.Slice(Structure.list(begin), Structure.list(size), Structure.list(step)), this);
        return isUniform() ? constant(uniform(), size) : box;
    }

    /** Whether a box is everything along all axes but one, and adjacent elements along that. */
    private boolean isSpan(int axis, int[] size, int[] step) {
        boolean span = step[axis] == 1;
        for (int a = 0; a < shape.length; a++) {
            span &= a == axis || size[a] == shape[a];
        }
        return span;
    }

    /** What was put together, in place of a span of it that lies within one part; null if it does not. */
    private Expr partAt(int axis, int begin, int size) {
        int from = 0;
        for (Expr part : inputs) {
            int width = part.shape[axis];
            if (begin >= from && begin + size <= from + width) {
                return part.slice(axis, begin - from, size);
            }
            from += width;
        }
        return null;
    }

    /** This as a box in an array of zeros: the adjoint of {@link #slice(int[], int[], int[])}. */
    public Expr pad(int[] begin, int[] whole, int[] step) {
        return of(new Structure.Pad(Structure.list(begin), Structure.list(whole), Structure.list(step)), this);
    }

    /** Arrays one after the other along an axis. */
    public static Expr concat(int axis, List<Expr> parts) {
        int at = Shapes.axis(axis, parts.get(0).rank());
        return parts.size() == 1 ? parts.get(0) : of(new Structure.Concat(at), parts.toArray(Expr[]::new));
    }

    /** Rows (or slices along an axis) by index; an index may come more than once. */
    public Expr gather(int axis, int... indices) {
        return of(new Structure.Gather(Shapes.axis(axis, rank()), Structure.list(indices)), this);
    }

    // ---------------------------------------------------------------- products

    /** Matrix product: [m, k] by [k, n], or of batches [b, m, k] by [b, k, n]. */
    public Expr matmul(Expr other) {
        return matmul(other, false, false);
    }

    /** Matrix product with either side transposed first. */
    public Expr matmul(Expr other, boolean transposeThis, boolean transposeOther) {
        boolean flipThis = isTransposed();
        boolean flipOther = other.isTransposed();
        return of(
                new MatMul(transposeThis ^ flipThis, transposeOther ^ flipOther),
                flipThis ? input() : this,
                flipOther ? other.input() : other);
    }

    private boolean isTransposed() {
        return op instanceof Structure.Permute permute && permute.order().equals(List.of(1, 0));
    }

    /** The sum over the last axis of this times other: one number a row. */
    public Expr dot(Expr other) {
        return times(other).sum(-1);
    }
}
