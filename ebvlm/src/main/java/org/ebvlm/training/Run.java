package org.ebvlm.training;

import java.util.Locale;
import java.util.Map;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.Parametric;

/**
 * What a training gave: the fitted model, whatever was fitted with it, and the history. Plain numbers only, so it is safe
 * to keep in a notebook cell.
 */
public final class Run {
    /** How a training came to its end. */
    public enum Ending {
        /** All steps were done. */
        FINISHED,
        /** The thread was interrupted; the run holds all steps until then. */
        INTERRUPTED,
        /** The watched measure stopped improving; the run holds the best model. */
        STOPPED_EARLY,
        /** A value stopped being finite; the run holds the parameters before that step. */
        DIVERGED
    }

    private final EnergyModel model;
    private final Map<Expr, Parameters> fitted;
    private final History history;
    private final long steps;
    private final double seconds;
    private final Ending ending;
    private final String settings;

    Run(
            EnergyModel model,
            Map<Expr, Parameters> fitted,
            History history,
            long steps,
            double seconds,
            Ending ending,
            String settings) {
        this.model = model;
        this.fitted = fitted;
        this.history = history;
        this.steps = steps;
        this.seconds = seconds;
        this.ending = ending;
        this.settings = settings;
    }

    /** The fitted model. */
    public EnergyModel model() {
        return model;
    }

    /** A posterior that was fitted along, with its fitted parameters; anything else comes back as it is. */
    public <T extends Parametric<? extends T>> T fitted(T original) {
        return original.with(fitted.getOrDefault(original.parameters().leaf(), original.parameters()));
    }

    /** What was measured on the way. */
    public History history() {
        return history;
    }

    /** Steps done, those of resumed runs included. */
    public long steps() {
        return steps;
    }

    /** Seconds spent, those of resumed runs included. */
    public double seconds() {
        return seconds;
    }

    /** How it ended. */
    public Ending ending() {
        return ending;
    }

    /** The settings in words: objective, updater, batch size, and so on. */
    public String settings() {
        return settings;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %s after %,d steps in %.1f s%n  %s%n  %s",
                model.name(),
                ending.toString().toLowerCase(Locale.ROOT).replace('_', ' '),
                steps,
                seconds,
                settings,
                lastValues());
    }

    private String lastValues() {
        StringBuilder text = new StringBuilder();
        for (String name : history.names()) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(String.format(Locale.ROOT, "%s %.4g", name, history.last(name)));
        }
        return text.toString();
    }
}
