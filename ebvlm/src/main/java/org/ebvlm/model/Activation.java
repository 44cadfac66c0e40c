package org.ebvlm.model;

import java.util.function.BiFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * What stands between the layers of a network. A score is a derivative of the energy, and its parameter gradient one more:
 * choose a smooth one. With {@link #RELU} and {@link #LEAKY_RELU} the second derivative is zero wherever it exists, and
 * score matching does not see it.
 */
public enum Activation {
    /** x above zero, exp(x) - 1 below; the published choice. */
    ELU((g, x) -> g.nn.elu(x)),
    /** x sigmoid(x). */
    SWISH((g, x) -> g.nn.swish(x)),
    /** log(1 + exp(x)). */
    SOFTPLUS((g, x) -> g.nn.softplus(x)),
    /** The hyperbolic tangent. */
    TANH((g, x) -> g.math.tanh(x)),
    /** x above zero, 0.2 x below. */
    LEAKY_RELU((g, x) -> g.nn.leakyRelu(x, 0.2)),
    /** x above zero, 0 below. */
    RELU((g, x) -> g.nn.relu(x, 0));

    private final BiFunction<SameDiff, SDVariable, SDVariable> function;

    Activation(BiFunction<SameDiff, SDVariable, SDVariable> function) {
        this.function = function;
    }

    SDVariable apply(SameDiff g, SDVariable x) {
        return function.apply(g, x);
    }
}
