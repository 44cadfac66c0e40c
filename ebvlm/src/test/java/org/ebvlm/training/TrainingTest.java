package org.ebvlm.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.learning.config.Sgd;

class TrainingTest {
    private static final double NEVER = 1e9;

    private static Training sentence() {
        return Training.of(Fixtures.machine())
                .minimizing(Fixtures.denoising())
                .on(Fixtures.points(60))
                .batches(20)
                .steps(50);
    }

    /** Descends the mean energy of {@link Fixtures#linear}: each step moves "a" by minus the rate times the batch mean. */
    private static Training linear(Data data) {
        return Training.of(Fixtures.linear())
                .minimizing(Fixtures.meanEnergy())
                .on(data)
                .with(new Sgd(0.5))
                .batches(data.rows());
    }

    private static Data constant(double x, double y) {
        return Data.of("constant", new float[] {(float) x, (float) y, (float) x, (float) y}, 2);
    }

    // ---------------------------------------------------------------- determinism and bookkeeping

    @Test
    void theSameSeedGivesTheSameRunToTheBitAndAnotherSeedAnother() {
        Run one = sentence()
                .every(7, Fixtures.evaluation("f", Fixtures::fingerprint))
                .fit(Noise.seed(1));
        Run two = sentence()
                .every(7, Fixtures.evaluation("f", Fixtures::fingerprint))
                .fit(Noise.seed(1));
        Run other = sentence().fit(Noise.seed(2));
        assertArrayEquals(
                one.model().parameters().values(), two.model().parameters().values());
        assertArrayEquals(one.history().values("objective"), two.history().values("objective"));
        assertArrayEquals(one.history().values("f"), two.history().values("f"));
        assertFalse(one.model().parameters().values()[0]
                == other.model().parameters().values()[0]);
        assertEquals(50, one.steps());
        assertEquals(Run.Ending.FINISHED, one.ending());
        assertEquals(50, one.history().values("objective").length);
    }

    @Test
    void anEvaluationDoesNotDisturbTheTraining() {
        float[] without = sentence().fit(Noise.seed(1)).model().parameters().values();
        Run with = sentence()
                .every(3, Fixtures.evaluation("f", Fixtures::fingerprint))
                .fit(Noise.seed(1));
        assertArrayEquals(without, with.model().parameters().values());
    }

    @Test
    void theModelOfTheSentenceStaysAsItIsAndTheObjectiveFalls() {
        Grbm model = Fixtures.machine();
        float[] before = model.parameters().values();
        Run run = Training.of(model)
                .minimizing(Fixtures.denoising())
                .on(constant(3, -2))
                .batches(2)
                .with(Adam.rate(0.02))
                .steps(300)
                .fit(Noise.seed(1));
        assertArrayEquals(before, model.parameters().values());
        double[] objective = run.history().values("objective");
        double early = 0;
        double late = 0;
        int tenth = objective.length / 10;
        for (int i = 0; i < tenth; i++) {
            early += objective[i] / tenth;
            late += objective[objective.length - 1 - i] / tenth;
        }
        assertTrue(late < 0.8 * early, early + " to " + late);
    }

    @Test
    void gradientDescentOnAKnownSlopeGoesWhereItMust() {
        Run run = linear(constant(2, -1)).steps(4).fit(Noise.seed(1));
        // a = -4 steps * rate 0.5 * mean row (2, -1)
        assertArrayEquals(new float[] {-4, 2}, run.model().parameters().values("a"), 1e-6f);
        // The objective of step t is a . mean before it moves: -5/2 t.
        assertArrayEquals(new double[] {0, -2.5, -5, -7.5}, run.history().values("objective"), 1e-5);
        assertArrayEquals(new double[] {1, 2, 3, 4}, run.history().steps("objective"));
    }

    @Test
    void clippingShortensALongGradientAndLeavesAShortOne() {
        float[] clipped = linear(constant(30, -40))
                .steps(3)
                .clipping(5)
                .fit(Noise.seed(1))
                .model()
                .parameters()
                .values("a");
        assertArrayEquals(new float[] {-3 * 0.5f * 3, 3 * 0.5f * 4}, clipped, 1e-5f);
        float[] free = linear(constant(3, -4))
                .steps(3)
                .clipping(5.1)
                .fit(Noise.seed(1))
                .model()
                .parameters()
                .values("a");
        assertArrayEquals(new float[] {-3 * 0.5f * 3, 3 * 0.5f * 4}, free, 1e-5f);
    }

