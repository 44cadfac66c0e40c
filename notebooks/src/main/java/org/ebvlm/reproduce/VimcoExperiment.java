package org.ebvlm.reproduce;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Grid;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Network;
import org.ebvlm.model.Sbn;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.picture.GradientCurves;
import org.ebvlm.picture.ImageGrid;
import org.ebvlm.sampling.Ancestral;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Run;
import org.ebvlm.training.Snapshot;
import org.ebvlm.training.Training;
import org.ebvlm.variational.ActiveUnits;
import org.ebvlm.variational.GradientAudit;
import org.ebvlm.variational.ImportanceBound;
import org.ebvlm.variational.LayeredPosterior;
import org.ebvlm.variational.LeaveOneOut;
import org.ebvlm.variational.MonteCarlo;
import org.ebvlm.variational.Nvil;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.Posteriors;
import org.ebvlm.variational.Rws;
import org.ebvlm.variational.Vimco;

/**
 * Generative modelling of binarised digits with a sigmoid belief network 784-200-200-200 (Mnih and Rezende, 2016): what the
 * number of samples brings, VIMCO beside its rivals, and how noisy the gradients of each are.
 */
final class VimcoExperiment implements Experiment {
    /** Training bounds of its first epochs that a public program (y0ast/VIMCO) printed, on so many rows. */
    private static final double[] EARLY = {-166.2, -140.2, -133.9, -130.4};

    private static final int EARLY_ROWS = 50_000;
    private static final int BATCH = 24;

    /** Points of a training curve. */
    private static final int MEANS = 40;

    @Override
    public String name() {
        return "vimco";
    }

    @Override
    public String title() {
        return "Sigmoid belief network on binarised digits: VIMCO and its rivals, by the number of samples";
    }

    @Override
    public String needs() {
        return "binarized_mnist_train.mat, with binarized_mnist_test.mat beside it";
    }

    /** One training. */
    private record Setting(MonteCarlo how) {
        @Override
        public String toString() {
            return how.name() + ", K = " + how.samples();
        }
    }

