package org.ebvlm.stein;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.graph.Leaf;
import org.ebvlm.implicit.Clouds;
import org.ebvlm.model.Energy;
import org.ebvlm.model.Generator;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.scoring.Dsm;
import org.ebvlm.scoring.ExactScore;
import org.ebvlm.scoring.Imq;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

class AmortizedSvgdTest {

    /** N((1, -2), ((2, 0.6), (0.6, 1))). */
    private static Energy gaussian() {
        return Energy.visible(2)
                .named("Gaussian")
                .energy((g, v) -> {
                    var gap = v.sub(g.constant(Nd4j.createFromArray(1f, -2f)));
                    var inverse = g.constant(Nd4j.createFromArray(new float[][] {
                        {(float) (1 / 1.64), (float) (-0.6 / 1.64)}, {(float) (-0.6 / 1.64), (float) (2 / 1.64)}
                    }));
                    return gap.mmul(inverse).mul(gap).sum(1).mul(0.5);
                })
                .init(Noise.seed(1));
    }

    /** 1/3 N(-2, 1) + 2/3 N(2, 1): the energy is (x^2 + 4)/2 - log( 1/3 e^(-2x) + 2/3 e^(2x) ). */
    private static Energy mixture() {
        return Energy.visible(1)
                .named("mixture")
                .energy((g, v) -> {
                    // log( 1/3 e^(-2x) + 2/3 e^(2x) ) = -2x - log 3 + softplus(4x + log 2)
                    var logSum = g.nn.softplus(v.mul(4).add(Math.log(2))).sub(v.mul(2));
                    return v.mul(v).mul(0.5).sub(logSum).sum(1);
                })
                .init(Noise.seed(1));
    }

    private static Generator linear() {
        return Generator.noise(2).visible(2).network(Network.linear()).init(Noise.seed(3));
    }

    /** Row means, then covariances over n. */
    private static double[] moments(Data rows) {
        int d = rows.width();
        int n = rows.rows();
        double[] mean = new double[d];
        double[] variance = new double[d];
        for (int i = 0; i < n * d; i++) {
            mean[i % d] += rows.at(i / d, i % d) / (double) n;
        }
        for (int i = 0; i < n * d; i++) {
            variance[i % d] += Math.pow(rows.at(i / d, i % d) - mean[i % d], 2) / n;
        }
        double[] both = new double[2 * d];
        System.arraycopy(mean, 0, both, 0, d);
        System.arraycopy(variance, 0, both, d, d);
        return both;
    }

    // ---------------------------------------------------------------- the gradient

    /** The loss's gradient is minus the sum over samples of (df/deta)' phi, with phi from the formula, at the same noise. */
    @Test
    void theGradientIsTheDirectionPulledBackThroughTheSampler() {
        Energy model = gaussian();
        Generator sampler =
                Generator.noise(3).visible(2).network(Network.elu(4)).init(Noise.seed(2));
        Phase phase = AmortizedSvgd.sampler(sampler)
                .particles(6)
                .phases(model, Data.of("no data", new float[2], 2), Expr.input("batch", 1, 2))
                .get(0);
        Expr leaf = sampler.parameters().leaf();
        Expr gradient = sampler.parameters().gradient(phase.loss());
        Map<Expr, double[]> inputs = new HashMap<>();
        inputs.put(leaf, wide(sampler.parameters().values()));
        Expr noise = Expr.sorted(List.of(phase.loss())).stream()
                .filter(e -> e.op() instanceof Leaf.Input input && input.source() == Leaf.Source.NORMAL)
                .findFirst()
                .orElseThrow();
        inputs.put(noise, Clouds.normal(6, 3, 4));
        model.parameters();
        double[] found = Interpreter.evaluate(gradient, inputs);
        Expr x = sampler.at(noise);
        double[] points = Interpreter.evaluate(x, inputs);
        Expr given = Expr.input("given", 6, 2);
        double[] phi =
                Interpreter.evaluate(SteinDirection.standard().at(given, model.score(given)), Map.of(given, points));
        Expr held = Expr.input("phi", 6, 2);
        inputs.put(held, phi);
        double[] expected = Interpreter.evaluate(
                sampler.parameters().gradient(x.times(held).sum().neg()), inputs);
        assertTrue(Clouds.error(found, expected) < 1e-9, "" + Clouds.error(found, expected));
        double sum = 0;
        for (double each : phi) {
            sum += each * each / 6;
        }
        assertEquals(sum, Interpreter.evaluate(phase.value(), inputs)[0], 1e-9);
    }

