package org.ebvlm.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Grid;
import org.ebvlm.graph.Expr;
import org.ebvlm.implicit.Stein;
import org.ebvlm.model.ConvEnergy;
import org.ebvlm.model.Energy;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Generator;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.Network;
import org.ebvlm.model.Sbn;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.BlockGibbs;
import org.ebvlm.sampling.Langevin;
import org.ebvlm.sampling.Sampler;
import org.ebvlm.scoring.Dsm;
import org.ebvlm.scoring.Estimator;
import org.ebvlm.scoring.ExactScore;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.scoring.Mdsm;
import org.ebvlm.scoring.NoiseGrid;
import org.ebvlm.scoring.Rbf;
import org.ebvlm.scoring.SteinStatistic;
import org.ebvlm.scoring.Trace;
import org.ebvlm.scoring.Vages;
import org.ebvlm.stein.AmortizedSvgd;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.HiddenLangevin;
import org.ebvlm.variational.PosteriorFisher;
import org.ebvlm.variational.Posteriors;
import org.ebvlm.variational.Vimco;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What can be timed, by name. */
final class BenchCases {
    private static final int FACES = 1965;
    private static final int PIXELS = 560;
    private static final double TOY_NOISE = 0.05;
    private static final double FACE_NOISE = 0.3;
    private static final int BATCH = 100;
    private static final int STEIN_ROWS = 20_000;
    private static final int CHAINS = 100;
    private static final int MOVES = 100;

    private static final Map<String, Entry> ALL = new LinkedHashMap<>();

    /** A case, what it times, and how to make it ready. */
    private record Entry(String times, Callable<BenchCase> open) {}

    static {
        add(
                "grbm-toy",
                "training step: Gaussian RBM 2/4, VaGES-DSM, L = 2, K = 5, batch 100",
                () -> vages(toy(), board(), TOY_NOISE));
        add("grbm-frey", "the same with 560/400 on smooth pictures", () -> vages(large(), faces(), FACE_NOISE));
        add(
                "eblvm-small",
                "training step: convolutional energy 28 x 28, 16 channels, hidden 50, VaGES-MDSM, L = 2, K = 5, "
                        + "5 Langevin steps, batch 32",
                BenchCases::deep);
        add(
                "dsm-toy",
                "training step: Gaussian RBM 2/4, DSM by the exact score, batch 100",
                () -> training(toy(), board(), TOY_NOISE, ExactScore.estimator(), BATCH));
        add(
                "inner-step-toy",
                "one update of the posterior alone: 2/4, batch 100",
                () -> inner(toy(), board(), TOY_NOISE));
        add("inner-step-frey", "the same with 560/400", () -> inner(large(), faces(), FACE_NOISE));
        add(
                "critic-step",
                "one update of the Fisher divergence's critic: width 2, three layers of 64, batch 100",
                BenchCases::critic);
        add("vimco-5", "training step: sigmoid belief network 784-200-200-200, VIMCO, K = 5, batch 24", () -> vimco(5));
        add("vimco-10", "the same, K = 10", () -> vimco(10));
        add("vimco-50", "the same, K = 50", () -> vimco(50));
        add(
                "asvgd-2",
                "training step: sampler 10-100-100-2 follows the Stein direction of 100 samples, two Gaussians",
                () -> follower(mixture(), 10, 100, 100));
        add(
                "asvgd-784",
                "the same, sampler 100-256-784, Gaussian-Bernoulli machine with 10 hidden units",
                () -> follower(signMachine(), 100, 256));
        add(
                "ksd-rbf-2",
                "whole U-statistic: RBF kernel, 20,000 rows of 2",
                () -> stein(2, Rbf.bandwidth(steinLength(2))));
        add("ksd-rbf-64", "the same, rows of 64", () -> stein(64, Rbf.bandwidth(steinLength(64))));
        add("ksd-imq-2", "whole U-statistic: IMQ kernel, 20,000 rows of 2", () -> stein(2, Imq.bandwidth(1)));
        add("ksd-imq-64", "the same, rows of 64", () -> stein(64, Imq.bandwidth(1)));
        for (int rows : List.of(100, 1000)) {
            for (int width : List.of(2, 100, 784)) {
                add(
                        "stein-" + rows + "-" + width,
                        "score of " + rows + " samples of width " + width
                                + " from themselves: Stein, RBF kernel, median bandwidth of the first 500, ridge 1",
                        () -> samplesOnly(rows, width));
            }
        }
        add("gibbs", "one sweep of block Gibbs: 560/400, 100 chains", () -> sampling(BlockGibbs.sweeps(MOVES)));
        add("langevin", "one Langevin step: 560/400, 100 chains", () -> sampling(Langevin.steps(MOVES)));
        add(
                "read-table",
                "reading a CSV file of 20,000 rows and 10 columns",
                () -> reading(".csv", BenchCases::writeTable));
        add(
                "read-images",
                "reading an IDX file of 10,000 pictures of 28 x 28",
                () -> reading(".idx", BenchCases::writeImages));
    }

