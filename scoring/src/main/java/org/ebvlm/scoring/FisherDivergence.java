package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.ebvlm.datasets.Batches;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Cores;
import org.ebvlm.program.Program;
import org.ebvlm.program.Rowwise;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Evaluation;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Snapshot;
import org.ebvlm.training.Stepper;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * The Fisher divergence of data to a model, 1/2 E || grad log p_data - score ||^2, though the score of the data is not
 * known: by its dual form (Bao et al., 2021), a supremum over functions f from rows to rows,
 *
 * <pre>max over f of  E_data[ score . f + tr(df/dv) - 1/2 ||f||^2 ],   reached at f = score - grad log p_data</pre>
 *
 * with f a learned network, the critic. Three critics are learned, each on its third of the rows, and each row is judged by
 * the two, f and g, that have not seen it. What a critic learned by chance adds to ||f||^2 and makes its own value too small;
 * but f and g learned from different rows, so E f . g has none of that and takes the place of E ||f||^2:
 *
 * <pre>value = E[ 1/2 (score . f + tr(df/dv)) + 1/2 (score . g + tr(dg/dv)) - 1/2 f . g ]</pre>
 *
 * <p>A critic that ends worse than none at all, as happens with few rows, is taken back to its best state. What remains
 * then is a shortfall that both critics share: too small a network, too few steps, or too few rows; on
 * densities with sharp edges expect some percent. The standard error is that of the mean over rows. The trace is exact up to
 * width ten and estimated by a Rademacher probe u . (df/dv) u above. Works with any {@link ScoreEstimator}; an unbiased one
 * leaves the value unbiased. In contrast to a likelihood it needs no log Z. Cost: three trainings of the critic.
 */
public final class FisherDivergence implements Evaluation {
    private static final int EXACT_TRACE_WIDTH = 10;
    private static final int STATES = 20;
    private static final int BATCH = 100;
    private static final int THIRDS = 3;
    private static final int FEWEST_ROWS = 100;

    private final Data data;
    private final ScoreEstimator estimator;
    private final Network.Architecture critic;
    private final int steps;
    private final double rate;

    private FisherDivergence(Data data, ScoreEstimator estimator, Network.Architecture critic, int steps, double rate) {
        this.data = data;
        this.estimator = estimator;
        this.critic = critic;
        this.steps = steps;
        this.rate = rate;
    }

    /** Of these rows, to whatever model is measured; 100 rows or more. */
    public static FisherDivergence against(Data data) {
        if (data.rows() < FEWEST_ROWS) {
            throw new ShapeException(Facts.that("FisherDivergence.against: too few rows to learn a critic from")
                    .expected(FEWEST_ROWS + " or more")
                    .butWas(data.rows() + " in " + data.name()));
        }
        int steps = data.width() <= EXACT_TRACE_WIDTH ? 4000 : 2000;
        double rate = Math.min(5e-3, 2.8e-2 / Math.sqrt(data.width()));
        return new FisherDivergence(data, ExactScore.estimator(), Network.elu(64, 64, 64), steps, rate);
    }

    /** How the model's score is found; {@link ExactScore} unless said otherwise. */
    public FisherDivergence using(ScoreEstimator how) {
        return new FisherDivergence(data, how, critic, steps, rate);
    }

    /** Another critic. */
    public FisherDivergence critic(Network.Architecture network) {
        return new FisherDivergence(data, estimator, network, steps, rate);
    }

    /** Another number of steps to train each critic; by default 4000 up to width ten, 2000 above. */
    public FisherDivergence criticSteps(int number) {
        if (number < STATES) {
            throw new SettingException(Facts.that("FisherDivergence.criticSteps: too few")
                    .expected(STATES + " or more")
                    .butWas(number));
        }
        return new FisherDivergence(data, estimator, critic, number, rate);
    }

