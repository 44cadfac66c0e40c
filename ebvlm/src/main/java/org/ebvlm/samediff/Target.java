package org.ebvlm.samediff;

import java.util.Map;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.graph.Shapes;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The graph that is written into.
 *
 * @param sd the graph
 * @param type of all numbers in it
 */
record Target(SameDiff sd, DataType type) {

    /** A variable of the graph's type. */
    SDVariable number(SDVariable variable) {
        return variable.dataType() == type ? variable : variable.castTo(type);
    }

    SDVariable constant(Expr constant) {
        double[] values = Interpreter.evaluate(constant, Map.of());
        INDArray array =
                Nd4j.create(values, Integers.longs(constant.shape()), 'c').castTo(type);
        return sd.constant(array);
    }

    SDVariable zeros(int... shape) {
        return constant(Expr.constant(new double[Shapes.size(shape)], shape));
    }

    SDVariable integers(int... values) {
        return sd.constant(Nd4j.createFromArray(values));
    }
}
