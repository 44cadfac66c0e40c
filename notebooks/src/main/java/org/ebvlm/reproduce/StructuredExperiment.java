package org.ebvlm.reproduce;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.ConditionalSbn;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.ImageGrid;
import org.ebvlm.program.Program;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Run;
import org.ebvlm.training.Snapshot;
import org.ebvlm.training.Training;
import org.ebvlm.variational.ConditionalPrior;
import org.ebvlm.variational.ImportanceBound;
import org.ebvlm.variational.MonteCarlo;
import org.ebvlm.variational.Nvil;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.Posteriors;
import org.ebvlm.variational.Vimco;

/**
 * Structured prediction (Mnih and Rezende, 2016): the lower half of a digit given the upper, by a conditional sigmoid belief
 * network 392-200-200-392 whose hidden units are drawn from the prior given the upper half.
 */
final class StructuredExperiment implements Experiment {
    private static final int BATCH = 24;
    private static final int HALF = 392;
    private static final int WIDTH = 28;

    @Override
    public String name() {
        return "structured";
    }

    @Override
    public String title() {
        return "The lower half of a digit given the upper: VIMCO and NVIL, by the number of samples";
    }

    @Override
    public String needs() {
        return "binarized_mnist_train.mat, with binarized_mnist_test.mat beside it";
    }

    @Override
    public void run(Account account) {
        Path file = account.data().orElseThrow();
        Scale scale = account.scale();
        // The files are sorted by digit; what is taken from their beginning must not be.
        Data train = part(
                Datasets.read(file).shuffled(Noise.seed(1)),
                scale.pick(120, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
        Path beside = file.resolveSibling(file.getFileName().toString().replace("train", "test"));
        Data test = part(
                Files.exists(beside) ? Datasets.read(beside).shuffled(Noise.seed(2)) : train,
                scale.pick(20, 1_000, 10_000, 10_000));
        int units = scale.pick(6, 200, 200, 200);
        long epoch = Math.max(1, train.rows() / BATCH);
        long steps = scale.pick(4L, epoch, 100 * epoch, 2000 * epoch);
        int particles = scale.pick(5, 100, 1_000, 1_000);
        account.about(
                "What was done",
                String.format(
                        Locale.ROOT,
                        "A conditional network 392-%d-%d-392; Adam with rate 1e-3, betas 0.95 and 0.999; batches of %d, %,d "
                                + "steps (%,d are an epoch). The bound on %,d test rows is of the lower half given the upper, by %d "
                                + "draws of the prior. No reference values: none were published in a form that we could check.",
                        units,
                        units,
                        BATCH,
                        steps,
                        epoch,
                        test.rows(),
                        particles));
        List<List<String>> rows = new ArrayList<>();
        ConditionalSbn shown = null;
        for (MonteCarlo how : estimates(scale)) {
            String label = how.name() + ", K = " + how.samples();
            account.say(label);
            Noise noise = account.noise("structured");
            ConditionalSbn model = ConditionalSbn.context(HALF)
                    .hidden(units, units)
                    .target(HALF)
                    .init(noise.split("model"));
            Run run = account.fit(label, training(model, how, train), steps, noise.split("fit"));
            ConditionalSbn fitted = (ConditionalSbn) run.model();
            Posterior prior = Posteriors.prior(fitted);
            Snapshot snapshot = Snapshot.of(fitted, noise.split("bound"));
            Measurement bound = ImportanceBound.on(test)
                    .posterior(prior)
                    .particles(particles)
                    .measure(snapshot);
            Measurement one =
                    ImportanceBound.on(test).posterior(prior).particles(1).measure(snapshot);
            rows.add(List.of(
                    label,
                    String.format(Locale.ROOT, "%.2f ± %.2f", bound.value(), bound.standardError()),
                    String.format(Locale.ROOT, "%.2f", one.value()),
                    String.format(Locale.ROOT, "%.2f", 1e3 * run.seconds() / run.steps())));
            account.number("bound " + label, bound.value());
            shown = how instanceof Vimco ? fitted : shown;
        }
        account.table(
                "After " + steps + " steps",
                List.of("objective", "test bound, nats", "with one draw", "ms a step"),
                rows);
        completions(account, shown, test);
    }

    private static Data part(Data data, int rows) {
        return data.rows() <= rows ? data : data.rows(0, rows);
    }

    private static List<MonteCarlo> estimates(Scale scale) {
        int[] numbers =
                scale.pick(new int[] {2}, new int[] {2, 5, 20}, new int[] {2, 5, 10, 50}, new int[] {2, 5, 10, 50});
        List<MonteCarlo> all = new ArrayList<>();
        for (int samples : numbers) {
            all.add(Vimco.samples(samples));
            all.add(Nvil.samples(samples));
        }
        return all;
    }

    private static Training training(ConditionalSbn model, MonteCarlo how, Data train) {
        ConditionalPrior prior = Posteriors.prior(model);
        return Training.of(model)
                .minimizing(how.posterior(prior))
                .on(train)
                .with(Adam.rate(1e-3).betas(0.95, 0.999).epsilon(1e-6))
                .batches(BATCH);
    }

    /** Test digits, and below each the lower half's means at four draws. */
    private static void completions(Account account, ConditionalSbn model, Data test) {
        int shown = Math.min(10, test.rows());
        int draws = 4;
        Expr v = Expr.input("rows", shown, 2 * HALF);
        Expr h = Posteriors.prior(model).draws(v, draws).h();
        Expr upper = v.slice(1, 0, HALF)
                .reshape(1, shown, HALF)
                .broadcastTo(draws, shown, HALF)
                .reshape(draws * shown, HALF);
        Expr all = Expr.concat(0, List.of(v, Expr.concat(1, List.of(upper, model.targetMean(h)))));
        try (Program program = Program.of(all)) {
            model.parameters().give(program);
            program.set(v, test.rows(0, shown).values());
            program.draw(account.noise("completions"));
            program.run();
            account.picture(
                    "completions.png",
                    "Test digits, and below each four completions of its upper half",
                    ImageGrid.of(program.value(0).clone(), WIDTH, WIDTH, 1).columns(shown));
        }
    }
}