    /** Another learning rate at the start, which falls linearly to zero; by default 2.8e-2 over the root of the width, at most 5e-3. */
    public FisherDivergence criticRate(double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that("FisherDivergence.criticRate: not a learning rate")
                    .expected("a positive number")
                    .butWas(value));
        }
        return new FisherDivergence(data, estimator, critic, steps, value);
    }

    @Override
    public String name() {
        return "fisherDivergence";
    }

    /** Of a model outside of training. */
    public Measurement of(EnergyModel model, Noise noise) {
        return measure(Snapshot.of(model, noise));
    }

    @Override
    public Measurement measure(Snapshot snapshot) {
        return estimate(snapshot).measurement();
    }

    /**
     * The estimate with its parts.
     *
     * @param measurement value and standard error
     * @param correction what was added to the critics' own value for what they learned by chance;
     *     where it is a large part of the value, the rows are too few for the width and the value means little
     */
    public record Estimate(Measurement measurement, double correction) {

        /** Whether no critic gained anything on rows that it had not seen. The value is 0 then, of unknown standard error. */
        public boolean foundNothing() {
            return measurement.value() == 0 && Double.isNaN(measurement.standardError());
        }

        @Override
        public String toString() {
            if (foundNothing()) {
                return measurement.name()
                        + " = 0: no critic gained anything on rows that it had not seen, so that either the"
                        + " model fits or the rows are too few to tell";
            }
            return String.format(Locale.ROOT, "%s, of which %.3g is correction", measurement, correction);
        }
    }

    /** The estimate with its parts, of a model at a moment of training. */
    public Estimate estimate(Snapshot snapshot) {
        EnergyModel model = snapshot.model();
        if (model.visible() != data.width()) {
            throw new ShapeException(Facts.that("FisherDivergence: the data do not fit " + model.name())
                    .expected("[n, " + model.visible() + "]")
                    .butWas("[" + data.rows() + ", " + data.width() + "]"));
        }
        return new Learning(snapshot).result();
    }

    /** Two critics being learned for one model. */
    private final class Learning {
        private final EnergyModel model;
        private final ScoreEstimator score;
        private final Noise noise;
        private final List<Data> thirds = new ArrayList<>();
        private final Expr centre;
        private final Expr scale;

        Learning(Snapshot snapshot) {
            model = snapshot.model();
            score = estimator.at(snapshot);
            noise = snapshot.noise();
            Data shuffled = data.shuffled(noise.split("rows"));
            int n = data.rows();
            for (int k = 0; k < THIRDS; k++) {
                thirds.add(shuffled.rows(k * n / THIRDS, (k + 1) * n / THIRDS));
            }
            double[][] moments = moments(shuffled);
            centre = Expr.constant(moments[0], data.width());
            scale = Expr.constant(moments[1], data.width());
        }

        Estimate result() {
            // Critics have nothing to do with each other.
            List<Network> critics = Cores.sideBySide(
                    THIRDS, k -> learned(k, noise.split("critic").split(k)), "the estimate of a Fisher divergence");
            Parts parts = new Parts();
            for (int k = 0; k < THIRDS; k++) {
                Network f = critics.get((k + 1) % THIRDS);
                Network g = critics.get((k + 2) % THIRDS);
                judge(f, g, thirds.get(k), noise.split("value").split(k), parts);
            }
            return parts.estimate();
        }

        /** Two critics on rows that neither has seen. */
        private void judge(Network first, Network second, Data rows, Noise source, Parts parts) {
            UnaryOperator<Expr> each = v -> {
                Expr f = critic(first, v);
                Expr g = critic(second, v);
                Expr squares = f.dot(f).plus(g.dot(g)).times(0.5);
                return Expr.concat(0, List.of(linear(f.plus(g).times(0.5), v), f.dot(g), squares));
            };
            List<Parameters> critics = List.of(first.parameters(), second.parameters());
            Rowwise.evaluate(rows, each, program -> give(program, critics), source, (from, to, values) -> {
                int n = to - from;
                for (int i = 0; i < n; i++) {
                    parts.add(values[i], values[n + i], values[2 * n + i]);
                }
            });
        }

        /** score . f + tr(df/dv) for each row; [n]. */
        private Expr linear(Expr f, Expr v) {
            return score.score(model, v).dot(f).plus(Trace.of(f, v, data.width() <= EXACT_TRACE_WIDTH));
        }

        /** score . f + tr(df/dv) - 1/2 ||f||^2 for each row; [n]. */
        private Expr gain(Expr f, Expr v) {
            return linear(f, v).minus(f.square().sum(1).times(0.5));
        }

        /** The network on standardised rows; its values are scores, so they scale as one over a length. */
        private Expr critic(Network network, Expr v) {
            return network.apply(v.minus(centre).over(scale)).over(scale);
        }

        /** The critic of a third of the rows. */
        private Network learned(int third, Noise source) {
            Data rows = thirds.get(third);
            Network network = critic.init(data.width(), data.width(), source)
                    .requireRowwise("FisherDivergence.critic")
                    .startingAtZero();
            int size = Math.min(BATCH, rows.rows());
            Expr batch = Expr.input("rows", size, rows.width());
            Expr gain = gain(critic(network, batch), batch).mean();
            Phase phase = Phase.of("critic", network, gain.neg(), gain);
            Adam adam = Adam.schedule(new PolySchedule(ScheduleType.ITERATION, rate, 1, steps));
            Batches batches = rows.batches(size, source.split("order"));
            Noise draws = source.split("training");
            List<Network> states = new ArrayList<>();
            try (Stepper stepper = new Stepper(List.of(phase), batch, adam, given(), Double.POSITIVE_INFINITY)) {
                for (int t = 1; t <= steps; t++) {
                    Interruption.check("the estimate of a Fisher divergence");
                    rows.gather(batches.next(), stepper.batch());
                    stepper.step(draws);
                    if (t % (steps / STATES) == 0) {
                        states.add(network.with(stepper.current(network.parameters())));
                    }
                }
                Network last = network.with(stepper.current(network.parameters()));
                return unseenGain(last, third, source) > 0 ? last : best(states, network, third, source);
            }
        }

        /** The state that gains most on unseen rows; the first, which is zero, if none gains anything. */
        private Network best(List<Network> states, Network zero, int third, Noise source) {
            Network best = zero;
            double highest = 0;
            for (Network state : states) {
                double gain = unseenGain(state, third, source);
                if (gain > highest) {
                    highest = gain;
                    best = state;
                }
            }
            return best;
        }

        /** The mean gain of a critic on the thirds that it has not seen. */
        private double unseenGain(Network network, int third, Noise source) {
            double[] sum = new double[1];
            for (int k = 1; k < THIRDS; k++) {
                Rowwise.evaluate(
                        thirds.get((third + k) % THIRDS),
                        v -> gain(critic(network, v), v),
                        program -> give(program, List.of(network.parameters())),
                        source.split("unseen").split(k),
                        (from, to, values) -> {
                            for (float gain : values) {
                                sum[0] += gain;
                            }
                        });
            }
            return sum[0];
        }

        private List<Parameters> given() {
            List<Parameters> all = new ArrayList<>(score.parameters());
            all.add(model.parameters());
            return all;
        }

        /** Sets what a program needs besides rows and noise. */
        private void give(Program program, List<Parameters> critics) {
            given().forEach(parameters -> parameters.give(program));
            critics.forEach(parameters -> parameters.give(program));
        }
    }

    /** The parts of the value, row by row. */
    private final class Parts {
        private final double[] a = new double[data.rows()];
        private final double[] b = new double[data.rows()];
        private double ownSquare;
        private int rows;

        void add(double linear, double product, double square) {
            a[rows] = linear;
            b[rows++] = product;
            ownSquare += square;
        }

        Estimate estimate() {
            double meanA = Arrays.stream(a).sum() / rows;
            double meanB = Arrays.stream(b).sum() / rows;
            double value = meanA - meanB / 2;
            double squares = 0;
            for (int i = 0; i < rows; i++) {
                double gap = a[i] - b[i] / 2 - value;
                squares += gap * gap;
            }
            double own = meanA - ownSquare / rows / 2;
            Measurement measured =
                    new Measurement(name(), value, squares > 0 ? Math.sqrt(squares / (rows - 1) / rows) : Double.NaN);
            return new Estimate(measured, value - own);
        }
    }

    /** Means and standard deviations of columns; one for a constant column. */
    private static double[][] moments(Data rows) {
        double[] mean = new double[rows.width()];
        double[] std = new double[rows.width()];
        for (int j = 0; j < mean.length; j++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < rows.rows(); i++) {
                sum += rows.at(i, j);
                squares += (double) rows.at(i, j) * rows.at(i, j);
            }
            mean[j] = sum / rows.rows();
            double variance = squares / rows.rows() - mean[j] * mean[j];
            std[j] = variance > 1e-12 ? Math.sqrt(variance) : 1;
        }
        return new double[][] {mean, std};
    }

    @Override
    public String toString() {
        return "FisherDivergence against " + data.name() + " by " + estimator.name();
    }
}
