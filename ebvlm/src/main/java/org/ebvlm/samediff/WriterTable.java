package org.ebvlm.samediff;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.GraphException;
import org.ebvlm.graph.Convolution;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.graph.MatMul;
import org.ebvlm.graph.Op;
import org.ebvlm.graph.Pointwise;
import org.ebvlm.graph.Shapes;
import org.ebvlm.graph.Structure;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastTo;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Rint;

/** How each operation of an expression is written: one row each. */
final class WriterTable {
    private WriterTable() {}

    private interface Elementwise {
        SDVariable write(Target to, SDVariable... x);
    }

    private interface Writer<T extends Op> {
        SDVariable write(Target to, T op, Expr node, SDVariable... x);
    }

    private static final Map<Pointwise, Elementwise> POINTWISE = new EnumMap<>(Pointwise.class);
    private static final Map<Class<? extends Op>, Writer<?>> OTHERS = new HashMap<>();

    static {
        POINTWISE.put(Pointwise.NEG, (to, x) -> x[0].neg());
        POINTWISE.put(Pointwise.EXP, (to, x) -> to.sd().math().exp(x[0]));
        POINTWISE.put(Pointwise.EXPM1, (to, x) -> to.sd().math().expm1(x[0]));
        POINTWISE.put(Pointwise.LOG, (to, x) -> to.sd().math().log(x[0]));
        POINTWISE.put(Pointwise.LOG1P, (to, x) -> to.sd().math().log1p(x[0]));
        POINTWISE.put(Pointwise.SQRT, (to, x) -> to.sd().math().sqrt(x[0]));
        POINTWISE.put(Pointwise.SQUARE, (to, x) -> to.sd().math().square(x[0]));
        POINTWISE.put(Pointwise.RECIPROCAL, (to, x) -> to.sd().math().reciprocal(x[0]));
        POINTWISE.put(Pointwise.SIGMOID, (to, x) -> to.sd().nn().sigmoid(x[0]));
        POINTWISE.put(Pointwise.SOFTPLUS, (to, x) -> to.sd().nn().softplus(x[0]));
        POINTWISE.put(Pointwise.TANH, (to, x) -> to.sd().math().tanh(x[0]));
        POINTWISE.put(Pointwise.ELU, (to, x) -> to.sd().nn().elu(x[0]));
        POINTWISE.put(Pointwise.SIN, (to, x) -> to.sd().math().sin(x[0]));
        POINTWISE.put(Pointwise.COS, (to, x) -> to.sd().math().cos(x[0]));
        POINTWISE.put(Pointwise.ABS, (to, x) -> to.sd().math().abs(x[0]));
        POINTWISE.put(Pointwise.SIGN, (to, x) -> to.sd().math().sign(x[0]));
        POINTWISE.put(Pointwise.FLOOR, (to, x) -> to.sd().math().floor(x[0]));
        POINTWISE.put(Pointwise.ROUND, (to, x) -> new Rint(to.sd(), x[0], false).outputVariable());
        POINTWISE.put(Pointwise.ADD, (to, x) -> x[0].add(x[1]));
        POINTWISE.put(Pointwise.SUB, (to, x) -> x[0].sub(x[1]));
        POINTWISE.put(Pointwise.MUL, (to, x) -> x[0].mul(x[1]));
        POINTWISE.put(Pointwise.DIV, (to, x) -> x[0].div(x[1]));
        POINTWISE.put(Pointwise.POW, (to, x) -> to.sd().math().pow(x[0], x[1]));
        POINTWISE.put(Pointwise.MAX, (to, x) -> to.sd().max(x[0], x[1]));
        POINTWISE.put(Pointwise.MIN, (to, x) -> to.sd().min(x[0], x[1]));
        POINTWISE.put(Pointwise.GREATER, (to, x) -> to.number(x[0].gt(x[1])));
        POINTWISE.put(Pointwise.EQUAL, (to, x) -> to.number(x[0].eq(x[1])));
        POINTWISE.put(Pointwise.WHERE, (to, x) -> to.sd().where(x[1], x[2], x[0].neq(0)));

        other(Leaf.Constant.class, (to, op, node, x) -> to.constant(node));
        other(Structure.Sum.class, (to, op, node, x) -> x[0].sum(true, marked(op.axes())));
        other(Structure.Largest.class, (to, op, node, x) -> x[0].max(true, marked(op.axes())));
        other(Structure.Broadcast.class, (to, op, node, x) -> broadcast(to, x[0], node.shape()));
        other(Structure.Reshape.class, (to, op, node, x) -> x[0].reshape(node.shape()));
        other(Structure.Permute.class, (to, op, node, x) -> x[0].permute(Integers.array(op.order())));
        other(Structure.Slice.class, WriterTable::slice);
        other(Structure.Pad.class, WriterTable::pad);
        other(Structure.Concat.class, (to, op, node, x) -> to.sd().concat(op.axis(), x));
        other(Structure.Gather.class, (to, op, node, x) -> to.sd()
                .gather(x[0], to.integers(Integers.array(op.indices())), op.axis()));
        other(Structure.Scatter.class, (to, op, node, x) -> to.sd()
                .scatterAdd(to.zeros(node.shape()), to.integers(Integers.array(op.indices())), x[0]));
        other(Structure.Point.class, (to, op, node, x) -> to.sd().identity(x[0]));
        other(Structure.Held.class, (to, op, node, x) -> new StopGradient(to.sd(), x[0]).outputVariable());
        other(MatMul.class, (to, op, node, x) -> to.sd().mmul(x[0], x[1], op.transposeA(), op.transposeB(), false));
        other(
                Convolution.class,
                (to, op, node, x) -> op.missing() == Convolution.Part.RESULT
                        ? to.sd().cnn().conv2d(x[0], x[1], convolution(op.geometry()))
                        : to.sd().cnn().deconv2d(x[1], x[0], transposed(op.geometry())));
    }

