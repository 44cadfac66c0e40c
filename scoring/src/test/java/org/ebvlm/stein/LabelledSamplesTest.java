package org.ebvlm.stein;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Labelled;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.implicit.Clouds;
import org.ebvlm.model.AutoencoderEnergy;
import org.ebvlm.model.Energy;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Generator;
import org.ebvlm.model.LabelledEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.scoring.Doubles;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.Rbf;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDIndex;

/** Samplers with labels, for models of rows [x, one-hot label]. */
class LabelledSamplesTest {
    /** Modes of labels 0, 1 and 2. */
    private static final double[][] MODES = {{3, 0}, {-2, 2}, {-1, -3}};

    /** Of six points: three, two and one of each. */
    private static final int[] LABELS = {0, 1, 0, 2, 1, 0};

    private static final int D = 2;
    private static final double LENGTH = 1.3;

    // ---------------------------------------------------------------- the direction

    private static double[] code() {
        double[] code = new double[LABELS.length * 3];
        for (int i = 0; i < LABELS.length; i++) {
            code[3 * i + LABELS[i]] = 1;
        }
        return code;
    }

    private static double[] phi(SteinDirection direction, double[] points, double[] scores) {
        Expr x = Expr.input("x", LABELS.length, D);
        Expr s = Expr.input("s", LABELS.length, D);
        Expr y = Expr.input("y", LABELS.length, 3);
        return new Doubles().set(x, points).set(s, scores).set(y, code()).of(direction.withLabels(x, s, y));
    }

    /** The direction of the points of each label by themselves, without labels. */
    private static double[] labelByLabel(SteinDirection direction, double[] points, double[] scores) {
        double[] phi = new double[points.length];
        for (int label = 0; label < 3; label++) {
            List<Integer> own = new ArrayList<>();
            for (int i = 0; i < LABELS.length; i++) {
                if (LABELS[i] == label) {
                    own.add(i);
                }
            }
            Expr x = Expr.input("x", own.size(), D);
            Expr s = Expr.input("s", own.size(), D);
            double[] some = new Doubles()
                    .set(x, rows(points, own))
                    .set(s, rows(scores, own))
                    .of(direction.at(x, s));
            for (int i = 0; i < own.size(); i++) {
                System.arraycopy(some, D * i, phi, D * own.get(i), D);
            }
        }
        return phi;
    }

    private static double[] rows(double[] of, List<Integer> which) {
        double[] some = new double[D * which.size()];
        for (int i = 0; i < which.size(); i++) {
            System.arraycopy(of, D * which.get(i), some, D * i, D);
        }
        return some;
    }

    @Test
    void theDirectionIsThatOfEachLabelByItself() {
        double[] points = Clouds.normal(6, D, 1);
        double[] scores = Clouds.normal(6, D, 2);
        for (SteinDirection direction : List.of(
                SteinDirection.kernel(Rbf.bandwidth(LENGTH)),
                SteinDirection.kernel(Imq.bandwidth(LENGTH)),
                SteinDirection.kernel(Rbf.bandwidth(LENGTH)).repulsion(0.4),
                SteinDirection.kernel(Rbf.bandwidth(LENGTH)).weightedMean(),
                SteinDirection.kernel(Imq.bandwidth(LENGTH)).weightedMean(),
                SteinDirection.kernel(Rbf.bandwidth(LENGTH))
                        .features("squares", x -> x.square().plus(x)),
                SteinDirection.linearKernel(),
                SteinDirection.linearKernel().repulsion(0.4))) {
            assertArrayEquals(
                    labelByLabel(direction, points, scores),
                    phi(direction, points, scores),
                    1e-10,
                    direction.toString());
        }
    }

    /** Then what pushes is the neighbour's kernel alone, whatever its label. */
    @Test
    void theNearestNeighbourMayHaveAnyLabel() {
        double[] points = Clouds.normal(6, D, 1);
        double[] scores = Clouds.normal(6, D, 2);
        SteinDirection nearest = SteinDirection.kernel(Rbf.bandwidth(LENGTH)).nearestNeighbour();
        Expr x = Expr.input("x", 6, D);
        Expr s = Expr.input("s", 6, D);
        assertArrayEquals(
                new Doubles().set(x, points).set(s, scores).of(nearest.at(x, s)), phi(nearest, points, scores), 1e-12);
    }

    // ---------------------------------------------------------------- gradients

    private static LabelledEnergy labelled(double slack) {
        AutoencoderEnergy autoencoder = AutoencoderEnergy.visible(2)
                .features(1)
                .encoder(Network.elu(4))
                .decoder(Network.elu(4))
                .init(Noise.seed(3));
        return LabelledEnergy.of(autoencoder).labels(3).slack(slack).init(Noise.seed(4));
    }

    private static Generator sampler() {
        return Generator.noise(2).labels(3).visible(2).network(Network.elu(5)).init(Noise.seed(5));
    }

    private static List<Phase> phases(Objective objective, EnergyModel model) {
        return objective.phases(model, Data.of("rows", new float[20], 5), Expr.input("batch", 4, 5));
    }

