package org.ebvlm.bayes;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.ebvlm.datasets.Batches;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.InterruptionException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.Settings;
import org.ebvlm.implicit.EntropyGradient;
import org.ebvlm.noise.Noise;
import org.ebvlm.scoring.Rbf;
import org.ebvlm.training.Adam;
import org.ebvlm.training.History;
import org.ebvlm.training.Progress;
import org.ebvlm.training.Run;
import org.ebvlm.training.Updater;

/**
 * The sentence that teaches a {@link LearnedSampler} to sample the weights of a network given data (Li and Turner, 2018).
 * Particles start at the prior and make steps; after each step t the sampler is drawn down
 *
 * <pre>
 * KL(q_t || p) = -E log p(theta_t, labels) - H(q_t) + const,   slope in theta_t:  -(g(theta_t) - G(theta_t)) / K
 * </pre>
 *
 * with g the score of the posterior, of some rows scaled to all, and G the estimate by an {@link EntropyGradient} of the
 * particles' own. Both are held, as is the g that the sampler sees; the slope goes back through the steps made since the
 * last update, {@link #unrolled} of them, no further. Particles go on from update to update and start afresh from the prior
 * every {@link #restarting} updates.
 *
 * <pre>{@code
 * SamplerRun run = SamplerTraining.of(LearnedSampler.units(20).init(seed(1)))
 *     .on(BayesianNetwork.inputs(6).relu(20), crabs)
 *     .entropy(EntropyGradient.kernel(Rbf.medianHeuristic()))
 *     .updates(2_000).fit(seed(2));
 * }</pre>
 *
 * <p>Defaults, as published: 50 particles, batches of 32 rows, 10 steps an update, a fresh start every 10 updates, Adam with
 * rate 1e-3, entries of the gradient clipped to 10; and Stein's estimate of the entropy with ridge 1 and the batch's own
 * length. 1000 updates unless said otherwise.
 *
 * <p>Cost of an update: steps x (a score of all particles + 20 products of K x K by K x weights).
 */
public final class SamplerTraining {
    private static final long REPORT_NANOS = 100_000_000L;

    private final LearnedSampler sampler;
    private BayesianNetwork network;
    private Labelled data;
    private EntropyGradient entropy;
    private Updater updater;
    private Integer particles;
    private Integer batch;
    private Integer unrolled;
    private Integer restarting;
    private Integer updates;
    private Double clip;
    private Consumer<Progress> progress;

    private SamplerTraining(LearnedSampler sampler) {
        this.sampler = sampler;
    }

    /** Starts the sentence with what is taught. */
    public static SamplerTraining of(LearnedSampler sampler) {
        return new SamplerTraining(sampler);
    }

    /** What it is taught on: the posterior of this network's weights given these data. */
    public SamplerTraining on(BayesianNetwork which, Labelled rows) {
        which.requireData(rows);
        network = once("on", network, which);
        data = rows;
        return this;
    }

    /** How the entropy is counted; not at all by {@link EntropyGradient#none}, as in a search for modes (MAP). */
    public SamplerTraining entropy(EntropyGradient how) {
        entropy = once("entropy", entropy, how);
        return this;
    }

    /** How many particles; 50 unless said otherwise. */
    public SamplerTraining particles(int number) {
        particles = once("particles", particles, Settings.atLeast(2, "SamplerTraining.particles", number));
        return this;
    }

    /** Rows in a step; 32 unless said otherwise. */
    public SamplerTraining batches(int rows) {
        batch = once("batches", batch, Settings.atLeast(1, "SamplerTraining.batches", rows));
        return this;
    }

    /** How many steps of the sampler an update looks back on; 10 unless said otherwise. */
    public SamplerTraining unrolled(int steps) {
        unrolled = once("unrolled", unrolled, Settings.atLeast(1, "SamplerTraining.unrolled", steps));
        return this;
    }

    /** After how many updates the particles start afresh from the prior; 10 unless said otherwise. */
    public SamplerTraining restarting(int everyUpdates) {
        restarting = once("restarting", restarting, Settings.atLeast(1, "SamplerTraining.restarting", everyUpdates));
        return this;
    }

    /** How many updates; 1000 unless said otherwise. */
    public SamplerTraining updates(int number) {
        updates = once("updates", updates, Settings.atLeast(1, "SamplerTraining.updates", number));
        return this;
    }

    /** Largest size of an entry of the gradient; 10 unless said otherwise. */
    public SamplerTraining clipping(double size) {
        clip = once("clipping", clip, Settings.positive("SamplerTraining.clipping", size));
        return this;
    }

    /** How the parameters descend; Adam with rate 1e-3 unless said otherwise. */
    public SamplerTraining with(Updater how) {
        updater = once("with", updater, how);
        return this;
    }