    private static <T extends Op> void other(Class<T> kind, Writer<T> writer) {
        OTHERS.put(kind, writer);
    }

    /** Writes one operation, given the variables of its {@link #operands}. */
    static SDVariable write(Target to, Expr node, SDVariable... operands) {
        return node.op() instanceof Pointwise op
                ? POINTWISE.get(op).write(to, operands)
                : written(to, node.op().getClass(), node, operands);
    }

    private static <T extends Op> SDVariable written(Target to, Class<T> kind, Expr node, SDVariable... operands) {
        @SuppressWarnings("unchecked") // other() is the only way in
        Writer<T> writer = (Writer<T>) OTHERS.get(kind);
        if (writer == null) {
            throw new GraphException(Facts.that("write: operation '" + node.op().name() + "' cannot be written"));
        }
        return writer.write(to, kind.cast(node.op()), node, operands);
    }

    /** What an operation is applied to; SameDiff's own broadcasting stands for ours where it gives the same shape. */
    static List<Expr> operands(Expr node) {
        if (!(node.op() instanceof Pointwise) || node.op() == Pointwise.WHERE) {
            return node.inputs();
        }
        List<Expr> thin = node.inputs().stream().map(WriterTable::thin).toList();
        int[] shape = {};
        for (Expr each : thin) {
            shape = Shapes.broadcast("write", shape, each.shape());
        }
        return Arrays.equals(shape, node.shape()) ? thin : node.inputs();
    }

    private static Expr thin(Expr operand) {
        if (operand.isUniform()) {
            return Expr.constant(((Leaf.Constant) operand.op()).at(0));
        }
        return operand.op() instanceof Structure.Broadcast ? operand.input() : operand;
    }

    private static SDVariable broadcast(Target to, SDVariable x, int... shape) {
        return new BroadcastTo(to.sd(), x, to.integers(shape)).outputVariable();
    }

    private static SDVariable slice(Target to, Structure.Slice op, Expr node, SDVariable... x) {
        int rank = node.rank();
        long[] begin = Integers.longs(Integers.array(op.begin()));
        long[] step = Integers.longs(Integers.array(op.step()));
        long[] end = new long[rank];
        Arrays.setAll(end, a -> begin[a] + (node.shape(a) - 1) * step[a] + 1);
        return to.sd().stridedSlice(x[0], begin, end, step);
    }

    private static SDVariable pad(Target to, Structure.Pad op, Expr node, SDVariable... x) {
        int rank = node.rank();
        int[] amounts = new int[2 * rank];
        for (int a = 0; a < rank; a++) {
            amounts[2 * a] = op.begin().get(a);
            amounts[2 * a + 1] =
                    node.shape(a) - op.begin().get(a) - node.input().shape(a);
        }
        return to.sd().nn().pad(x[0], to.integers(amounts).reshape(rank, 2), 0);
    }

    private static Conv2DConfig convolution(Convolution.Geometry g) {
        return Conv2DConfig.builder()
                .kH(g.windowHeight())
                .kW(g.windowWidth())
                .sH(g.strideY())
                .sW(g.strideX())
                .pH(g.padTop())
                .pW(g.padLeft())
                .dH(g.dilationY())
                .dW(g.dilationX())
                .paddingMode(PaddingMode.VALID)
                .dataFormat(Conv2DConfig.NHWC)
                .build();
    }

    private static DeConv2DConfig transposed(Convolution.Geometry g) {
        return DeConv2DConfig.builder()
                .kH(g.windowHeight())
                .kW(g.windowWidth())
                .sH(g.strideY())
                .sW(g.strideX())
                .pH(g.padTop())
                .pW(g.padLeft())
                .dH(g.dilationY())
                .dW(g.dilationX())
                .dataFormat(Conv2DConfig.NHWC)
                .build();
    }

    private static int[] marked(List<Boolean> axes) {
        return IntStream.range(0, axes.size()).filter(axes::get).toArray();
    }
}
