package org.ebvlm.reproduce;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Grid;
import org.ebvlm.evaluation.Classifier;
import org.ebvlm.evaluation.ClassifierScore;
import org.ebvlm.evaluation.Diversity;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Activation;
import org.ebvlm.model.AutoencoderEnergy;
import org.ebvlm.model.Generator;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.picture.ImageGrid;
import org.ebvlm.program.Program;
import org.ebvlm.stein.SteinDirection;
import org.ebvlm.stein.SteinGan;
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
    private final Size size;
    private final Grid grid;
    private final Data train;
    private final Data test;
    /** Of both, or null. */
    private final Data labels;

    /** What one scale does; channels of the deconvolutions, the smallest image first. */
    private record Size(int[] channels, int dense, int steps, double discount) {}

    private static Size size(Scale scale) {
        return switch (scale) {
            case TINY -> new Size(new int[] {8, 4}, 16, 12, 0.5);
            case SHORT -> new Size(new int[] {32, 16}, 128, 800, 0.5);
            case NIGHT -> new Size(new int[] {64, 64, 32}, 512, 20_000, 0.7);
            case PUBLISHED -> new Size(new int[] {512, 256, 128}, 1024, 100_000, 0.7);
        };
    }

    SteinGanImages(Account account, Data images) {
        this.account = account;
        size = size(account.scale());
        Data all = account.scale() == Scale.SHORT && images.grid().orElseThrow().channels() == 1
                ? DeepExperiment.halved(images)
                : images;
        grid = all.grid().orElseThrow();
        int cut = all.rows() / 6 * 5;
        train = all.rows(0, cut);
        test = all.rows(cut, all.rows());
        labels = labels(all.rows());
    }

    /** The file of labels beside MNIST's, if it is there. */
    private Data labels(int rows) {
        if (account.data().isEmpty()) {
            return null;
        }
        Path file = account.data().get();
        Path beside = file.resolveSibling(file.getFileName().toString().replace("images-idx3", "labels-idx1"));
        return beside.equals(file) || !Files.exists(beside)
                ? null
                : Datasets.idx(beside).rows(0, rows);
    }

    void run() {
        Generator sampler = Generator.noise(100)
                .uniform()
                .visible(grid.size())
                .range(0, 1)
                .network(Network.deconvolutions(grid, size.channels())
                        .dense(size.dense())
                        .activation(Activation.LEAKY_RELU))
                .init(account.noise("image sampler"));
        AutoencoderEnergy model = AutoencoderEnergy.visible(grid.size())
                .features(account.scale().pick(8, 32, 64, 100))
                .range(0, 1)
                .root()
                .encoder(Network.convolutions(grid, reversed(size.channels())))
                .decoder(Network.deconvolutions(grid, size.channels()))
                .init(account.noise("autoencoder"));
        about(sampler, model);
        SteinGan loss = SteinGan.sampler(sampler)
                .particles(100)
                .along(SteinDirection.standard()
                        .features("encoder", model::features)
                        .nearestNeighbour())
                .discount(size.discount())
                .weightDecay(1e-5)
                .publishedRates();
        Training training = Training.of(model)
                .minimizing(loss)
                .on(train)
                .with(Adam.rate(1e-3).betas(0.5, 0.999))
                .batches(Math.min(100, train.rows()));
        account.say("SteinGAN on images");
        Run run = account.fit("SteinGAN on images", training, size.steps(), account.noise("image fit"));
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
        judge(samples, run);
    }

    private static int[] reversed(int[] channels) {
        int[] other = new int[channels.length];
        for (int i = 0; i < other.length; i++) {
            other[i] = channels[other.length - 1 - i];
        }
        return other;
    }

    private void about(Generator sampler, AutoencoderEnergy model) {
        account.about(
                "What was done with images",
                String.format(
                        Locale.ROOT,
                        "%s, %,d rows. %s, the root of its squared error as energy; %s. Direction: each sample's own score, and half "
                                + "the push of its nearest neighbour in the encoder's features, as in the published code for images; "
                                + "discount %s, weight decay 1e-5, Adam 1e-3 for the sampler, 5e-4 for the model and 1e-4 where it "
                                + "is ahead, batches and particles of 100, %,d steps. No batch normalisation, no dropout, no tied "
                                + "weights. Scores published for CIFAR-10 rest on a classifier from elsewhere.",
                        train.name(),
                        train.rows(),
                        model,
                        sampler,
                        size.discount(),
                        size.steps()));
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
        Expr x = fitted.at(Expr.constant(at, walks * places, width));
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
    private void judge(Data samples, Run run) {
        int number = Math.min(JUDGED, Math.min(test.rows(), 2 * train.rows()));
        Data few = over(train.take(number / 2), number);
        List<Data> all = List.of(test.take(number), few, samples.take(number));
        List<String> names = List.of("test images", number / 2 + " training images, each twice", "SteinGAN");
        Diversity diversity =
                labels == null ? Diversity.against(train) : Diversity.against(train, labels.rows(0, train.rows()));
        Classifier judge = labels == null ? null : classifier(train.rows());
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
        if (judge != null) {
            accuracies(judge, number / 2);
        }
    }

    private Classifier classifier(int rows) {
        return Classifier.training()
                .steps(account.scale().pick(50, 400, 4_000, 4_000))
                .fit(train.take(rows), labels.rows(0, rows), account.noise("classifier"));
    }

    /** What the score of repeated images does not show, the accuracy of a classifier that learned from them alone does. */
    private void accuracies(Classifier ofAll, int few) {
        Data kept = test.take(Math.min(2_000, test.rows()));
        Data keptLabels = labels.rows(train.rows(), train.rows() + kept.rows());
        account.table(
                "Test accuracy of classifiers",
                List.of("learned from", "accuracy"),
                List.of(
                        List.of(train.rows() + " training images", "" + ofAll.accuracy(kept, keptLabels)),
                        List.of(few + " of them", "" + classifier(few).accuracy(kept, keptLabels))));
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
