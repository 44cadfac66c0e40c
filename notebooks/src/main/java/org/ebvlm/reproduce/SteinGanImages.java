package org.ebvlm.reproduce;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Grid;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.evaluation.Accuracy;
import org.ebvlm.evaluation.Classifier;
import org.ebvlm.evaluation.ClassifierScore;
import org.ebvlm.evaluation.Diversity;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.AutoencoderEnergy;
import org.ebvlm.model.Generator;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.picture.ImageGrid;
import org.ebvlm.program.Program;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;

/**
 * SteinGAN with an autoencoder's energy on images: samples, a walk in the noise, and how varied samples are beside test images
 * and beside few training images over and over, which fool a classifier score.
 */
final class SteinGanImages {
    private static final int JUDGED = 1000;
    private static final int SHOWN = 60;

    private final Account account;
    private final SteinGanSetting setting;
    private final Grid grid;
    private final Data train;
    private final Data test;
    /** Of both, or null. */
    private final Data labels;

    SteinGanImages(Account account, Data images) {
        this.account = account;
        Data all = account.scale() == Scale.SHORT && images.grid().orElseThrow().channels() == 1
                ? DeepExperiment.halved(images)
                : images;
        grid = all.grid().orElseThrow();
        int cut = all.rows() / 6 * 5;
        train = all.rows(0, cut);
        test = all.rows(cut, all.rows());
        labels = labels(all.rows());
        setting = SteinGanSetting.of(account.scale(), grid, cut);
    }

    /** What the file of images says of labels, or the file beside it, as MNIST has it; null if there are none. */
    private Data labels(int rows) {
        if (account.data().isEmpty()) {
            return null;
        }
        Path file = account.data().get();
        String name = file.getFileName().toString();
        if (name.matches(".*\\.bin(\\.gz)?")) {
            return Datasets.labelledCifar10(file).labels().rows(0, rows);
        }
        Path beside = file.resolveSibling(name.replace("images-idx3", "labels-idx1"));
        return beside.equals(file) || !Files.exists(beside)
                ? null
                : Datasets.idx(beside).rows(0, rows);
    }

    void run() {
        Generator sampler = setting.sampler(grid).init(account.noise("image sampler"));
        AutoencoderEnergy model = setting.model(grid, account.noise("autoencoder"));
        about(sampler, model);
        Training training = Training.of(model)
                .minimizing(setting.loss(sampler, SteinGanSetting.direction(model::features)))
                .on(train)
                .with(Adam.rate(1e-3).betas(0.5, 0.999))
                .batches(Math.min(setting.batch(), train.rows()));
        account.say("SteinGAN on images");
        Run run = account.fit("SteinGAN on images", training, setting.steps(), account.noise("image fit"));
        Generator fitted = run.fitted(sampler);
        account.number("gap", run.history().last("gap"));
        account.picture(
                "gap.png",
                "Mean energy of samples less that of data, while training",
                Curves.of("gap", run.history().steps("gap"), run.history().values("gap"))
                        .labelled("step", "gap"));
        Data samples = fitted.samples(JUDGED, account.noise("image samples")).onGrid(grid);
        account.picture(
                "images.png",
                "Samples of the sampler beside training images",
                ImageGrid.of(samples.take(SHOWN))
                        .columns(10)
                        .picture()
                        .beside(ImageGrid.of(train.take(SHOWN)).columns(10)));
        walk(fitted);
        Classifier judge = labels == null ? null : classifier(train.rows());
        judge(samples, run, judge);
        if (judge != null) {
            Labelled both = Labelled.of(train, labels.rows(0, train.rows()));
            accuracies(judge, new SteinGanByLabel(account, setting, grid, both).run(judge));
        }
    }

    private void about(Generator sampler, AutoencoderEnergy model) {
        account.about(
                "What was done with images",
                String.format(
                        Locale.ROOT,
                        "%s, %,d rows. %s. %s. %s Samples for these pages are drawn one by one, by the moments of a reference batch. "
                                + "Scores published for CIFAR-10 rest on a classifier from elsewhere.",
                        train.name(),
                        train.rows(),
                        model,
                        sampler,
                        setting.words()));
    }

    // ---------------------------------------------------------------- the walk

