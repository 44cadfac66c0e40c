package org.ebvlm.implicit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.AutoencoderEnergy;
import org.ebvlm.model.Energy;
import org.ebvlm.model.Generator;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.scoring.Doubles;
import org.ebvlm.scoring.Rbf;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Run;
import org.ebvlm.training.Stepper;
import org.ebvlm.training.Training;
import org.junit.jupiter.api.Test;

class BeganTest {
    private static final int N = 4;
    private static final double GAMMA = 0.4;
    private static final double ALPHA = 0.7;
    private static final EntropyGradient STEIN = EntropyGradient.kernel(Rbf.medianHeuristic());
    private static final Data DATA = Datasets.gaussianMixture(
            new double[][] {{-1.5, 0}, {1.5, 0}, {0, 1.5}, {0, -1.5}}, 0.2, 2_000, Noise.seed(1));

    private static Generator sampler() {
        return Generator.noise(2).visible(2).network(Network.elu(5)).init(Noise.seed(3));
    }

    private static AutoencoderEnergy autoencoder() {
        return AutoencoderEnergy.visible(2)
                .features(1)
                .encoder(Network.elu(5))
                .decoder(Network.elu(5))
                .init(Noise.seed(2));
    }

    /** The phases of one step, and all that they depend on. */
    private static final class Step {
        final AutoencoderEnergy model = autoencoder();
        final Expr batch = Expr.input("batch", N, 2);
        final List<Phase> phases;
        final Doubles at = new Doubles();

        Step(Began began, double beta) {
            phases = began.phases(model, DATA, batch);
            at.set(model.parameters())
                    .set(named("sampler").fitted().parameters())
                    .set(batch, 1, 0.2, -0.4, 1.3, 0.5, -1, 2, 2)
                    .set(phases.get(0).fitted().parameters().leaf(), beta)
                    .draw(
                            Noise.seed(7),
                            phases.get(0).loss(),
                            phases.get(1).loss(),
                            phases.get(2).loss());
        }

