package org.ebvlm.samediff;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.ebvlm.graph.Convolution;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Structure;

/** Expressions in terms of operations that SameDiff has and computes right. */
final class Lowering {
    private Lowering() {}

    /** An equal expression that can be written, at least its outermost operation; the same where it already can. */
    static Expr of(Expr node) {
        if (node.op() instanceof Structure.Slice op) {
            return forwards(node, op);
        } else if (node.op() instanceof Structure.Pad op) {
            return withoutSteps(node, op);
        } else if (node.op() instanceof Structure.Scatter op) {
            return intoRows(node, op);
        }
        return node.op() instanceof Convolution op ? convolution(node, op) : node;
    }

    /** Steps backwards are taken by index. */
    private static Expr forwards(Expr node, Structure.Slice op) {
        int axis = first(op.step(), step -> step < 0);
        if (axis < 0) {
            return node;
        }
        int[] begin = Integers.array(op.begin());
        int[] step = Integers.array(op.step());
        Expr taken = node.input().gather(axis, places(begin[axis], step[axis], node.shape(axis)));
        begin[axis] = 0;
        step[axis] = 1;
        return taken.slice(begin, node.shape(), step);
    }

    /** Steps of a padding are taken by index. */
    private static Expr withoutSteps(Expr node, Structure.Pad op) {
        int axis = first(op.step(), step -> step != 1);
        if (axis < 0) {
            return node;
        }
        int[] begin = Integers.array(op.begin());
        int[] step = Integers.array(op.step());
        int[] places = places(begin[axis], step[axis], node.input().shape(axis));
        Expr spread = scatter(node.input(), axis, places, node.shape(axis));
        begin[axis] = 0;
        step[axis] = 1;
        return Arrays.equals(spread.shape(), node.shape()) ? spread : spread.pad(begin, node.shape(), step);
    }

    /** The first axis whose step is such, or -1. */
    private static int first(List<Integer> steps, Predicate<Integer> such) {
        return IntStream.range(0, steps.size())
                .filter(a -> such.test(steps.get(a)))
                .findFirst()
                .orElse(-1);
    }

    private static int[] places(int begin, int step, int count) {
        return IntStream.range(0, count).map(i -> begin + i * step).toArray();
    }

    /** Scattering goes along the first axis. */
    private static Expr intoRows(Expr node, Structure.Scatter op) {
        if (op.axis() == 0) {
            return node;
        }
        int[] swap = IntStream.range(0, node.rank()).toArray();
        swap[0] = op.axis();
        swap[op.axis()] = 0;
        return scatter(node.input().permute(swap), 0, Integers.array(op.indices()), op.size())
                .permute(swap);
    }

    private static Expr scatter(Expr x, int axis, int[] places, int size) {
        return Expr.of(new Structure.Scatter(axis, Integers.list(places), size), x);
    }

    /** Weight gradients are convolutions, and padding that differs between sides is put around the image. */
    private static Expr convolution(Expr node, Convolution op) {
        Window y = Window.vertical(op.geometry());
        Window x = Window.horizontal(op.geometry());
        List<Expr> parts = op.parts(node.inputs());
        return switch (op.missing()) {
            case RESULT ->
                y.isEven() && x.isEven()
                        ? node
                        : apply(
                                Convolution.Part.RESULT,
                                y.exact(),
                                x.exact(),
                                fitted(parts.get(0), y, x),
                                parts.get(1));
            case IMAGE ->
                y.isExact() && x.isExact()
                        ? node
                        : unfitted(
                                apply(Convolution.Part.IMAGE, y.exact(), x.exact(), parts.get(1), parts.get(2)), y, x);
            case WEIGHTS -> weightGradient(fitted(parts.get(0), y, x), parts.get(2), y, x);
        };
    }

    private static Expr apply(Convolution.Part missing, Window y, Window x, Expr a, Expr b) {
        return Expr.of(new Convolution(Window.geometry(y, x), missing), a, b);
    }

    /**
     * Summing x[n, i s + k d, c] y[n, i, o] over n and i is a convolution over n, of images c with weights y, in which
     * stride and dilation have changed places.
     */
    private static Expr weightGradient(Expr image, Expr result, Window y, Window x) {
        return apply(
                        Convolution.Part.RESULT,
                        y.exact().turned(),
                        x.exact().turned(),
                        image.permute(3, 1, 2, 0),
                        result.permute(1, 2, 0, 3))
                .permute(1, 2, 0, 3);
    }

    /** An image with its padding around it, and without what no window reaches. */
    private static Expr fitted(Expr image, Window y, Window x) {
        Expr reached = image.slice(1, 0, y.reached()).slice(2, 0, x.reached());
        return IndexRules.padded(
                reached, new int[] {0, y.pad(), x.pad(), 0}, new int[] {0, y.padAfter(), x.padAfter(), 0}, 0);
    }

    /** The adjoint of {@link #fitted}: the image without its padding, with zeros where no window reached. */
    private static Expr unfitted(Expr image, Window y, Window x) {
        Expr inside = image.slice(1, y.pad(), y.reached()).slice(2, x.pad(), x.reached());
        return IndexRules.padded(
                inside, new int[inside.rank()], new int[] {0, y.in() - y.reached(), x.in() - x.reached(), 0}, 0);
    }
}
