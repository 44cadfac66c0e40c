package org.ebvlm.program;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;

/**
 * A large matrix product C = A B by ND4J's {@code matmul}, which oneDNN computes on x86-64. Matrices are row-major; where
 * one lies column by column, its transpose is row-major.
 */
final class NativeProduct extends NativeCall {

    /**
     * A matrix in memory.
     *
     * @param place where
     * @param rows of the memory, row-major
     * @param columns of the memory
     * @param transposed whether the matrix is the transpose of what the memory holds
     */
    record Matrix(Mirror.Place place, int rows, int columns, boolean transposed) {
        Matrix transpose() {
            return new Matrix(place, rows, columns, !transposed);
        }

        private INDArray of(Mirror mirror) {
            return mirror.array(rows, columns);
        }
    }

    private final Matrix a;
    private final Matrix b;
    private final Matrix c;

    private NativeProduct(Matrix a, Matrix b, Matrix c, long work) {
        super(List.of(a.place, b.place), List.of(c.place), work);
        this.a = a;
        this.b = b;
        this.c = c;
    }

    static NativeProduct of(Matrix a, Matrix b, Matrix c, long work) {
        // C' = B' A'
        return c.transposed
                ? new NativeProduct(b.transpose(), a.transpose(), c.transpose(), work)
                : new NativeProduct(a, b, c, work);
    }

    @Override
    DynamicCustomOp prepare(OpContext context, List<Mirror> from, List<Mirror> to) {
        context.setInputArray(0, a.of(from.get(0)));
        context.setInputArray(1, b.of(from.get(1)));
        context.setOutputArray(0, c.of(to.get(0)));
        context.setIArguments(a.transposed ? 1 : 0, b.transposed ? 1 : 0, 0);
        return DynamicCustomOp.builder("matmul").build();
    }
}