    private static double[] wide(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    // ---------------------------------------------------------------- what is learned

    /**
     * The covariance comes out too small: 0.84 of the truth at 100 particles, in the mean of both directions; here within
     * 0.7 and 1. Moments of 20,000 samples have standard errors of 0.01 and, relative, 0.01.
     */
    @Test
    void aLinearSamplerLearnsAGaussianAndWithoutRepulsionFallsOntoItsMode() {
        Generator sampler = linear();
        Training training = Training.of(gaussian())
                .minimizing(AmortizedSvgd.sampler(sampler).particles(100))
                .with(Adam.rate(0.01))
                .steps(2000);
        Run run = training.fit(Noise.seed(1));
        double[] moments = moments(run.fitted(sampler).samples(20_000, Noise.seed(2)));
        assertEquals(1, moments[0], 0.08);
        assertEquals(-2, moments[1], 0.08);
        assertTrue(moments[2] / 2 > 0.7 && moments[2] / 2 < 1, "" + moments[2] / 2);
        assertTrue(moments[3] > 0.7 && moments[3] < 1, "" + moments[3]);

        Run collapsed = Training.of(gaussian())
                .minimizing(AmortizedSvgd.sampler(sampler)
                        .along(SteinDirection.standard().repulsion(0)))
                .with(Adam.rate(0.01))
                .steps(2000)
                .fit(Noise.seed(1));
        double[] point = moments(collapsed.fitted(sampler).samples(1000, Noise.seed(2)));
        assertEquals(1, point[0], 0.1);
        assertTrue(point[2] < 0.05 && point[3] < 0.05, "" + point[2]);
    }

    /** Mean 0.667, variance 4.556, P(x > 0) = 0.659; three seeds elsewhere gave .60-.72, 4.27-4.50, .650-.662. */
    @Test
    void aNetworkLearnsAMixture() {
        Generator sampler =
                Generator.noise(4).visible(1).network(Network.elu(64, 64)).init(Noise.seed(5));
        Run run = Training.of(mixture())
                .minimizing(AmortizedSvgd.sampler(sampler))
                .with(Adam.rate(1e-3))
                .steps(4000)
                .fit(Noise.seed(6));
        Data rows = run.fitted(sampler).samples(20_000, Noise.seed(7));
        double[] moments = moments(rows);
        double right = 0;
        for (int i = 0; i < rows.rows(); i++) {
            right += rows.at(i, 0) > 0 ? 1.0 / rows.rows() : 0;
        }
        assertEquals(0.667, moments[0], 0.15);
        assertEquals(4.4, moments[1], 0.35);
        assertEquals(0.659, right, 0.04);
    }

    // ---------------------------------------------------------------- as a training

    @Test
    void itNeedsNoDataAndResumesToTheBit(@TempDir Path folder) {
        Generator sampler = linear();
        Path file = folder.resolve("checkpoint.bin");
        float[] whole = sentence(sampler)
                .steps(60)
                .fit(Noise.seed(1))
                .fitted(sampler)
                .parameters()
                .values();
        sentence(sampler).steps(25).checkpoint(file, 10).fit(Noise.seed(1));
        Run resumed = sentence(sampler).steps(60).resuming(file).fit(Noise.seed(1));
        assertArrayEquals(whole, resumed.fitted(sampler).parameters().values());
        assertEquals(60, resumed.history().values("objective").length);
        // The model stays as it is.
        assertArrayEquals(
                gaussian().parameters().values(), resumed.model().parameters().values());
    }

    private static Training sentence(Generator sampler) {
        return Training.of(gaussian())
                .minimizing(AmortizedSvgd.sampler(sampler)
                        .particles(20)
                        .kernel(Imq.medianHeuristic())
                        .innerSteps(2));
    }

    @Test
    void batchesWithoutDataAreRefusedAndOtherObjectivesStillNeedThem() {
        Generator sampler = linear();
        assertThrows(SettingException.class, () -> sentence(sampler).batches(10).check());
        assertThrows(SettingException.class, () -> sentence(sampler).epochs(2).check());
        sentence(sampler)
                .on(Data.of("rows", new float[40], 2))
                .batches(10)
                .steps(1)
                .fit(Noise.seed(1));
        assertThrows(SettingException.class, () -> Training.of(gaussian())
                .minimizing(Dsm.noiseStd(0.1).using(ExactScore.estimator()))
                .check());
    }

    @Test
    void oneParticleGoesUpTheScoreAlone() {
        Energy model = gaussian();
        Generator sampler = linear();
        Phase phase = AmortizedSvgd.sampler(sampler)
                .particles(1)
                .phases(model, Data.of("no data", new float[2], 2), Expr.input("batch", 1, 2))
                .get(0);
        Expr noise = Expr.sorted(List.of(phase.loss())).stream()
                .filter(e -> e.op() instanceof Leaf.Input input && input.source() == Leaf.Source.NORMAL)
                .findFirst()
                .orElseThrow();
        Map<Expr, double[]> inputs = Map.of(
                noise,
                new double[] {0.3, -1},
                sampler.parameters().leaf(),
                wide(sampler.parameters().values()));
        Expr logDensity = model.freeEnergy(sampler.at(noise)).sum();
        assertArrayEquals(
                Interpreter.evaluate(sampler.parameters().gradient(logDensity), inputs),
                Interpreter.evaluate(sampler.parameters().gradient(phase.loss()), inputs),
                1e-9);
        assertTrue(Differentiation.gradient(logDensity, noise).size() > 0);
    }

    @Test
    void refusesASamplerOfAnotherWidth() {
        Generator wide = Generator.noise(2).visible(3).init(Noise.seed(1));
        assertThrows(ShapeException.class, () -> Training.of(gaussian())
                .minimizing(AmortizedSvgd.sampler(wide))
                .check());
        assertThrows(SettingException.class, () -> AmortizedSvgd.sampler(wide).particles(0));
    }
}
