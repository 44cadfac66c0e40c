package org.ebvlm.model;

import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Shapes;
import org.ebvlm.noise.Noise;

/**
 * An energy of rows x with labels y, without hidden variables: the error of an autoencoder, and how far a classifier of its
 * features is from the label (Wang and Liu, 2016),
 *
 * <pre>
 * E(x, y) = A(x) + max( m, H(y, c(encode(x))) )
 * H(y, c) = sum over k of y_k ( logsumexp(c) - c_k )          cross entropy of logits c
 * </pre>
 *
 * <p>with A the {@link AutoencoderEnergy}, by itself or its root, and m the {@linkplain Builder#slack slack}: where the cross entropy is
 * below it the label has no force left, on x or on any parameter.
 *
 * <pre>{@code
 * var model = LabelledEnergy.of(autoencoder).labels(10).slack(0.1).init(seed(7));
 * var generator = Generator.noise(100).uniform().labels(10).visible(784).range(0, 1).init(seed(8));
 * var run = Training.of(model).minimizing(SteinGan.sampler(generator).discount(0.5))
 *     .on(model.rows(digits)).steps(5_000).fit(seed(9));
 * run.fitted(generator).samples(new int[] {3, 3, 7}, seed(10));
 * }</pre>
 *
 * <p>A row of v is x and then y in one-hot code: {@link #rows} makes such rows. The score has columns for y as well, of the
 * energy as it goes on between labels; who moves x alone leaves them out. It is no model of y given x to be calibrated: with
 * a slack above zero the energy does not say how sure the classifier is. A classifier alone needs no energy.
 *
 * <p>Samples whose energy is pushed up push their cross entropy up without bound: {@code SteinGan.discount} and
 * {@code SteinGan.margin} hold that back.
 *
 * <p>Cost: that of the autoencoder and a little more, the encoder being shared.
 *
 * <p>Parameters: {@code encoder.*} and {@code decoder.*} of the autoencoder, {@code classifier.*}.
 */
public final class LabelledEnergy extends GraphModel {
    private static final String CLASSIFIER = "classifier.";

    private final AutoencoderEnergy autoencoder;
    private final Network classifier;
    private final double slack;
    private final Parameters parameters;

    private LabelledEnergy(AutoencoderEnergy autoencoder, Network classifier, double slack, Parameters parameters) {
        this.autoencoder = autoencoder.with(parameters);
        this.classifier = classifier.with(parameters.part(CLASSIFIER));
        this.slack = slack;
        this.parameters = parameters;
    }

    /** Starts an energy of x as this autoencoder has it, with its values. */
    public static Builder of(AutoencoderEnergy autoencoder) {
        return new Builder(autoencoder);
    }

    /** The labels and what is made of them; {@link #init} ends it. */
    public static final class Builder {
        private final AutoencoderEnergy autoencoder;
        private int labels;
        private double slack;
        private Network.Architecture classifier = Network.linear();

        private Builder(AutoencoderEnergy autoencoder) {
            this.autoencoder = autoencoder;
        }

        /** Number of labels, 2 or more. */
        public Builder labels(int classes) {
            if (classes < 2) {
                throw new SettingException(Facts.that("LabelledEnergy.labels: too few")
                        .expected("2 or more")
                        .butWas(classes));
            }
            labels = classes;
            return this;
        }

        /** m, below which the cross entropy does not count, in nats; 0 unless said otherwise, where it always does. */
        public Builder slack(double nats) {
            slack = LabelledEnergy.nats(nats);
            return this;
        }

        /** The network from the encoder's features to logits; one linear layer unless said otherwise. */
        public Builder classifier(Network.Architecture kind) {
            classifier = kind;
            return this;
        }

        /** The model, with the classifier's first values drawn from a source. */
        public LabelledEnergy init(Noise noise) {
            if (labels == 0) {
                throw new SettingException(Facts.that("LabelledEnergy.init: the model is not complete")
                        .expected("labels(classes)")
                        .butWas("no number of labels"));
            }
            return joined(
                    autoencoder, classifier.init(autoencoder.featureWidth(), labels, noise.split("classifier")), slack);
        }
    }

    private static double nats(double slack) {
        if (!(slack >= 0 && slack < Double.POSITIVE_INFINITY)) {
            throw new SettingException(Facts.that("LabelledEnergy.slack: not possible")
                    .expected("zero or a positive number of nats")
                    .butWas(slack));
        }
        return slack;
    }

    private static LabelledEnergy joined(AutoencoderEnergy autoencoder, Network logits, double slack) {
        logits.requireRowwise("LabelledEnergy.classifier");
        Parameters all = Parameters.named("labelled energy")
                .all("", autoencoder.parameters())
                .all(CLASSIFIER, logits.parameters())
                .build();
        return new LabelledEnergy(autoencoder, logits, slack, all);
    }

    // ---------------------------------------------------------------- on disk

