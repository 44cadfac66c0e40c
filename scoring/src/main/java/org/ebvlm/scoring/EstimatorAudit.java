package org.ebvlm.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.graph.Substitution;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Stepper;
import org.ebvlm.training.Updater;
import org.ebvlm.variational.Posterior;

/**
 * Says how honest an estimator is: bias, noise and cost of its score and of its parameter gradient, for a model as it is,
 * against the exact ones, over numbers of particles and of inner steps of the posterior.
 *
 * <pre>{@code
 * var audit = EstimatorAudit.of(grbm).on(data)
 *     .posterior(Posteriors.bernoulli(grbm).fittedBy(Elbo.innerSteps(5)))
 *     .minimizing(Dsm.noiseStd(0.3)::using)
 *     .particles(2, 5, 10).innerSteps(0, 1, 5, 20)
 *     .measure(seed(1));
 * }</pre>
 *
 * <p>The estimator is {@link Vages} unless {@link #estimating} says how to make another of particles and a posterior, or
 * {@link #using} gives one as it is. The first rows of the data are the batch. The posterior takes the inner steps from where
 * it stands, on this batch, while the model waits, with the updater of its fit or that of {@link #with}; an audit of a
 * training is one of {@code run.model()} and {@code run.fitted(q)}.
 *
 * <p>The truth is the {@link ExactScore} where the model has a free energy: then the bias is known up to the standard error
 * that is given. For other models with real h it is a self-normalised importance estimate with many draws of the posterior
 * after its last inner steps; the report then says so, with the effective number of draws: below some tens of them the reference is not
 * to be trusted. The objective's own noise, such as that of denoising, is the same for estimate and truth in each
 * repeat, so that the bias is the estimator's alone; {@code std} is that of the gradient as training sees it, the
 * objective's noise included. To see that part alone, audit {@code using(ExactScore.estimator())}.
 *
 * <p>Cost: {@link #repeats} evaluations of estimate and truth for each setting, and memory for twenty gradients.
 */
public final class EstimatorAudit {
    private static final int REFERENCE = 1000;
    private static final int TIMED = 99;
    private static final long TIMED_NANOS = 500_000_000L;

    private final EnergyModel model;
    private Data data;
    private Posterior posterior;
    private Estimator given;
    private Making making;
    private Function<Estimator, Objective> objective;
    private Updater updater;
    private int[] particles;
    private int[] innerSteps;
    private Integer repeats;
    private Integer rows;

    /** Makes an estimator of a number of particles and a posterior. */
    public interface Making {
        /** The estimator. */
        Estimator estimator(int particles, Posterior q);
    }

    private EstimatorAudit(EnergyModel model) {
        this.model = model;
    }

    /** Of estimates for this model. */
    public static EstimatorAudit of(EnergyModel model) {
        return new EstimatorAudit(model);
    }

    /** Rows at which to estimate; the data may also settle a bandwidth of the objective. */
    public EstimatorAudit on(Data rows) {
        if (rows.width() != model.visible()) {
            throw new ShapeException(Facts.that("EstimatorAudit.on: the data do not fit the model")
                    .expected("[n, " + model.visible() + "]   (visible units of " + model.name() + ")")
                    .butWas("[" + rows.rows() + ", " + rows.width() + "]"));
        }
        return change("on", data, next -> next.data = rows);
    }

    /** Where particles come from. */
    public EstimatorAudit posterior(Posterior q) {
        Vaes.requireFit(model, q);
        return change("posterior", posterior, next -> next.posterior = q);
    }

    /** An estimator as it is: exact, or of a posterior that takes no steps. */
    public EstimatorAudit using(Estimator how) {
        return change("using", given, next -> next.given = how);
    }

    /** How the estimator is made; {@code (l, q) -> Vages.particles(l).posterior(q)} unless said otherwise. */
    public EstimatorAudit estimating(Making how) {
        return change("estimating", making, next -> next.making = how);
    }

