package org.ebvlm.variational;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.Parametric;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Stepper;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Says how noisy {@link MonteCarlo} estimates are for a model and a posterior as they stand: standard deviation, signal and
 * signal-to-noise of the posterior's and of the model's gradient, and their cost.
 *
 * <pre>{@code
 * var audit = GradientAudit.of(sbn).on(digits).estimate(Vimco.samples(5), q).estimate(Nvil.samples(5), q).measure(seed(1));
 * }</pre>
 *
 * <p>The first rows of the data are the batch, the same in all repeats, so that what varies is the draws. Baselines that an
 * estimate learns are first fitted, for two hundred steps on this batch, while model and posterior wait. Estimates of different
 * bounds have different signals: compare those of one K, or ratios.
 *
 * <p>Cost: so many gradients of each estimate.
 */
public final class GradientAudit {
    private static final int FITTING = 200;

    private final EnergyModel model;
    private final Data data;
    private final List<Entry> entries;
    private final int repeats;
    private final int rows;

    private record Entry(MonteCarlo how, Posterior q) {}

    private GradientAudit(EnergyModel model, Data data, List<Entry> entries, int repeats, int rows) {
        this.model = model;
        this.data = data;
        this.entries = List.copyOf(entries);
        this.repeats = repeats;
        this.rows = rows;
    }

    /** Of estimates for this model; 400 repeats. */
    public static GradientAudit of(EnergyModel model) {
        return new GradientAudit(model, null, List.of(), 400, 24);
    }

    /** Rows at which to estimate; the first 24, or all if they are fewer, unless {@link #rows} says otherwise. */
    public GradientAudit on(Data given) {
        if (given.width() != model.visible()) {
            throw new ShapeException(Facts.that("GradientAudit.on: the data do not fit the model")
                    .expected("[n, " + model.visible() + "]   (visible units of " + model.name() + ")")
                    .butWas("[" + given.rows() + ", " + given.width() + "]"));
        }
        return new GradientAudit(model, given, entries, repeats, rows);
    }

    /** One more estimate, with the posterior it draws from. */
    public GradientAudit estimate(MonteCarlo how, Posterior q) {
        how.check(q);
        List<Entry> more = new ArrayList<>(entries);
        more.add(new Entry(how, q));
        return new GradientAudit(model, data, more, repeats, rows);
    }

    /** How often each gradient is estimated; 10 or more. */
    public GradientAudit repeats(int number) {
        return new GradientAudit(model, data, entries, least("repeats", number, 10), rows);
    }

    /** How many rows make the batch. */
    public GradientAudit rows(int number) {
        return new GradientAudit(model, data, entries, repeats, least("rows", number, 1));
    }

    private static int least(String what, int number, int least) {
        if (number < least) {
            throw new SettingException(Facts.that("GradientAudit." + what + ": too few")
                    .expected(least + " or more")
                    .butWas(number));
        }
        return number;
    }

    /**
     * How large a gradient is beside its noise.
     *
     * @param signal length of its mean, what noise adds to that taken off
     * @param std root of the trace of its covariance
     */
    public record Noisiness(double signal, double std) {
        /** Signal over standard deviation; the larger the better. */
        public double signalToNoise() {
            return signal / std;
        }
    }

    /**
     * What was found of one estimate.
     *
     * @param estimate its name, and that of the posterior
     * @param samples K
     * @param bound mean of the bound, in nats, up to log Z
     * @param posterior of the posterior's gradient
     * @param model of the model's gradient
     * @param millis of one evaluation of both, the median
     */
    public record Row(
            String estimate, int samples, double bound, Noisiness posterior, Noisiness model, double millis) {}

    /**
     * What was found.
     *
     * @param rows one for each estimate, in order
     */
    public record Report(List<Row> rows) {
        /** A row for each estimate, a column for each number. */
        public Table toTable() {
            Table table = Table.create("gradients");
            table.addColumns(
                    StringColumn.create(
                            "estimate", rows.stream().map(Row::estimate).toList()),
                    IntColumn.create(
                            "samples", rows.stream().mapToInt(Row::samples).toArray()),
                    column("bound", rows.stream().mapToDouble(Row::bound).toArray()),
                    column(
                            "posteriorStd",
                            rows.stream().mapToDouble(r -> r.posterior().std()).toArray()),
                    column(
                            "posteriorSignalToNoise",
                            rows.stream()
                                    .mapToDouble(r -> r.posterior().signalToNoise())
                                    .toArray()),
                    column(
                            "modelStd",
                            rows.stream().mapToDouble(r -> r.model().std()).toArray()),
                    column(
                            "modelSignalToNoise",
                            rows.stream()
                                    .mapToDouble(r -> r.model().signalToNoise())
                                    .toArray()),
                    column("millis", rows.stream().mapToDouble(Row::millis).toArray()));
            return table;
        }

