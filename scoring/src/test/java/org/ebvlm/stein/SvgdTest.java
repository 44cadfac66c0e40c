package org.ebvlm.stein;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Gaussian;
import org.ebvlm.datasets.GaussianMixture;
import org.ebvlm.errors.InterruptionException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.implicit.Clouds;
import org.ebvlm.model.Energy;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.Target;
import org.ebvlm.sampling.Temperatures;
import org.ebvlm.scoring.Bandwidth;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.Rbf;
import org.ebvlm.scoring.Vaes;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Progress;
import org.ebvlm.training.Run;
import org.ebvlm.training.Updater;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class SvgdTest {
    private static final Gaussian GAUSSIAN = Gaussian.full(new double[] {1, -2}, new double[][] {{2, 0.6}, {0.6, 1}});

    private static double[] moments(Data rows) {
        double[] sums = new double[5];
        int n = rows.rows();
        for (int i = 0; i < n; i++) {
            sums[0] += rows.at(i, 0) / (double) n;
            sums[1] += rows.at(i, 1) / (double) n;
        }
        for (int i = 0; i < n; i++) {
            double a = rows.at(i, 0) - sums[0];
            double b = rows.at(i, 1) - sums[1];
            sums[2] += a * a / n;
            sums[3] += a * b / n;
            sums[4] += b * b / n;
        }
        return sums;
    }

    // ---------------------------------------------------------------- where particles come to rest

    /** More particles than columns: the linear kernel leaves them where mean and covariance over n are the target's. */
    @Test
    void withTheLinearKernelMeanAndCovarianceOfAGaussianAreExactAtRest() {
        Particles rest = Svgd.steps(3000)
                .along(SteinDirection.linearKernel())
                .with(new Sgd(0.1))
                .draw(ScoredTarget.of(GAUSSIAN), 20, Noise.seed(1));
        assertArrayEquals(new double[] {1, -2, 2, 0.6, 1}, moments(rest.last()), 1e-4);
        assertTrue(rest.moves()[2999] < 1e-4);
        assertArrayEquals(new double[] {1, -2}, rest.mean(), 1e-4);
        assertArrayEquals(new double[] {2, 1}, rest.variance(), 1e-4);
        assertEquals(Math.sqrt(3), rest.spread(), 1e-4);
    }

    @Test
    void oneParticleClimbsToTheMode() {
        Particles one = Svgd.steps(300).with(new Sgd(0.1)).draw(ScoredTarget.of(GAUSSIAN), 1, Noise.seed(1));
        assertEquals(1, one.last().at(0, 0), 1e-4);
        assertEquals(-2, one.last().at(0, 1), 1e-4);
        assertTrue(one.ksd().isEmpty());
        assertThrows(SettingException.class, () -> one.ksd(Rbf.bandwidth(1)));
    }

    /** The variance comes out too small, by some per cent with a hundred particles in two dimensions; the mean does not. */
    @Test
    void particlesCoverAGaussianAndFallOntoItsModeWithoutTheirRepulsion() {
        ScoredTarget target = ScoredTarget.of(GAUSSIAN);
        Svgd svgd = Svgd.steps(1500).with(Adam.rate(0.03));
        Particles apart = svgd.draw(target, 100, Noise.seed(2));
        double[] moments = moments(apart.last());
        assertEquals(1, moments[0], 0.05);
        assertEquals(-2, moments[1], 0.05);
        assertTrue(moments[2] > 1.5 && moments[2] < 2.05, Arrays.toString(moments));
        assertTrue(moments[4] > 0.75 && moments[4] < 1.05, Arrays.toString(moments));
        assertTrue(moments[3] > 0.35 && moments[3] < 0.7, Arrays.toString(moments));
        Particles together = svgd.along(SteinDirection.standard().repulsion(0)).draw(target, 100, Noise.seed(2));
        assertTrue(together.spread() < 0.2 * apart.spread(), together + "\n" + apart);
        assertTrue(together.ksd().orElseThrow().vStatistic()
                > 10 * apart.ksd().orElseThrow().vStatistic());
    }

    @Test
    void theImqKernelCoversAMixtureOfTwo() {
        GaussianMixture mixture = GaussianMixture.of(
                new double[] {1, 2},
                List.of(Gaussian.isotropic(new double[] {-2}, 1), Gaussian.isotropic(new double[] {2}, 1)));
        Particles rest = Svgd.steps(1500)
                .kernel(Imq.bandwidth(Bandwidth.asInSvgd()))
                .with(Adam.rate(0.05))
                .draw(ScoredTarget.of(mixture), 90, Noise.seed(3));
        // Mean 2/3, variance 1 + 4 - 4/9. Modes at a distance of four standard deviations exchange particles slowly.
        assertEquals(2 / 3.0, rest.mean()[0], 0.15);
        assertEquals(41 / 9.0, rest.variance()[0], 0.5);
    }

    /** From one of two modes ten standard deviations apart, particles find the other only while the score counts little. */
    @Test
    void annealedParticlesFindAModeThatOthersMiss() {
        ScoredTarget target = ScoredTarget.of(GaussianMixture.isotropic(new double[][] {{-5, 0}, {5, 0}}, 1));
        Svgd plain = Svgd.steps(1500).with(Adam.rate(0.05)).startingAround(-5);
        Data missed = plain.draw(target, 60, Noise.seed(4)).last();
        Data found = plain.temperatures(Temperatures.from(100).geometric(1, 1000))
                .draw(target, 60, Noise.seed(4))
                .last();
        assertEquals(0, share(missed));
        assertEquals(0.5, share(found), 0.2);
    }

    private static double share(Data rows) {
        double right = 0;
        for (int i = 0; i < rows.rows(); i++) {
            right += rows.at(i, 0) > 0 ? 1.0 / rows.rows() : 0;
        }
        return right;
    }

    // ---------------------------------------------------------------- targets

    private static Energy energy() {
        // S^-1 = ((1, -0.6), (-0.6, 2)) / 1.64
        return Energy.visible(2)
                .energy((g, v) -> {
                    SDVariable a = v.get(SDIndex.all(), SDIndex.interval(0, 1)).sub(1);
                    SDVariable b = v.get(SDIndex.all(), SDIndex.interval(1, 2)).add(2);
                    return a.mul(a)
                            .sub(a.mul(b).mul(1.2))
                            .add(b.mul(b).mul(2))
                            .div(2 * 1.64)
                            .sum(1);
                })
                .init(Noise.seed(1));
    }

    private static Expr logDensity(Expr x) {
        Expr gap = x.minus(Expr.constant(new double[] {1, -2}, 2));
        Expr inverse = Expr.constant(new double[] {1 / 1.64, -0.6 / 1.64, -0.6 / 1.64, 2 / 1.64}, 2, 2);
        return gap.matmul(inverse).dot(gap).times(-0.5);
    }

    private static SameDiff graph() {
        SameDiff g = SameDiff.create();
        SDVariable x = g.placeHolder("x", DataType.FLOAT, -1, 2);
        SDVariable gap = x.sub(g.constant(Nd4j.createFromArray(1f, -2f)));
        SDVariable inverse = g.constant(Nd4j.createFromArray(
                new float[][] {{(float) (1 / 1.64), (float) (-0.6 / 1.64)}, {(float) (-0.6 / 1.64), (float) (2 / 1.64)}
                }));
        gap.mmul(inverse).mul(gap).sum(1).mul("logDensity", -0.5);
        return g;
    }

    static Stream<ScoredTarget> targets() {
        return Stream.of(
                ScoredTarget.of(energy()),
                ScoredTarget.of(Target.density("gaussian", 2, SvgdTest::logDensity)),
                ScoredTarget.logDensity(graph(), "logDensity"),
                ScoredTarget.scores("function", 2, rows -> {
                    double[] scores = new double[rows.length];
                    double[] one = new double[2];
                    for (int i = 0; i < rows.length; i += 2) {
                        GAUSSIAN.score(new double[] {rows[i], rows[i + 1]}, one);
                        scores[i] = one[0];
                        scores[i + 1] = one[1];
                    }
                    return scores;
                }));
    }

    /** Also more rows than a tile has. */
    @ParameterizedTest
    @MethodSource("targets")
    void allKindsOfTargetsGiveTheScore(ScoredTarget target) {
        assertEquals(2, target.width());
        for (int n : new int[] {3, ParticleField.TILE + 5, 2 * ParticleField.TILE}) {
            float[] rows = new float[2 * n];
            Noise.seed(5).normal(rows, 0, rows.length);
            float[] out = new float[2 * n];
            float[] truth = new float[2 * n];
            try (ScoredTarget.Scores scores = target.open(n);
                    ScoredTarget.Scores exact = ScoredTarget.of(GAUSSIAN).open(n)) {
                scores.at(rows, Noise.seed(1), out);
                exact.at(rows, Noise.seed(1), truth);
            }
            assertArrayEquals(truth, out, 2e-5f, target.toString());
        }
    }

    /** The exact posterior makes VaES exact on average: its particles lie as those of the exact score do. */
    @Test
    void anEstimateOfTheScoreWillDo() {
        Grbm model = Grbm.visible(2).hidden(3).init(Noise.seed(2));
        Svgd svgd = Svgd.steps(800).with(Adam.rate(0.03));
        Particles exact = svgd.draw(model, 60, Noise.seed(6));
        Particles estimated = svgd.draw(
                ScoredTarget.of(model, Vaes.particles(10).posterior(Posteriors.exact(model))), 60, Noise.seed(6));
        assertArrayEquals(exact.mean(), estimated.mean(), 0.1);
        assertArrayEquals(exact.variance(), estimated.variance(), 0.15);
    }

    @Test
    void asASamplerItGivesRowsOfV() {
        Data rows = Svgd.steps(50).sample(energy(), 30, Noise.seed(1));
        assertEquals(30, rows.rows());
        assertEquals(2, rows.width());
        assertTrue(rows.name().startsWith("samples of"));
    }

    @Test
    void manyDensitiesAreNoTarget() {
        Data three = Data.of("v", new float[6], 2);
        Target given = Target.hidden(MlpEnergy.visible(2).hidden(1).width(8).init(Noise.seed(1)), three);
        assertThrows(SettingException.class, () -> ScoredTarget.of(given));
        assertEquals(
                1,
                ScoredTarget.of(Target.hidden(
                                MlpEnergy.visible(2).hidden(1).width(8).init(Noise.seed(1)), three.take(1)))
                        .width());
    }

    // ---------------------------------------------------------------- the field, in tiles

    static Stream<SteinDirection> directions() {
        return Stream.of(
                SteinDirection.standard(),
                SteinDirection.kernel(Imq.medianHeuristic()).weightedMean(),
                SteinDirection.kernel(Rbf.bandwidth(1.2)).repulsion(0.4),
                SteinDirection.linearKernel());
    }

    /** n = 1100 in three tiles against one expression in double precision. */
    @ParameterizedTest
    @MethodSource("directions")
    void tilesAddUpToTheWhole(SteinDirection direction) {
        compare(direction, 2 * ParticleField.TILE + 76, 2, Map.of());
        compare(direction, 60, 2, Map.of());
    }

    @Test
    void tilesOnFeaturesAddUpToo() {
        Network network = Network.elu(5).init(2, 3, Noise.seed(3));
        Map<Expr, double[]> weights =
                Map.of(network.parameters().leaf(), wide(network.parameters().values()));
        compare(SteinDirection.standard().features(network), 70, 2, weights);
        compare(SteinDirection.kernel(Imq.bandwidth(2)).features(network), 20, 2, weights);
        compare(SteinDirection.standard().features(network).nearestNeighbour(), 70, 2, weights);
    }

    private static void compare(SteinDirection direction, int n, int d, Map<Expr, double[]> others) {
        float[] x = new float[n * d];
        float[] s = new float[n * d];
        Noise.seed(7).normal(x, 0, x.length);
        Noise.seed(8).normal(s, 0, s.length);
        float[] phi = new float[n * d];
        try (ParticleField field = new ParticleField(direction, n, d)) {
            field.direction(x, s, phi);
        }
        // The median of more than 500 rows is that of the first 500, of which there is no expression.
        double h = direction.rule().isPresent() && direction.features().isEmpty()
                ? direction.rule().get().of(Data.of("x", x, d))
                : Double.NaN;
        Expr points = Expr.input("x", n, d);
        Expr scores = Expr.input("s", n, d);
        Map<Expr, double[]> inputs = new HashMap<>(others);
        inputs.put(points, wide(x));
        inputs.put(scores, wide(s));
        Expr whole =
                Double.isNaN(h) ? direction.at(points, scores) : direction.at(points, scores, Expr.constant(h * h));
        double[] expected = Interpreter.evaluate(whole, inputs);
        double error = Clouds.error(wide(phi), expected);
        assertTrue(error < 2e-4, direction + ": " + error);
    }

    private static double[] wide(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    @Test
    void memoryGrowsWithParticlesAndNotWithPairs() {
        int n = 3000;
        float[] x = new float[2 * n];
        Noise.seed(9).normal(x, 0, x.length);
        try (ParticleField field = new ParticleField(SteinDirection.kernel(Rbf.bandwidth(1)), n, 2)) {
            field.direction(x, x, new float[2 * n]);
            assertTrue(field.bytes() < 4L * n * n / 4, "" + field.bytes());
        }
    }

    // ---------------------------------------------------------------- starts, seeds, steps

    @Test
    void theSameSeedGivesTheSameParticlesToTheBit() {
        Svgd svgd = Svgd.steps(30);
        ScoredTarget target = ScoredTarget.of(GAUSSIAN);
        Particles one = svgd.draw(target, 20, Noise.seed(1));
        assertArrayEquals(
                one.last().values(), svgd.draw(target, 20, Noise.seed(1)).last().values());
        assertFalse(Arrays.equals(
                one.last().values(), svgd.draw(target, 20, Noise.seed(2)).last().values()));
    }

    @Test
    void particlesStartWhereTheyAreTold() {
        ScoredTarget flat = ScoredTarget.scores("flat", 1, rows -> new double[rows.length]);
        Data rows = Data.of("rows", new float[] {10, 20, 30}, 1);
        Svgd still = Svgd.steps(1).along(SteinDirection.standard().repulsion(0)).with(new Sgd(1));
        float[] each =
                still.continuingFrom(rows).draw(flat, 3, Noise.seed(1)).last().values();
        assertArrayEquals(new float[] {10, 20, 30}, each);
        for (float any :
                still.startingAt(rows).draw(flat, 50, Noise.seed(1)).last().values()) {
            assertTrue(any == 10 || any == 20 || any == 30);
        }
        Particles around = still.startingAround(40).draw(flat, 1000, Noise.seed(1));
        // Standard error 0.03.
        assertEquals(40, around.mean()[0], 0.13);
        assertEquals(1, around.variance()[0], 0.2);
        assertThrows(ShapeException.class, () -> still.continuingFrom(rows).draw(flat, 2, Noise.seed(1)));
        Data wide = Data.of("wide", new float[] {1, 2}, 2);
        assertThrows(ShapeException.class, () -> still.startingAt(wide).draw(flat, 2, Noise.seed(1)));
    }

    /** u = g^2, then 0.9 u + 0.1 g^2; x = x - rate g / (1e-6 + sqrt u). */
    @Test
    void decayingAdaGradStepsAsPublished() {
        Updater.State state = DecayingAdaGrad.rate(0.1).start(1);
        float[] x = {1};
        double expected = 1;
        double u = 0;
        double[] gradients = {3, -1, 0.5};
        for (int t = 0; t < 3; t++) {
            double g = gradients[t];
            u = t == 0 ? g * g : 0.9 * u + 0.1 * g * g;
            expected -= 0.1 * g / (1e-6 + Math.sqrt(u));
            state.update(x, new float[] {(float) g}, t);
            assertEquals(expected, x[0], 1e-6);
        }
        float[] saved = state.save();
        Updater.State other = DecayingAdaGrad.rate(0.1).start(1);
        other.restore(saved);
        float[] y = x.clone();
        state.update(x, new float[] {2}, 3);
        other.update(y, new float[] {2}, 3);
        assertArrayEquals(x, y);
        assertThrows(SettingException.class, () -> DecayingAdaGrad.rate(0));
        assertThrows(SettingException.class, () -> DecayingAdaGrad.rate(1).decay(1));
    }

    @Test
    void temperaturesDivideTheScore() {
        ScoredTarget steep = ScoredTarget.scores("steep", 1, rows -> {
            double[] out = new double[rows.length];
            Arrays.fill(out, 8);
            return out;
        });
        Data zero = Data.of("zero", new float[] {0}, 1);
        Svgd one = Svgd.steps(2).with(new Sgd(1)).continuingFrom(zero);
        Particles cooled = one.temperatures(Temperatures.from(4).linear(2, 1)).draw(steep, 1, Noise.seed(1));
        assertEquals(8 / 4.0 + 8 / 2.0, cooled.last().at(0, 0), 1e-6);
        assertThrows(
                SettingException.class,
                () -> one.temperatures(Temperatures.from(1).linear(0, 1)).draw(steep, 1, Noise.seed(1)));
    }

    // ---------------------------------------------------------------- ends

    @Test
    void divergenceNamesTheParticleAndKeepsTheLastGoodOnes() {
        ScoredTarget broken = ScoredTarget.scores("broken", 2, rows -> {
            double[] out = new double[rows.length];
            out[5] = Math.abs(rows[5]) > 0.3 ? Double.NaN : 1;
            return out;
        });
        Data start = Data.of("start", new float[8], 2);
        Svgd svgd = Svgd.steps(100).with(new Sgd(0.1)).kernel(Rbf.bandwidth(1)).continuingFrom(start);
        ParticlesDivergedException e =
                assertThrows(ParticlesDivergedException.class, () -> svgd.draw(broken, 4, Noise.seed(1)));
        assertTrue(e.getMessage().contains("particle 2"), e.getMessage());
        assertTrue(e.particles().steps() > 1);
        for (float each : e.particles().last().values()) {
            assertTrue(Float.isFinite(each));
        }
        assertTrue(e.particles().toString().contains("SVGD"));

        Svgd far = Svgd.steps(100).with(new Sgd(1e30)).continuingFrom(start);
        ScoredTarget outward = ScoredTarget.scores("outward", 2, rows -> {
            double[] out = new double[rows.length];
            Arrays.setAll(out, i -> 1 + rows[i]);
            return out;
        });
        ParticlesDivergedException gone =
                assertThrows(ParticlesDivergedException.class, () -> far.draw(outward, 4, Noise.seed(1)));
        for (float each : gone.particles().last().values()) {
            assertTrue(Float.isFinite(each));
        }
    }

    @Test
    void anInterruptEndsItWithTheParticlesSoFar() {
        int[] calls = {0};
        ScoredTarget target = ScoredTarget.scores("counted", 1, rows -> {
            if (++calls[0] == 5) {
                Thread.currentThread().interrupt();
            }
            return new double[rows.length];
        });
        Particles some = Svgd.steps(100).draw(target, 3, Noise.seed(1));
        assertTrue(some.isInterrupted());
        assertEquals(5, some.steps());
        assertEquals(5, some.moves().length);
        assertTrue(some.toString().contains("interrupted"));
        assertFalse(Thread.interrupted());
        Thread.currentThread().interrupt();
        assertThrows(InterruptionException.class, () -> Svgd.steps(100).draw(target, 3, Noise.seed(1)));
    }

    /** Tiles ask too: the step that was begun is not made, and the particles are those before it. */
    @Test
    void anInterruptInTheMiddleOfAStepOfTilesLosesThatStepAlone() {
        int[] calls = {0};
        ScoredTarget target = ScoredTarget.scores("counted", 1, rows -> {
            if (++calls[0] == 3) {
                Thread.currentThread().interrupt();
            }
            return new double[rows.length];
        });
        Particles some = Svgd.steps(100).kernel(Rbf.bandwidth(1)).draw(target, ParticleField.TILE + 1, Noise.seed(1));
        assertTrue(some.isInterrupted());
        assertEquals(2, some.steps());
    }

    @Test
    void progressEndsWithHowItEnded() {
        List<Progress> told = new ArrayList<>();
        Svgd.steps(20).reporting(told::add).draw(ScoredTarget.of(GAUSSIAN), 5, Noise.seed(1));
        Progress last = told.get(told.size() - 1);
        assertEquals(20, last.step());
        assertEquals(Optional.of(Run.Ending.FINISHED), last.ending());
    }

    @Test
    void refusesWhatCannotBe() {
        ScoredTarget target = ScoredTarget.of(GAUSSIAN);
        assertThrows(SettingException.class, () -> Svgd.steps(0));
        assertThrows(SettingException.class, () -> Svgd.steps(1).draw(target, 0, Noise.seed(1)));
        assertThrows(SettingException.class, () -> Svgd.steps(1)
                .along(SteinDirection.standard().nearestNeighbour())
                .draw(target, 3000, Noise.seed(1)));
        ScoredTarget shorter = ScoredTarget.scores("short", 2, rows -> new double[1]);
        assertThrows(ShapeException.class, () -> Svgd.steps(1).draw(shorter, 3, Noise.seed(1)));
    }
}