    /** Noise whose labels are {@link #LABELS}: u with floor(3 u) the label. */
    private static Doubles at(LabelledEnergy model, Generator sampler, Expr loss) {
        Doubles given = new Doubles().set(model.parameters()).set(sampler.parameters());
        for (Expr each : Expr.sorted(List.of(loss))) {
            if (each.op() instanceof Leaf.Input input && input.source() == Leaf.Source.NORMAL) {
                given.set(each, Clouds.normal(6, 2, 6));
            } else if (each.op() instanceof Leaf.Input input && input.source() == Leaf.Source.UNIFORM) {
                given.set(
                        each,
                        Arrays.stream(LABELS).mapToDouble(y -> (y + 0.5) / 3).toArray());
            }
        }
        return given;
    }

    /** The gradient is -sum of (dx/deta)' phi, phi label by label with -dE/dx at [x, y] as score. */
    @Test
    void theSamplersGradientIsThatOfEachLabelsDirection() {
        LabelledEnergy model = labelled(0.2);
        Generator sampler = sampler();
        SteinDirection direction = SteinDirection.kernel(Rbf.bandwidth(LENGTH));
        Phase phase = phases(AmortizedSvgd.sampler(sampler).particles(6).along(direction), model)
                .get(0);
        Doubles given = at(model, sampler, phase.loss());
        Expr x = sampler.at(
                Expr.concat(1, List.of(Expr.constant(Clouds.normal(6, 2, 6), 6, 2), Expr.constant(code(), 6, 3))));
        double[] points = given.of(x);
        Expr at = Expr.input("at", 6, 2);
        given.set(at, points);
        Expr energy = model.freeEnergy(Expr.concat(1, List.of(at, Expr.constant(code(), 6, 3))));
        double[] scores = given.differences(energy, at);
        for (int i = 0; i < scores.length; i++) {
            scores[i] = -scores[i];
        }
        double[] phi = labelByLabel(direction, points, scores);
        Expr held = Expr.constant(phi, 6, 2);
        double[] expected =
                given.of(sampler.parameters().gradient(x.times(held).sum().neg()));
        double[] found = given.of(sampler.parameters().gradient(phase.loss()));
        assertArrayEquals(expected, found, 1e-7);
        assertTrue(Arrays.stream(found).map(Math::abs).max().orElseThrow() > 1e-2);
        double square = Arrays.stream(phi).map(p -> p * p).sum() / 6;
        assertEquals(square, given.scalar(phase.value()), 1e-7);
    }

    /** d/dtheta of mean E(v) - (1 - gamma) mean E(x, y), samples with the labels that they were drawn for. */
    @Test
    void theModelsGradientIsThatOfDataLessThatOfSamplesWithTheirLabels() {
        LabelledEnergy model = labelled(0.2);
        Generator sampler = sampler();
        Expr batch = Expr.input("batch", 4, 5);
        List<Phase> phases = SteinGan.sampler(sampler)
                .particles(6)
                .discount(0.3)
                .phases(model, Data.of("rows", new float[20], 5), batch);
        Phase phase = phases.get(phases.size() - 1);
        double[] rows = {1, 0.5, 1, 0, 0, -1, 0.3, 0, 1, 0, 0.2, -0.8, 0, 0, 1, 2, 0.1, 1, 0, 0};
        Doubles given = at(model, sampler, phase.loss()).set(batch, rows);
        Expr y = Expr.constant(code(), 6, 3);
        Expr x = sampler.at(Expr.concat(1, List.of(Expr.constant(Clouds.normal(6, 2, 6), 6, 2), y)));
        Expr drawn = Expr.concat(1, List.of(Expr.constant(given.of(x), 6, 2), y));
        Expr objective = model.freeEnergy(batch)
                .mean()
                .minus(model.freeEnergy(drawn).mean().times(0.7));
        assertArrayEquals(
                given.of(model.parameters().gradient(objective)),
                given.of(model.parameters().gradient(phase.loss())),
                1e-12);
        assertEquals(given.scalar(objective), given.scalar(phase.value()), 1e-12);
    }

    @Test
    void refusesASamplerOfOtherWidthOrOtherLabels() {
        Generator two = Generator.noise(2).labels(2).visible(2).init(Noise.seed(1));
        Generator none = Generator.noise(2).visible(2).init(Noise.seed(1));
        for (Generator wrong : List.of(two, none)) {
            assertThrows(ShapeException.class, () -> phases(SteinGan.sampler(wrong), labelled(0)));
            assertThrows(ShapeException.class, () -> phases(AmortizedSvgd.sampler(wrong), labelled(0)));
        }
        assertThrows(ShapeException.class, () -> SteinDirection.standard()
                .withLabels(Expr.input("x", 4, 2), Expr.input("s", 4, 2), Expr.input("y", 3, 2)));
    }

    // ---------------------------------------------------------------- what is learned