    private BenchCases() {}

    private static void add(String name, String times, Callable<BenchCase> open) {
        ALL.put(name, new Entry(times, open));
    }

    static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /** What a case times, in words. */
    static String times(String name) {
        return ALL.get(name).times();
    }

    /** A case made ready: data drawn, programs compiled. */
    static BenchCase open(String name) {
        try {
            return ALL.get(name).open().call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("case " + name + " cannot be made ready", e);
        }
    }

    // ---------------------------------------------------------------- models and data

    private static Grbm toy() {
        return Grbm.visible(2).hidden(4).init(Noise.seed(1));
    }

    private static Grbm large() {
        return Grbm.visible(PIXELS).hidden(400).init(Noise.seed(1));
    }

    private static Data board() {
        return Datasets.checkerboard(60_000, Noise.seed(4));
    }

    /** Smooth pictures of the Frey faces' number and size. */
    private static Data faces() {
        return pictures(FACES, PIXELS);
    }

    /** Smooth pictures: a logistic function of ten random directions. */
    private static Data pictures(int number, int pixels) {
        int rank = 10;
        Noise noise = Noise.seed(5);
        float[] weights = normal(number * rank, noise);
        float[] directions = normal(rank * pixels, noise);
        float[] values = new float[number * pixels];
        for (int i = 0; i < number; i++) {
            for (int j = 0; j < pixels; j++) {
                double sum = 0;
                for (int k = 0; k < rank; k++) {
                    sum += weights[i * rank + k] * directions[k * pixels + j];
                }
                values[i * pixels + j] = (float) (1 / (1 + Math.exp(-sum / 2)));
            }
        }
        return Data.of("smooth pictures", values, pixels);
    }

    /** Independent standard normal numbers. */
    static float[] normal(int size, Noise noise) {
        float[] values = new float[size];
        noise.normal(values, 0, size);
        return values;
    }

    // ---------------------------------------------------------------- training

    private static BenchCase vages(Grbm model, Data data, double noiseStd) {
        return vages(model, data, noiseStd, 2, BATCH);
    }

