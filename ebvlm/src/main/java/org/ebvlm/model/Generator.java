package org.ebvlm.model;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.Locale;
import org.ebvlm.datasets.Data;
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
 * <p>With {@link Builder#labels} a label in one-hot code stands behind the noise, and samples can be asked for by label.
 * A sampler whose noise is narrower than x has its samples on a surface, where there is no density at all.
 *
 * <p>Parameters: those of the network.
 */
public final class Generator implements Parametric<Generator> {
    private static final String NOISE = "generator noise";

    private final Shape shape;
    private final Network network;

    /** What a sampler is beside its network; no range is low = high = 0. */
    private record Shape(int noise, boolean uniform, int labels, double low, double high) {
        boolean isSquashed() {
            return high > low;
        }

        void addTo(JsonObject facts) {
            facts.addProperty("noise", noise);
            facts.addProperty("uniform", uniform);
            facts.addProperty("labels", labels);
            ModelFile.addRange(facts, low, high);
        }

        static Shape of(JsonObject facts) {
            double[] range = ModelFile.range(facts);
            return new Shape(
                    facts.get("noise").getAsInt(),
                    facts.get("uniform").getAsBoolean(),
                    facts.get("labels").getAsInt(),
                    range[0],
                    range[1]);
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
        private int labels;
        private boolean uniform;
        private double low;
        private double high;
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
            if (!(from < to && Double.isFinite(to - from))) {
                throw new SettingException(Facts.that("Generator.range: not a range")
                        .expected("two finite numbers, the smaller first")
                        .butWas(from + " and " + to));
            }
            low = from;
            high = to;
            return this;
        }

        /** Makes x depend on a label, 0 up to this number less one. */
        public Builder labels(int classes) {
            labels = Blueprint.width("Generator.labels", classes);
            return this;
        }

        /** The sampler, with the network's first values drawn from a source. */
        public Generator init(Noise source) {
            if (visible < 1) {
                throw new SettingException(Facts.that("Generator.init: the sampler is not complete")
                        .expected("visible(width)")
                        .butWas("no width of x"));
            }
            Network network = architecture.init(noise + labels, visible, source);
            return new Generator(new Shape(noise, uniform, labels, low, high), network);
        }
    }

    // ---------------------------------------------------------------- on disk

    /** What it is beside its network. */
    void addTo(JsonObject facts) {
        shape.addTo(facts);
    }

    /** The sampler of a network and what {@link #addTo} wrote. */
    static Generator of(Network network, JsonObject facts) {
        Shape shape = Shape.of(facts);
        if (shape.noise < 1 || shape.labels < 0 || shape.noise + shape.labels != network.in()) {
            throw new IllegalArgumentException("the network does not take such noise and labels: " + network);
        }
        return new Generator(shape, network);
    }

    // ---------------------------------------------------------------- expressions

    /**
     * Noise that is drawn before each run, with random labels behind it where there are labels; [n, {@link #in}]. Every call
     * makes noise of its own: keep the expression to have the same samples twice.
     */
    public Expr noiseRows(int n) {
        return shape.labels == 0 ? plainNoise(n) : Expr.concat(1, Arrays.asList(plainNoise(n), randomLabels(n)));
    }

    /** Noise with given labels behind it, one a row; [labels.length, {@link #in}]. */
    public Expr noiseRows(int[] labels) {
        double[] code = new double[labels.length * requireLabels()];
        for (int i = 0; i < labels.length; i++) {
            code[i * shape.labels + requireLabel(labels[i])] = 1;
        }
        Expr behind = Expr.constant(code, labels.length, shape.labels);
        return Expr.concat(1, Arrays.asList(plainNoise(labels.length), behind));
    }

    private Expr plainNoise(int n) {
        return shape.uniform
                ? Expr.noise(Leaf.Source.UNIFORM, NOISE, n, shape.noise)
                        .times(2)
                        .minus(1)
                : Expr.noise(Leaf.Source.NORMAL, NOISE, n, shape.noise);
    }

    /** Each label as often as any other: one where label < u classes <= label + 1. */
    private Expr randomLabels(int n) {
        double[] edges = new double[shape.labels + 1];
        for (int k = 0; k < edges.length; k++) {
            edges[k] = k;
        }
        Expr place = Expr.noise(Leaf.Source.UNIFORM, "generator label", n, 1).times(shape.labels);
        Expr beyond = place.greater(Expr.constant(edges, 1, edges.length));
        return beyond.slice(1, 0, shape.labels).minus(beyond.slice(1, 1, shape.labels));
    }

    /**
     * x at given noise.
     *
     * @param noise [n, {@link #in}]: the noise, and the labels behind it
     * @return [n, visible]
     */
    public Expr at(Expr noise) {
        if (noise.rank() != 2 || noise.shape(1) != in()) {
            throw new ShapeException(Facts.that("Generator.at: the noise has the wrong shape")
                    .expected("[n, " + in() + "]" + (shape.labels == 0 ? "" : "   (noise, then one-hot labels)"))
                    .butWas(Shapes.text(noise.shape()))
                    .hint("generator.noiseRows(n) is such noise"));
        }
        Expr x = network.apply(noise);
        return shape.isSquashed() ? x.sigmoid().times(shape.high - shape.low).plus(shape.low) : x;
    }

    /** Samples at noise of their own; [n, visible]. */
    public Expr draw(int n) {
        return at(noiseRows(n));
    }

    // ---------------------------------------------------------------- numbers

    /** Independent samples, of random labels where there are labels. */
    public Data samples(int n, Noise noise) {
        return samples(draw(Blueprint.width("Generator.samples", n)), noise);
    }

    /** Independent samples, one for each label. */
    public Data samples(int[] labels, Noise noise) {
        return samples(at(noiseRows(labels)), noise);
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
        return shape.labels;
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
        if (shape.labels == 0) {
            throw new SettingException(Facts.that("Generator.noiseRows: this sampler knows no labels")
                    .expected("a sampler built with labels(classes)")
                    .butWas(this));
        }
        return shape.labels;
    }

    private int requireLabel(int label) {
        if (label < 0 || label >= shape.labels) {
            throw new SettingException(Facts.that("Generator.noiseRows: there is no such label")
                    .expected("0 to " + (shape.labels - 1))
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
                shape.labels == 0 ? "" : " and " + shape.labels + " labels",
                visible(),
                shape.isSquashed() ? " in [" + shape.low + ", " + shape.high + "]" : "",
                parameters().size());
    }
}
