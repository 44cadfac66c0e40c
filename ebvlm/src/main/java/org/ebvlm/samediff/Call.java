package org.ebvlm.samediff;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.GraphException;
import org.ebvlm.graph.Expr;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.impl.reduce3.BaseReduce3Op;

/**
 * One operation of a SameDiff graph, applied to expressions. SameDiff keeps attributes in different places for different
 * classes of operations; here they have one name each.
 *
 * @param op the operation
 * @param variable the name of its first result
 * @param inputs what it is applied to
 * @param type of its first result
 */
record Call(DifferentialFunction op, String variable, List<Expr> inputs, DataType type) {
    /** How SameDiff says "all axes". */
    private static final int ALL = Integer.MAX_VALUE;

    Expr in(int i) {
        return inputs.get(i);
    }

    Expr in() {
        return inputs.get(0);
    }

    /** The same operation applied to one other input. */
    Call with(Expr input) {
        return new Call(op, variable, List.of(input), type);
    }

    int count() {
        return inputs.size();
    }

    private DynamicCustomOp custom() {
        return (DynamicCustomOp) op;
    }

    // ---------------------------------------------------------------- attributes

    int integer(int i) {
        return Math.toIntExact(custom().iArgs()[i]);
    }

    int integerOr(int i, int otherwise) {
        return custom().iArgs().length > i ? integer(i) : otherwise;
    }

    /** Integers from the i-th on. */
    int[] integersFrom(int i) {
        long[] all = custom().iArgs();
        return Arrays.stream(all, Math.min(i, all.length), all.length)
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    double number(int i) {
        return custom().tArgs()[i];
    }

    boolean flag(int i) {
        return custom().bArgs().length > i && custom().bArgs()[i];
    }

    /** The number that is the second operand of operations with a scalar. */
    double scalar() {
        return ((ScalarOp) op).scalar().getDouble(0);
    }

    // ---------------------------------------------------------------- integers that may be an attribute or an input

    /** The constant integers of an input; its values must be known when the graph is read. */
    int[] integersOf(int input) {
        // "To the end" may be written as the largest long; the cast saturates.
        return Arrays.stream(constant(input)).mapToInt(x -> (int) x).toArray();
    }

    /** The constant values of an input. */
    double[] constant(int input) {
        return Constants.values(in(input), this);
    }

    /** The integers of an input where it is given, else the attributes from the i-th on. */
    int[] integersOfOr(int input, int i) {
        return count() > input ? integersOf(input) : integersFrom(i);
    }

    /** Axes of a reduction; none for all. */
    int[] axes() {
        int[] axes = op instanceof ReduceOp reduction ? axes(reduction) : integersOfOr(1, 0);
        return axes.length == 1 && axes[0] == ALL ? new int[0] : axes;
    }

    private int[] axes(ReduceOp reduction) {
        INDArray given = reduction.dimensions();
        return count() > operands() ? integersOf(operands()) : given == null ? new int[0] : given.toIntVector();
    }

    /** Arrays that are reduced; an input after them names axes. */
    private int operands() {
        return op instanceof BaseReduce3Op ? 2 : 1;
    }

    /** Whether reduced axes stay with size one. */
    boolean keepsAxes() {
        return op instanceof ReduceOp reduction
                ? reduction.isKeepDims()
                : flag(0) || (custom().tArgs().length > 0 && number(0) != 0);
    }

    // ---------------------------------------------------------------- types and errors

    /** Whether the result has an integer type. */
    boolean isInteger() {
        return type.isIntType();
    }

    GraphException refusal(String why, String hint) {
        return new GraphException(Facts.that("read: '" + variable + "' (" + op.opName() + ") " + why)
                .hint(hint));
    }
}
