package org.ebvlm.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The sentence that fits a model. Adjectives come in any order, each at most once ({@link #every} as often as wanted);
 * {@link #fit} ends it and returns a {@link Run}. The model itself is left as it is, so running the sentence again gives
 * the same run again.
 *
 * <pre>{@code
 * var run = Training.of(grbm).minimizing(loss).on(faces.train())
 *     .with(Adam.rate(1e-3)).batches(128).steps(20_000)
 *     .every(500, FisherDivergence.against(faces.test()))
 *     .fit(seed(7));
 * }</pre>
 *
 * <p>Defaults: Adam with rate 1e-3 and betas 0.9 and 0.95, batches of 100, 10,000 steps.
 */
public final class Training {
    private static final int DEFAULT_BATCH = 100;
    private static final long DEFAULT_STEPS = 10_000;

    final EnergyModel model;
    Objective objective;
    Data data;
    Updater updater;
    Integer batch;
    Long steps;
    Double epochs;
    Double clip;
    Double average;
    EarlyStopping stopping;
    Path checkpoint;
    long checkpointEvery;
    Path resume;
    Consumer<Progress> progress;
    final List<Every> evaluations = new ArrayList<>();

    /** An evaluation and how often it is made. */
    record Every(long steps, Evaluation evaluation) {}

    private Training(EnergyModel model) {
        this.model = model;
    }

    /** Starts the sentence with what is fitted. */
    public static Training of(EnergyModel model) {
        return new Training(model);
    }

    /** What is minimised. */
    public Training minimizing(Objective what) {
        objective = once("minimizing", objective, what);
        return this;
    }

    /** The data; their width must be the model's. An {@link Objective#needsData objective without data} does without. */
    public Training on(Data rows) {
        data = once("on", data, rows);
        if (rows.width() != model.visible()) {
            throw new ShapeException(Facts.that("Training.on: the data do not fit the model")
                    .expected("[n, " + model.visible() + "]   (visible units of " + model.name() + ")")
                    .butWas("[" + rows.rows() + ", " + rows.width() + "]")
                    .hint("build the model with visible(" + rows.width() + ")"));
        }
        return this;
    }

    /** How parameters descend. */
    public Training with(Updater how) {
        updater = once("with", updater, how);
        return this;
    }

    /** How parameters descend: one of ND4J's updaters. */
    public Training with(IUpdater how) {
        return with(Updater.of(how));
    }

    /** Rows in a step. */
    public Training batches(int rows) {
        batch = once("batches", batch, rows);
        return positive("batches", rows);
    }

    /** Number of steps. */
    public Training steps(long number) {
        steps = once("steps", steps, number);
        return positive("steps", (double) number);
    }

    /** Number of passes over the data, in place of a number of steps. */
    public Training epochs(double number) {
        epochs = once("epochs", epochs, number);
        return positive("epochs", number);
    }

    /** Largest norm of a gradient; a longer one is shortened to it. */
    public Training clipping(double norm) {
        clip = once("clipping", clip, norm);
        return positive("clipping", norm);
    }

    /**
     * Averages parameters over steps with weights falling by this factor; the run holds the averages (EMA).
     *
     * @param decay from 0 up to, not including, 1; for example 0.999
     */
    public Training averaging(double decay) {
        average = once("averaging", average, decay);
        if (!(decay >= 0 && decay < 1)) {
            throw wrong("averaging", "a decay from 0 up to, not including, 1", decay);
        }
        return this;
    }

    /** Measures something every so many steps, and at the end. */
    public Training every(long number, Evaluation evaluation) {
        positive("every", (double) number);
        evaluations.add(new Every(number, evaluation));
        return this;
    }

    /** Ends early when a measure stops improving. */
    public Training stopping(EarlyStopping rule) {
        stopping = once("stopping", stopping, rule);
        return this;
    }

    /** Writes all that is needed to go on, every so many steps and at the end. */
    public Training checkpoint(Path file, long everySteps) {
        checkpoint = once("checkpoint", checkpoint, file);
        checkpointEvery = everySteps;
        return positive("checkpoint", (double) everySteps);
    }

    /** Goes on from a checkpoint of the same sentence, to the bit. */
    public Training resuming(Path file) {
        resume = once("resuming", resume, file);
        return this;
    }

    /** Is told where the training stands, a few times a second. */
    public Training reporting(Consumer<Progress> listener) {
        progress = once("reporting", progress, listener);
        return this;
    }

    /**
     * Fits.
     *
     * <p>Interrupting the thread ends it after the present step with the run so far.
     *
     * @param noise a source for data order and all noise; the same source gives the same run
     * @throws SettingException if something needed is missing or two settings contradict
     * @throws TrainingDivergedException if a value stops being finite
     */
    public Run fit(Noise noise) {
        check();
        try (Loop loop = new Loop(this, noise)) {
            return loop.run();
        }
    }

    /** Refuses what {@link #fit} would refuse, and does nothing else. */
    public Training check() {
        require("minimizing", objective, "an objective, for example Dsm.noiseStd(0.05).using(...)");
        if (objective.needsData()) {
            require("on", data, "data, for example Datasets.checkerboard(50_000, seed(1))");
        } else if (data == null && (batch != null || epochs != null)) {
            throw wrong("fit", "data where there are batches or epochs of them", "no on(data)");
        }
        if (steps != null && epochs != null) {
            throw wrong("fit", "steps or epochs, not both", steps + " steps and " + epochs + " epochs");
        }
        if (batch != null && batch > rows().rows()) {
            throw wrong("batches", "at most " + rows().rows() + ", the number of rows", batch);
        }
        if (stopping != null
                && evaluations.stream().noneMatch(e -> e.evaluation().name().equals(stopping.measure()))) {
            throw wrong("stopping", "the name of an evaluation given to every(...)", stopping.measure());
        }
        // What objective, model and data have to say against each other shows when the phases are built.
        objective.phases(learner(), rows(), Expr.input("batch", batchSize(), model.visible()));
        return this;
    }

    /** The model as the objective sees it; one that teaches something else, without data, has it as it is. */
    EnergyModel learner() {
        return objective.needsData() ? model.learning() : model;
    }

    /** The data, or one row of zeros where the objective needs none. */
    Data rows() {
        return data != null ? data : Data.of("no data", new float[model.visible()], model.visible());
    }

    int batchSize() {
        return batch != null ? batch : Math.min(DEFAULT_BATCH, rows().rows());
    }

    long stepCount() {
        if (epochs != null) {
            return Math.max(1, Math.round(epochs * rows().rows() / batchSize()));
        }
        return steps != null ? steps : DEFAULT_STEPS;
    }

    Updater updaterOrDefault() {
        return updater != null ? updater : Adam.rate(1e-3).betas(0.9, 0.95);
    }

    /** The settings in words. The number of steps is not among them: a resumed run may be longer. */
    String settings() {
        String text = objective.name() + ", " + updaterOrDefault() + ", batches of " + batchSize();
        text += clip == null ? "" : ", clipping " + clip;
        return text + (average == null ? "" : ", averaging " + average);
    }

    // ---------------------------------------------------------------- checks

    private <T> T once(String adjective, T before, T now) {
        if (now == null) {
            throw wrong(adjective, "a value", "null");
        }
        if (before != null) {
            throw wrong(adjective, "to be said once", before + " and then " + now);
        }
        return now;
    }

    private Training positive(String adjective, double value) {
        if (!(value > 0)) {
            throw wrong(adjective, "a positive number", value);
        }
        return this;
    }

    private static void require(String adjective, Object value, String example) {
        if (value == null) {
            throw new SettingException(Facts.that("Training.fit: " + adjective + "(...) is missing")
                    .expected(example)
                    .butWas("nothing"));
        }
    }

    private static SettingException wrong(String adjective, String expected, Object was) {
        return new SettingException(Facts.that("Training." + adjective + ": not possible")
                .expected(expected)
                .butWas(was));
    }

    @Override
    public String toString() {
        return "Training of " + model.name() + (objective == null ? "" : " minimizing " + objective.name())
                + (data == null ? "" : " on " + data.name());
    }
}
