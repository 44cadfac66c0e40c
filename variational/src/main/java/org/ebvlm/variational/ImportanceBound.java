package org.ebvlm.variational;

import java.util.stream.DoubleStream;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.training.Evaluation;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;

/**
 * A lower bound of the mean log-likelihood of rows under a normalised model, in nats (Burda, Grosse and Salakhutdinov, 2016):
 *
 * <pre>mean over rows of  log 1/L sum over l of p(v, h_l) / q(h_l | v),   h_l drawn from q(h | v)</pre>
 *
 * <p>With one particle it is the evidence lower bound; more particles bring it up to log p(v), from below on average. How
 * far below it still is, it does not say: compare numbers of particles. The standard error is that of the mean over rows,
 * the noise of the draws among it, and does not cover the gap.
 *
 * <p>Draws are taken some at a time, and sums kept in double precision: memory does not grow with their number, so 50,000 a row
 * cost time alone.
 */
public final class ImportanceBound implements Evaluation {
    private final Data data;
    private final Posterior posterior;
    private final int particles;

    private ImportanceBound(Data data, Posterior posterior, int particles) {
        this.data = data;
        this.posterior = posterior;
        this.particles = particles;
    }

    /** Of these rows. */
    public static Builder on(Data data) {
        return new Builder(data);
    }

    /** Waits for the posterior. */
    public static final class Builder {
        private final Data data;

        private Builder(Data data) {
            this.data = data;
        }

        /** Where the draws come from: 50 for each row unless said otherwise. */
        public ImportanceBound posterior(Posterior q) {
            return new ImportanceBound(data, q, 50);
        }
    }

    /** Another number of draws for each row; one makes it the evidence lower bound. */
    public ImportanceBound particles(int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("ImportanceBound.particles: too few")
                    .expected("1 or more")
                    .butWas(number));
        }
        return new ImportanceBound(data, posterior, number);
    }

    @Override
    public String name() {
        return "importanceBound";
    }

    @Override
    public Measurement measure(Snapshot snapshot) {
        EnergyModel model = snapshot.model();
        Posterior q = snapshot.fitted(posterior);
        NegativeElbo.requireNormalised("ImportanceBound", model, q);
        Vimco.requireExactDraws("ImportanceBound", q);
        double[] bounds = DrawnBound.of(model, q, data, particles, snapshot.noise());
        return mean(name(), bounds);
    }

    /** The mean over rows with its standard error. */
    static Measurement mean(String name, double... bounds) {
        int n = bounds.length;
        double mean = DoubleStream.of(bounds).average().orElse(Double.NaN);
        double squares =
                DoubleStream.of(bounds).map(b -> (b - mean) * (b - mean)).sum();
        return new Measurement(name, mean, n < 2 ? Double.NaN : Math.sqrt(squares / n / (n - 1)));
    }

    @Override
    public String toString() {
        return "ImportanceBound on " + data.name() + ", " + particles + " particles of " + posterior.name();
    }
}
