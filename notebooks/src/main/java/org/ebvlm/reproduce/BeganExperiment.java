package org.ebvlm.reproduce;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Grid;
import org.ebvlm.evaluation.Classifier;
import org.ebvlm.evaluation.ClassifierScore;
import org.ebvlm.evaluation.Diversity;
import org.ebvlm.implicit.Began;
import org.ebvlm.implicit.EntropyGradient;
import org.ebvlm.model.Activation;
import org.ebvlm.model.AutoencoderEnergy;
import org.ebvlm.model.Generator;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.picture.ImageGrid;
import org.ebvlm.scoring.Epanechnikov;
import org.ebvlm.scoring.Rbf;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * Entropy-regularised BEGAN on digits (Li and Turner, 2018, section 4.3): plain, and with the entropy gradient by kernel density,
 * score matching and Stein; how varied the samples of each are.
 */
final class BeganExperiment implements Experiment {
    private static final int BATCH = 100;
    private static final int JUDGED = 500;

    @Override
    public String name() {
        return "began";
    }

    @Override
    public String title() {
        return "Entropy-regularised BEGAN: variety of samples by entropy gradient (--data: MNIST's training images, labels "
                + "beside; else drawn shapes)";
    }

    /** What one scale does. */
    private record Size(
            boolean halved,
            boolean convolutional,
            int noise,
            int steps,
            double rate,
            double balanceRate,
            int repeats) {}

    private static Size size(Scale scale) {
        return switch (scale) {
            case TINY -> new Size(true, false, 8, 300, 1e-3, 0.1, 1);
            case SHORT -> new Size(true, false, 32, 2_500, 1e-3, 0.1, 1);
            case NIGHT -> new Size(false, true, 64, 12_000, 2e-4, 0.1, 1);
            case PUBLISHED -> new Size(false, true, 64, 60_000, 2e-4, 1e-3, 5);
        };
    }

    /** A way to train; the weight is eta = gamma alpha, as published. */
    private record Method(String name, double gamma, EntropyGradient entropy, double eta) {
        Began began(Generator sampler, Size size) {
            Began plain = Began.sampler(sampler).gamma(gamma).balanceRate(size.balanceRate());
            return entropy == null ? plain : plain.entropy(entropy, eta / gamma);
        }
    }

    private static List<Method> methods(Scale scale) {
        return scale == Scale.PUBLISHED
                ? published()
                : List.of(
                        new Method("plain", 0.5, null, 0),
                        new Method(
                                "kernel density",
                                0.5,
                                EntropyGradient.density(Rbf.medianHeuristic()).lengths(0.3),
                                0.3),
                        new Method("score matching", 0.5, EntropyGradient.scoreMatching(Rbf.medianHeuristic()), 0.01),
                        new Method("Stein", 0.5, EntropyGradient.kernel(Rbf.medianHeuristic()), 0.3));
    }

    /** With 1 - r^2 / width as kernel and ridge 0.01, which for sums in place of means is 0.01 times 4 n. */
    private static List<Method> published() {
        Epanechnikov kernel = Epanechnikov.bandwidth(1);
        double length = 28;
        return List.of(
                new Method("plain", 0.5, null, 0),
                new Method(
                        "kernel density", 0.3, EntropyGradient.density(kernel).bandwidth(length), 0.05),
                new Method(
                        "score matching",
                        0.3,
                        EntropyGradient.scoreMatching(kernel)
                                .bandwidth(length)
                                .ridge(0.01 * 4 * BATCH)
                                .steps(40),
                        0.1),
                new Method(
                        "Stein",
                        0.5,
                        EntropyGradient.kernel(kernel)
                                .bandwidth(length)
                                .ridge(0.01)
                                .steps(40),
                        0.3));
    }

