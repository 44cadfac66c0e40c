package org.ebvlm.program;

import java.util.List;
import org.ebvlm.graph.Convolution;
import org.ebvlm.graph.Convolution.Geometry;
import org.ebvlm.graph.Expr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/** A convolution, or one of its two adjoints, through ND4J's {@code conv2d} operations. */
final class NativeConvolution extends NativeCall {
    private final Expr node;
    private final Convolution convolution;

    NativeConvolution(Expr node, List<Mirror.Place> from, Mirror.Place to) {
        super(from, to, work(node));
        this.node = node;
        this.convolution = (Convolution) node.op();
    }

    /** Sizes of image, weights and result give the number of multiplications: that of the result times a weight's. */
    private static long work(Expr node) {
        long largest = node.size();
        for (Expr input : node.inputs()) {
            largest = Math.max(largest, input.size());
        }
        Geometry g = ((Convolution) node.op()).geometry();
        return largest * g.windowHeight() * g.windowWidth() * 8;
    }

    @Override
    DynamicCustomOp prepare(OpContext context, List<Mirror> from, Mirror to) {
        Geometry g = convolution.geometry();
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
        int[] first = node.inputs().get(0).shape();
        int[] second = node.inputs().get(1).shape();
        context.setInputArray(0, from.get(0).array(first));
        switch (convolution.missing()) {
            case RESULT -> {
                context.setInputArray(1, from.get(1).array(second));
                context.setOutputArray(0, to.array(node.shape()));
                return DynamicCustomOp.builder("conv2d").build();
            }
            case IMAGE -> {
                context.setInputArray(0, Nd4j.createFromArray(longs(node.shape())));
                context.setInputArray(1, from.get(0).array(first));
                context.setInputArray(2, from.get(1).array(second));
                context.setOutputArray(0, to.array(node.shape()));
                return DynamicCustomOp.builder("conv2d_input_bp").build();
            }
            default -> {
                // The weight gradient comes with an image gradient that is not used.
                context.setInputArray(1, Nd4j.create(DataType.FLOAT, longs(node.shape())));
                context.setInputArray(2, from.get(1).array(second));
                context.setOutputArray(0, Nd4j.create(DataType.FLOAT, longs(first)));
                context.setOutputArray(1, to.array(node.shape()));
                return DynamicCustomOp.builder("conv2d_bp").build();
            }
        }
    }

    private static long[] longs(int[] shape) {
        long[] out = new long[shape.length];
        for (int a = 0; a < out.length; a++) {
            out[a] = shape[a];
        }
        return out;
    }
}
