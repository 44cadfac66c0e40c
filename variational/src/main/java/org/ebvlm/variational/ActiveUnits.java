package org.ebvlm.variational;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.program.Rowwise;
import org.ebvlm.training.Evaluation;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;

/**
 * How many hidden units tell rows apart: those whose posterior mean varies over rows by more than 0.01 (Burda, Grosse and
 * Salakhutdinov, 2016),
 *
 * <pre>Var over rows of  E_q[h_u | v]  &gt;  threshold</pre>
 *
 * <p>The mean of a layered posterior has no closed form, so it is averaged over draws, twice apart: the covariance of both
 * averages over rows is free of the noise in each.
 */
public final class ActiveUnits implements Evaluation {
    private static final int DRAWS = 10;

    private final Data data;
    private final Posterior posterior;
    private final double threshold;

    private ActiveUnits(Data data, Posterior posterior, double threshold) {
        this.data = data;
        this.posterior = posterior;
        this.threshold = threshold;
    }

    /** Of these rows, 2 or more. */
    public static Builder on(Data data) {
        if (data.rows() < 2) {
            throw new SettingException(Facts.that("ActiveUnits.on: too few rows to vary over")
                    .expected("2 or more")
                    .butWas(data.rows()));
        }
        return new Builder(data);
    }

    /** Waits for the posterior. */
    public static final class Builder {
        private final Data data;

        private Builder(Data data) {
            this.data = data;
        }

        /** Whose units are counted. */
        public ActiveUnits posterior(Posterior q) {
            return new ActiveUnits(data, q, 0.01);
        }
    }

    /** Another threshold of the variance. */
    public ActiveUnits threshold(double variance) {
        return new ActiveUnits(data, posterior, variance);
    }

    @Override
    public String name() {
        return "activeUnits";
    }

    /** The variance over rows of each unit's posterior mean; may come out a little below zero for one that is still. */
    public double[] variances(Snapshot snapshot) {
        Posterior q = snapshot.fitted(posterior);
        int units = q.hidden();
        double[] first = new double[units];
        double[] second = new double[units];
        double[] products = new double[units];
        Rowwise.evaluate(
                data,
                v -> Expr.concat(1, java.util.List.of(average(q, v), average(q, v))),
                program -> q.parameters().give(program),
                snapshot.noise(),
                (from, to, values) -> {
                    for (int r = 0; r < to - from; r++) {
                        for (int u = 0; u < units; u++) {
                            float a = values[2 * units * r + u];
                            float b = values[2 * units * r + units + u];
                            first[u] += a;
                            second[u] += b;
                            products[u] += (double) a * b;
                        }
                    }
                });
        double n = data.rows();
        for (int u = 0; u < units; u++) {
            products[u] = (products[u] - first[u] * second[u] / n) / (n - 1);
        }
        return products;
    }

    /** The mean of some draws; [n, hidden]. */
    private static Expr average(Posterior q, Expr v) {
        return q.draws(v, DRAWS).h().reshape(DRAWS, v.shape(0), q.hidden()).mean(0);
    }

    @Override
    public Measurement measure(Snapshot snapshot) {
        long active = java.util.Arrays.stream(variances(snapshot))
                .filter(x -> x > threshold)
                .count();
        return new Measurement(name(), active, Double.NaN);
    }

    @Override
    public String toString() {
        return "ActiveUnits on " + data.name() + ", of " + posterior.name();
    }
}
