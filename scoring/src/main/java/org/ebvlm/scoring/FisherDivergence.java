package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.ebvlm.datasets.Batches;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
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
 * with f a learned network, the critic. Two critics f and g are learned, each on its half of nine tenths of the rows; the
 * best state of each is chosen on the last tenth, and its value is taken on the other's half, which it has not seen. What a
 * critic has not learned makes that value too small by 1/2 E ||f - optimum||^2; since f and g err independently,
 * 1/4 E ||f - g||^2 estimates this shortfall and is added:
 *
 * <pre>value = mean over rows of  score . f + tr(df/dv) - 1/2 ||f||^2 + 1/4 ||f - g||^2,   f the critic that has not seen the row</pre>
 *
 * <p>What remains is a shortfall that both critics share: too small a network, or too few steps. The standard error is that
 * of the mean over rows. The trace is exact up to width ten and estimated by a Rademacher probe u . (df/dv) u
 * above. Works with any {@link ScoreEstimator}; an unbiased one leaves the value unbiased. In contrast to a likelihood it
 * needs no log Z. Cost: two trainings of the critic.
 */
public final class FisherDivergence implements Evaluation {
    private static final int EXACT_TRACE_WIDTH = 10;
    private static final int CHOICES = 20;
    private static final int CHUNK = 500;
    private static final int BATCH = 100;
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
        double rate = Math.min(5e-3, 7e-3 / Math.sqrt(data.width()));
        return new FisherDivergence(data, ExactScore.estimator(), Network.elu(64, 64, 64), 2000, rate);
    }

    /** How the model's score is found; {@link ExactScore} unless said otherwise. */
    public FisherDivergence using(ScoreEstimator how) {
        return new FisherDivergence(data, how, critic, steps, rate);
    }

    /** Another critic. */
    public FisherDivergence critic(Network.Architecture network) {
        return new FisherDivergence(data, estimator, network, steps, rate);
    }

    /** Another number of steps than 2000 to train each critic. */
    public FisherDivergence criticSteps(int number) {
        if (number < CHOICES) {
            throw new SettingException(Facts.that("FisherDivergence.criticSteps: too few")
                    .expected(CHOICES + " or more")
                    .butWas(number));
        }
        return new FisherDivergence(data, estimator, critic, number, rate);
    }

    /** Another learning rate at the start, which falls linearly to zero; by default 7e-3 over the root of the width. */
    public FisherDivergence criticRate(double value) {
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
     * @param shortfall what was added for what the critics have not learned; where it is a large part of the value, the
     *     rows are too few for the width and the value means little
     */
    public record Estimate(Measurement measurement, double shortfall) {}

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
        private final Data first;
        private final Data second;
        private final Data validation;
        private final Expr centre;
        private final Expr scale;

        Learning(Snapshot snapshot) {
            model = snapshot.model();
            score = estimator.at(snapshot);
            noise = snapshot.noise();
            Data shuffled = data.shuffled(noise.split("rows"));
            int tenth = data.rows() / 10;
            int middle = (data.rows() + tenth) / 2;
            validation = shuffled.rows(0, tenth);
            first = shuffled.rows(tenth, middle);
            second = shuffled.rows(middle, data.rows());
            double[][] moments = moments(shuffled);
            centre = Expr.constant(moments[0], data.width());
            scale = Expr.constant(moments[1], data.width());
        }

        Estimate result() {
            Network f = learned(first, noise.split("first critic"));
            Network g = learned(second, noise.split("second critic"));
            List<Parameters> critics = List.of(f.parameters(), g.parameters());
            RowTerms gainOfG = new RowTerms(v -> gain(critic(g, v), v).plus(shortfall(f, g, v)), critics);
            RowTerms gainOfF = new RowTerms(v -> gain(critic(f, v), v).plus(shortfall(f, g, v)), critics);
            RowTerms shortfall = new RowTerms(v -> shortfall(f, g, v), critics);
            RowSums value = new RowSums();
            RowSums added = new RowSums();
            // Each critic is judged on the rows that only the other has seen.
            gainOfG.over(first, noise.split("first value"), value);
            gainOfF.over(second, noise.split("second value"), value);
            shortfall.over(first, noise, added);
            shortfall.over(second, noise, added);
            return new Estimate(value.mean(), added.mean().value());
        }

        /** 1/4 ||f - g||^2 for each row; [n]. */
        private Expr shortfall(Network f, Network g, Expr v) {
            return critic(f, v).minus(critic(g, v)).square().sum(1).over(4);
        }

        /** score . f + tr(df/dv) - 1/2 ||f||^2 for each row; [n]. */
        private Expr gain(Expr f, Expr v) {
            return score.score(model, v)
                    .dot(f)
                    .plus(Trace.of(f, v, data.width() <= EXACT_TRACE_WIDTH))
                    .minus(f.square().sum(1).times(0.5));
        }

        /** The network on standardised rows; its values are scores, so they scale as one over a length. */
        private Expr critic(Network network, Expr v) {
            return network.apply(v.minus(centre).over(scale)).over(scale);
        }

        /** A critic learned on rows, in the state that does best on the validation rows. */
        private Network learned(Data rows, Noise source) {
            Network network = critic.init(data.width(), data.width(), source).startingAtZero();
            int size = Math.min(BATCH, rows.rows());
            Expr batch = Expr.input("rows", size, rows.width());
            Expr gain = gain(critic(network, batch), batch).mean();
            Phase phase = Phase.of("critic", network, gain.neg(), gain);
            Adam adam = Adam.schedule(new PolySchedule(ScheduleType.ITERATION, rate, 1, steps));
            Batches batches = rows.batches(size, source.split("order"));
            Noise draws = source.split("training");
            Parameters best = network.parameters();
            double highest = Double.NEGATIVE_INFINITY;
            try (Stepper stepper = new Stepper(List.of(phase), batch, adam, given(), Double.POSITIVE_INFINITY)) {
                for (int t = 1; t <= steps && !Thread.currentThread().isInterrupted(); t++) {
                    rows.gather(batches.next(), stepper.batch());
                    stepper.step(draws);
                    if (t % (steps / CHOICES) == 0) {
                        Parameters now = stepper.current(network.parameters());
                        double value = value(network.with(now), source.split("validation"));
                        if (value > highest) {
                            highest = value;
                            best = now;
                        }
                    }
                }
            }
            return network.with(best);
        }

        /** The mean gain of a critic on the validation rows. */
        private double value(Network network, Noise source) {
            RowSums sums = new RowSums();
            new RowTerms(v -> gain(critic(network, v), v), List.of(network.parameters()))
                    .over(validation, source, sums);
            return sums.mean().value();
        }

        private List<Parameters> given() {
            List<Parameters> all = new ArrayList<>(score.parameters());
            all.add(model.parameters());
            return all;
        }

        /** One number for each row, given by an expression. */
        private final class RowTerms {
            private final UnaryOperator<Expr> terms;
            private final List<Parameters> critics;

            RowTerms(UnaryOperator<Expr> terms, List<Parameters> critics) {
                this.terms = terms;
                this.critics = critics;
            }

            void over(Data rows, Noise source, RowSums sums) {
                for (int from = 0; from < rows.rows(); from += CHUNK) {
                    sums.add(values(rows.rows(from, Math.min(from + CHUNK, rows.rows())), source));
                }
            }

            private float[] values(Data chunk, Noise source) {
                Expr v = Expr.input("rows", chunk.rows(), chunk.width());
                try (Program program = Program.of(terms.apply(v))) {
                    given().forEach(parameters -> parameters.give(program));
                    critics.forEach(parameters -> parameters.give(program));
                    program.set(v, chunk.values());
                    program.draw(source);
                    program.run();
                    return program.value(0).clone();
                }
            }
        }
    }

    /** Sums over rows, for a mean and its standard error. */
    private final class RowSums {
        private double sum;
        private double squares;
        private int rows;

        void add(float[] terms) {
            for (float term : terms) {
                sum += term;
                squares += (double) term * term;
            }
            rows += terms.length;
        }

        Measurement mean() {
            double mean = sum / rows;
            return new Measurement(name(), mean, Math.sqrt(Math.max(0, squares / rows - mean * mean) / (rows - 1)));
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
