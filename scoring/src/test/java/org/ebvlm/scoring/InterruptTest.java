package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.InterruptionException;
import org.ebvlm.evaluation.Classifier;
import org.ebvlm.evaluation.Inpainting;
import org.ebvlm.likelihood.Ais;
import org.ebvlm.likelihood.LogLikelihood;
import org.ebvlm.likelihood.MachineEnumeration;
import org.ebvlm.model.BernoulliRbm;
import org.ebvlm.model.Energy;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Vae;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.BlockGibbs;
import org.ebvlm.sampling.Chains;
import org.ebvlm.sampling.Hmc;
import org.ebvlm.sampling.Langevin;
import org.ebvlm.sampling.Mala;
import org.ebvlm.training.Evaluation;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Run;
import org.ebvlm.training.Snapshot;
import org.ebvlm.training.Training;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.ImportanceBound;
import org.ebvlm.variational.PosteriorFisher;
import org.ebvlm.variational.PosteriorGap;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each verb that can take long ends soon after its thread is interrupted. Their sizes are such that they would take minutes
 * or more; the bound of some seconds is no test of speed, it only tells an end from none on a busy machine.
 */
class InterruptTest {
    private static final long UNDER_WAY_MILLIS = 250;
    private static final long BOUND_MILLIS = 5000;

    private static final Grbm GRBM = Grbm.visible(2).hidden(4).init(Noise.seed(7));
    private static final Data ROWS = Datasets.checkerboard(1000, Noise.seed(1));
    private static final Data FEWER = Datasets.checkerboard(40_000, Noise.seed(1));
    private static final Data MANY = Datasets.checkerboard(400_000, Noise.seed(1));

    private static LatentEnergy real() {
        return LatentEnergy.visible(2)
                .continuous(2)
                .weight("W", 2, 2)
                .energy((g, v, h) -> g.math.square(h.sub(v.mmul(g.getVariable("W"))))
                        .sum(1)
                        .add(g.math.square(v).sum(1))
                        .mul(0.5))
                .init(Noise.seed(3));
    }

    /** A score that takes its time: many layers wide enough to be felt in each chunk of rows. */
    private static EnergyModel slow() {
        var building = Energy.visible(2).layer("in", 2, 1000).weight("out", 1000, 1);
        for (int k = 0; k < 6; k++) {
            building.layer("layer" + k, 1000, 1000);
        }
        return building.energy((g, v) -> {
                    var x = v.mmul(g.getVariable("in.W"));
                    for (int k = 0; k < 6; k++) {
                        x = g.nn.softplus(x.mmul(g.getVariable("layer" + k + ".W")));
                    }
                    return x.mmul(g.getVariable("out"))
                            .sum(1)
                            .add(g.math.square(v).sum(1));
                })
                .init(Noise.seed(5));
    }

    private static Arguments dropped(String name, Supplier<?> verb) {
        return Arguments.of(name, verb);
    }

    static Stream<Arguments> verbsOfWhichHalfIsNothing() {
        var q = Posteriors.bernoulli(GRBM).fittedBy(Elbo.innerSteps(5));
        LatentEnergy real = real();
        var r = Posteriors.gaussian(real).fittedBy(PosteriorFisher.innerSteps(5));
        Vae vae = Vae.visible(2).hidden(2).init(Noise.seed(1));
        Data images = Datasets.glyphs(8, 200, Noise.seed(1));
        Data labels = Data.of("labels", alternating(200), 1);
        boolean[] missing = {true, false};
        return Stream.of(
                dropped("critics", () -> FisherDivergence.against(ROWS)
                        .criticSteps(50_000_000)
                        .of(GRBM, Noise.seed(1))),
                dropped("pairs of rows", () -> SteinStatistic.of(Imq.bandwidth(1), MANY.values(), MANY.values(), 2)),
                dropped("bootstraps", () -> SteinTest.kernel(Imq.bandwidth(1))
                        .samples(FEWER.values(), FEWER.values(), 2, Noise.seed(1))),
                dropped("scores of many rows", () -> KernelSteinDiscrepancy.against(MANY)
                        .kernel(Imq.bandwidth(1))
                        .rows(400_000)
                        .of(slow(), Noise.seed(1))),
                dropped("audit", () -> EstimatorAudit.of(GRBM)
                        .on(ROWS)
                        .posterior(q)
                        .particles(2)
                        .repeats(100_000_000)
                        .measure(Noise.seed(1))),
                dropped("steps of an audit", () -> EstimatorAudit.of(GRBM)
                        .on(ROWS)
                        .posterior(q)
                        .particles(2)
                        .innerSteps(500_000_000)
                        .measure(Noise.seed(1))),
                dropped("annealing", () -> Ais.standard().scales(500_000_000).of(GRBM, Noise.seed(1))),
                dropped(
                        "enumeration",
                        () -> MachineEnumeration.of(
                                BernoulliRbm.visible(4000).hidden(20).init(Noise.seed(1)))),
                dropped("likelihood", () -> LogLikelihood.on(MANY.noised(0.1, Noise.seed(1)))
                        .estimating(Ais.standard().scales(1_000_000))
                        .measure(Snapshot.of(Grbm.visible(2).hidden(400).init(Noise.seed(1)), Noise.seed(1)))),
                dropped(
                        "gap",
                        () -> PosteriorGap.fisher(r).on(MANY).particles(50).of(real, Noise.seed(1))),
                dropped("bound", () -> ImportanceBound.on(MANY)
                        .posterior(Posteriors.gaussian(vae))
                        .particles(50)
                        .measure(Snapshot.of(vae, Noise.seed(1)))),
                dropped("sweeps", () -> BlockGibbs.sweeps(500_000_000).sample(GRBM, 100, Noise.seed(1))),
                dropped("Langevin steps", () -> Langevin.steps(500_000_000).sample(GRBM, 100, Noise.seed(1))),
                dropped("warm-up", () -> Hmc.steps(1).warmup(500_000_000).draw(GRBM, 100, Noise.seed(1))),
                dropped("inpainting", () -> Inpainting.of(ROWS)
                        .missing(missing)
                        .by(Mala.steps(500_000_000))
                        .fill(GRBM, Noise.seed(1))),
                dropped("classifier", () -> Classifier.training()
                        .steps(500_000_000)
                        .fit(images.onGrid(Grid.grey(8, 8)), labels, Noise.seed(1))));
    }

