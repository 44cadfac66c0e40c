package org.ebvlm.program;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The product of two matrices that lie outside the heap, by ND4J's {@code matmul}. Dense matrices in single precision go to
 * oneDNN on x86-64, which chooses its instructions for the processor at hand; all others to OpenBLAS. For algebra that is no
 * part of a {@link Program}; a call costs some five microseconds beside the work.
 */
public final class MatrixProduct {
    private static final long OPERATION =
            DynamicCustomOp.builder("matmul").build().opHash();
    /** Settings take longer to hand over than arrays, so there is a context for each. */
    private static final ThreadLocal<OpContext> PLAIN = ThreadLocal.withInitial(() -> context(0));

    private static final ThreadLocal<OpContext> TRANSPOSED = ThreadLocal.withInitial(() -> context(1));

    private MatrixProduct() {}

    private static OpContext context(int transposed) {
        OpContext context = Nd4j.getExecutioner().buildContext();
        context.setIArguments(0, transposed, 0);
        return context;
    }

    /**
     * C = A B or A B'.
     *
     * @param a [m, k]
     * @param b [k, n], or [n, k] if transposed
     * @param c receives the product, [m, n]; none of its memory is a factor's
     */
    public static void run(INDArray a, INDArray b, boolean transposed, INDArray c) {
        OpContext context = (transposed ? TRANSPOSED : PLAIN).get();
        context.setInputArray(0, a);
        context.setInputArray(1, b);
        context.setOutputArray(0, c);
        Native.run(OPERATION, context.contextPointer(), Cores.forWork(a.size(0) * a.size(1) * c.size(1)));
    }
}