    @Override
    public void run(Account account) {
        Path file = account.data().orElseThrow();
        Scale scale = account.scale();
        // The files are sorted by digit; what is taken from their beginning must not be.
        Data train = part(
                Datasets.read(file).shuffled(Noise.seed(1)),
                scale.pick(120, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
        Data test = part(tested(file, train).shuffled(Noise.seed(2)), scale.pick(20, 1_000, 10_000, 10_000));
        int[] units = scale.pick(
                new int[] {6, 4}, new int[] {200, 200, 200}, new int[] {200, 200, 200}, new int[] {200, 200, 200});
        long epoch = Math.max(1, train.rows() / BATCH);
        long steps = scale.pick(4L, epoch, 100 * epoch, 2000 * epoch);
        int particles = scale.pick(5, 100, 1_000, 1_000);
        account.about(
                "What was done",
                "A sigmoid belief network " + width(train, units)
                        + " and a posterior of the same layers; weights normal with "
                        + "variance 1 / inputs, no biases; Adam with rate 1e-3, betas 0.95 and 0.999, epsilon 1e-6; batches of "
                        + BATCH + String.format(Locale.ROOT, ", %,d steps (%,d are an epoch). ", steps, epoch)
                        + "The bound on " + test.rows() + " rows of " + test.name() + " is by " + particles
                        + " draws of the fitted posterior. "
                        + "NVIL has a baseline of v, a network of 100 units. Training curves are means over stretches of a run, the "
                        + "first left out. The published bounds after training to the end (K = 2, 5, 10, 50: VIMCO 93.5, 92.8, 92.6, 91.9 nats; "
                        + "RWS 94.6, 93.5, 93.0, 92.5), as a public reimplementation quotes them, are for runs of some "
                        + "2000 epochs, far beyond a short one.");
        List<List<String>> rows = new ArrayList<>();
        Curves curves = null;
        Run shown = null;
        Posterior fitted = null;
        for (Setting setting : settings(account)) {
            account.say(setting.toString());
            Noise noise = account.noise("vimco");
            Sbn model = Sbn.visible(train.width()).hidden(units).init(noise.split("model"));
            LayeredPosterior q = Posteriors.layered(model, Network.linearNormal(), noise.split("posterior"), units);
            Run run = account.fit(setting.toString(), training(model, setting, q, train), steps, noise.split("fit"));
            Posterior after = run.<Posterior>fitted(q);
            Snapshot snapshot = Snapshot.of(run.model(), noise.split("bound"));
            Measurement bound = ImportanceBound.on(test)
                    .posterior(after)
                    .particles(particles)
                    .measure(snapshot);
            Measurement elbo =
                    ImportanceBound.on(test).posterior(after).particles(1).measure(snapshot);
            double active =
                    ActiveUnits.on(test).posterior(after).measure(snapshot).value();
            rows.add(List.of(
                    setting.toString(),
                    String.format(Locale.ROOT, "%.2f ± %.2f", bound.value(), bound.standardError()),
                    String.format(Locale.ROOT, "%.2f", elbo.value()),
                    String.format(Locale.ROOT, "%.0f", active),
                    String.format(Locale.ROOT, "%.2f", 1e3 * run.seconds() / run.steps())));
            account.number("bound " + setting, bound.value());
            curves = with(curves, setting.toString(), run, epoch);
            if (setting.how() instanceof Vimco) {
                shown = run;
                fitted = after;
            }
        }
        account.table(
                "After " + steps + " steps",
                List.of("objective", "test bound, nats", "with one draw", "active units", "ms a step"),
                rows);
        account.picture(
                "training.png",
                "Training bound",
                curves.labelled(steps > epoch ? "epoch" : "epoch (part)", "K-sample bound of the batch, nats"));
        early(account, train, units, epoch);
        samples(account, shown.model(), train.grid().orElse(new Grid(28, 28, 1)));
        gradients(account, shown.model(), fitted, train);
    }

    /** The first epochs with the learning rates of the program whose training bounds are known. */
    private static void early(Account account, Data train, int[] units, long epoch) {
        account.say("the first epochs as the public program has them");
        Noise noise = account.noise("early");
        Sbn model = Sbn.visible(train.width()).hidden(units).init(noise.split("model"));
        LayeredPosterior q = Posteriors.layered(model, Network.linearNormal(), noise.split("posterior"), units);
        Adam adam = Adam.schedule(new CorrectionByEpoch(1e-3, 0.95, 0.999, epoch))
                .betas(0.95, 0.999)
                .epsilon(1e-6);
        Training training = Training.of(model)
                .minimizing(Vimco.samples(5).posterior(q))
                .on(train)
                .with(adam)
                .batches(BATCH);
        int epochs = account.scale().pick(1, 1, 4, 4);
        Run run = account.fit("early", training, epochs * epoch, noise.split("fit"));
        double[] reference = train.rows() == EARLY_ROWS ? EARLY : new double[0];
        List<List<String>> rows = new ArrayList<>();
        for (int e = 0; e < epochs; e++) {
            double bound = -mean(run, e * epoch, (e + 1) * epoch);
            account.number("training bound of epoch " + (e + 1), bound);
            rows.add(List.of(
                    "" + (e + 1),
                    String.format(Locale.ROOT, "%.1f", bound),
                    e < reference.length ? String.format(Locale.ROOT, "%.1f", reference[e]) : "not known"));
        }
        account.table(
                "VIMCO, K = 5, with Adam's moments corrected by the number of the epoch, as a public program does by mistake",
                List.of("epoch", "mean training bound, nats", "that program's"),
                rows);
    }

    /** The mean objective of the steps after one, up to another. */
    private static double mean(Run run, long after, long last) {
        double[] objective = run.history().values("objective");
        double[] at = run.history().steps("objective");
        double sum = 0;
        int many = 0;
        for (int i = 0; i < at.length; i++) {
            if (at[i] > after && at[i] <= last) {
                sum += objective[i];
                many++;
            }
        }
        return sum / many;
    }

    private static Data part(Data data, int rows) {
        return data.rows() <= rows ? data : data.rows(0, rows);
    }

    /** The test file beside the training file, or the training file again. */
    private static Data tested(Path file, Data train) {
        Path beside = file.resolveSibling(file.getFileName().toString().replace("train", "test"));
        return !beside.equals(file) && Files.exists(beside) ? Datasets.read(beside) : train;
    }

    private static String width(Data train, int... units) {
        StringBuilder text = new StringBuilder().append(train.width());
        for (int each : units) {
            text.append('-').append(each);
        }
        return text.toString();
    }

    private static List<Setting> settings(Account account) {
        Scale scale = account.scale();
        int[] numbers =
                scale.pick(new int[] {2}, new int[] {2, 5, 10}, new int[] {2, 5, 10, 50}, new int[] {2, 5, 10, 50});
        List<Setting> all = new ArrayList<>();
        for (int samples : numbers) {
            all.add(new Setting(Vimco.samples(samples)));
        }
        for (int samples : scale.pick(new int[] {2}, new int[] {5}, numbers, numbers)) {
            all.add(new Setting(Rws.samples(samples)));
            all.add(new Setting(nvil(account, samples)));
        }
        return all;
    }

    /** With a baseline of v that a network learns, as NVIL has. */
    private static Nvil nvil(Account account, int samples) {
        return Nvil.samples(samples).baseline(Network.elu(100), account.noise("baseline"));
    }

    private static Training training(Sbn model, Setting setting, LayeredPosterior q, Data train) {
        return Training.of(model)
                .minimizing(setting.how().posterior(q))
                .on(train)
                .with(Adam.rate(1e-3).betas(0.95, 0.999).epsilon(1e-6))
                .batches(BATCH);
    }

    /** The history of the bound over epochs: means of so many steps together that curves can be told apart, without the first. */
    private static Curves with(Curves curves, String name, Run run, long epoch) {
        double[] objective = run.history().values("objective");
        double[] at = run.history().steps("objective");
        int together = Math.max(1, objective.length / MEANS);
        int skipped = objective.length < 2 * MEANS ? 0 : 1;
        int means = objective.length / together - skipped;
        double[] x = new double[means];
        double[] y = new double[means];
        for (int i = 0; i < means; i++) {
            for (int j = 0; j < together; j++) {
                int place = (i + skipped) * together + j;
                x[i] += at[place] / epoch / together;
                y[i] -= objective[place] / together;
            }
        }
        return curves == null ? Curves.of(name, x, y) : curves.and(name, x, y);
    }

    private static void samples(Account account, EnergyModel model, Grid grid) {
        Data drawn = Ancestral.sampler().showingMeans().sample(model, 40, account.noise("samples"));
        account.picture(
                "samples.png",
                "Probabilities of v at 40 draws of h from the prior",
                ImageGrid.of(drawn.values(), grid.height(), grid.width(), grid.channels())
                        .columns(10));
    }

    /** Noise of the gradients of all estimates at the fitted model, by the number of samples. */
    private static void gradients(Account account, EnergyModel model, Posterior q, Data train) {
        int[] numbers = account.scale()
                .pick(new int[] {2}, new int[] {2, 5, 10, 20}, new int[] {2, 5, 10, 20, 50}, new int[] {2, 5, 10, 20, 50
                });
        GradientAudit audit =
                GradientAudit.of(model).on(train).repeats(account.scale().pick(10, 200, 400, 1000));
        List<IntFunction<MonteCarlo>> estimates = List.of(
                Vimco::samples,
                samples -> Vimco.samples(samples).arithmetic(),
                samples -> nvil(account, samples),
                LeaveOneOut::samples,
                Rws::samples);
        for (IntFunction<MonteCarlo> each : estimates) {
            for (int samples : numbers) {
                audit = audit.estimate(each.apply(samples), q);
            }
        }
        GradientAudit.Report found = audit.measure(account.noise("gradients"));
        account.table(
                "Gradients of a batch at the fitted model",
                List.of("estimate", "K", "std of posterior's", "its signal to noise", "model's signal to noise"),
                found.rows().stream().map(VimcoExperiment::cells).toList());
        account.picture(
                "gradients.png", "Signal to noise of the posterior's gradient", GradientCurves.signalToNoise(found));
        account.picture(
                "variances.png",
                "Variance of the posterior's gradient; NVIL divides its signal by a running deviation",
                GradientCurves.variance(found));
    }

    private static List<String> cells(GradientAudit.Row row) {
        return List.of(
                row.estimate().replaceAll(", layered.*", ""),
                "" + row.samples(),
                String.format(Locale.ROOT, "%.3g", row.posterior().std()),
                String.format(Locale.ROOT, "%.3g", row.posterior().signalToNoise()),
                String.format(Locale.ROOT, "%.3g", row.model().signalToNoise()));
    }
}
