package org.ebvlm.model;

import com.google.gson.JsonElement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.graph.Shapes;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;

/**
 * An implicit sampler: x = g(noise; phi), a network applied to standard normal or uniform noise. Samples cost one pass and are
 * independent; nobody knows their density, so it takes estimates from samples to fit one ({@code EntropyGradient}).
 *
 * <pre>{@code
 * var generator = Generator.noise(64).uniform().visible(784)
 *     .network(Network.deconvolutions(Grid.grey(28, 28), 32, 64, 64).dense(512))
 *     .range(0, 1).init(seed(7));
 * Expr x = generator.draw(100);                    // [100, 784], as an expression of phi and noise
 * show(generator.samples(64, seed(8)).onGrid(Grid.grey(28, 28)));
 * }</pre>
 *
 * <p>With {@link Builder#labels} a label in one-hot code stands behind the noise, and samples can be asked for by label;
 * {@link Builder#labelsOf} draws labels as often as data have them.
 *
 * <p>With a {@linkplain ImageNetwork#batchNormalised batch-normalised} network a sample depends on those it is drawn with while the sampler
 * learns ({@link #at}, {@link #draw}). Samples for use ({@link #samples}, {@link #settled}) are independent: the moments are those of
 * 500 rows of noise that stay the same (a reference batch, Salimans et al., 2016), under the parameters of the moment. So there is
 * no running average to keep, to save or to lag behind; the price is one pass of 500 rows for each call.
 *
 * A sampler whose noise is narrower than x has its samples on a surface, where there is no density at all.
 *
 * <p>Parameters: those of the network.
 */
public final class Generator implements Parametric<Generator> {
    private static final String NOISE = "generator noise";

    private static final int REFERENCE = 500;
    private static final long REFERENCE_SEED = 1;
    /** A share of labels that nothing is drawn of. */
    private static final double NEGLIGIBLE = 1e-9;

    private final Shape shape;
    private final Network network;

    /**
     * What a sampler is beside its network.
     *
     * @param frequencies of the labels, which sum to one; empty without labels
     * @param reference how many rows have the moments that samples are normalised by
     */
    private record Shape(int noise, boolean uniform, List<Double> frequencies, Range range, int reference) {
        int labels() {
            return frequencies.size();
        }
    }

    private Generator(Shape shape, Network network) {
        this.shape = shape;
        this.network = network;
    }

    /** Starts a sampler with noise of this width, standard normal unless said otherwise. */
    public static Builder noise(int width) {
        return new Builder(Blueprint.width("Generator.noise", width));
    }

    /** Sizes and options; {@link #init} ends it. */
    public static final class Builder {
        private final int noise;
        private int visible;
        private List<Double> frequencies = List.of();
        private boolean uniform;
        private Range range = Range.EVERYWHERE;
        private int reference = REFERENCE;
        private Network.Architecture architecture = Network.elu(100, 100);

        private Builder(int noise) {
            this.noise = noise;
        }

        /** Width of x. */
        public Builder visible(int width) {
            visible = Blueprint.width("Generator.visible", width);
            return this;
        }

        /** Makes the noise uniform between -1 and 1. */
        public Builder uniform() {
            uniform = true;
            return this;
        }

        /** The network from noise to x; two layers of 100 ELU units unless said otherwise. */
        public Builder network(Network.Architecture kind) {
            architecture = kind;
            return this;
        }

        /** Keeps x between two numbers, by a sigmoid: 0 and 1 for pixels. Everywhere unless said otherwise. */
        public Builder range(double from, double to) {
            range = Range.of("Generator.range", from, to);
            return this;
        }

        /** Makes x depend on a label, 0 up to this number less one; each is drawn as often as any other. */
        public Builder labels(int classes) {
            double[] alike = new double[Blueprint.width("Generator.labels", classes)];
            Arrays.fill(alike, 1);
            return labelFrequencies(alike);
        }