        Phase named(String name) {
            return phases.stream()
                    .filter(phase -> phase.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        double[] slope(String phase, Parameters of) {
            return at.of(of.gradient(named(phase).loss()));
        }

        /** Mean squared error of the batch, per unit of v. */
        double real() {
            return at.scalar(model.freeEnergy(batch).mean()) / 2;
        }

        /** Of the samples of this very step. */
        double fake() {
            return at.scalar(named("sampler").value());
        }
    }

    private static Began with(EntropyGradient entropy) {
        return Began.sampler(sampler()).gamma(GAMMA).entropy(entropy, ALPHA);
    }

    // ---------------------------------------------------------------- equations

    @Test
    void theAutoencoderGoesDownRealMinusBetaTimesFake() {
        double beta = 0.3;
        Step step = new Step(Began.sampler(sampler()), beta);
        Step zero = new Step(Began.sampler(sampler()), 0);
        Expr loss = step.named("objective").loss();
        assertEquals(step.real() - beta * step.fake(), step.at.scalar(loss), 1e-12);
        Parameters p = step.model.parameters();
        assertArrayEquals(step.at.differences(loss, p.leaf()), step.slope("objective", p), 1e-8);
        // With beta = 0 it is an autoencoder and nothing else.
        Expr plain = zero.model.freeEnergy(zero.batch).mean().times(0.5);
        assertArrayEquals(zero.at.of(zero.model.parameters().gradient(plain)), zero.slope("objective", p(zero)), 1e-12);
    }

    private static Parameters p(Step step) {
        return step.model.parameters();
    }

    @Test
    void withoutEntropyTheSamplerGoesDownTheErrorOfItsSamples() {
        // beta does not scale the sampler's loss.
        Step step = new Step(Began.sampler(sampler()), 0.9);
        Expr loss = step.named("sampler").loss();
        assertEquals(step.fake(), step.at.scalar(loss), 1e-15);
        Parameters p = began(step).parameters();
        assertArrayEquals(step.at.differences(loss, p.leaf()), step.slope("sampler", p), 1e-8);
    }

    private static Generator began(Step step) {
        return (Generator) step.named("sampler").fitted();
    }

    /** The gradient with entropy less that without is alpha / (n width) sum over i of G_i dx_i / dphi. */
    @Test
    void theEntropyTermIsTheScoreTimesTheSlopeOfTheSamples() {
        Generator sampler = sampler();
        AutoencoderEnergy model = autoencoder();
        Expr z = Expr.input("z", N, 2);
        Expr x = sampler.at(z);
        Doubles at = new Doubles()
                .set(model.parameters())
                .set(sampler.parameters())
                .set(z, 0.3, -1, 1, 0.5, -0.6, 0.1, 2, -0.4);
        Expr error = model.freeEnergy(x).mean().times(0.5);
        Expr loss = error.minus(STEIN.surrogate(x).times(ALPHA / 2));
        double[] score = at.of(STEIN.score(x));
        double[] expected = at.of(sampler.parameters().gradient(error));
        Expr push = x.times(Expr.constant(score, N, 2)).sum().times(ALPHA / 2 / N);
        double[] term = at.differences(push, sampler.parameters().leaf());
        for (int i = 0; i < expected.length; i++) {
            expected[i] += term[i];
        }
        assertArrayEquals(expected, at.of(sampler.parameters().gradient(loss)), 1e-7);
        // And the phase is this loss.
        Step step = new Step(with(STEIN), 0.2);
        Step plain = new Step(Began.sampler(sampler()), 0.2);
        Expr own = step.named("sampler").loss();
        double surrogate = (step.fake() - step.at.scalar(own)) * 2 / ALPHA;
        assertEquals(plain.fake(), step.fake(), 1e-12);
        double[] drawn = samples(step);
        Expr points = Expr.input("x", N, 2);
        assertEquals(new Doubles().set(points, drawn).scalar(STEIN.surrogate(points)), surrogate, 1e-10);
    }

    /** The samples of a step, from the noise that was drawn for it. */
    private static double[] samples(Step step) {
        Expr loss = step.named("sampler").loss();
        Expr noise = Expr.sorted(List.of(loss)).stream()
                .filter(node -> node.toString().startsWith("generator noise"))
                .findFirst()
                .orElseThrow();
        return step.at.of(began(step).at(noise));
    }

    @Test
    void betaFollowsTheEquationAndStaysBetweenZeroAndOne() {
        for (EntropyGradient entropy : List.of(
                STEIN,
                EntropyGradient.density(Rbf.medianHeuristic()),
                EntropyGradient.scoreMatching(Rbf.medianHeuristic()))) {
            Step step = new Step(with(entropy).balanceRate(0.5), 0.3);
            Expr points = Expr.input("x", N, 2);
            double h = new Doubles().set(points, samples(step)).scalar(entropy.value(points)) / 2;
            double expected = 0.3 + 0.5 * (GAMMA * step.real() - step.fake() + ALPHA * GAMMA * h);
            assertEquals(expected, step.at.scalar(step.named("balance").value()), 1e-9, "" + entropy);
            assertTrue(expected > 0 && expected < 1, "" + expected);
        }
        Step low = new Step(Began.sampler(sampler()).gamma(1e-6).balanceRate(1e6), 0.5);
        assertEquals(0, low.at.scalar(low.named("balance").value()));
        Step high = new Step(Began.sampler(sampler()).gamma(1e6).balanceRate(1e6), 0.5);
        assertEquals(1, high.at.scalar(high.named("balance").value()));
    }

    @Test
    void theMeasureIsItsFormula() {
        Step step = new Step(with(STEIN), 0.2);
        assertEquals(
                step.real() + Math.abs(GAMMA * step.real() - step.fake()),
                step.at.scalar(step.named("objective").value()),
                1e-12);
    }

    @Test
    void oneStepMovesAllThreeFromTheSamePlace() {
        Generator sampler = sampler();
        AutoencoderEnergy model = autoencoder();
        Expr batch = Expr.input("batch", 50, 2);
        List<Phase> phases = Began.sampler(sampler).gamma(10).phases(model, DATA, batch);
        Parameters beta = phases.get(0).fitted().parameters();
        try (Stepper stepper = new Stepper(phases, batch, Adam.rate(1e-3), List.of(), Double.POSITIVE_INFINITY)) {
            DATA.gather(java.util.stream.IntStream.range(0, 50).toArray(), stepper.batch());
            stepper.step(Noise.seed(4));
            double first = stepper.current(beta).values()[0];
            assertEquals(stepper.phaseValues().get("balance"), first, 1e-7);
            // The measure is of the parameters before the step: L(v) + |gap|, from which beta came.
            double fake = stepper.phaseValues().get("sampler");
            double real = (first / 1e-3 + fake) / 10;
            assertTrue(first > 0);
            assertEquals(real + first / 1e-3, stepper.objective(), 1e-4 * stepper.objective());
            stepper.step(Noise.seed(5));
            assertTrue(stepper.current(beta).values()[0] != first);
        }
    }

    // ---------------------------------------------------------------- what it is for

    /** Mean of the variances of both coordinates, of a sampler after 500 steps. The data's is 1.165. */
    private static double spread(Began began, Generator sampler) {
        AutoencoderEnergy model = AutoencoderEnergy.visible(2)
                .features(1)
                .encoder(Network.elu(30, 30))
                .decoder(Network.elu(30, 30))
                .init(Noise.seed(2));
        Run run = Training.of(model)
                .minimizing(began)
                .on(DATA)
                .with(Adam.rate(1e-3).betas(0.5, 0.999))
                .batches(50)
                .steps(500)
                .fit(Noise.seed(4));
        Data samples = run.fitted(sampler).samples(500, Noise.seed(5));
        double variance = 0;
        for (int k = 0; k < 2; k++) {
            double mean = 0;
            double square = 0;
            for (int i = 0; i < 500; i++) {
                mean += samples.at(i, k) / 500;
                square += samples.at(i, k) * samples.at(i, k) / 500;
            }
            variance += (square - mean * mean) / 2;
        }
        return variance;
    }

    @Test
    void withoutEntropyTheSamplerCollapsesAndWithItItDoesNot() {
        Generator sampler =
                Generator.noise(2).visible(2).network(Network.elu(30, 30)).init(Noise.seed(3));
        double plain = spread(Began.sampler(sampler), sampler);
        assertTrue(plain < 0.1, "plain: " + plain);
        for (EntropyGradient entropy : List.of(
                STEIN.steps(8),
                EntropyGradient.scoreMatching(Rbf.medianHeuristic()).steps(8))) {
            double found = spread(Began.sampler(sampler).entropy(entropy, 0.2), sampler);
            assertTrue(found > plain + 0.2 && found < 6, entropy + ": " + found);
        }
    }

    // ---------------------------------------------------------------- refusals

    @Test
    void rejectsWhatCannotBeTrainedSo() {
        Expr batch = Expr.input("batch", N, 2);
        Energy other =
                Energy.visible(2).energy((g, v) -> g.math.square(v).sum(1)).init(Noise.seed(1));
        assertThrows(SettingException.class, () -> Began.sampler(sampler()).phases(other, DATA, batch));
        Generator wide = Generator.noise(2).visible(3).init(Noise.seed(1));
        assertThrows(ShapeException.class, () -> Began.sampler(wide).phases(autoencoder(), DATA, batch));
        assertThrows(SettingException.class, () -> Began.sampler(sampler()).gamma(0));
        assertThrows(SettingException.class, () -> Began.sampler(sampler()).balanceRate(-1));
        assertThrows(SettingException.class, () -> Began.sampler(sampler()).entropy(STEIN, Double.NaN));
    }
}