    /** E(x, y) = || x - y M ||^2 / 2: of each label a unit Gaussian at its row of M, at first zero. */
    private static Energy gaussians() {
        return Energy.visible(5)
                .uniform("M", 0.01, 3, 2)
                .energy((g, v) -> {
                    var x = v.get(SDIndex.all(), SDIndex.interval(0, 2));
                    var y = v.get(SDIndex.all(), SDIndex.interval(2, 5));
                    return g.math.square(x.sub(y.mmul(g.getVariable("M"))))
                            .sum(1)
                            .mul(0.5);
                })
                .init(Noise.seed(1));
    }

    /** Unit Gaussians at the modes, each label as often. */
    private static Labelled mixture(int each, double std) {
        Noise noise = Noise.seed(6);
        float[] x = new float[6 * each];
        float[] y = new float[3 * each];
        for (int i = 0; i < 3 * each; i++) {
            y[i] = i % 3;
            for (int k = 0; k < 2; k++) {
                x[2 * i + k] = (float) (MODES[i % 3][k] + std * noise.nextNormal());
            }
        }
        return Labelled.of(Data.of("mixture", x, 2), Data.of("labels", y, 1));
    }

    /** Means of 500 samples of a label, and the share of them that is nearest to the label's own mode. */
    private static double[] ofLabel(Generator fitted, int label) {
        int[] labels = new int[500];
        Arrays.fill(labels, label);
        Data samples = fitted.samples(labels, Noise.seed(7));
        double[] found = new double[3];
        for (int i = 0; i < 500; i++) {
            found[0] += samples.at(i, 0) / 500;
            found[1] += samples.at(i, 1) / 500;
            found[2] += nearest(samples.row(i)) == label ? 1 / 500.0 : 0;
        }
        return found;
    }

    private static int nearest(float[] x) {
        int best = 0;
        for (int k = 1; k < 3; k++) {
            best = distance(x, k) < distance(x, best) ? k : best;
        }
        return best;
    }

    private static double distance(float[] x, int mode) {
        return Math.hypot(x[0] - MODES[mode][0], x[1] - MODES[mode][1]);
    }

    /**
     * Class means are the model's best fit: M comes to them, and samples of label k to mode k. Means of 300 rows have standard
     * errors of 0.06, and the last steps tremble.
     */
    @Test
    void gaussiansOfEachLabelAreLearnedWithTheirSampler() {
        Generator sampler =
                Generator.noise(2).labels(3).visible(2).network(Network.elu(20)).init(Noise.seed(5));
        Labelled data = mixture(300, 1);
        Run run = Training.of(gaussians())
                .minimizing(SteinGan.sampler(sampler).particles(60).movingModel(Adam.rate(0.02)))
                .on(labelled(0).rows(data))
                .with(Adam.rate(5e-3).betas(0.5, 0.999))
                .batches(60)
                .steps(1500)
                .averaging(0.99)
                .fit(Noise.seed(8));
        Parameters m = run.model().parameters();
        for (int k = 0; k < 3; k++) {
            double[] found = ofLabel(run.fitted(sampler), k);
            for (int c = 0; c < 2; c++) {
                assertEquals(MODES[k][c], m.values("M")[2 * k + c], 0.3, "M of label " + k);
                assertEquals(MODES[k][c], found[c], 0.4, "samples of label " + k);
            }
            assertTrue(found[2] > 0.9, "label " + k + ": " + found[2]);
        }
    }

    /**
     * Narrow modes about a curve of one feature; a sampler in a box. A sampler that ignored its labels would have a third of its
     * samples at each mode.
     */
    @Test
    void aLabelledEnergyTeachesItsSamplerWhichModeHasWhichLabel() {
        Labelled data = mixture(300, 0.3);
        AutoencoderEnergy autoencoder = AutoencoderEnergy.visible(2)
                .features(1)
                .encoder(Network.elu(20))
                .decoder(Network.elu(20))
                .range(-5, 5)
                .init(Noise.seed(3));
        LabelledEnergy model = LabelledEnergy.of(autoencoder)
                .labels(3)
                .slack(0.1)
                .classifier(Network.elu(10))
                .init(Noise.seed(4));
        Generator sampler = Generator.noise(2)
                .labels(3)
                .visible(2)
                .range(-5, 5)
                .network(Network.elu(20))
                .init(Noise.seed(5));
        Run run = Training.of(model)
                .minimizing(SteinGan.sampler(sampler)
                        .particles(60)
                        .kernel(Rbf.bandwidth(1))
                        .discount(0.5)
                        .movingModel(Adam.rate(2e-3).betas(0.5, 0.999)))
                .on(model.rows(data))
                .with(Adam.rate(5e-3).betas(0.5, 0.999))
                .batches(60)
                .steps(1000)
                .fit(Noise.seed(8));
        for (int k = 0; k < 3; k++) {
            double[] found = ofLabel(run.fitted(sampler), k);
            assertEquals(MODES[k][0], found[0], 1.5, "label " + k);
            assertEquals(MODES[k][1], found[1], 1.5, "label " + k);
            assertTrue(found[2] > 0.8, "label " + k + ": " + Arrays.toString(found));
        }
    }
}