        /**
         * Makes x depend on a label, drawn as often as these numbers say: shares, or counts of them in data.
         *
         * @param counts of label 0, 1 and on, on any scale; none negative, not all zero
         */
        public Builder labelFrequencies(double... counts) {
            double sum = 0;
            for (double each : counts) {
                if (!(each >= 0)) {
                    throw wrongFrequencies(counts);
                }
                sum += each;
            }
            if (!(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
                throw wrongFrequencies(counts);
            }
            double whole = sum;
            frequencies = Arrays.stream(counts).mapToObj(each -> each / whole).toList();
            return this;
        }

        /** Makes x depend on a label, drawn as often as data have it, whose labels are whole numbers from 0. */
        public Builder labelsOf(Labelled data) {
            float[] labels = data.labels().values();
            double[] counts = new double[classes(labels)];
            for (float each : labels) {
                counts[(int) each]++;
            }
            return labelFrequencies(counts);
        }

        private static int classes(float[] labels) {
            float most = 0;
            for (float each : labels) {
                if (!(each >= 0 && each == (int) each)) {
                    throw new DataException(Facts.that("Generator.labelsOf: not a label")
                            .expected("whole numbers from 0")
                            .butWas(each)
                            .hint("data.classes() numbers the labels from 0"));
                }
                most = Math.max(most, each);
            }
            return (int) most + 1;
        }

        private static SettingException wrongFrequencies(double... counts) {
            return new SettingException(Facts.that("Generator.labelFrequencies: not possible")
                    .expected("numbers of which none is negative and the sum is positive")
                    .butWas(Arrays.toString(counts)));
        }

        /** How many rows of noise have the moments that samples of a batch-normalised network are normalised by; 500 unless said. */
        public Builder reference(int rows) {
            if (rows < 2) {
                throw new SettingException(Facts.that("Generator.reference: too few")
                        .expected("2 rows or more")
                        .butWas(rows));
            }
            reference = rows;
            return this;
        }

        /** The sampler, with the network's first values drawn from a source. */
        public Generator init(Noise source) {
            if (visible < 1) {
                throw new SettingException(Facts.that("Generator.init: the sampler is not complete")
                        .expected("visible(width)")
                        .butWas("no width of x"));
            }
            Network network = architecture.init(noise + frequencies.size(), visible, source);
            return new Generator(new Shape(noise, uniform, frequencies, range, reference), network);
        }
    }

    // ---------------------------------------------------------------- on disk

    void describe(Description folder) {
        folder.add("noise", shape.noise)
                .add("uniform", shape.uniform)
                .add("labels", shape.labels())
                .add("frequencies", shape.frequencies)
                .add("visible", visible())
                .add("reference", shape.reference)
                .graph(network.function());
        shape.range.describe(folder);
    }

    static Generator described(Description folder) {
        Network network = folder.network();
        int labels = folder.whole("labels");
        Builder plan = noise(folder.whole("noise"));
        if (labels != 0) {
            plan.labels(labels);
        }
        if (folder.has("frequencies") && labels > 0) {
            plan.labelFrequencies(folder.list("frequencies", JsonElement::getAsDouble).stream()
                    .mapToDouble(each -> each)
                    .toArray());
        }
        if (folder.has("reference")) {
            plan.reference(folder.whole("reference"));
        }
        if (plan.frequencies.size() != labels || plan.noise + labels != network.in()) {
            throw new IllegalArgumentException("the network does not take such noise and labels: " + network);
        }
        return new Generator(
                new Shape(
                        plan.noise, folder.truth("uniform"), plan.frequencies, Range.described(folder), plan.reference),
                network);
    }

    // ---------------------------------------------------------------- expressions

    /**
     * Noise that is drawn before each run, with random labels behind it where there are labels, each as often as it should be; [n, {@link #in}]. Every call
     * makes noise of its own: keep the expression to have the same samples twice.
     */
    public Expr noiseRows(int n) {
        return shape.labels() == 0 ? plainNoise(n) : Expr.concat(1, Arrays.asList(plainNoise(n), randomLabels(n)));
    }

    /** Noise with given labels behind it, one a row; [labels.length, {@link #in}]. */
    public Expr noiseRows(int[] labels) {
        double[] code = new double[labels.length * requireLabels()];
        for (int i = 0; i < labels.length; i++) {
            code[i * shape.labels() + requireLabel(labels[i])] = 1;
        }
        Expr behind = Expr.constant(code, labels.length, shape.labels());
        return Expr.concat(1, Arrays.asList(plainNoise(labels.length), behind));
    }

    private Expr plainNoise(int n) {
        return shape.uniform
                ? Expr.noise(Leaf.Source.UNIFORM, NOISE, n, shape.noise)
                        .times(2)
                        .minus(1)
                : Expr.noise(Leaf.Source.NORMAL, NOISE, n, shape.noise);
    }

    /** Each label as often as it should be: one where u lies between the sum of the frequencies before it and its own upper end. */
    private Expr randomLabels(int n) {
        Expr place = Expr.noise(Leaf.Source.UNIFORM, "generator label", n, 1);
        Expr beyond = place.greater(Expr.constant(edges(), 1, shape.labels() + 1));
        return beyond.slice(1, 0, shape.labels()).minus(beyond.slice(1, 1, shape.labels()));
    }

    /** Where each label's part of the numbers from 0 to 1 begins, and at last ends; both ends lie beyond them, whatever the rounding. */
    private double[] edges() {
        double[] edges = new double[shape.labels() + 1];
        double sum = 0;
        for (int k = 0; k < edges.length; k++) {
            edges[k] = sum < NEGLIGIBLE ? -1 : sum > 1 - NEGLIGIBLE ? 2 : sum;
            sum += k < shape.labels() ? shape.frequencies.get(k) : 0;
        }
        return edges;
    }