    /** The objective whose parameter gradient is judged too, as a function of the estimator: {@code Dsm.noiseStd(0.3)::using}. */
    public EstimatorAudit minimizing(Function<Estimator, Objective> what) {
        return change("minimizing", objective, next -> next.objective = what);
    }

    /** Numbers of particles; 2 unless said otherwise. */
    public EstimatorAudit particles(int... numbers) {
        requireAll("particles", 1, numbers);
        return change("particles", particles, next -> next.particles = sorted(numbers));
    }

    /** Numbers of inner steps of the posterior; 0, none, unless said otherwise. */
    public EstimatorAudit innerSteps(int... numbers) {
        requireAll("innerSteps", 0, numbers);
        return change("innerSteps", innerSteps, next -> next.innerSteps = sorted(numbers));
    }

    /** How the posterior descends, if its fit does not say; Adam with rate 1e-3 and betas 0.9, 0.95 otherwise. */
    public EstimatorAudit with(Updater how) {
        return change("with", updater, next -> next.updater = how);
    }

    /** How often each estimate is made; 400 unless said otherwise, at least 40. */
    public EstimatorAudit repeats(int number) {
        requireAll("repeats", Deviations.fewest(), number);
        return change("repeats", repeats, next -> next.repeats = number);
    }

    /** How many rows make the batch; the first 100, or all if they are fewer, unless said otherwise. */
    public EstimatorAudit rows(int number) {
        requireAll("rows", 1, number);
        return change("rows", rows, next -> next.rows = number);
    }

    private EstimatorAudit change(String adjective, Object before, Consumer<EstimatorAudit> change) {
        if (before != null) {
            throw wrong(adjective, "to be said once", before instanceof int[] many ? Arrays.toString(many) : before);
        }
        EstimatorAudit next = new EstimatorAudit(model);
        next.data = data;
        next.posterior = posterior;
        next.given = given;
        next.making = making;
        next.objective = objective;
        next.updater = updater;
        next.particles = particles;
        next.innerSteps = innerSteps;
        next.repeats = repeats;
        next.rows = rows;
        change.accept(next);
        return next;
    }

    private static int[] sorted(int... numbers) {
        return IntStream.of(numbers).sorted().distinct().toArray();
    }

    private static void requireAll(String adjective, int least, int... numbers) {
        if (numbers.length == 0 || IntStream.of(numbers).anyMatch(x -> x < least)) {
            throw wrong(adjective, "numbers from " + least + " up", Arrays.toString(numbers));
        }
    }

    private static SettingException wrong(String adjective, String expected, Object was) {
        return new SettingException(Facts.that("EstimatorAudit." + adjective + ": not possible")
                .expected(expected)
                .butWas(was));
    }

    // ---------------------------------------------------------------- measuring

    /**
     * Measures.
     *
     * @throws SettingException if something needed is missing, two settings contradict, or the truth cannot be known
     */
    public Audit measure(Noise noise) {
        check();
        return new Measuring(noise).result();
    }

    private void check() {
        if (data == null) {
            throw wrong("measure", "on(data)", "nothing");
        }
        if (given == null && posterior == null) {
            throw wrong("measure", "posterior(q), or using(estimator)", "nothing");
        }
        if (given != null && (making != null || particles != null || innerSteps != null)) {
            throw wrong("using", "no particles, inner steps or estimating beside it", given.name());
        }
        if (steps()[steps().length - 1] > 0 && posterior.fit().isEmpty()) {
            throw wrong("innerSteps", "a posterior that is fitted, as by q.fittedBy(Elbo.innerSteps(5))", posterior);
        }
        if (rows != null && rows > data.rows()) {
            throw wrong("rows", "at most " + data.rows(), rows);
        }
        if (!model.hasFreeEnergy()) {
            if (posterior == null) {
                throw wrong("measure", "posterior(q), as the truth must be estimated for " + model.name(), "nothing");
            }
            ImportanceReference.of(model, posterior, REFERENCE);
        }
    }

    private int[] steps() {
        return innerSteps == null ? new int[] {0} : innerSteps;
    }