    /** Is told where the training stands, a few times a second. */
    public SamplerTraining reporting(Consumer<Progress> listener) {
        progress = once("reporting", progress, listener);
        return this;
    }

    /**
     * Trains. Interrupting the thread ends it with what was learned so far.
     *
     * @param noise for starts, moves and the order of rows; the same source gives the same sampler
     * @throws SettingException if something needed is missing
     * @throws DivergenceException if a value stops being finite
     */
    public SamplerRun fit(Noise noise) {
        if (network == null) {
            throw new SettingException(Facts.that("SamplerTraining.fit: on(...) is missing")
                    .expected("a network and data, on(BayesianNetwork.inputs(6).relu(20), rows)")
                    .butWas("nothing"));
        }
        int rows = batch == null ? Math.min(32, data.size()) : batch;
        if (rows > data.size()) {
            throw wrong("batches", "at most " + data.size() + ", the number of rows", rows);
        }
        Unrolled steps =
                new Unrolled(sampler, network, data, or(entropy, stein()), or(particles, 50), rows, or(unrolled, 10));
        try (steps) {
            return new Course(steps, noise).run();
        }
    }

    private static EntropyGradient stein() {
        return EntropyGradient.kernel(Rbf.medianHeuristic());
    }

    private static <T> T or(T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    /** One training. */
    private final class Course {
        private final Unrolled steps;
        private final Noise starts;
        private final Noise moves;
        private final Batches batches;
        private final float[] values = sampler.parameters().values();
        private final float[] gradient = new float[values.length];
        private final Updater.State state = or(updater, Adam.rate(1e-3)).start(values.length);
        private final double[] objective = new double[or(updates, 1000)];
        private final float bound = (float) (double) or(clip, 10.0);
        private final long began = System.nanoTime();
        private long reported = began;
        private int done;

        Course(Unrolled steps, Noise noise) {
            this.steps = steps;
            this.starts = noise.split("starts");
            this.moves = noise.split("moves");
            this.batches = data.rows().batches(steps.rowsInBatch(), noise.split("data order"));
        }

        SamplerRun run() {
            Run.Ending ending = Run.Ending.FINISHED;
            try {
                while (done < objective.length) {
                    Interruption.check("the training of a sampler");
                    update();
                    report();
                }
            } catch (InterruptionException e) {
                ending = Run.Ending.INTERRUPTED;
            }
            if (progress != null) {
                progress.accept(at(Optional.of(ending)));
            }
            return new SamplerRun(
                    sampler.with(sampler.parameters().with(values)), Arrays.copyOf(objective, done), seconds(), ending);
        }

        private void update() {
            if (done % or(restarting, 10) == 0) {
                network.fill(steps.particles(), starts);
            }
            for (int t = 0; t < steps.batches(); t++) {
                steps.give(t, batches.next());
            }
            objective[done] = steps.run(values, moves, gradient);
            if (!Double.isFinite(objective[done] + sum(gradient))) {
                throw new DivergenceException(
                        Facts.that("the training of a sampler left the finite numbers at update " + (done + 1))
                                .expected("a finite density and gradient")
                                .butWas("log joint density " + objective[done] + ", gradient sum " + sum(gradient))
                                .hint("take a smaller learning rate, or a smaller scale of the sampler"));
            }
            clip();
            state.update(values, gradient, done);
            done++;
        }

        private double sum(float[] all) {
            double sum = 0;
            for (float each : all) {
                sum += each;
            }
            return sum;
        }

        private void clip() {
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = Math.max(-bound, Math.min(bound, gradient[i]));
            }
        }

        private void report() {
            if (progress != null && System.nanoTime() - reported > REPORT_NANOS) {
                reported = System.nanoTime();
                progress.accept(at(Optional.empty()));
            }
        }

        private Progress at(Optional<Run.Ending> ending) {
            double rate = done / seconds();
            double now = done == 0 ? Double.NaN : objective[done - 1];
            return new Progress(done, objective.length, seconds(), rate, now, new History(), ending);
        }

        private double seconds() {
            return (System.nanoTime() - began) * 1e-9;
        }
    }

    // ---------------------------------------------------------------- checks

    private static <T> T once(String adjective, T before, T now) {
        if (before != null) {
            throw wrong(adjective, "to be said once", before + " and then " + now);
        }
        return now;
    }

    private static SettingException wrong(String adjective, String expected, Object was) {
        return new SettingException(Facts.that("SamplerTraining." + adjective + ": not possible")
                .expected(expected)
                .butWas(was));
    }

    @Override
    public String toString() {
        return "SamplerTraining of " + sampler + (network == null ? "" : " on " + network + ", " + data.name());
    }
}
