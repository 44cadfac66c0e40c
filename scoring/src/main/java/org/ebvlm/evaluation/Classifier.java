package org.ebvlm.evaluation;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.ModelFile;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Rowwise;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A small convolutional classifier of images, trained here on labelled images: class probabilities p(y | x), and features, the
 * layer before the last. {@link ClassifierFrechet} and {@link ClassifierScore} judge samples by it.
 *
 * <pre>{@code
 * var judge = Classifier.training().fit(images, labels, seed(7));
 * judge.accuracy(testImages, testLabels);
 * }</pre>
 *
 * <p>What is judged by it depends on it: compare numbers of one and the same classifier only.
 */
public final class Classifier {
    static final String LOGITS = "logits";
    static final String FEATURES = "features";
    private static final String GRAPH = "classifier.sd";
    private static final String FACTS = "classifier.json";

    private final Network logits;
    private final Network features;

    private Classifier(Network logits, Network features) {
        this.logits = logits;
        this.features = features;
    }

    /** The classifier in a graph that has both results. */
    static Classifier of(SameDiff graph) {
        return new Classifier(Network.of(graph, LOGITS), Network.of(graph, FEATURES));
    }

    /** Starts the description of a training. */
    public static ClassifierTraining training() {
        return new ClassifierTraining();
    }

    /** Values an image. */
    public int width() {
        return logits.in();
    }

    /** Number of classes. */
    public int classes() {
        return logits.out();
    }

    /** Number of features. */
    public int features() {
        return features.out();
    }

    // ---------------------------------------------------------------- numbers

    /**
     * p(y | x) of each image.
     *
     * @param images [n, width]
     * @return [n, classes], rows that sum to one
     */
    public Data probabilities(Data images) {
        return applied("class probabilities", images, x -> logits.apply(x).softmax(1), logits);
    }

    /**
     * The features of each image, before the last layer.
     *
     * @param images [n, width]
     * @return [n, features]
     */
    public Data features(Data images) {
        return applied("features", images, features::apply, features);
    }

    private Data applied(String what, Data images, UnaryOperator<Expr> function, Network network) {
        requireWidth(images);
        int width = network.out();
        float[] all = new float[Math.multiplyExact(images.rows(), width)];
        Rowwise.evaluate(
                images,
                function,
                program -> network.parameters().give(program),
                Noise.seed(0),
                (from, to, values) -> System.arraycopy(values, 0, all, from * width, (to - from) * width));
        return Data.of(what + " of " + images.name(), all, width);
    }

    private void requireWidth(Data images) {
        if (images.width() != width()) {
            throw new ShapeException(Facts.that("Classifier: the images have another size than those it was trained on")
                    .expected("[n, " + width() + "]")
                    .butWas("[" + images.rows() + ", " + images.width() + "] in " + images.name()));
        }
    }

    /** The most probable class of each image. */
    public int[] predictions(Data images) {
        Data p = probabilities(images);
        int[] all = new int[p.rows()];
        for (int i = 0; i < all.length; i++) {
            for (int c = 1; c < p.width(); c++) {
                all[i] = p.at(i, c) > p.at(i, all[i]) ? c : all[i];
            }
        }
        return all;
    }

    /**
     * The share of images whose most probable class is their label.
     *
     * @param labels [n, 1], classes counted from 0
     */
    public Accuracy accuracy(Data images, Data labels) {
        int[] classes = Labels.of(images, labels);
        int[] predicted = predictions(images);
        int right = 0;
        for (int i = 0; i < predicted.length; i++) {
            right += predicted[i] == classes[i] ? 1 : 0;
        }
        return new Accuracy(right, predicted.length);
    }

    // ---------------------------------------------------------------- files

    /**
     * Writes the classifier into a folder, which is made if need be.
     *
     * @param made how it was made, in words: data and their hash, settings, seed
     */
    public Path save(Path folder, Map<String, String> made) {
        JsonObject facts = new JsonObject();
        facts.addProperty("classes", classes());
        facts.addProperty("features", features());
        JsonObject how = new JsonObject();
        made.forEach(how::addProperty);
        facts.add("made", how);
        ModelFile.saveGraph(logits.function(), folder, GRAPH);
        ModelFile.writeJson(facts, folder.resolve(FACTS));
        return folder;
    }

    /** Reads a classifier from a folder. */
    public static Classifier load(Path folder) {
        SameDiff graph = ModelFile.loadGraph(folder, GRAPH);
        try {
            return of(graph);
        } catch (RuntimeException e) {
            throw ModelFile.damaged(folder.resolve(GRAPH), e);
        }
    }

    @Override
    public String toString() {
        return "Classifier of " + width() + " values into " + classes() + " classes by " + features() + " features";
    }
}