    private int[] numbers() {
        return particles == null ? new int[] {given == null ? 2 : 0} : particles;
    }

    private Estimator made(int number, Posterior q) {
        if (given != null) {
            return given;
        }
        return making == null ? Vages.particles(number).posterior(q) : making.estimator(number, q);
    }

    /** Remembers where it was asked for an estimate: the noise in there is the objective's. */
    private static final class Witness implements Estimator {
        private final Estimator estimator;
        private Expr points;

        Witness(Estimator estimator) {
            this.estimator = estimator;
        }

        @Override
        public String name() {
            return estimator.name();
        }

        @Override
        public Estimate at(EnergyModel model, Expr v) {
            points = points == null ? v : points;
            return estimator.at(model, v);
        }

        @Override
        public Estimate at(EnergyModel model, Expr v, Expr weights) {
            points = points == null ? v : points;
            return estimator.at(model, v, weights);
        }

        @Override
        public List<Phase> innerPhases(EnergyModel model, Expr v, Expr weights) {
            return estimator.innerPhases(model, v, weights);
        }

        @Override
        public List<Parameters> parameters() {
            return estimator.parameters();
        }

        List<Expr> noises() {
            return points == null
                    ? List.of()
                    : Expr.sorted(List.of(points)).stream()
                            .filter(each ->
                                    each.op() instanceof Leaf.Input input && input.source() != Leaf.Source.GIVEN)
                            .toList();
        }
    }

    /** One measurement under way. */
    private final class Measuring {
        private final Noise noise;
        private final int n;
        private final int times;
        private final Expr batch;
        private final float[] values;
        private final Map<Integer, Posterior> states = new LinkedHashMap<>();
        private final EnergyModel truth;

        Measuring(Noise noise) {
            this.noise = noise;
            n = rows == null ? Math.min(100, data.rows()) : rows;
            times = repeats == null ? 400 : repeats;
            batch = Expr.input("batch", n, data.width());
            values = data.rows(0, n).values();
            fit();

            truth = model.hasFreeEnergy()
                    ? model
                    : ImportanceReference.of(model, states.get(steps()[steps().length - 1]), REFERENCE);
        }

        Audit result() {
            List<Audit.Row> found = new ArrayList<>();
            for (int number : numbers()) {
                found.addAll(rowsOf(number));
            }
            found.sort((a, b) -> Integer.compare(a.innerSteps(), b.innerSteps()));
            String against = truth instanceof ImportanceReference reference
                    ? String.format(
                            Locale.ROOT,
                            "importance estimate with %d draws, %.0f of them effective",
                            REFERENCE,
                            reference.effectiveSize(values, noise.split("effective size")))
                    : "exact score";
            return new Audit(
                    found,
                    against,
                    Optional.ofNullable(objective)
                            .map(of -> of.apply(made(numbers()[0], posterior)).name()),
                    n + " rows of " + data.name() + ", " + times + " repeats");
        }

        // ------------------------------------------------------------ the posterior's steps

        /** The posterior after each number of steps, of one descent. */
        private void fit() {
            if (steps()[steps().length - 1] == 0) {
                states.put(0, posterior);
                return;
            }
            Phase phase = innerPhase();
            Updater how = updater == null ? Adam.rate(1e-3).betas(0.9, 0.95) : updater;
            try (Stepper stepper =
                    new Stepper(List.of(phase), batch, how, List.of(model.parameters()), Double.POSITIVE_INFINITY)) {
                System.arraycopy(values, 0, stepper.batch(), 0, values.length);
                Noise source = noise.split("inner steps");
                int done = 0;
                for (int wanted : steps()) {
                    while (done < wanted) {
                        Interruption.check("the audit of " + model.name());
                        stepper.step(source);
                        done++;
                    }
                    states.put(wanted, posterior.with(stepper.current(posterior.parameters())));
                }
            }
        }

