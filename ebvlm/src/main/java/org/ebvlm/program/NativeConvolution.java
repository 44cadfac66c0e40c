package org.ebvlm.program;

import java.util.List;
import org.ebvlm.graph.Convolution.Geometry;
import org.ebvlm.graph.Convolution.Part;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution, one of its two adjoints, or both of them, through those of ND4J's operations that oneDNN computes on x86-64:
 * {@code conv2d}, {@code deconv2d}, and {@code conv2d_bp}, which makes both adjoints of one result together. Its {@code
 * conv2d_input_bp} is not among them, and twenty times slower.
 */
final class NativeConvolution extends NativeCall {

    /**
     * One of the three parts of a convolution in memory.
     *
     * @param part which
     * @param place where
     * @param shape of four axes
     */
    record Operand(Part part, Mirror.Place place, int[] shape) {}

    private final Geometry geometry;
    private final List<Operand> given;
    private final List<Operand> wanted;

    /**
     * @param given the parts it reads
     * @param wanted the parts it makes: the result; the image, the weights, or both
     */
    NativeConvolution(Geometry geometry, List<Operand> given, List<Operand> wanted) {
        super(places(given), places(wanted), work(geometry, given, wanted));
        this.geometry = geometry;
        this.given = given;
        this.wanted = wanted;
    }

    private static List<Mirror.Place> places(List<Operand> operands) {
        return operands.stream().map(Operand::place).toList();
    }

    /** More than the number of multiplications: that of the largest part times a window's. */
    private static long work(Geometry g, List<Operand> given, List<Operand> wanted) {
        long largest = 0;
        for (List<Operand> operands : List.of(given, wanted)) {
            for (Operand operand : operands) {
                largest = Math.max(largest, operand.place().size());
            }
        }
        return largest * g.windowHeight() * g.windowWidth() * 8;
    }

    @Override
    DynamicCustomOp prepare(OpContext context, List<Mirror> from, List<Mirror> to) {
        boolean forward = wanted.get(0).part() == Part.RESULT;
        boolean transposed = !forward && wanted.size() == 1 && wanted.get(0).part() == Part.IMAGE && isExact();
        List<Part> in = forward
                ? List.of(Part.IMAGE, Part.WEIGHTS)
                : transposed ? List.of(Part.RESULT, Part.WEIGHTS) : List.of(Part.IMAGE, Part.WEIGHTS, Part.RESULT);
        List<Part> out =
                forward ? List.of(Part.RESULT) : transposed ? List.of(Part.IMAGE) : List.of(Part.IMAGE, Part.WEIGHTS);
        for (int i = 0; i < in.size(); i++) {
            context.setInputArray(i, array(in.get(i), given, from));
        }
        for (int i = 0; i < out.size(); i++) {
            context.setOutputArray(i, array(out.get(i), wanted, to));
        }
        settings(context);
        return DynamicCustomOp.builder(forward ? "conv2d" : transposed ? "deconv2d" : "conv2d_bp")
                .build();
    }

    /** The mirror of a part, or an array that nobody else looks at where the operation insists on one. */
    private INDArray array(Part part, List<Operand> operands, List<Mirror> mirrors) {
        for (int i = 0; i < operands.size(); i++) {
            if (operands.get(i).part() == part) {
                return mirrors.get(i).array(operands.get(i).shape());
            }
        }
        for (List<Operand> others : List.of(given, wanted)) {
            for (Operand operand : others) {
                if (operand.part() == part) {
                    return Nd4j.create(DataType.FLOAT, longs(operand.shape()));
                }
            }
        }
        throw new IllegalStateException("a convolution without its " + part);
    }

    private static long[] longs(int[] shape) {
        long[] out = new long[shape.length];
        for (int a = 0; a < out.length; a++) {
            out[a] = shape[a];
        }
        return out;
    }

    private void settings(OpContext context) {
        Geometry g = geometry;
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
    }

    /** Whether the windows reach every element of the image: then its size follows from the result's. */
    private boolean isExact() {
        Geometry g = geometry;
        return g.dilationY() == 1
                && g.dilationX() == 1
                && (g.outHeight() - 1) * g.strideY() + g.windowHeight() == g.height() + 2 * g.padTop()
                && (g.outWidth() - 1) * g.strideX() + g.windowWidth() == g.width() + 2 * g.padLeft();
    }
}
