package org.ebvlm.cli;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Consumer;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.ModelFile;
import org.ebvlm.noise.Noise;
import org.ebvlm.notebook.ProgressBar;
import org.ebvlm.training.Progress;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.ebvlm.training.TrainingDivergedException;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.PosteriorFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fits a model, evaluates it, and leaves a run folder. */
@Command(
        name = "fit",
        description = {
            "Learns a model from data, evaluates it, and leaves a run folder.",
            "Without options: the published example, a Gaussian RBM 2/4 on the checkerboard by VaGES-DSM."
        },
        mixinStandardHelpOptions = true)
final class FitCommand implements Callable<Integer> {
    private static final int CURVE_POINTS = 50;
    private static final int LEARNED_CURVE_POINTS = 4;
    private static final int CHECKPOINTS = 20;

    @Spec
    CommandSpec spec;

    @Mixin
    Shared shared = new Shared();

    @Option(
            names = "--data",
            paramLabel = "NAME|PATH",
            description =
                    "checkerboard, eight-gaussians, pinwheel, rings, spirals, swiss-roll, two-moons, glyphs; or a file: "
                            + "IDX, MATLAB v5, CIFAR-10 binary, .amat, CSV (gzip or not). Default: checkerboard.")
    String data = "checkerboard";

    @Option(
            names = "--columns",
            split = ",",
            paramLabel = "NAME",
            description = "Columns of a CSV file, by name. Default: all numeric ones.")
    List<String> columns = List.of();

    @Option(
            names = "--model",
            paramLabel = "grbm|mlp|conv",
            description = "Gaussian RBM, deep energy, or deep energy of images. Default: grbm.")
    String model = "grbm";

    @Option(names = "--hidden", paramLabel = "N", description = "Hidden units. Default: by model and data.")
    Integer hidden;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Width of an mlp's layers, default 100, or channels of a conv, default 16.")
    Integer width;

    @Option(
            names = "--objective",
            paramLabel = "dsm|mdsm|ksd",
            description = "Default: dsm; mdsm, noise of many levels, for conv.")
    String objective;

    @Option(
            names = "--noise-std",
            paramLabel = "S",
            description =
                    "Noise of dsm, smallest noise of mdsm. Default: 0.05 for the checkerboard, else by model and data.")
    Double noiseStd;

    @Option(
            names = "--estimator",
            paramLabel = "vages|exact",
            description = "How score and gradient are found. Default: vages.")
    String estimator = "vages";

    @Option(names = "--particles", paramLabel = "L", description = "Draws of h in each group. Default: 2.")
    int particles = 2;

    @Option(names = "--inner", paramLabel = "K", description = "Posterior steps for each model step. Default: 5.")
    int inner = 5;

    @Option(names = "--batch", paramLabel = "N", description = "Rows in a step. Default: 100.")
    Integer batch;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Learning rate of Adam. Default: 1e-3 for grbm, 1e-4 for mlp and conv.")
    Double rate;

    @Option(names = "--steps", paramLabel = "N", description = "Training steps in all. Default: by model and data.")
    Long steps;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random numbers. Default: 1.")
    long seed = 1;

    @Option(names = "--out", paramLabel = "DIR", description = "The run folder. Default: the next under runs/.")
    Path out;

    @Option(
            names = "--resume",
            paramLabel = "RUN",
            description = "Go on with an interrupted run, or a longer one with --steps; its settings are kept.")
    Path resume;

    @Override
    public Integer call() {
        PrintWriter screen = spec.commandLine().getOut();
        long began = System.nanoTime();
        Recipe recipe;
        Source source;
        RunFolder folder;
        if (resume != null) {
            folder = RunFolder.existing(resume);
            recipe = steps == null ? folder.recipe() : folder.recipe().steps(steps);
            source = Source.of(recipe.data(), recipe.columns(), recipe.seed());
        } else {
            source = Source.of(data, columns, seed);
            recipe = recipe(source);
            folder = null;
        }
        shared.applyThreads();
        Job job = new Job(recipe, source);
        Judge judge = new Judge(recipe, source);
        Training training = job.training();
        training.check();
        if (folder == null) {
            folder = RunFolder.create(out, label(recipe));
            folder.write(start(recipe, source));
        }
        shared.say(screen, recipe + "\n" + source.train());
        measureOnTheWay(training, recipe, job, judge);
        training.checkpoint(folder.checkpoint(), Math.max(1, recipe.steps() / CHECKPOINTS));
        if (resume != null && Files.exists(folder.checkpoint())) {
            training.resuming(folder.checkpoint());
        }
        training.reporting(listener(judge, job));
        Run run = fit(training, job, folder, screen);
        Optional<Posterior> posterior = job.fittedPosterior(run);
        RunFolder here = folder;
        Noise noise = Noise.seed(recipe.seed()).split("pictures");
        Album album = new Album(source, run.model(), posterior, noise);
        shared.say(screen, "evaluating ...");
        // The model is saved and drawn while it is judged.
        ForkJoinTask<?> saving =
                ForkJoinPool.commonPool().submit(() -> saveModel(here, run, posterior, recipe, source));
        ForkJoinTask<Map<String, String>> drawing =
                ForkJoinPool.commonPool().submit(() -> album.save(run.history(), here.path()));
        Findings findings;
        try {
            run.history().writeCsv(here.path().resolve("history.csv"));
            findings = judge.evaluate(run.model(), posterior);
        } finally {
            saving.join();
        }
        Map<String, String> pictures = drawing.join();
        double seconds = (System.nanoTime() - began) * 1e-9;
        Map<String, String> made = made(recipe, source, run);
        Report.write(folder.path(), run.model().name() + " on " + source.name(), made, findings, pictures);
        JsonObject result = result(folder, job, recipe, run, findings, seconds);
        JsonObject kept = folder.json();
        kept.add("recipe", new Gson().toJsonTree(recipe));
        kept.add("result", result);
        folder.write(kept);
        shared.say(screen, findings.text() + "run folder: " + folder.path() + "   (report.html, pictures, model/)");
        shared.finish(screen, result);
        return 0;
    }

