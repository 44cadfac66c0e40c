package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.likelihood.LogLikelihood;
import org.ebvlm.model.BernoulliRbm;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.Sbn;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Run;
import org.ebvlm.training.Snapshot;
import org.ebvlm.training.Stepper;
import org.ebvlm.training.Training;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** All objectives in training, with the exact likelihood of a small network as the judge. */
class MonteCarloTrainingTest {
    private static final Data DATA = data();

    /** Four patterns, each bit of which is turned over once in twenty. */
    private static Data data() {
        int[][] patterns = {{1, 1, 1, 0, 0, 0}, {0, 0, 0, 1, 1, 1}, {1, 0, 1, 0, 1, 0}, {0, 1, 0, 1, 0, 1}};
        Noise noise = Noise.seed(12);
        float[] values = new float[400 * 6];
        for (int i = 0; i < values.length; i++) {
            int bit = patterns[i / 6 % 4][i % 6];
            values[i] = noise.nextDouble() < 0.05 ? 1 - bit : bit;
        }
        return Data.of("patterns", values, 6);
    }

    private static Sbn model() {
        return Sbn.visible(6).hidden(4, 2).init(Noise.seed(1));
    }

    private static double likelihood(Sbn model) {
        return LogLikelihood.on(DATA).measure(Snapshot.of(model, Noise.seed(1))).value();
    }

    private static Training training(MonteCarlo how, Sbn model, Posterior q) {
        return Training.of(model)
                .minimizing(how.posterior(q))
                .on(DATA)
                .batches(40)
                .with(Adam.rate(0.01));
    }

    /** Independent coins, one for each column: what a network without use of h could reach. */
    private static double coins() {
        double sum = 0;
        for (int i = 0; i < DATA.width(); i++) {
            double p = 0;
            for (int r = 0; r < DATA.rows(); r++) {
                p += (double) DATA.at(r, i) / DATA.rows();
            }
            sum += p * Math.log(p) + (1 - p) * Math.log(1 - p);
        }
        return sum;
    }

    @TestFactory
    List<DynamicTest> everyObjectiveRaisesTheLikelihoodAboveThatOfCoins() {
        Map<String, MonteCarlo> hard = new LinkedHashMap<>();
        hard.put("VIMCO", Vimco.samples(5));
        hard.put("VIMCO arithmetic", Vimco.samples(5).arithmetic());
        hard.put("leave-one-out", LeaveOneOut.samples(5));
        hard.put("NVIL", Nvil.samples(5));
        hard.put("NVIL, learned baseline", Nvil.samples(5).baseline(Network.elu(8), Noise.seed(3)));
        hard.put("RWS", Rws.samples(5));
        hard.put("RWS, wake and sleep", Rws.samples(5).wakeAndSleep());
        hard.put("RWS, asleep", Rws.samples(5).asleep());
        hard.put("Renyi", Renyi.order(0.5).samples(5));
        hard.put("TVO", Tvo.samples(10).partitions(3, 0.1));
        List<DynamicTest> grid = new ArrayList<>();
        double coins = coins();
        hard.forEach((name, how) ->
                grid.add(dynamicTest(name, () -> assertLearns(how, Posteriors.layered(model()), coins))));
        LayeredPosterior q = Posteriors.layered(model());
        grid.add(dynamicTest("Gumbel-softmax", () -> assertLearns(Iwae.samples(5), q.relaxed(0.5), coins)));
        grid.add(dynamicTest("straight through", () -> assertLearns(Iwae.samples(5), q.straightThrough(), coins)));
        grid.add(dynamicTest(
                "VIMCO, factorial posterior",
                () -> assertLearns(
                        Vimco.samples(5), Posteriors.bernoulli(model()).hard(), coins)));
        return grid;
    }

