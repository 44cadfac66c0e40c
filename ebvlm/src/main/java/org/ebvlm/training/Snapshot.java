package org.ebvlm.training;

import java.util.function.UnaryOperator;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.Parametric;
import org.ebvlm.noise.Noise;

/** A model, and all that is fitted with it, at one moment of training. */
public final class Snapshot {
    private final EnergyModel model;
    private final UnaryOperator<Parameters> values;
    private final long step;
    private final Noise noise;

    /**
     * A moment of training.
     *
     * @param model with its values of that moment
     * @param values the values of that moment of any parameters
     * @param step steps done
     * @param noise for measurements at this moment
     */
    public Snapshot(EnergyModel model, UnaryOperator<Parameters> values, long step, Noise noise) {
        this.model = model;
        this.values = values;
        this.step = step;
        this.noise = noise;
    }

    /** A model by itself, for measuring outside of training. */
    public static Snapshot of(EnergyModel model, Noise noise) {
        return new Snapshot(model, UnaryOperator.identity(), 0, noise);
    }

    /** The model with its present values. */
    public EnergyModel model() {
        return model;
    }

    /** A posterior, or anything else with parameters, with its present values. */
    public <T extends Parametric<? extends T>> T fitted(T original) {
        return original.with(values.apply(original.parameters()));
    }

    /** Steps done. */
    public long step() {
        return step;
    }

    /** A source of noise for this moment. */
    public Noise noise() {
        return noise;
    }

    @Override
    public String toString() {
        return "Snapshot of " + model.name() + " at step " + step;
    }
}