        private static DoubleColumn column(String name, double... values) {
            return DoubleColumn.create(name, values);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("GradientAudit, " + rows.size() + " estimates");
            for (Row row : rows.subList(0, Math.min(4, rows.size()))) {
                text.append(String.format(
                        Locale.ROOT,
                        "%n  %s, K = %d: std %.3g, signal to noise %.3g (posterior)",
                        row.estimate(),
                        row.samples(),
                        row.posterior().std(),
                        row.posterior().signalToNoise()));
            }
            return text.toString();
        }
    }

    /** Measures all estimates. */
    public Report measure(Noise noise) {
        if (data == null || entries.isEmpty()) {
            throw new SettingException(Facts.that("GradientAudit.measure: something is missing")
                    .expected("on(data), and estimate(how, q) once or more")
                    .butWas(data == null ? "no data" : "no estimate"));
        }
        List<Row> found = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            found.add(measured(entries.get(i), noise.split("estimate " + i)));
        }
        return new Report(found);
    }

    private Row measured(Entry entry, Noise noise) {
        int n = Math.min(rows, data.rows());
        Expr batch = Expr.input("batch", n, data.width());
        float[] values = data.rows(0, n).values();
        Surrogate at = entry.how().surrogate(model, entry.q(), batch);
        List<Parameters> all =
                new ArrayList<>(List.of(model.parameters(), entry.q().parameters()));
        all.addAll(fitted(at.others(), batch, values, all, noise));
        Moments posterior = new Moments(entry.q().parameters().size());
        Moments theta = new Moments(model.parameters().size());
        double bound = 0;
        double[] nanos = new double[repeats];
        try (Program program = Program.of(
                entry.q().parameters().gradient(at.posterior().mean()),
                model.parameters().gradient(at.model().mean()),
                at.bound().mean())) {
            all.forEach(each -> each.give(program));
            program.set(batch, values);
            for (int r = 0; r < repeats; r++) {
                Interruption.check("the audit of " + entry.how());
                long begun = System.nanoTime();
                program.draw(noise);
                program.run();
                nanos[r] = System.nanoTime() - begun;
                posterior.add(program.value(0));
                theta.add(program.value(1));
                bound += program.scalar(2) / repeats;
            }
        }
        return new Row(
                entry.how().name() + ", " + entry.q().name(),
                entry.how().samples(),
                bound,
                posterior.noisiness(repeats),
                theta.noisiness(repeats),
                median(nanos) / 1e6);
    }

    /** The first evaluations are slow, and would be told of the first estimate. */
    private static double median(double... times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** What an estimate learns beside the model, after some steps on the batch. */
    private static List<Parameters> fitted(
            List<Phase> phases, Expr batch, float[] values, List<Parameters> waiting, Noise noise) {
        if (phases.isEmpty()) {
            return List.of();
        }
        List<Phase> joined = new ArrayList<>();
        for (int i = 0; i < phases.size(); i++) {
            joined.add(i < phases.size() - 1 ? phases.get(i).joinedToNext() : phases.get(i));
        }
        try (Stepper stepper = new Stepper(joined, batch, Adam.rate(0.01), waiting, Double.POSITIVE_INFINITY)) {
            System.arraycopy(values, 0, stepper.batch(), 0, values.length);
            for (int t = 0; t < FITTING; t++) {
                stepper.step(noise);
            }
            return phases.stream()
                    .map(Phase::fitted)
                    .map(Parametric::parameters)
                    .map(stepper::current)
                    .toList();
        }
    }

    /** Sums of gradients and of their squares. */
    private static final class Moments {
        private final double[] sums;
        private final double[] squares;

        Moments(int size) {
            sums = new double[size];
            squares = new double[size];
        }

        void add(float[] gradient) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += gradient[i];
                squares[i] += (double) gradient[i] * gradient[i];
            }
        }

        Noisiness noisiness(int n) {
            double length = 0;
            double trace = 0;
            for (int i = 0; i < sums.length; i++) {
                double mean = sums[i] / n;
                length += mean * mean;
                trace += Math.max(0, squares[i] - n * mean * mean) / (n - 1);
            }
            // The squared length of a mean of n is that of the signal and, on average, trace / n.
            return new Noisiness(Math.sqrt(Math.max(0, length - trace / n)), Math.sqrt(trace));
        }
    }
}