    private static void assertLearns(MonteCarlo how, Posterior q, double coins) {
        Run run = training(how, model(), q).steps(500).fit(Noise.seed(1));
        double after = likelihood((Sbn) run.model());
        assertTrue(after > coins + 0.5, after + ", coins " + coins);
        float[] before = q.parameters().values();
        float[] moved = run.<Posterior>fitted(q).parameters().values();
        assertTrue(Math.abs(before[0] - moved[0]) > 1e-4, "the posterior moves");
        double[] objective = run.history().values("objective");
        assertTrue(Double.isFinite(objective[objective.length - 1]));
    }

    /** Running moments and a learned baseline are part of what is saved. */
    @Test
    void aResumedTrainingGivesTheSameNumbers(@TempDir Path folder) {
        MonteCarlo how = Nvil.samples(3).baseline(Network.elu(4), Noise.seed(3));
        Sbn model = model();
        LayeredPosterior q = Posteriors.layered(model);
        Run whole = training(how, model, q).steps(40).fit(Noise.seed(1));
        Path file = folder.resolve("checkpoint");
        training(how, model, q).steps(20).checkpoint(file, 20).fit(Noise.seed(1));
        Run rest = training(how, model, q).steps(40).resuming(file).fit(Noise.seed(1));
        assertArrayEquals(
                whole.model().parameters().values(), rest.model().parameters().values());
    }

    /** From a posterior that knows nothing toward that of the machine, which factorises, so the family holds it. */
    @TestFactory
    List<DynamicTest> aHardPosteriorOfAnEnergyModelComesNearItsOwn() {
        BernoulliRbm machine = BernoulliRbm.visible(6).hidden(3).init(Noise.seed(4));
        float[] values = new float[machine.parameters().size()];
        Noise.seed(5).normal(values, 0, values.length);
        BernoulliRbm model = machine.with(machine.parameters().with(values));
        List<DynamicTest> grid = new ArrayList<>();
        for (MonteCarlo how :
                List.of(Vimco.samples(5), LeaveOneOut.samples(5), Nvil.samples(1), Rws.samples(5), Tvo.samples(5))) {
            grid.add(dynamicTest(how.toString(), () -> {
                BernoulliPosterior q = Posteriors.bernoulli(model).hard().fittedBy(how.innerSteps(1));
                Parameters fitted = fitted(model, q);
                double before = divergence(model, q);
                double after = divergence(model, q.with(fitted));
                assertTrue(before > 0.05 && after < 0.25 * before, before + " to " + after);
            }));
        }
        return grid;
    }

    private static Parameters fitted(BernoulliRbm model, BernoulliPosterior q) {
        var batch = org.ebvlm.graph.Expr.input("batch", 40, 6);
        try (Stepper stepper =
                new Stepper(q.innerPhases(model, batch), batch, Adam.rate(0.02), List.of(model.parameters()), 1e9)) {
            var batches = DATA.batches(40, Noise.seed(2));
            Noise noise = Noise.seed(3);
            for (int t = 0; t < 800; t++) {
                DATA.gather(batches.next(), stepper.batch());
                stepper.step(noise);
            }
            return stepper.current(q.parameters());
        }
    }

    private static double divergence(BernoulliRbm model, Posterior q) {
        double sum = 0;
        for (int r = 0; r < 40; r++) {
            double[] row = new double[6];
            for (int i = 0; i < 6; i++) {
                row[i] = DATA.at(r, i);
            }
            sum += Models.divergence(q, model, row) / 40;
        }
        return sum;
    }

    @Test
    void oneStepMovesModelAndPosteriorByTheSameDraws() {
        Sbn model = model();
        LayeredPosterior q = Posteriors.layered(model);
        var batch = org.ebvlm.graph.Expr.input("batch", 4, 6);
        var phases = Vimco.samples(2).posterior(q).phases(model, DATA, batch);
        assertEquals(2, phases.size());
        assertTrue(phases.get(0).joined() && !phases.get(1).joined());
        assertEquals(phases.get(0).loss(), phases.get(1).loss());
        assertEquals("objective", phases.get(1).name());
    }
}
