package org.ebvlm.scoring;

import java.util.Locale;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.Parametric;

/**
 * An estimate of log Z that is learned: the one number by which {@link Nce} and {@link Vnce} make a density of an energy.
 * After training, {@code run.fitted(loss.normaliser()).value()}.
 */
public final class LogNormaliser implements Parametric<LogNormaliser> {
    private static final String NAME = "logZ";

    private final Parameters parameters;

    private LogNormaliser(Parameters parameters) {
        this.parameters = parameters;
    }

    static LogNormaliser startingAt(double value) {
        return new LogNormaliser(
                Parameters.named("log normaliser").filled(NAME, value, 1).build());
    }

    /** The number, in nats. */
    public double value() {
        return parameters.values(NAME)[0];
    }

    /** The number as an expression, [1]. */
    Expr expression() {
        return parameters.get(NAME);
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public LogNormaliser with(Parameters values) {
        return new LogNormaliser(values);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "learned log Z = %.5g", value());
    }
}
