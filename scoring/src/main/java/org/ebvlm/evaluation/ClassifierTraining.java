package org.ebvlm.evaluation;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.datasets.Batches;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.Interruption;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Stepper;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * How a {@link Classifier} is trained: Adam on the cross-entropy
 *
 * <pre>J = mean over images of  log sum over c of exp(z_c(x)) - z_y(x)</pre>
 *
 * <p>of logits z = A leaky(f(x)) + a, with f the network of {@link Network#convolutions} and leaky(f(x)) the features. The
 * learning rate falls linearly to zero.
 */
public final class ClassifierTraining {
    private static final int BATCH = 100;

    private int[] channels = {16, 32};
    private int features = 64;
    private int steps = 2000;
    private double rate = 2e-3;

    ClassifierTraining() {}

    /** Channels of the convolutions, each of which halves the image; 16 and 32 unless said otherwise. */
    public ClassifierTraining channels(int... numbers) {
        if (Arrays.stream(numbers).anyMatch(c -> c < 1)) {
            throw new SettingException(Facts.that("Classifier.channels: too few")
                    .expected("1 or more for each convolution")
                    .butWas(Arrays.toString(numbers)));
        }
        channels = numbers.clone();
        return this;
    }

    /** Number of features; 64 unless said otherwise. */
    public ClassifierTraining features(int number) {
        features = positive("features", number);
        return this;
    }

    /** Training steps, of 100 images each; 2000 unless said otherwise. */
    public ClassifierTraining steps(int number) {
        steps = positive("steps", number);
        return this;
    }

    /** The learning rate at the start; 2e-3 unless said otherwise. */
    public ClassifierTraining rate(double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new SettingException(Facts.that("Classifier.rate: not a learning rate")
                    .expected("a positive number")
                    .butWas(value));
        }
        rate = value;
        return this;
    }

    private static int positive(String what, int number) {
        if (number < 1) {
            throw new SettingException(Facts.that("Classifier." + what + ": too few")
                    .expected("1 or more")
                    .butWas(number));
        }
        return number;
    }

    /**
     * Trains.
     *
     * @param images [n, width], which know their grid
     * @param labels [n, 1], classes counted from 0, of which there are as many as the largest says
     * @param noise for first values and the order of images
     */
    public Classifier fit(Data images, Data labels, Noise noise) {
        Grid grid = images.grid()
                .orElseThrow(() -> new ShapeException(Facts.that("Classifier.fit: the rows are not known to be images")
                        .expected("data on a grid")
                        .butWas(images.name())
                        .hint("say images.onGrid(new Grid(height, width, channels))")));
        int[] y = Labels.of(images, labels);
        int classes = Arrays.stream(y).max().orElseThrow() + 1;
        if (classes < 2) {
            throw new DataException(Facts.that("Classifier.fit: nothing to tell apart")
                    .expected("labels of two classes or more")
                    .butWas("label 0 only, in " + labels.name()));
        }
        Network start = Network.of(graph(grid, classes, noise), Classifier.LOGITS);
        Network trained = trained(start, images, y, noise);
        return Classifier.of(trained.function().graph());
    }

    /** The convolutional network with one more layer on it, and names for both results. */
    private SameDiff graph(Grid grid, int classes, Noise noise) {
        Network below = Network.convolutions(grid, channels).init(grid.size(), features, noise.split("features"));
        float bound = (float) (1 / Math.sqrt(features));
        float[] weights = new float[features * classes];
        noise.split("head").uniform(weights, 0, weights.length);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = bound * (2 * weights[i] - 1);
        }
        SameDiff g = below.function().graph();
        SDVariable x = g.nn.leakyRelu(
                Classifier.FEATURES, g.getVariable(below.function().output()), 0.2);
        SDVariable w = g.var("head.W", Nd4j.createFromArray(weights).reshape(features, classes));
        SDVariable b = g.var("head.b", Nd4j.createFromArray(new float[classes]));
        x.mmul(w).add(Classifier.LOGITS, b);
        return g;
    }

    private Network trained(Network start, Data images, int[] labels, Noise noise) {
        int size = Math.min(BATCH, images.rows());
        int width = images.width();
        Expr batch = Expr.input("images and labels", size, width + 1);
        Expr loss = crossEntropy(start.apply(batch.slice(1, 0, width)), batch.slice(1, width, 1));
        Phase phase = Phase.of("crossEntropy", start, loss, loss);
        Adam adam = Adam.schedule(new PolySchedule(ScheduleType.ITERATION, rate, 1, steps));
        Batches batches = images.batches(size, noise.split("order"));
        Noise none = noise.split("training");
        try (Stepper stepper = new Stepper(List.of(phase), batch, adam, List.of(), Double.POSITIVE_INFINITY)) {
            for (int t = 0; t < steps; t++) {
                Interruption.check("the training of a classifier");
                int[] rows = batches.next();
                for (int i = 0; i < size; i++) {
                    images.copyRow(rows[i], stepper.batch(), i * (width + 1));
                    stepper.batch()[i * (width + 1) + width] = labels[rows[i]];
                }
                stepper.step(none);
            }
            return start.with(stepper.current(start.parameters()));
        }
    }

    /** mean of log sum over c of exp(z_c) - z_y. */
    private static Expr crossEntropy(Expr logits, Expr labels) {
        int classes = logits.shape(1);
        double[] numbers = new double[classes];
        Arrays.setAll(numbers, c -> c);
        Expr own = labels.equalTo(Expr.constant(numbers, 1, classes));
        return logits.logSumExp(1).minus(logits.times(own).sum(1)).mean();
    }

    @Override
    public String toString() {
        return "training of a classifier: channels " + Arrays.toString(channels) + ", " + features + " features, "
                + steps + " steps";
    }
}
