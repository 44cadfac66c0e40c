package org.ebvlm.training;

/**
 * Ends a training when a measure has not improved for some evaluations, and keeps the best model.
 *
 * @param measure name of one of the training's evaluations
 * @param sign 1 if lower is better, -1 if higher is
 * @param patience evaluations without improvement before the end
 */
public record EarlyStopping(String measure, int sign, int patience) {

    /** Stops when a measure no longer falls. */
    public static EarlyStopping lowest(String measure, int patience) {
        return new EarlyStopping(measure, 1, patience);
    }

    /** Stops when a measure no longer rises. */
    public static EarlyStopping highest(String measure, int patience) {
        return new EarlyStopping(measure, -1, patience);
    }

    @Override
    public String toString() {
        return "EarlyStopping when " + measure + " has not " + (sign > 0 ? "fallen" : "risen") + " " + patience
                + " times";
    }
}
