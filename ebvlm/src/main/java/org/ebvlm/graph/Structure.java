package org.ebvlm.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/**
 * Operations that move, repeat, select or sum elements. They come in adjoint pairs: {@link Sum} and {@link Broadcast},
 * {@link Slice} and {@link Pad}, {@link Gather} and {@link Scatter}, {@link Concat} and slices; {@link Reshape} and {@link
 * Permute} are their own kind's inverses.
 */
public interface Structure {

    /** Sums over the marked axes, which stay with size one. */
    record Sum(List<Boolean> axes) implements Linear {
        @Override
        public String name() {
            return "sum";
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            return reduced(axes, inputs.get(0).shape());
        }

        @Override
        public Expr adjoint(Expr node, Expr cotangent) {
            return cotangent.broadcastTo(node.input().shape());
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            int[] into = broadcastStrides(node.shape());
            double[] x = inputs.get(0);
            Arrays.fill(out, 0);
            walk(node.input().shape(), (i, index) -> out[dot(index, into)] += x[i]);
        }
    }

    /** The largest element over the marked axes, which stay with size one. Ties share the derivative equally. */
    record Largest(List<Boolean> axes) implements Op {
        @Override
        public String name() {
            return "largest";
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            return reduced(axes, inputs.get(0).shape());
        }

        @Override
        public List<Expr> cotangents(Expr node, Expr cotangent) {
            return List.of(share(node).times(cotangent));
        }

        @Override
        public Expr tangent(Expr node, List<Expr> tangents) {
            return Expr.of(new Sum(axes), share(node).times(tangents.get(0)));
        }

        private Expr share(Expr node) {
            Expr hit = node.input().equalTo(node);
            return hit.over(Expr.of(new Sum(axes), hit));
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            int[] into = broadcastStrides(node.shape());
            double[] x = inputs.get(0);
            Arrays.fill(out, Double.NEGATIVE_INFINITY);
            walk(node.input().shape(), (i, index) -> {
                int at = dot(index, into);
                out[at] = Math.max(out[at], x[i]);
            });
        }
    }

    /** Repeats along axes of size one. */
    record Broadcast(List<Integer> to) implements Linear {
        @Override
        public String name() {
            return "broadcast";
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            int[] target = array(to);
            if (!Arrays.equals(Shapes.broadcast("broadcast", inputs.get(0).shape(), target), target)) {
                throw new ShapeException(Facts.that("broadcast: the array does not fit the shape")
                        .expected(Shapes.text(target))
                        .butWas(Shapes.text(inputs.get(0).shape())));
            }
            return target;
        }

        @Override
        public Expr adjoint(Expr node, Expr cotangent) {
            List<Boolean> repeated = new ArrayList<>();
            for (int a = 0; a < node.rank(); a++) {
                repeated.add(node.input().shape()[a] == 1 && node.shape()[a] != 1);
            }
            return cotangent.is(0) ? node.input().filled(0) : Expr.of(new Sum(repeated), cotangent);
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            int[] from = broadcastStrides(node.input().shape());
            double[] x = inputs.get(0);
            walk(node.shape(), (i, index) -> out[i] = x[dot(index, from)]);
        }
    }

    /** The same elements in the same order with another shape. */
    record Reshape(List<Integer> to) implements Linear {
        @Override
        public String name() {
            return "reshape";
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            return array(to);
        }

        @Override
        public Expr apply(Expr input) {
            return input.reshape(array(to));
        }

        @Override
        public Expr adjoint(Expr node, Expr cotangent) {
            return cotangent.reshape(node.input().shape());
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            System.arraycopy(inputs.get(0), 0, out, 0, out.length);
        }
    }

    /** Axes in another order: axis a of the result is axis {@code order[a]} of the input. */
    record Permute(List<Integer> order) implements Linear {
        @Override
        public String name() {
            return "permute";
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            int[] sorted = array(order);
            Arrays.sort(sorted);
            for (int a = 0; a < sorted.length; a++) {
                if (sorted[a] != a || sorted.length != inputs.get(0).rank()) {
                    throw new ShapeException(Facts.that("permute: not an order of the axes")
                            .expected(
                                    "each axis of " + Shapes.text(inputs.get(0).shape()) + " once")
                            .butWas(order));
                }
            }
            int[] out = new int[order.size()];
            for (int a = 0; a < out.length; a++) {
                out[a] = inputs.get(0).shape()[order.get(a)];
            }
            return out;
        }