    @Test
    void averagingIsTheExponentialAverageFromTheFirstValuesOn() {
        Run run = linear(constant(1, 0)).steps(3).averaging(0.75).fit(Noise.seed(1));
        double average = 0;
        for (int t = 1; t <= 3; t++) {
            average = 0.75 * average + 0.25 * (-0.5 * t);
        }
        assertEquals(average, run.model().parameters().values("a")[0], 1e-6);
    }

    @Test
    void evaluationsAreMadeOfTheAverages() {
        Run run = linear(constant(1, 0))
                .steps(3)
                .averaging(0.75)
                .every(1, Fixtures.evaluation("a", s -> s.model().parameters().values("a")[0]))
                .fit(Noise.seed(1));
        assertEquals(run.model().parameters().values("a")[0], run.history().last("a"));
        assertEquals(-0.125, run.history().values("a")[0], 1e-6);
    }

    @Test
    void everyMeasuresAtItsMultiplesAndAtTheEnd() {
        Run run = sentence()
                .every(20, Fixtures.evaluation("rare", s -> s.step()))
                .every(25, Fixtures.evaluation("even", s -> s.step()))
                .fit(Noise.seed(1));
        assertArrayEquals(new double[] {20, 40, 50}, run.history().steps("rare"));
        assertArrayEquals(new double[] {20, 40, 50}, run.history().values("rare"));
        assertArrayEquals(new double[] {25, 50}, run.history().steps("even"));
    }

    @Test
    void epochsAreRowsOverTheBatchInSteps() {
        assertEquals(
                9,
                Training.of(Fixtures.machine())
                        .minimizing(Fixtures.denoising())
                        .on(Fixtures.points(60))
                        .batches(20)
                        .epochs(3)
                        .fit(Noise.seed(1))
                        .steps());
        assertEquals(
                1,
                Training.of(Fixtures.machine())
                        .minimizing(Fixtures.denoising())
                        .on(Fixtures.points(60))
                        .epochs(0.1)
                        .fit(Noise.seed(1))
                        .steps());
    }

    @Test
    void whatIsFittedAlongComesBackFitted() {
        Network network = Network.linear().init(2, 2, Noise.seed(3));
        Run run = Training.of(Fixtures.machine())
                .minimizing(Fixtures.denoisingWith(network))
                .on(Fixtures.points(2000))
                .steps(400)
                .every(400, Fixtures.evaluation("w", s -> s.fitted(network)
                        .parameters()
                        .values()[0]))
                .fit(Noise.seed(1));
        // Rows and noise are standard normal: the best linear guess of -e from v + e is -(v + e) / 2.
        float[] w = run.fitted(network).parameters().values("layer.W");
        assertArrayEquals(new float[] {-0.5f, 0, 0, -0.5f}, w, 0.1f);
        assertEquals(run.fitted(network).parameters().values()[0], run.history().last("w"));
        assertEquals(400, run.history().values("network").length);
        Network stranger = Network.linear().init(2, 2, Noise.seed(4));
        assertArrayEquals(
                stranger.parameters().values(),
                run.fitted(stranger).parameters().values());
    }

    @Test
    void parametersThatAPhaseUsesButNobodyFitsAreNeverSilentlyZero() {
        Network fixed = Network.linear().init(2, 2, Noise.seed(3));
        Objective objective = Fixtures.named("fixed network", (model, data, batch) -> {
            Expr value = fixed.apply(batch)
                    .square()
                    .sum()
                    .plus(model.freeEnergy(batch).sum().times(0));
            return List.of(Phase.of("objective", model, model.freeEnergy(batch).mean(), value));
        });
        Training sentence = Training.of(Fixtures.machine())
                .minimizing(objective)
                .on(constant(1, 1))
                .steps(1);
        try {
            double value = sentence.fit(Noise.seed(1)).history().last("objective");
            assertTrue(value > 0, "the network of random weights is not zero at (1, 1)");
        } catch (SettingException refused) {
            assertTrue(refused.getMessage().contains("network"), refused.getMessage());
        }
    }

    // ---------------------------------------------------------------- ending early

    @Test
    void earlyStoppingEndsAfterItsPatienceAndHoldsTheBestModel() {
        // a falls by 1/2 a step, so |a + 2| is least at step 4.
        Run run = linear(constant(1, 0))
                .steps(100)
                .every(
                        1,
                        Fixtures.evaluation(
                                "distance", s -> Math.abs(s.model().parameters().values("a")[0] + 2)))
                .stopping(EarlyStopping.lowest("distance", 3))
                .fit(Noise.seed(1));
        assertEquals(Run.Ending.STOPPED_EARLY, run.ending());
        assertEquals(7, run.steps());
        assertEquals(-2, run.model().parameters().values("a")[0], 1e-6);
        Run highest = linear(constant(1, 0))
                .steps(100)
                .every(
                        2,
                        Fixtures.evaluation(
                                "closeness",
                                s -> -Math.abs(s.model().parameters().values("a")[0] + 2)))
                .stopping(EarlyStopping.highest("closeness", 1))
                .fit(Noise.seed(1));
        assertEquals(6, highest.steps());
        assertEquals(-2, highest.model().parameters().values("a")[0], 1e-6);
    }

