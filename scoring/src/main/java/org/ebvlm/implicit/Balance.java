package org.ebvlm.implicit;

import org.ebvlm.graph.Expr;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.Parametric;

/**
 * How much an autoencoder minds the error at samples: kept, saved and restored as parameters are.
 *
 * @param parameters {@code beta}, a scalar
 */
record Balance(Parameters parameters) implements Parametric<Balance> {
    private static final String BETA = "beta";

    /** beta = 0. */
    static Balance start() {
        return new Balance(Parameters.named("balance").filled(BETA, 0).build());
    }

    /** beta, a scalar. */
    Expr beta() {
        return parameters.get(BETA);
    }

    @Override
    public Balance with(Parameters values) {
        return new Balance(values);
    }
}
