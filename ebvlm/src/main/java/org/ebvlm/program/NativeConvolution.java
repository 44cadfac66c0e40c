package org.ebvlm.program;

import java.nio.FloatBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ebvlm.graph.Convolution;
import org.ebvlm.graph.Convolution.Geometry;
import org.ebvlm.graph.Convolution.Part;
import org.ebvlm.graph.Expr;
import org.ebvlm.program.Storage.Buffer;
import org.ebvlm.program.Storage.Location;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/** A convolution, or one of its two adjoints, through ND4J's {@code conv2d} operations with one kept context. */
final class NativeConvolution implements NativeStep {
    private final List<Location> from;
    private final Location to;
    private final INDArray[] staged;
    private final FloatBuffer[] views;
    private final FloatBuffer result;
    private final DynamicCustomOp op;
    private final OpContext context;
    private float[][] arrays;

    NativeConvolution(Expr node, List<Location> from, Location to) {
        this.from = from;
        this.to = to;
        Convolution convolution = (Convolution) node.op();
        Geometry g = convolution.geometry();
        staged = node.inputs().stream()
                .map(e -> Nd4j.create(DataType.FLOAT, longs(e.shape())))
                .toArray(INDArray[]::new);
        views = new FloatBuffer[] {view(staged[0]), view(staged[1])};
        INDArray out = Nd4j.create(DataType.FLOAT, longs(node.shape()));
        result = view(out);
        context = Nd4j.getExecutioner().buildContext();
        // kernel, strides, padding, dilation, explicit padding, NHWC, weights [height, width, in, out]
        context.setIArguments(
                g.windowHeight(),
                g.windowWidth(),
                g.strideY(),
                g.strideX(),
                g.padTop(),
                g.padLeft(),
                g.dilationY(),
                g.dilationX(),
                0,
                1,
                0);
        op = operation(convolution.missing(), out, node);
    }

    /** Which ND4J operation leaves out which part; the weight gradient comes with an image gradient that is not used. */
    private DynamicCustomOp operation(Part missing, INDArray out, Expr node) {
        switch (missing) {
            case RESULT -> {
                inputs(staged[0], staged[1]);
                context.setOutputArray(0, out);
                return DynamicCustomOp.builder("conv2d").build();
            }
            case IMAGE -> {
                INDArray shape = Nd4j.createFromArray(longs(node.shape()));
                inputs(shape, staged[0], staged[1]);
                context.setOutputArray(0, out);
                return DynamicCustomOp.builder("conv2d_input_bp").build();
            }
            default -> {
                INDArray weights = Nd4j.create(DataType.FLOAT, longs(node.shape()));
                inputs(staged[0], weights, staged[1]);
                context.setOutputArray(0, Nd4j.create(DataType.FLOAT, staged[0].shape()));
                context.setOutputArray(1, out);
                return DynamicCustomOp.builder("conv2d_bp").build();
            }
        }
    }

    private void inputs(INDArray... arrays) {
        for (int i = 0; i < arrays.length; i++) {
            context.setInputArray(i, arrays[i]);
        }
    }

    private static long[] longs(int[] shape) {
        long[] out = new long[shape.length];
        for (int a = 0; a < out.length; a++) {
            out[a] = shape[a];
        }
        return out;
    }

    private static FloatBuffer view(INDArray array) {
        return array.data().asNioFloat();
    }

    @Override
    public Set<Buffer> buffers() {
        Set<Buffer> all = new LinkedHashSet<>();
        from.forEach(location -> all.add(location.buffer()));
        all.add(to.buffer());
        return all;
    }

    @Override
    public void bind(float[][] arrays) {
        this.arrays = arrays;
    }

    @Override
    public void run() {
        for (int i = 0; i < views.length; i++) {
            views[i].put(0, arrays[from.get(i).buffer().slot], from.get(i).offset(), views[i].capacity());
        }
        Nd4j.exec(op, context);
        result.get(0, arrays[to.buffer().slot], to.offset(), result.capacity());
    }

    @Override
    public void close() {
        context.purge();
    }
}