    /** Noise that moves a little at each place, kept between -1 and 1; a walk each row. */
    private void walk(Generator fitted) {
        int walks = 5;
        int places = 12;
        int width = fitted.noiseWidth();
        Noise noise = account.noise("walk");
        double[] at = new double[walks * places * width];
        for (int row = 0; row < walks * places; row++) {
            for (int k = 0; k < width; k++) {
                at[row * width + k] = row % places == 0
                        ? 2 * noise.nextDouble() - 1
                        : Math.max(-1, Math.min(1, at[(row - 1) * width + k] + 0.25 * noise.nextNormal()));
            }
        }
        Expr x = fitted.settled(Expr.constant(at, walks * places, width));
        try (Program program = Program.of(x)) {
            fitted.parameters().give(program);
            program.run();
            Data images = Data.of("walk", program.value(0).clone(), grid.size()).onGrid(grid);
            account.picture(
                    "walk.png",
                    "Walks in the noise, one a row: each place a normal step of 0.25 from the last",
                    ImageGrid.of(images).columns(places));
        }
    }

    // ---------------------------------------------------------------- variety

    /** Samples, test images, and few training images over and over, by everything that is known of images. */
    private void judge(Data samples, Run run, Classifier judge) {
        int number = judged();
        Data few = over(train.take(number / 2), number);
        List<Data> all = List.of(test.take(number), few, samples.take(number));
        List<String> names = List.of("test images", number / 2 + " training images, each twice", "SteinGAN");
        Diversity diversity =
                labels == null ? Diversity.against(train) : Diversity.against(train, labels.rows(0, train.rows()));
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Diversity.Result found = diversity.of(all.get(i));
            double score = judge == null
                    ? Double.NaN
                    : ClassifierScore.by(judge).splits(1).of(all.get(i)).value();
            account.number("label entropy " + names.get(i), found.labelEntropy());
            account.number("distance " + names.get(i), found.distance());
            account.number("classifier score " + names.get(i), score);
            rows.add(List.of(
                    names.get(i),
                    format("%.2f", found.labelEntropy()),
                    format("%.2f", found.distance()),
                    judge == null ? "-" : format("%.2f", score)));
        }
        account.table(
                format(
                        "Of " + number + " images, after " + run.steps() + " steps of %.1f ms",
                        1e3 * run.seconds() / run.steps()),
                List.of(
                        "images",
                        labels == null ? "neighbour entropy" : "label entropy",
                        "L1 distance to training rows",
                        "classifier score"),
                rows);
    }

    /** How many images of each kind are judged. */
    private int judged() {
        return Math.min(JUDGED, Math.min(test.rows(), 2 * train.rows()));
    }

    private Classifier classifier(int rows) {
        return classifier(Labelled.of(train.take(rows), labels.rows(0, rows)));
    }

    private Classifier classifier(Labelled images) {
        return Classifier.training()
                .steps(account.scale().pick(50, 400, 4_000, 4_000))
                .fit(images.rows(), images.labels(), account.noise("classifier"));
    }

    /**
     * What the score of repeated images does not show, the accuracy of a classifier that learned from them alone does, and so
     * for samples.
     */
    private void accuracies(Classifier ofAll, Labelled samples) {
        int few = judged() / 2;
        Map<String, Classifier> classifiers = new LinkedHashMap<>();
        classifiers.put(train.rows() + " training images", ofAll);
        classifiers.put(few + " of them", classifier(few));
        classifiers.put(samples.size() + " samples of SteinGAN, with the labels asked for", classifier(samples));
        Data kept = test.take(Math.min(2_000, test.rows()));
        Data keptLabels = labels.rows(train.rows(), train.rows() + kept.rows());
        List<List<String>> rows = new ArrayList<>();
        classifiers.forEach((from, classifier) -> {
            Accuracy accuracy = classifier.accuracy(kept, keptLabels);
            account.number("accuracy, learned from " + from, accuracy.value());
            rows.add(List.of(from, "" + accuracy));
        });
        account.table("Test accuracy of classifiers", List.of("learned from", "accuracy"), rows);
    }

    /** The same rows again until there are enough. */
    private static Data over(Data rows, int number) {
        int[] which = new int[number];
        for (int i = 0; i < number; i++) {
            which[i] = i % rows.rows();
        }
        return rows.select(which);
    }

    private static String format(String pattern, double x) {
        return String.format(Locale.ROOT, pattern, x);
    }
}