    @Test
    void earlyStoppingWithAveragingHoldsTheAverageThatMeasuredBest() {
        Evaluation distance = Fixtures.evaluation(
                "distance", s -> Math.abs(s.model().parameters().values("a")[0] + 2));
        Run run = linear(constant(1, 0))
                .steps(100)
                .averaging(0.5)
                .every(1, distance)
                .stopping(EarlyStopping.lowest("distance", 2))
                .fit(Noise.seed(1));
        double best = NEVER;
        for (double each : run.history().values("distance")) {
            best = Math.min(best, each);
        }
        assertEquals(
                best, distance.measure(Snapshot.of(run.model(), Noise.seed(1))).value(), 1e-6);
    }

    @Test
    void interruptingReturnsTheRunSoFar() {
        Run run = sentence()
                .every(1, Fixtures.evaluation("stop", s -> {
                    if (s.step() == 17) {
                        Thread.currentThread().interrupt();
                    }
                    return s.step();
                }))
                .fit(Noise.seed(1));
        assertEquals(Run.Ending.INTERRUPTED, run.ending());
        assertEquals(17, run.steps());
        assertFalse(Thread.currentThread().isInterrupted());
        Run whole = Training.of(Fixtures.machine())
                .minimizing(Fixtures.denoising())
                .on(Fixtures.points(60))
                .batches(20)
                .steps(17)
                .fit(Noise.seed(1));
        assertArrayEquals(
                whole.model().parameters().values(), run.model().parameters().values());
        assertTrue(run.toString().contains("interrupted after 17 steps"), run.toString());
    }

    @Test
    void reportsProgressAtLeastAtTheEnd() {
        List<Progress> heard = new ArrayList<>();
        sentence().reporting(heard::add).fit(Noise.seed(1));
        Progress last = heard.get(heard.size() - 1);
        assertEquals(50, last.step());
        assertEquals(50, last.steps());
        assertTrue(Double.isFinite(last.objective()));
        assertEquals(0, last.secondsLeft());
    }

    // ---------------------------------------------------------------- divergence

    private static void assertFinite(Parameters parameters) {
        for (float x : parameters.values()) {
            assertTrue(Float.isFinite(x), parameters + " has " + x);
        }
    }

    @Test
    void anAbsurdLearningRateIsADivergenceWithFiniteParameters() {
        TrainingDivergedException error = assertThrows(
                TrainingDivergedException.class,
                () -> sentence().with(Adam.rate(1e6)).fit(Noise.seed(1)));
        assertEquals(Run.Ending.DIVERGED, error.run().ending());
        assertFinite(error.run().model().parameters());
        long next = error.run().steps() + 1;
        assertTrue(error.getMessage().contains("step " + next), error.getMessage());
        assertTrue(error.getMessage().contains("learning rate"), error.getMessage());
        assertEquals(error.run().steps(), (long)
                error.run().history().steps("objective")[error.run().history().steps("objective").length - 1]);
    }

    @Test
    void parametersThatOverflowAreADivergenceWithFiniteParameters() {
        Training overflowing = Training.of(Fixtures.linear())
                .minimizing(Fixtures.meanEnergy())
                .on(constant(1e20, 1))
                .with(new Sgd(1e20))
                .steps(3);
        TrainingDivergedException error =
                assertThrows(TrainingDivergedException.class, () -> overflowing.fit(Noise.seed(1)));
        assertFinite(error.run().model().parameters());
    }

    @Test
    void anEnergyThatIsNotANumberNamesTheTensorAndTheStep() {
        LatentEnergy model = LatentEnergy.visible(2)
                .binary(1)
                .zeros("good", 2)
                .zeros("bad", 1)
                .energy((g, v, h) -> v.mul(g.getVariable("good"))
                        .sum(1)
                        .add(g.math.sqrt(g.getVariable("bad").sub(h.sum(1)).sub(1))))
                .init(Noise.seed(1));
        TrainingDivergedException error = assertThrows(TrainingDivergedException.class, () -> Training.of(model)
                .minimizing(Fixtures.meanEnergy())
                .on(Fixtures.points(10))
                .fit(Noise.seed(1)));
        assertTrue(error.getMessage().contains("step 1"), error.getMessage());
        assertTrue(error.getMessage().contains("objective in bad"), error.getMessage());
        assertArrayEquals(
                model.parameters().values(), error.run().model().parameters().values());
        assertEquals(0, error.run().steps());
    }