        /** The fit as the objective asks for it, one step at a time. */
        private Phase innerPhase() {
            List<Phase> phases = objective == null
                    ? posterior.innerPhases(model, batch)
                    : objective.apply(made(numbers()[0], posterior)).phases(model, data, batch);
            Phase fit = phases.stream()
                    .filter(each -> each.fitted()
                            .parameters()
                            .leaf()
                            .equals(posterior.parameters().leaf()))
                    .findFirst()
                    .orElseThrow(() -> wrong("innerSteps", "an objective that fits the posterior", "none"));
            return new Phase(fit.name(), 1, fit.fitted(), fit.loss(), fit.value(), fit.updater());
        }

        // ------------------------------------------------------------ estimates

        /** All numbers of inner steps with one number of particles: the programs are the same, with other values. */
        private List<Audit.Row> rowsOf(int number) {
            Estimator first = made(number, states.values().iterator().next());
            Expr score = first.at(model, batch).score();
            Expr exactScore = ExactScore.estimator().at(truth, batch).score();
            List<Audit.Row> found = new ArrayList<>();
            try (Pair scores = new Pair(score, exactScore);
                    Pair gradients = objective == null ? null : gradients(first)) {
                for (Map.Entry<Integer, Posterior> state : states.entrySet()) {
                    Estimator now = made(number, state.getValue());
                    Quality ofScore = scores.accuracy(now, n, noise.split("score"));
                    Optional<Quality> ofGradient =
                            Optional.ofNullable(gradients).map(pair -> pair.accuracy(now, 1, noise.split("gradient")));
                    found.add(new Audit.Row(now.name(), number, state.getKey(), ofScore, ofGradient));
                }
            }
            return found;
        }

        /** The objective's gradient by the estimator and by the truth, with the objective's noise in common. */
        private Pair gradients(Estimator estimator) {
            Witness estimated = new Witness(estimator);
            Witness known = new Witness(ExactScore.estimator());
            Expr gradient = gradient(objective.apply(estimated).phases(model, data, batch));
            Expr exactGradient = gradient(objective.apply(known).phases(truth, data, batch));
            List<Expr> mine = known.noises();
            List<Expr> theirs = estimated.noises();
            for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
                exactGradient = Substitution.of(mine.get(i), theirs.get(i)).in(exactGradient);
            }
            return new Pair(gradient, exactGradient);
        }

        private Expr gradient(List<Phase> phases) {
            return model.parameters().gradient(phases.get(phases.size() - 1).loss());
        }

        /** An estimate and the truth, compiled. */
        private final class Pair implements AutoCloseable {
            private final Program both;
            private final Program alone;

            Pair(Expr estimate, Expr exactly) {
                both = Program.of(estimate, exactly);
                alone = Program.of(estimate);
            }

            Quality accuracy(Estimator estimator, int parts, Noise source) {
                give(both, estimator);
                give(alone, estimator);
                Deviations deviations = new Deviations(both.value(0).length, times);
                for (int r = 0; r < times; r++) {
                    Interruption.check("the audit of " + model.name());
                    both.draw(source);
                    both.run();
                    deviations.add(both.value(0), both.value(1));
                }
                return deviations.accuracy(parts, millis());
            }

            private void give(Program program, Estimator estimator) {
                model.parameters().give(program);
                estimator.parameters().forEach(each -> each.give(program));
                program.set(batch, values);
            }

            /** The median of some runs, noise included; fewer if they take long. */
            private double millis() {
                Noise source = noise.split("time");
                double[] each = new double[TIMED];
                long begin = System.nanoTime();
                int made = 0;
                while (made < TIMED && (made < 3 || System.nanoTime() - begin < TIMED_NANOS)) {
                    long start = System.nanoTime();
                    alone.draw(source);
                    alone.run();
                    each[made++] = (System.nanoTime() - start) * 1e-6;
                }
                Arrays.sort(each, 0, made);
                return each[made / 2];
            }

            @Override
            public void close() {
                both.close();
                alone.close();
            }
        }
    }

    @Override
    public String toString() {
        return "EstimatorAudit of " + model.name() + (data == null ? "" : " on " + data.name());
    }
}