    @Override
    public void run(Account account) {
        Size size = size(account.scale());
        Digits digits = Digits.read(account, size.halved());
        about(account, size, digits);
        Optional<Classifier> judge = judge(account, digits);
        Diversity diversity = digits.diversity();
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("rows not trained on", List.of(judged(digits.test().take(judgedRows(digits)), diversity, judge))));
        Curves measure = null;
        Curves balance = null;
        for (Method method : methods(account.scale())) {
            List<Outcome> outcomes = new ArrayList<>();
            Run run = null;
            for (int repeat = 0; repeat < size.repeats(); repeat++) {
                account.say(method.name() + (size.repeats() > 1 ? ", run " + (repeat + 1) : ""));
                Noise noise = account.noise("began").split(repeat);
                Generator sampler = generator(digits.grid(), size, noise.split("sampler"));
                run = account.fit(
                        method.name() + " " + repeat,
                        training(digits, method, sampler, size, noise),
                        size.steps(),
                        noise.split("fit"));
                Data samples = run.fitted(sampler)
                        .samples(JUDGED, noise.split("samples"))
                        .onGrid(digits.grid());
                outcomes.add(judged(samples, diversity, judge).of(run));
                if (repeat == 0) {
                    show(account, digits, method, samples, outcomes.get(0));
                }
            }
            rows.add(row(method.name(), outcomes));
            tell(account, method.name(), outcomes);
            measure = with(measure, method.name(), run, "objective");
            balance = with(balance, method.name(), run, "balance");
        }
        account.table(
                "Of " + JUDGED + " samples after " + size.steps() + " steps",
                List.of(
                        "samples",
                        "label entropy",
                        "largest - smallest share",
                        "L1 distance",
                        "classifier score",
                        "ms a step"),
                rows);
        account.picture(
                "measure.png",
                "L(v) + |gamma L(v) - L(x)| while training",
                measure.logY().labelled("step", "measure"));
        account.picture("balance.png", "beta while training", balance.labelled("step", "beta"));
    }

    private static void about(Account account, Size size, Digits digits) {
        account.about(
                "What was done",
                String.format(
                        Locale.ROOT,
                        "%s, %,d rows. %s; uniform noise of width %d; batches of %d, %,d steps; Adam %s with betas 0.5 and "
                                + "0.999%s; rate of beta %s. Weights are given as gamma and eta = gamma alpha: %s. %s "
                                + "L and H are means over pixels. Labels are those of the nearest training rows (a row is "
                                + "its own label where none are known) by absolute "
                                + "differences. The paper reports figures only: Stein best in entropy and classifier score, "
                                + "kernel density least in distance.",
                        digits.train().name(),
                        digits.train().rows(),
                        size.convolutional()
                                ? "Published networks (three convolutions of 32, 64, 64 channels, 512 units, and back)"
                                : "Networks of one or two layers of 200 units",
                        size.noise(),
                        BATCH,
                        size.steps(),
                        size.rate(),
                        size.convolutional() ? ", times 0.9 every 6,000 steps" : "",
                        size.balanceRate(),
                        words(methods(account.scale())),
                        kernels(account.scale())));
    }

    private static String kernels(Scale scale) {
        return scale == Scale.PUBLISHED
                ? "The kernel is 1 - r^2 / width, as published; the plug-in entropy of kernel density in beta's equation is "
                        + "divided by the width like the rest, which published code does not do."
                : "Kernels are Gaussian, with the batch's mean squared distance as squared length (kernel density: 0.3 of the "
                        + "length), and weights were chosen for them; published are 1 - r^2 / width and other weights.";
    }

    private static String words(List<Method> methods) {
        return String.join(
                ", ",
                methods.stream()
                        .map(each -> each.name() + " " + each.gamma() + " and " + each.eta())
                        .toList());
    }

    // ---------------------------------------------------------------- data

    /** Rows to train on, with labels where there are any, and rows kept apart. */
    private record Digits(Data train, Data labels, Data test, Data testLabels) {
        Grid grid() {
            return train.grid().orElseThrow();
        }

        boolean isLabelled() {
            return labels != null;
        }

        Diversity diversity() {
            return isLabelled() ? Diversity.against(train, labels) : Diversity.against(train);
        }

        static Digits read(Account account, boolean halved) {
            if (account.data().isEmpty()) {
                int number = account.scale() == Scale.TINY ? 600 : 20_000;
                Data drawn = images(Datasets.glyphs(28, number, account.noise("glyphs")), halved);
                int train = drawn.rows() / 6 * 5;
                return new Digits(drawn.rows(0, train), null, drawn.rows(train, drawn.rows()), null);
            }
            Path file = account.data().get();
            Data all = images(Datasets.idx(file), halved);
            Path beside = file.resolveSibling(file.getFileName().toString().replace("images-idx3", "labels-idx1"));
            boolean labelled = !beside.equals(file) && Files.exists(beside);
            Data labels = labelled ? Datasets.idx(beside) : null;
            int train = all.rows() / 6 * 5;
            return new Digits(
                    all.rows(0, train),
                    labelled ? labels.rows(0, train) : null,
                    all.rows(train, all.rows()),
                    labelled ? labels.rows(train, all.rows()) : null);
        }

        private static Data images(Data images, boolean halved) {
            return halved ? DeepExperiment.halved(images) : images;
        }
    }

    private static int judgedRows(Digits digits) {
        return Math.min(JUDGED, digits.test().rows());
    }

    // ---------------------------------------------------------------- training

    private static Generator generator(Grid grid, Size size, Noise noise) {
        return Generator.noise(size.noise())
                .uniform()
                .visible(grid.size())
                .network(
                        size.convolutional()
                                ? Network.deconvolutions(grid, 32, 64, 64)
                                        .dense(512)
                                        .activation(Activation.RELU)
                                : Network.leakyRelu(200, 200))
                .range(0, 1)
                .init(noise);
    }

    private static AutoencoderEnergy autoencoder(Grid grid, Size size, Noise noise) {
        AutoencoderEnergy.Builder plan =
                AutoencoderEnergy.visible(grid.size()).features(size.noise()).range(0, 1);
        return size.convolutional()
                ? plan.encoder(Network.convolutions(grid, 32, 64, 64).dense(512).activation(Activation.RELU))
                        .decoder(Network.deconvolutions(grid, 32, 64, 64)
                                .dense(512)
                                .activation(Activation.RELU))
                        .init(noise)
                : plan.encoder(Network.leakyRelu(200))
                        .decoder(Network.leakyRelu(200))
                        .init(noise);
    }

    private static Training training(Digits digits, Method method, Generator sampler, Size size, Noise noise) {
        Adam adam = size.convolutional()
                ? Adam.schedule(new StepSchedule(ScheduleType.ITERATION, size.rate(), 0.9, 6_000))
                : Adam.rate(size.rate());
        return Training.of(autoencoder(digits.grid(), size, noise.split("autoencoder")))
                .minimizing(method.began(sampler, size))
                .on(digits.train())
                .with(adam.betas(0.5, 0.999))
                .batches(BATCH);
    }

    private static Optional<Classifier> judge(Account account, Digits digits) {
        if (!digits.isLabelled()) {
            return Optional.empty();
        }
        Classifier judge = Classifier.training()
                .steps(account.scale().pick(50, 1_000, 4_000, 4_000))
                .fit(digits.train(), digits.labels(), account.noise("classifier"));
        account.say("The classifier: " + judge.accuracy(digits.test(), digits.testLabels()));
        account.about("The classifier", judge + ": " + judge.accuracy(digits.test(), digits.testLabels()));
        return Optional.of(judge);
    }

    // ---------------------------------------------------------------- what came out

    /** What was found of the samples of one run. */
    private record Outcome(Diversity.Result diversity, double score, double milliseconds) {
        Outcome of(Run run) {
            return new Outcome(diversity, score, 1e3 * run.seconds() / run.steps());
        }
    }

    private static Outcome judged(Data samples, Diversity diversity, Optional<Classifier> judge) {
        return new Outcome(
                diversity.of(samples),
                judge.map(each -> ClassifierScore.by(each).splits(1).of(samples).value())
                        .orElse(Double.NaN),
                Double.NaN);
    }

    private static List<String> row(String name, List<Outcome> outcomes) {
        return List.of(
                name,
                number(
                        "%.3f",
                        outcomes.stream()
                                .mapToDouble(each -> each.diversity().labelEntropy())
                                .toArray()),
                number(
                        "%.3f",
                        outcomes.stream()
                                .mapToDouble(each -> each.diversity().gap())
                                .toArray()),
                number(
                        "%.2f",
                        outcomes.stream()
                                .mapToDouble(each -> each.diversity().distance())
                                .toArray()),
                number("%.2f", outcomes.stream().mapToDouble(Outcome::score).toArray()),
                number(
                        "%.1f",
                        outcomes.stream().mapToDouble(Outcome::milliseconds).toArray()));
    }

    /** The mean, with its standard error if there are several. */
    private static String number(String format, double... values) {
        double mean = mean(values);
        if (Double.isNaN(mean)) {
            return "-";
        }
        double squares = 0;
        for (double each : values) {
            squares += (each - mean) * (each - mean);
        }
        int n = values.length;
        String text = String.format(Locale.ROOT, format, mean);
        return n == 1 ? text : text + " ± " + String.format(Locale.ROOT, format, Math.sqrt(squares / n / (n - 1)));
    }

    private static double mean(double... values) {
        double sum = 0;
        for (double each : values) {
            sum += each / values.length;
        }
        return sum;
    }

    private static void tell(Account account, String name, List<Outcome> outcomes) {
        Outcome first = outcomes.get(0);
        account.number("label entropy " + name, first.diversity().labelEntropy());
        account.number("distance " + name, first.diversity().distance());
        account.number("classifier score " + name, first.score());
    }

    private static void show(Account account, Digits digits, Method method, Data samples, Outcome outcome) {
        int shown = 60;
        account.say(method.name() + ": " + outcome.diversity());
        account.picture(
                "samples-" + method.name().replace(' ', '-') + ".png",
                method.name() + ": samples, and the training row nearest to each",
                ImageGrid.of(samples.take(shown))
                        .columns(10)
                        .picture()
                        .beside(ImageGrid.of(nearest(digits, outcome, shown)).columns(10)));
    }

    private static Data nearest(Digits digits, Outcome outcome, int shown) {
        float[] values = new float[shown * digits.grid().size()];
        for (int i = 0; i < shown; i++) {
            digits.train()
                    .copyRow(
                            outcome.diversity().nearest()[i],
                            values,
                            i * digits.grid().size());
        }
        return Data.of("nearest rows", values, digits.grid().size()).onGrid(digits.grid());
    }

    private static Curves with(Curves curves, String name, Run run, String what) {
        double[] x = run.history().steps(what);
        double[] y = run.history().values(what);
        return curves == null ? Curves.of(name, x, y) : curves.and(name, x, y);
    }
}