    // ---------------------------------------------------------------- settings

    private static void assertRefused(String part, Executable sentence) {
        SettingException error = assertThrows(SettingException.class, sentence);
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    @Test
    void refusesWhatIsMissingOrSaidTwiceOrContradictory(@org.junit.jupiter.api.io.TempDir Path folder) {
        Data data = Fixtures.points(10);
        Grbm model = Fixtures.machine();
        Objective objective = Fixtures.denoising();
        assertRefused("minimizing", () -> Training.of(model).on(data).fit(Noise.seed(1)));
        assertRefused("on(...)", () -> Training.of(model).minimizing(objective).fit(Noise.seed(1)));
        assertRefused("10", () -> Training.of(model)
                .minimizing(objective)
                .on(data)
                .batches(11)
                .fit(Noise.seed(1)));
        assertRefused("not both", () -> Training.of(model)
                .minimizing(objective)
                .on(data)
                .steps(5)
                .epochs(2)
                .fit(Noise.seed(1)));
        assertRefused("once", () -> Training.of(model).minimizing(objective).minimizing(objective));
        assertRefused("once", () -> Training.of(model).on(data).on(data));
        assertRefused("once", () -> Training.of(model).batches(5).batches(5));
        assertRefused("5 and then 6", () -> Training.of(model).steps(5).steps(6));
        assertRefused("once", () -> Training.of(model).epochs(5).epochs(5));
        assertRefused("once", () -> Training.of(model).clipping(5).clipping(5));
        assertRefused("once", () -> Training.of(model).averaging(0.5).averaging(0.5));
        assertRefused("once", () -> Training.of(model).with(Adam.rate(1)).with(new Sgd(1)));
        assertRefused("once", () -> Training.of(model).resuming(folder).resuming(folder));
        assertRefused("positive", () -> Training.of(model).steps(0));
        assertRefused("positive", () -> Training.of(model).batches(-1));
        assertRefused("positive", () -> Training.of(model).every(0, Fixtures.evaluation("x", s -> 0)));
        assertRefused("positive", () -> Training.of(model).clipping(Double.NaN));
        assertRefused("decay", () -> Training.of(model).averaging(1));
        assertRefused("null", () -> Training.of(model).minimizing(null));
        assertRefused("nothing", () -> Training.of(model)
                .minimizing(objective)
                .on(data)
                .stopping(EarlyStopping.lowest("nothing", 1))
                .fit(Noise.seed(1)));
        ShapeException width =
                assertThrows(ShapeException.class, () -> Training.of(model).on(Data.of("wide", new float[6], 3)));
        assertTrue(width.getMessage().contains("visible(3)"), width.getMessage());
    }

    @Test
    void aPhaseNeedsScalarsAndARepetition() {
        Grbm model = Fixtures.machine();
        Expr v = Expr.input("v", 2, 2);
        Expr rows = model.freeEnergy(v);
        assertThrows(SettingException.class, () -> Phase.of("x", model, rows, rows.sum()));
        assertThrows(
                SettingException.class,
                () -> new Phase("x", 0, model, rows.sum(), rows.sum(), java.util.Optional.empty()));
    }

    @Test
    void aConstantGradientStaysConstantWhenItIsClippedOrUpdatedInPlace() {
        LatentEnergy model = Fixtures.linear();
        Parameters p = model.parameters();
        Expr batch = Expr.input("batch", 1, 2);
        Expr loss = p.get("a").sum().plus(p.get("c").sum());
        for (Updater updater : List.of(Updater.of(new Sgd(0.1)), Updater.of(new Sgd(1)))) {
            try (Stepper stepper =
                    new Stepper(List.of(Phase.of("objective", model, loss, loss)), batch, updater, List.of(), 1)) {
                for (int t = 0; t < 5; t++) {
                    stepper.step(Noise.seed(1));
                }
                double rate = updater.toString().contains("0.1") ? 0.1 : 1;
                // Three parameters with slope 1 each: clipped to norm 1, each moves by rate / sqrt 3 a step.
                assertEquals(-5 * rate / Math.sqrt(3), stepper.current(p).values()[0], 1e-5, updater + "");
            }
        }
    }
}
