package org.ebvlm.likelihood;

import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Enumeration;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Rowwise;
import org.ebvlm.sampling.Target;
import org.ebvlm.training.Evaluation;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;

/**
 * Mean log-likelihood of rows, in nats: the mean of -F(v) - log Z, with log Z exact up to 20 units on one side and by {@link
 * Ais} above. Defined for models whose free energy and log Z are known: a {@link BoltzmannMachine}, if its hidden layers
 * are not too large, and a normalised model; with {@link HamiltonianAis} for every model of real v whose free energy is known, an
 * energy of one's own for example. Rows for a model of binary v must be 0 or 1; their log-probability is measured,
 * not a density.
 *
 * <p>The standard error is that of the mean over rows, with the error of log Z added in quadrature; {@link #interval} gives
 * a confidence interval. Both take the rows for a sample, and know of log Z only what {@link Ais} can know: an estimate of
 * log Z that is too low, which is its usual fault, makes the likelihood too high.
 */
public final class LogLikelihood implements Evaluation {

    private static final double NORMAL_95 = 1.959964;

    private final Data data;
    private final Ais ais;
    /** Null: Ais. */
    private final HamiltonianAis hamiltonian;

    private LogLikelihood(Data data, Ais ais, HamiltonianAis hamiltonian) {
        this.data = data;
        this.ais = ais;
        this.hamiltonian = hamiltonian;
    }

    /** Of these rows. */
    public static LogLikelihood on(Data data) {
        return new LogLikelihood(data, Ais.standard(), null);
    }

    /** With another annealing where log Z is estimated. */
    public LogLikelihood estimating(Ais how) {
        return new LogLikelihood(data, how, null);
    }

    /** With Hamiltonian annealing where log Z is not exact, and so for every model of real v with a known free energy. */
    public LogLikelihood estimating(HamiltonianAis how) {
        return new LogLikelihood(data, ais, how);
    }

    /** Whether it is defined for a model as it is, without {@link HamiltonianAis}. */
    public static boolean isDefinedFor(EnergyModel model) {
        return model.hasFreeEnergy() && (model instanceof BoltzmannMachine || model.isNormalised());
    }

    private boolean isPossibleFor(EnergyModel model) {
        return isDefinedFor(model) || (hamiltonian != null && model.hasFreeEnergy() && !model.hasBinaryVisible());
    }

    /** log Z of a model. */
    public LogPartition logPartition(EnergyModel model, Noise noise) {
        if (!isPossibleFor(model)) {
            throw new SettingException(
                    Facts.that("LogLikelihood: log Z or the free energy of the model is not known")
                            .expected("a Grbm, a BernoulliRbm, or a DeepBoltzmann with a layer of at most "
                                    + Enumeration.LIMIT)
                            .butWas(model)
                            .hint(
                                    model.hasFreeEnergy() && !model.hasBinaryVisible()
                                            ? "estimate log Z: LogLikelihood.on(rows).estimating(HamiltonianAis.standard())"
                                            : "compare models by FisherDivergence or KernelSteinDiscrepancy, which need no log Z"));
        }
        if (model.isNormalised()) {
            return LogPartition.exact(0, "a normalised model");
        }
        if (model instanceof BoltzmannMachine machine && MachineEnumeration.isPossibleFor(machine)) {
            return MachineEnumeration.of(machine);
        }
        return hamiltonian == null
                ? ais.of((BoltzmannMachine) model, noise)
                : hamiltonian.of(Target.visible(model), noise);
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
        return measured(snapshot, logZ, logZ.standardError());
    }

    /**
     * The mean log-likelihood with a 95 % confidence interval: that of the mean over rows (normal) and that of log Z, their
     * half widths added in quadrature on either side.
     */
    public Interval interval(Snapshot snapshot) {
        LogPartition logZ = logPartition(snapshot.model(), snapshot.noise());
        Measurement mean = measured(snapshot, logZ, 0);
        double rows = NORMAL_95 * mean.standardError();
        // A high log Z is a low likelihood.
        double below = Math.hypot(rows, logZ.high() - logZ.value());
        double above = Math.hypot(rows, logZ.value() - logZ.low());
        return new Interval(mean.value(), mean.value() - below, mean.value() + above, logZ);
    }

    /**
     * A mean log-likelihood, in nats, and where it lies with 95 % confidence.
     *
     * @param value the mean
     * @param low lower end
     * @param high upper end
     * @param logPartition the log Z that it rests on
     */
    public record Interval(double value, double low, double high, LogPartition logPartition) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "log-likelihood %.6g (95 %% %.6g to %.6g)%n%s", value, low, high, logPartition);
        }
    }

    private Measurement measured(Snapshot snapshot, LogPartition logZ, double errorOfLogZ) {
        double[] sums = new double[2];
        EnergyModel model = snapshot.model();
        requireBinary(model);
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
        return new Measurement(name(), mean, Math.hypot(rows, errorOfLogZ));
    }

    private void requireBinary(EnergyModel model) {
        for (int r = 0; model.hasBinaryVisible() && r < data.rows(); r++) {
            for (int i = 0; i < data.width(); i++) {
                double x = data.at(r, i);
                if (x != 0 && x != 1) {
                    throw new DataException(Facts.that("LogLikelihood: rows of " + data.name() + " are not binary")
                            .expected("0 or 1, as v of " + model.name())
                            .butWas(x + " in row " + r)
                            .hint("make the rows binary, by drawing or by a threshold"));
                }
            }
        }
    }

    @Override
    public String toString() {
        return "LogLikelihood on " + data.name();
    }
}
