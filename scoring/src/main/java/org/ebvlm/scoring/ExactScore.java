package org.ebvlm.scoring;

import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;

/**
 * The exact score of a model whose free energy is known, and its exact parameter gradient: no bias, no variance. Refused
 * with a clear error for other models.
 */
public final class ExactScore implements Estimator {
    private ExactScore() {}

    /** The estimator; it has no settings. */
    public static ExactScore estimator() {
        return new ExactScore();
    }

    @Override
    public String name() {
        return "exact score";
    }

    @Override
    public Expr score(EnergyModel model, Expr v) {
        return model.score(v);
    }

    @Override
    public Estimate at(EnergyModel model, Expr v) {
        return new Estimate() {
            @Override
            public Expr score() {
                return model.score(v);
            }

            @Override
            public Expr surrogate(Expr z) {
                return along(z);
            }

            /** z . score = -dF/dv along z: a tangent, so that one reverse sweep is enough. */
            @Override
            public Expr along(Expr z) {
                Expr at = v.point();
                return Differentiation.jvp(model.freeEnergy(at), at, z.held()).neg();
            }
        };
    }

    @Override
    public String toString() {
        return name();
    }
}