        @Override
        public Expr adjoint(Expr node, Expr cotangent) {
            int[] inverse = new int[order.size()];
            for (int a = 0; a < inverse.length; a++) {
                inverse[order.get(a)] = a;
            }
            return cotangent.permute(inverse);
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            int[] strides = Shapes.strides(node.input().shape());
            int[] from = new int[order.size()];
            for (int a = 0; a < from.length; a++) {
                from[a] = strides[order.get(a)];
            }
            double[] x = inputs.get(0);
            walk(node.shape(), (i, index) -> out[i] = x[dot(index, from)]);
        }
    }

    /** A box of {@code size} elements from {@code begin}, {@code step} apart along each axis. */
    record Slice(List<Integer> begin, List<Integer> size, List<Integer> step) implements Linear {
        @Override
        public String name() {
            return "slice";
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            checkBox("slice", begin, size, step, inputs.get(0).shape());
            return array(size);
        }

        @Override
        public Expr adjoint(Expr node, Expr cotangent) {
            return cotangent.pad(array(begin), node.input().shape(), array(step));
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            double[] x = inputs.get(0);
            int[] strides = Shapes.strides(node.input().shape());
            walk(node.shape(), (i, index) -> out[i] = x[boxed(index, begin, step, strides)]);
        }
    }

    /** A box in an array of zeros: element i goes to {@code begin + i * step}. */
    record Pad(List<Integer> begin, List<Integer> whole, List<Integer> step) implements Linear {
        @Override
        public String name() {
            return "pad";
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            checkBox("pad", begin, list(inputs.get(0).shape()), step, array(whole));
            return array(whole);
        }

        @Override
        public Expr adjoint(Expr node, Expr cotangent) {
            return cotangent.slice(array(begin), node.input().shape(), array(step));
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            double[] x = inputs.get(0);
            int[] strides = Shapes.strides(node.shape());
            Arrays.fill(out, 0);
            walk(node.input().shape(), (i, index) -> out[boxed(index, begin, step, strides)] = x[i]);
        }
    }

    /** Arrays one after the other along an axis. */
    record Concat(int axis) implements Op {
        @Override
        public String name() {
            return "concat";
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            int[] out = inputs.get(0).shape().clone();
            out[axis] = 0;
            for (Expr part : inputs) {
                int[] each = part.shape().clone();
                int size = each.length > axis ? each[axis] : 0;
                if (each.length == out.length) {
                    each[axis] = out[axis];
                }
                if (!Arrays.equals(each, out)) {
                    throw new ShapeException(Facts.that("concat: parts differ on another axis than " + axis)
                            .expected(Shapes.text(inputs.get(0).shape()))
                            .butWas(Shapes.text(part.shape())));
                }
                out[axis] += size;
            }
            return out;
        }

        @Override
        public List<Expr> cotangents(Expr node, Expr cotangent) {
            List<Expr> flows = new ArrayList<>();
            int begin = 0;
            for (Expr part : node.inputs()) {
                flows.add(cotangent.slice(axis, begin, part.shape()[axis]));
                begin += part.shape()[axis];
            }
            return flows;
        }

        @Override
        public Expr tangent(Expr node, List<Expr> tangents) {
            List<Expr> parts = new ArrayList<>();
            for (int i = 0; i < tangents.size(); i++) {
                parts.add(tangents.get(i) == null ? node.inputs().get(i).filled(0) : tangents.get(i));
            }
            return Expr.concat(axis, parts);
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            int[] strides = Shapes.strides(node.shape());
            int begin = 0;
            for (int p = 0; p < inputs.size(); p++) {
                double[] x = inputs.get(p);
                int offset = begin * strides[axis];
                int[] shape = node.inputs().get(p).shape();
                walk(shape, (i, index) -> out[offset + dot(index, strides)] = x[i]);
                begin += shape[axis];
            }
        }
    }

    /** Slices along an axis, by index. */
    record Gather(int axis, List<Integer> indices) implements Linear {
        @Override
        public String name() {
            return "gather";
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            int[] out = inputs.get(0).shape().clone();
            for (int index : indices) {
                if (index < 0 || index >= out[axis]) {
                    throw new ShapeException(Facts.that("gather: no such index on axis " + axis)
                            .expected("0 to " + (out[axis] - 1))
                            .butWas(index));
                }
            }
            out[axis] = indices.size();
            return out;
        }

        @Override
        public Expr adjoint(Expr node, Expr cotangent) {
            return Expr.of(new Scatter(axis, indices, node.input().shape()[axis]), cotangent);
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            double[] x = inputs.get(0);
            int[] strides = Shapes.strides(node.input().shape());
            walk(node.shape(), (i, index) -> out[i] = x[indexed(index, axis, indices, strides)]);
        }
    }

