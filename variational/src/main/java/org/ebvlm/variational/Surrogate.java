package org.ebvlm.variational;

import java.util.List;
import org.ebvlm.graph.Expr;
import org.ebvlm.training.Phase;

/**
 * Losses made so that their gradients are the estimates of a {@link MonteCarlo} objective; their values need not mean
 * anything.
 *
 * @param model whose gradient by the model's parameters is followed down; [n]
 * @param posterior whose gradient by the posterior's parameters is followed down; [n]. May be the same expression
 * @param bound the estimate of the bound at these draws, [n], in nats, up to log Z
 * @param others phases of what the estimate keeps or learns beside them: baselines
 */
public record Surrogate(Expr model, Expr posterior, Expr bound, List<Phase> others) {

    /** One loss for both, and nothing beside it. */
    static Surrogate of(Expr loss, Expr bound) {
        return new Surrogate(loss, loss, bound, List.of());
    }
}