    /** VaGES-DSM with K = 5 updates of the posterior for each of the model. */
    static TrainingSteps vages(Grbm model, Data data, double noiseStd, int particles, int rows) {
        var q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(5));
        return training(model, data, noiseStd, Vages.particles(particles).posterior(q), rows);
    }

    /** The published network for grey images with fewer channels, on smooth pictures. */
    private static TrainingSteps deep() {
        Grid grid = new Grid(28, 28, 1);
        EnergyModel model = ConvEnergy.images(grid).channels(16).hidden(50).init(Noise.seed(1));
        var q = Posteriors.refined(
                model,
                Posteriors.gaussian(model, Network.convolutions(grid, 64, 128, 256), Noise.seed(2))
                        .fittedBy(PosteriorFisher.innerSteps(5)),
                HiddenLangevin.steps(5));
        Objective objective =
                Mdsm.noise(NoiseGrid.geometric(0.1, 3)).using(Vages.particles(2).posterior(q));
        Data data = pictures(640, grid.size());
        return new TrainingSteps(model, data, 32, 1e-4, batch -> objective.phases(model, data, batch));
    }

    private static TrainingSteps training(
            EnergyModel model, Data data, double noiseStd, Estimator estimator, int rows) {
        Objective objective = Dsm.noiseStd(noiseStd).using(estimator);
        return new TrainingSteps(model, data, rows, 1e-3, batch -> objective.phases(model, data, batch));
    }

    private static BenchCase inner(Grbm model, Data data, double noiseStd) {
        var q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(1));
        Objective objective = Dsm.noiseStd(noiseStd).using(Vages.particles(2).posterior(q));
        return new TrainingSteps(model, data, BATCH, 1e-3, batch -> objective
                .phases(model, data, batch)
                .subList(0, 1));
    }

    /** Up the gain of the Fisher divergence's dual form, score . f + tr(df/dv) - 1/2 ||f||^2. */
    private static BenchCase critic() {
        Grbm model = toy();
        Network network = Network.elu(64, 64, 64).init(2, 2, Noise.seed(6));
        return new TrainingSteps(model, board(), BATCH, 1e-3, v -> {
            Expr f = network.apply(v);
            Expr gain = model.score(v)
                    .dot(f)
                    .plus(Trace.of(f, v, true))
                    .minus(f.square().sum(1).times(0.5))
                    .mean();
            return List.of(Phase.of("critic", network, gain.neg(), gain));
        });
    }

    /** Model and posterior together, on pictures of 784 bits, of which 13 % are set as in binarised digits. */
    private static BenchCase vimco(int samples) {
        Sbn model = Sbn.visible(784).hidden(200, 200, 200).init(Noise.seed(1));
        Objective objective = Vimco.samples(samples).posterior(Posteriors.layered(model));
        float[] bits = new float[1000 * model.visible()];
        Noise.seed(5).uniform(bits, 0, bits.length);
        for (int i = 0; i < bits.length; i++) {
            bits[i] = bits[i] < 0.13f ? 1 : 0;
        }
        Data data = Data.of("bits", bits, model.visible());
        return new TrainingSteps(model, data, 24, 1e-3, batch -> objective.phases(model, data, batch));
    }

    /** Amortised SVGD with 100 particles; the sampler has ReLU between its layers. */
    private static BenchCase follower(Energy model, int noise, int... hidden) {
        Generator sampler = Generator.noise(noise)
                .visible(model.visible())
                .network((in, out, source) -> relu(in, hidden, out))
                .init(Noise.seed(2));
        Data none = Data.of("no data", new float[model.visible()], model.visible());
        return new TrainingSteps(
                model, none, 1, 1e-3, batch -> AmortizedSvgd.sampler(sampler).phases(model, none, batch));
    }

    /** Two Gaussians at -2 and 2 on the first axis: |x|^2 / 2 - log cosh(2 x_1). */
    private static Energy mixture() {
        return Energy.visible(2)
                .energy((g, v) -> {
                    SDVariable x = v.get(SDIndex.all(), SDIndex.interval(0, 1));
                    SDVariable logCosh = g.nn.softplus(x.mul(4)).sub(x.mul(2)).sum(1);
                    return g.math.square(v).sum(1).mul(0.5).sub(logCosh);
                })
                .init(Noise.seed(1));
    }

    /** |x|^2 / 2 - sum over k of log 2 cosh(x . W_k), hidden units -1 and 1 summed out. */
    private static Energy signMachine() {
        return Energy.visible(784)
                .uniform("W", 0.05 * Math.sqrt(3), 784, 10)
                .energy((g, v) -> {
                    SDVariable z = v.mmul(g.getVariable("W"));
                    return g.math.square(v)
                            .sum(1)
                            .mul(0.5)
                            .sub(g.nn.softplus(z.mul(2)).sub(z).sum(1));
                })
                .init(Noise.seed(1));
    }

    /** Linear layers with ReLU between. */
    private static Network relu(int in, int[] hidden, int out) {
        SameDiff g = SameDiff.create();
        SDVariable x = g.placeHolder("x", DataType.FLOAT, -1, in);
        int width = in;
        for (int i = 0; i <= hidden.length; i++) {
            int next = i < hidden.length ? hidden[i] : out;
            float bound = (float) (1 / Math.sqrt(width));
            SDVariable z = x.mmul(g.var("W" + i, uniform(bound, 2 * i, width, next)))
                    .add(g.var("b" + i, uniform(bound, 2 * i + 1, next)));
            x = i < hidden.length ? g.nn.relu(z, 0) : z;
            width = next;
        }
        return Network.of(g, x.name());
    }

    private static INDArray uniform(float bound, int seed, int... shape) {
        INDArray values = Nd4j.create(shape);
        float[] drawn = new float[(int) values.length()];
        Noise.seed(20 + seed).uniform(drawn, 0, drawn.length);
        for (int i = 0; i < drawn.length; i++) {
            values.putScalar(i, bound * (2 * drawn[i] - 1));
        }
        return values;
    }

    // ---------------------------------------------------------------- statistics, samplers, files

    private static BenchCase stein(int width, Kernel kernel) {
        float[] points = normal(STEIN_ROWS * width, Noise.seed(7));
        float[] scores = points.clone();
        for (int i = 0; i < scores.length; i++) {
            scores[i] = -scores[i];
        }
        return () -> {
            SteinStatistic.of(kernel, points, scores, width);
            return 1;
        };
    }

    /** The Stein gradient estimator at the samples, all of it, bandwidth included. */
    private static BenchCase samplesOnly(int rows, int width) {
        Data samples = Data.of("normal samples", normal(rows * width, Noise.seed(11)), width);
        Stein stein = Stein.kernel(Rbf.medianHeuristic()).ridge(1);
        return () -> {
            stein.fit(samples);
            return 1;
        };
    }

    /**
     * The median heuristic of common Stein code: squared bandwidth = median squared distance / (2 log(n + 1)) of 1,000
     * rows. The squared distance of two standard normal rows is twice a chi-square variable.
     */
    private static double steinLength(int width) {
        double third = 2 / (9.0 * width);
        double median = 2 * width * Math.pow(1 - third, 3);
        return Math.sqrt(median / (2 * Math.log(1001)));
    }

    private static BenchCase sampling(Sampler sampler) {
        Grbm model = large();
        Noise noise = Noise.seed(8);
        return () -> {
            sampler.sample(model, CHAINS, noise);
            return MOVES;
        };
    }

    private static BenchCase reading(String suffix, Consumer<Path> write) {
        try {
            Path file = Files.createTempFile("ebvlm-bench", suffix);
            write.accept(file);
            return new BenchCase() {
                @Override
                public int run() {
                    Datasets.read(file);
                    return 1;
                }

                @Override
                public void close() {
                    file.toFile().delete();
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeTable(Path file) {
        int columns = 10;
        float[] values = normal(20_000 * columns, Noise.seed(9));
        StringBuilder text = new StringBuilder("a,b,c,d,e,f,g,h,i,j\n");
        for (int i = 0; i < values.length; i++) {
            text.append(String.format(Locale.ROOT, "%.5f", values[i])).append(i % columns == columns - 1 ? '\n' : ',');
        }
        write(file, text.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static void writeImages(Path file) {
        int images = 10_000;
        int side = 28;
        ByteBuffer bytes = ByteBuffer.allocate(16 + images * side * side);
        bytes.putInt(0x00000803).putInt(images).putInt(side).putInt(side);
        Noise noise = Noise.seed(10);
        while (bytes.hasRemaining()) {
            bytes.put((byte) noise.nextInt(256));
        }
        write(file, bytes.array());
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