    private static float[] alternating(int n) {
        float[] labels = new float[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % 2;
        }
        return labels;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verbsOfWhichHalfIsNothing")
    void endsWithAnErrorAndNoThreadStaysBehind(String name, Supplier<?> verb) throws Exception {
        Object end = interrupted(verb);
        assertInstanceOf(InterruptionException.class, end, name);
        assertTrue(((Exception) end).getMessage().contains("interrupted"), end.toString());
    }

    @Test
    void aTrainingReturnsTheRunSoFar() throws Exception {
        CountDownLatch steps = new CountDownLatch(1);
        Object end = interrupted(
                () -> endless().reporting(at -> steps.countDown()).fit(Noise.seed(1)),
                () -> steps.await(60, TimeUnit.SECONDS));
        Run run = assertInstanceOf(Run.class, end);
        assertEquals(Run.Ending.INTERRUPTED, run.ending());
        assertTrue(run.steps() > 0);
    }

    @Test
    void chainsReturnTheDrawsSoFar() throws Exception {
        Chains chains = assertInstanceOf(
                Chains.class,
                interrupted(() -> BlockGibbs.sweeps(500_000_000).thin(5000).draw(GRBM, 4, Noise.seed(1))));
        assertTrue(chains.draws() > 0);
        assertTrue(chains.toString().contains("interrupted after"), chains.toString());
    }

    /** The measurement is made when the run is resumed, so a run with the interruption is one without. */
    @Test
    void anInterruptedMeasurementIsNotInTheHistoryAndIsMadeWhenTheRunGoesOn(@TempDir Path folder) throws Exception {
        Evaluation quick = FisherDivergence.against(ROWS).criticSteps(20);
        Path file = folder.resolve("checkpoint.bin");
        Run half = assertInstanceOf(Run.class, interrupted(() -> twenty(new Endless(quick))
                .checkpoint(file, 1000)
                .fit(Noise.seed(1))));
        assertEquals(Run.Ending.INTERRUPTED, half.ending());
        assertEquals(10, half.steps());
        assertEquals(0, half.history().values(quick.name()).length);
        Run resumed = twenty(quick).resuming(file).fit(Noise.seed(1));
        Run whole = twenty(quick).fit(Noise.seed(1));
        assertArrayEquals(
                whole.model().parameters().values(),
                resumed.model().parameters().values());
        assertArrayEquals(
                whole.history().values(quick.name()), resumed.history().values(quick.name()));
    }

    private static Training endless() {
        return Training.of(GRBM)
                .minimizing(Dsm.noiseStd(0.1).using(ExactScore.estimator()))
                .on(ROWS)
                .steps(500_000_000);
    }

    private static Training twenty(Evaluation evaluation) {
        return Training.of(GRBM)
                .minimizing(Dsm.noiseStd(0.1).using(ExactScore.estimator()))
                .on(ROWS)
                .steps(20)
                .every(10, evaluation);
    }

    /** Takes for ever, under the name of another. */
    private record Endless(Evaluation like) implements Evaluation {
        @Override
        public String name() {
            return like.name();
        }

        @Override
        public Measurement measure(Snapshot snapshot) {
            return FisherDivergence.against(ROWS).criticSteps(50_000_000).measure(snapshot);
        }
    }

    /** What a verb returned or threw when it was interrupted on its way. */
    private static Object interrupted(Supplier<?> verb) throws Exception {
        return interrupted(verb, () -> {
            Thread.sleep(UNDER_WAY_MILLIS);
            return true;
        });
    }

    /** The same, once it is under way. */
    private static Object interrupted(Supplier<?> verb, Callable<Boolean> underWay) throws Exception {
        AtomicReference<Object> end = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread thread = new Thread(() -> {
            try {
                end.set(verb.get());
            } catch (RuntimeException e) {
                end.set(e);
            }
            flag.set(Thread.currentThread().isInterrupted());
        });
        thread.setDaemon(true);
        thread.start();
        underWay.call();
        assertTrue(thread.isAlive(), () -> "it would take minutes, but gave " + end.get());
        long begin = System.nanoTime();
        thread.interrupt();
        thread.join(BOUND_MILLIS);
        if (Boolean.getBoolean("ebvlm.test.times")) {
            System.err.println((System.nanoTime() - begin) / 1_000_000 + " ms "
                    + end.get().toString().lines().findFirst());
        }
        assertFalse(thread.isAlive(), "it goes on");
        assertFalse(flag.get(), "who reports the interrupt has spent it");
        for (Thread each : Thread.getAllStackTraces().keySet()) {
            if (each.getName().equals("ebvlm worker")) {
                // Told to stop and done, but perhaps not gone this very moment.
                each.join(1000);
                assertFalse(each.isAlive(), "a worker goes on");
            }
        }
        return end.get();
    }
}