    /** Shows where the training stands, and lets what follows it be rehearsed meanwhile if that is cheap. */
    private Consumer<Progress> listener(Judge judge, Job job) {
        Consumer<Progress> bar = shared.quiet ? at -> {} : ProgressBar.onStandardError();
        return judge.isCheap(job.model()) ? bar.andThen(Rehearsal.of(judge, job)) : bar;
    }

    private Run fit(Training training, Job job, RunFolder folder, PrintWriter screen) {
        Thread fitting = Thread.currentThread();
        Thread stop = new Thread(() -> {
            fitting.interrupt();
            try {
                // Leaves time to write the checkpoint and the model.
                fitting.join(5000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            Run run = training.fit(job.trainingNoise());
            if (run.ending() == Run.Ending.INTERRUPTED) {
                shared.say(screen, "interrupted; go on with: ebvlm fit --resume " + folder.path());
            }
            return run;
        } catch (TrainingDivergedException e) {
            saveModel(folder, e.run(), job.fittedPosterior(e.run()), folder.recipe(), null);
            throw e;
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(stop);
            } catch (IllegalStateException shuttingDown) {
                shared.say(screen, "stopping");
            }
        }
    }

    private void measureOnTheWay(Training training, Recipe recipe, Job job, Judge judge) {
        boolean exact = judge.exactIsKnown(job.score());
        if (exact || (judge.canLearnCritic() && judge.isCheap(job.model()))) {
            int points = exact ? CURVE_POINTS : LEARNED_CURVE_POINTS;
            training.every(Math.max(1, recipe.steps() / points), judge.curve(job.score()));
        }
    }

    private Recipe recipe(Source source) {
        int rows = source.train().rows();
        double sigma = noiseStd != null ? noiseStd : source.defaultNoiseStd(model);
        if (!Set.of("grbm", "mlp", "conv").contains(model)) {
            throw new SettingException(Facts.that("--model has an unknown value")
                    .expected("grbm, mlp or conv")
                    .butWas(model));
        }
        return new Recipe(
                data,
                columns,
                model,
                hidden != null ? hidden : source.defaultHidden(model),
                width != null ? width : source.defaultWidth(model),
                objective != null ? objective : model.equals("conv") ? "mdsm" : "dsm",
                sigma,
                estimator,
                particles,
                inner,
                batch != null ? batch : Math.min(model.equals("conv") ? 32 : 100, rows),
                rate != null ? rate : source.defaultRate(model),
                steps != null ? steps : source.defaultSteps(model),
                seed);
    }

    private static String label(Recipe recipe) {
        String name = Path.of(recipe.data()).getFileName().toString().replaceAll("[^A-Za-z0-9_-].*", "");
        return recipe.model() + "-" + (name.isEmpty() ? "data" : name);
    }

    private static JsonObject start(Recipe recipe, Source source) {
        JsonObject json = new JsonObject();
        json.add("recipe", new Gson().toJsonTree(recipe));
        json.addProperty("dataSha256", source.train().provenance().sha256());
        json.addProperty("began", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return json;
    }

    private static void saveModel(
            RunFolder folder, Run run, Optional<Posterior> posterior, Recipe recipe, Source source) {
        Map<String, String> made = source == null ? Map.of("recipe", recipe.toString()) : made(recipe, source, run);
        ModelFile.save(run.model(), folder.model(), made);
        posterior.ifPresent(q -> PosteriorFile.save(q, folder.model()));
    }

    private static Map<String, String> made(Recipe recipe, Source source, Run run) {
        Map<String, String> made = new LinkedHashMap<>();
        made.put("recipe", recipe.toString());
        made.put("settings", run.settings());
        made.put("model", run.model().toString());
        made.put(
                "data",
                source.train().name() + ", " + source.train().rows() + " rows of "
                        + source.train().width());
        made.put("data SHA-256", source.train().provenance().sha256());
        made.put("data steps", String.join("; ", source.train().provenance().steps()));
        made.put("ending", run.ending() + " after " + run.steps() + " steps");
        made.put("versions", Versions.text());
        return made;
    }

    private static JsonObject result(
            RunFolder folder, Job job, Recipe recipe, Run run, Findings findings, double seconds) {
        JsonObject json = new JsonObject();
        json.addProperty("run", folder.path().toString());
        json.addProperty("model", run.model().name());
        json.addProperty("objective", job.objective().name());
        json.addProperty("steps", run.steps());
        json.addProperty("seconds", seconds);
        json.addProperty("trainingSeconds", run.seconds());
        json.addProperty("seed", recipe.seed());
        json.addProperty("ending", run.ending().toString());
        findings.writeTo(json);
        return json;
    }
}
