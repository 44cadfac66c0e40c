package org.ebvlm.likelihood;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Rowwise;
import org.ebvlm.training.Evaluation;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;

/**
 * Mean log-likelihood of rows, in nats: the mean of -F(v) - log Z, with log Z exact up to 20 hidden units and by {@link
 * Ais} above. Defined for models whose free energy and log Z are known: a {@link Grbm}.
 *
 * <p>The standard error is that of the mean over rows, with the error of log Z added in quadrature.
 */
public final class LogLikelihood implements Evaluation {

    private final Data data;
    private final Ais ais;

    private LogLikelihood(Data data, Ais ais) {
        this.data = data;
        this.ais = ais;
    }

    /** Of these rows. */
    public static LogLikelihood on(Data data) {
        return new LogLikelihood(data, Ais.standard());
    }

    /** With another annealing where log Z is estimated. */
    public LogLikelihood estimating(Ais how) {
        return new LogLikelihood(data, how);
    }

    /** Whether it is defined for a model. */
    public static boolean isDefinedFor(EnergyModel model) {
        return model instanceof Grbm;
    }

    /** log Z of a model. */
    public LogPartition logPartition(EnergyModel model, Noise noise) {
        if (!(model instanceof Grbm grbm)) {
            throw new SettingException(Facts.that("LogLikelihood: log Z of the model is not known")
                    .expected("a Grbm")
                    .butWas(model)
                    .hint("compare models by FisherDivergence or KernelSteinDiscrepancy, which need no log Z"));
        }
        return grbm.hidden() <= GrbmEnumeration.LIMIT ? GrbmEnumeration.of(grbm) : ais.of(grbm, noise);
    }

    @Override
    public String name() {
        return "logLikelihood";
    }

    @Override
    public Measurement measure(Snapshot snapshot) {
        return measure(snapshot, logPartition(snapshot.model(), snapshot.noise()));
    }

    /** With a log Z that is already known. */
    public Measurement measure(Snapshot snapshot, LogPartition logZ) {
        double[] sums = new double[2];
        EnergyModel model = snapshot.model();
        Rowwise.evaluate(data, model::freeEnergy, model.parameters()::give, snapshot.noise(), (from, to, values) -> {
            for (float free : values) {
                double each = -free - logZ.value();
                sums[0] += each;
                sums[1] += each * each;
            }
        });
        int n = data.rows();
        double mean = sums[0] / n;
        double rows = n < 2 ? Double.NaN : Math.sqrt(Math.max(0, sums[1] / n - mean * mean) / (n - 1));
        return new Measurement(name(), mean, Math.hypot(rows, logZ.standardError()));
    }

    @Override
    public String toString() {
        return "LogLikelihood on " + data.name();
    }
}
