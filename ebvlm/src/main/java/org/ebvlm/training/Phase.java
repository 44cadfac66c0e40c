package org.ebvlm.training;

import java.util.Optional;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Parametric;

/**
 * One part of a training step: a loss, and whose parameters go down its gradient. A step runs its phases in order, each
 * as often as it says, with fresh noise each time; one that fits a posterior before the model moves is a phase of its own.
 *
 * @param name what the history calls its value
 * @param repeats how often it runs in one step
 * @param fitted whose parameters are updated
 * @param loss a scalar; its gradient is followed, its value need not mean anything
 * @param value a scalar worth plotting
 * @param updater how this phase descends, where it differs from the training's
 * @param joined whether it is taken at once with the phase after it: at the same draws, from the same parameters, in one
 *     program. The gradients of all joined phases are known before any of their parameters move
 */
public record Phase(
        String name,
        int repeats,
        Parametric<?> fitted,
        Expr loss,
        Expr value,
        Optional<Updater> updater,
        boolean joined) {

    /** Checks that loss and value are scalars and that the phase runs at least once. */
    public Phase {
        if (loss.size() != 1 || value.size() != 1 || repeats < 1) {
            throw new SettingException(Facts.that("phase " + name + " is not well formed")
                    .expected("a scalar loss, a scalar value, and at least one repetition")
                    .butWas("loss " + loss + ", value " + value + ", " + repeats + " repetitions"));
        }
    }

    /** A phase by itself. */
    public Phase(String name, int repeats, Parametric<?> fitted, Expr loss, Expr value, Optional<Updater> updater) {
        this(name, repeats, fitted, loss, value, updater, false);
    }

    /** The same, taken at once with the phase after it, which must run as often in a step. */
    public Phase joinedToNext() {
        return new Phase(name, repeats, fitted, loss, value, updater, true);
    }

    /**
     * A phase that does not descend but gives new values: the state of chains, for example.
     *
     * @param set what gets them
     * @param next the values, in the order of the parameter vector
     */
    public static Phase setting(String name, Parametric<?> set, Expr next, Expr value) {
        // The gradient of next . x with respect to x is next itself, which the updater puts in place.
        Expr loss = set.parameters()
                .vector()
                .times(next.reshape(next.size()).held())
                .sum();
        return new Phase(name, 1, set, loss, value, Optional.of(Replacement.OF_ALL));
    }

    /** A phase that runs once a step with the training's updater. */
    public static Phase of(String name, Parametric<?> fitted, Expr loss, Expr value) {
        return new Phase(name, 1, fitted, loss, value, Optional.empty());
    }
}