    /** Adds slices along an axis into an array of zeros, each at its index. */
    record Scatter(int axis, List<Integer> indices, int size) implements Linear {
        @Override
        public String name() {
            return "scatter";
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            int[] out = inputs.get(0).shape().clone();
            out[axis] = size;
            return out;
        }

        @Override
        public Expr adjoint(Expr node, Expr cotangent) {
            return Expr.of(new Gather(axis, indices), cotangent);
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            double[] x = inputs.get(0);
            int[] strides = Shapes.strides(node.shape());
            Arrays.fill(out, 0);
            walk(node.input().shape(), (i, index) -> out[indexed(index, axis, indices, strides)] += x[i]);
        }
    }

    /** The same value; no derivative flows through it. */
    record Held() implements Op {
        @Override
        public String name() {
            return "held";
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            return inputs.get(0).shape();
        }

        @Override
        public List<Expr> cotangents(Expr node, Expr cotangent) {
            return Arrays.asList((Expr) null);
        }

        @Override
        public Expr tangent(Expr node, List<Expr> tangents) {
            return null;
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            System.arraycopy(inputs.get(0), 0, out, 0, out.length);
        }
    }

    /** The same value, which no simplification looks through: a point at which derivatives can be taken. */
    record Point() implements Linear {
        @Override
        public String name() {
            return "point";
        }

        @Override
        public int[] shape(List<Expr> inputs) {
            return inputs.get(0).shape();
        }

        /** Tangents need no point of their own. */
        @Override
        public Expr apply(Expr input) {
            return input;
        }

        @Override
        public Expr adjoint(Expr node, Expr cotangent) {
            return cotangent;
        }

        @Override
        public void evaluate(Expr node, List<double[]> inputs, double[] out) {
            System.arraycopy(inputs.get(0), 0, out, 0, out.length);
        }
    }

    // ---------------------------------------------------------------- indices

    /** What {@link #walk} calls for each element: its row-major position and its index. */
    interface Visit {
        void at(int position, int[] index);
    }

    /** Visits all elements of a shape in row-major order. */
    static void walk(int[] shape, Visit visit) {
        int[] index = new int[shape.length];
        int size = Shapes.size(shape);
        for (int i = 0; i < size; i++) {
            visit.at(i, index);
            for (int a = shape.length - 1; a >= 0 && ++index[a] == shape[a]; a--) {
                index[a] = 0;
            }
        }
    }

    private static int dot(int[] index, int[] strides) {
        int sum = 0;
        for (int a = 0; a < index.length; a++) {
            sum += index[a] * strides[a];
        }
        return sum;
    }

    private static int boxed(int[] index, List<Integer> begin, List<Integer> step, int[] strides) {
        int sum = 0;
        for (int a = 0; a < index.length; a++) {
            sum += (begin.get(a) + index[a] * step.get(a)) * strides[a];
        }
        return sum;
    }

    private static int indexed(int[] index, int axis, List<Integer> indices, int[] strides) {
        return dot(index, strides) + (indices.get(index[axis]) - index[axis]) * strides[axis];
    }

    /** Strides with zero along axes of size one, so that an index of the broadcast shape finds its element. */
    private static int[] broadcastStrides(int[] shape) {
        int[] strides = Shapes.strides(shape);
        for (int a = 0; a < shape.length; a++) {
            strides[a] = shape[a] == 1 ? 0 : strides[a];
        }
        return strides;
    }

    private static int[] reduced(List<Boolean> axes, int[] shape) {
        int[] out = shape.clone();
        for (int a = 0; a < out.length; a++) {
            out[a] = axes.get(a) ? 1 : out[a];
        }
        return out;
    }

    private static void checkBox(
            String doing, List<Integer> begin, List<Integer> size, List<Integer> step, int[] whole) {
        boolean fits = begin.size() == whole.length && size.size() == whole.length && step.size() == whole.length;
        for (int a = 0; fits && a < whole.length; a++) {
            int last = begin.get(a) + (size.get(a) - 1) * step.get(a);
            fits = size.get(a) > 0 && begin.get(a) >= 0 && last >= 0 && last < whole[a];
        }
        if (!fits) {
            throw new ShapeException(Facts.that(doing + ": the box does not lie inside the array")
                    .expected("a box inside " + Shapes.text(whole))
                    .butWas("begin " + begin + ", size " + size + ", step " + step));
        }
    }

    /** Numbers as a list, which compares by value. */
    static List<Integer> list(int... values) {
        return Arrays.stream(values).boxed().toList();
    }

    /** A list as an array. */
    static int[] array(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