    @Override
    void describe(Description folder) {
        autoencoder.describe(folder);
        folder.graph("classifier", classifier.function()).add("slack", slack);
    }

    static LabelledEnergy described(Description folder) {
        AutoencoderEnergy autoencoder = AutoencoderEnergy.described(folder);
        Network classifier = folder.network("classifier");
        if (classifier.in() != autoencoder.featureWidth()) {
            throw new IllegalArgumentException("the classifier is not of the features: " + classifier);
        }
        return joined(autoencoder, classifier, nats(folder.number("slack")));
    }

    // ---------------------------------------------------------------- the model

    @Override
    public String name() {
        return "LabelledEnergy " + width() + "+" + labels();
    }

    /** Width of x and number of labels together. */
    @Override
    public int visible() {
        return width() + labels();
    }

    /** Width of x. */
    public int width() {
        return autoencoder.visible();
    }

    /** Number of labels. */
    public int labels() {
        return classifier.out();
    }

    /** None. */
    @Override
    public int hidden() {
        return 0;
    }

    @Override
    public Latents latents() {
        return Latents.NONE;
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public LabelledEnergy with(Parameters values) {
        return new LabelledEnergy(autoencoder, classifier, slack, values);
    }

    /** With the autoencoder's dropout, if it has any; the classifier sees what the autoencoder sees. */
    @Override
    public LabelledEnergy learning() {
        return new LabelledEnergy(autoencoder.learning(), classifier, slack, parameters);
    }

    /** The energy of x that the labels stand beside. */
    public AutoencoderEnergy autoencoder() {
        return autoencoder;
    }

    /**
     * What the encoder makes of x, to measure distances in.
     *
     * @param x [n, {@link #width}], without labels
     * @return [n, features]
     */
    public Expr features(Expr x) {
        return autoencoder.features(x);
    }

    /**
     * What the classifier makes of x: log odds of the labels up to a constant of each row.
     *
     * @param x [n, {@link #width}], without labels
     * @return [n, {@link #labels}]
     */
    public Expr logits(Expr x) {
        return classifier.apply(features(x));
    }

    /** E(x, y); there is no h to look at. */
    @Override
    public Expr energy(Expr v, Expr h) {
        return freeEnergy(v);
    }

    @Override
    public boolean hasFreeEnergy() {
        return true;
    }

    /**
     * E(x, y).
     *
     * @param v [n, visible]: x, and y in one-hot code behind it
     * @return [n], in nats
     */
    @Override
    public Expr freeEnergy(Expr v) {
        requireRows(v);
        Expr x = v.slice(1, 0, width());
        Expr seen = autoencoder.seen(x);
        Expr y = v.slice(1, width(), labels());
        return autoencoder.error(x, seen).plus(crossEntropy(seen, y).max(slack));
    }

    /** H(y, c) = sum over k of y_k ( logsumexp(c) - c_k ); [n]. */
    private Expr crossEntropy(Expr x, Expr y) {
        Expr logits = logits(x);
        Expr all = logits.logSumExp(1).reshape(x.shape(0), 1);
        return y.times(all.minus(logits)).sum(1);
    }

    private void requireRows(Expr v) {
        if (v.rank() != 2 || v.shape(1) != visible()) {
            throw new ShapeException(Facts.that(name() + ".freeEnergy: v has the wrong shape")
                    .expected("[n, " + visible() + "]   (x, then one-hot labels)")
                    .butWas(Shapes.text(v.shape()))
                    .hint("model.rows(data) makes such rows of labelled data"));
        }
    }

    // ---------------------------------------------------------------- numbers

    /**
     * Rows as this model takes them: x, and the label in one-hot code behind it.
     *
     * @param data rows as wide as x, labels of whole numbers from 0
     * @return [n, visible]
     * @throws ShapeException if the rows have another width
     * @throws DataException if a label is none of this model's
     */
    public Data rows(Labelled data) {
        if (data.width() != width()) {
            throw new ShapeException(Facts.that(name() + ".rows: the rows have the wrong width")
                    .expected("[n, " + width() + "]")
                    .butWas("[" + data.size() + ", " + data.width() + "]"));
        }
        float[] both = new float[data.size() * visible()];
        for (int i = 0; i < data.size(); i++) {
            data.rows().copyRow(i, both, i * visible());
            both[i * visible() + width() + label(data.labels(), i)] = 1;
        }
        return Data.of(data.name() + " with labels", both, visible());
    }

    private int label(Data labels, int row) {
        float label = labels.at(row, 0);
        if (!(label >= 0 && label < labels() && label == (int) label)) {
            throw new DataException(Facts.that(name() + ".rows: there is no such label")
                    .expected("a whole number from 0 to " + (labels() - 1))
                    .butWas(label + " in row " + row)
                    .hint("data.classes() numbers the labels from 0"));
        }
        return (int) label;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%s: %s, slack %s, %,d parameters", name(), autoencoder.name(), slack, parameters.size());
    }
}
