package org.ebvlm.samediff;

import java.util.Arrays;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Between arrays of numbers and constant expressions. */
final class Constants {
    private Constants() {}

    /** An array's present values. */
    static Expr of(INDArray array) {
        int[] shape = Integers.ints(array.shape());
        double[] values = array.isEmpty()
                ? new double[0]
                : array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        boolean uniform = values.length > 0 && Arrays.stream(values).allMatch(x -> x == values[0]);
        return uniform ? Expr.constant(values[0], shape) : Expr.constant(values, shape);
    }

    /** Integers as a vector. */
    static Expr vector(int... values) {
        return Expr.constant(Arrays.stream(values).asDoubleStream().toArray(), values.length);
    }

    /** 0, 1, ... along one axis of a shape of ones. */
    static Expr range(int axis, int rank, int size) {
        double[] values = new double[size];
        Arrays.setAll(values, i -> i);
        return Expr.constant(values, Integers.along(axis, rank, size));
    }

    /** The values of a constant expression; refused on behalf of a call if they depend on inputs. */
    static double[] values(Expr expression, Call call) {
        if (!(expression.op() instanceof Leaf.Constant constant)) {
            throw call.refusal(
                    "takes a shape, axis or index whose value depends on inputs", "bind it to a constant expression");
        }
        double[] values = new double[expression.size()];
        Arrays.setAll(values, constant::at);
        return values;
    }
}