    /**
     * x at given noise, as the sampler learns: where its network is batch-normalised, by the moments of these very rows, which then
     * depend on each other.
     *
     * @param noise [n, {@link #in}]: the noise, and the labels behind it
     * @return [n, visible]
     */
    public Expr at(Expr noise) {
        requireNoise("at", noise);
        return shape.range.squash(network.apply(noise));
    }

    /**
     * x at given noise, as the sampler draws: each row by itself, a function of its own noise alone. The same as {@link #at} unless the
     * network is batch-normalised; then by the moments of {@link Builder#reference} rows of noise, always the same ones, under
     * the present parameters.
     *
     * @param noise as {@link #at} takes it
     * @return [n, visible]
     */
    public Expr settled(Expr noise) {
        requireNoise("settled", noise);
        return shape.range.squash(
                network.isBatchNormalised() ? network.apply(noise, reference()) : network.apply(noise));
    }

    private void requireNoise(String doing, Expr noise) {
        if (noise.rank() != 2 || noise.shape(1) != in()) {
            throw new ShapeException(Facts.that("Generator." + doing + ": the noise has the wrong shape")
                    .expected("[n, " + in() + "]" + (shape.labels() == 0 ? "" : "   (noise, then one-hot labels)"))
                    .butWas(Shapes.text(noise.shape()))
                    .hint("generator.noiseRows(n) is such noise"));
        }
    }

    /** Rows of noise that are the same for every sampler of this shape, each label in its share. */
    Expr reference() {
        int n = shape.reference;
        float[] drawn = new float[n * shape.noise];
        Noise source = Noise.seed(REFERENCE_SEED);
        if (shape.uniform) {
            source.uniform(drawn, 0, drawn.length);
        } else {
            source.normal(drawn, 0, drawn.length);
        }
        double[] rows = new double[n * in()];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < shape.noise; k++) {
                float z = drawn[i * shape.noise + k];
                rows[i * in() + k] = shape.uniform ? 2 * z - 1 : z;
            }
            if (shape.labels() > 0) {
                rows[i * in() + shape.noise + labelAt((i + 0.5) / n)] = 1;
            }
        }
        return Expr.constant(rows, n, in());
    }

    /** The label whose part of the numbers from 0 to 1 this one lies in. */
    private int labelAt(double u) {
        double[] edges = edges();
        int label = 0;
        while (u > edges[label + 1]) {
            label++;
        }
        return label;
    }

    /** Samples at noise of their own, as the sampler learns; [n, visible]. */
    public Expr draw(int n) {
        return at(noiseRows(n));
    }

    // ---------------------------------------------------------------- numbers

    /** Independent samples, of random labels where there are labels. */
    public Data samples(int n, Noise noise) {
        return samples(settled(noiseRows(Blueprint.width("Generator.samples", n))), noise);
    }

    /** Independent samples, one for each label. */
    public Data samples(int[] labels, Noise noise) {
        return samples(settled(noiseRows(labels)), noise);
    }

    private Data samples(Expr x, Noise noise) {
        try (Program program = Program.of(x)) {
            parameters().give(program);
            program.draw(noise);
            program.run();
            return Data.of("samples of a generator", program.value(0).clone(), visible());
        }
    }

    // ---------------------------------------------------------------- looking

    /** Width of what the network takes: of the noise, and as many again as there are labels. */
    public int in() {
        return network.in();
    }

    /** Width of the noise alone. */
    public int noiseWidth() {
        return shape.noise;
    }

    /** Number of labels; 0 where there are none. */
    public int labels() {
        return shape.labels();
    }

    /** Width of x. */
    public int visible() {
        return network.out();
    }

    /** The network before its result is squashed, to look inside; {@link GeneratorFile} saves the sampler. */
    public Network network() {
        return network;
    }

    @Override
    public Parameters parameters() {
        return network.parameters();
    }

    @Override
    public Generator with(Parameters values) {
        return new Generator(shape, network.with(values));
    }

    private int requireLabels() {
        if (shape.labels() == 0) {
            throw new SettingException(Facts.that("Generator.noiseRows: this sampler knows no labels")
                    .expected("a sampler built with labels(classes)")
                    .butWas(this));
        }
        return shape.labels();
    }

    private int requireLabel(int label) {
        if (label < 0 || label >= shape.labels()) {
            throw new SettingException(Facts.that("Generator.noiseRows: there is no such label")
                    .expected("0 to " + (shape.labels() - 1))
                    .butWas(label));
        }
        return label;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Generator: %s noise %d%s to %d%s, %,d parameters",
                shape.uniform ? "uniform" : "normal",
                shape.noise,
                shape.labels() == 0 ? "" : " and " + shape.labels() + " labels",
                visible(),
                shape.range.isBounded() ? " in " + shape.range : "",
                parameters().size());
    }
}
