package org.ebvlm.model;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** An energy as its author writes it: a SameDiff expression in v, h and the graph's variables. */
@FunctionalInterface
public interface EnergyExpression {
    /**
     * The energy of each row.
     *
     * @param graph holds the parameters: {@code graph.getVariable("W")}
     * @param v [n, visible]
     * @param h [n, hidden]
     * @return [n]
     */
    SDVariable energy(SameDiff graph, SDVariable v, SDVariable h);
}
