package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.likelihood.LogLikelihood;
import org.ebvlm.model.ConditionalSbn;
import org.ebvlm.model.ModelFile;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Run;
import org.ebvlm.training.Snapshot;
import org.ebvlm.training.Training;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConditionalPriorTest {
    private static ConditionalSbn network() {
        ConditionalSbn drawn = ConditionalSbn.context(1).hidden(1, 1).target(2).init(Noise.seed(1));
        return drawn.with(VimcoTest.scattered(drawn.parameters(), 3));
    }

    @Test
    void theTargetsOfEachContextHaveProbabilityOneTogether() {
        ConditionalSbn model = network();
        Expr v = Expr.input("v", 1, 3);
        for (int c = 0; c < 2; c++) {
            double sum = 0;
            for (int y = 0; y < 4; y++) {
                sum += Math.exp(-new Doubles()
                        .set(model.parameters())
                        .set(v, c, y & 1, y >> 1)
                        .scalar(model.freeEnergy(v)));
            }
            assertEquals(1, sum, 1e-12);
        }
    }

    @Test
    void logWeightsAreTheLikelihoodOfTheTarget() {
        ConditionalSbn model = network();
        Expr v = Expr.input("v", 1, 3);
        Expr h = Expr.input("h", 1, 2);
        Doubles given = new Doubles().set(model.parameters()).set(v, 1, 1, 0).set(h, 1, 1);
        double l = given.scalar(Draws.at(model, Posteriors.prior(model), v, h).logWeights());
        double[] p = given.of(model.targetMean(h));
        assertEquals(Math.log(p[0]) + Math.log(1 - p[1]), l, 1e-12);
    }

    /** One gradient for prior and likelihood: that of E log 1/K sum p(y | h_k), h_k from p(h | c), by all tuples. */
    @Test
    void vimcoIsUnbiasedForThePriorAndTheLikelihoodTogether() {
        ConditionalSbn model = network();
        ConditionalPrior q = Posteriors.prior(model);
        for (int samples : new int[] {2, 3}) {
            DrawEnumeration all = new DrawEnumeration(model, q, samples, 1, 1, 0);
            List<Phase> phases = Vimco.samples(samples).posterior(q).phases(model, null, all.row());
            assertEquals(1, phases.size());
            double[] truth = all.gradient(all.expected(DrawEnumeration::plainBound), model.parameters());
            double[] mean =
                    all.mean(model.parameters().gradient(phases.get(0).loss()).neg());
            assertTrue(Arrays.stream(truth).filter(x -> Math.abs(x) > 0.01).count() > 4, Arrays.toString(truth));
            assertArrayEquals(truth, mean, 1e-10);
        }
        assertThrows(
                SettingException.class, () -> Rws.samples(2).posterior(q).phases(model, null, Expr.input("v", 1, 3)));
        assertThrows(SettingException.class, () -> q.fittedBy(Vimco.samples(2).innerSteps(1)));
    }

    /** y is (a, not a) with a coin a, or (b, b), as the context says: no independent coins could tell. */
    @Test
    void trainingFindsStructureThatIndependentTargetsLack() {
        Noise noise = Noise.seed(4);
        float[] values = new float[3 * 400];
        for (int r = 0; r < 400; r++) {
            int c = noise.nextInt(2);
            int a = noise.nextInt(2);
            values[3 * r] = c;
            values[3 * r + 1] = a;
            values[3 * r + 2] = c == 1 ? a : 1 - a;
        }
        Data data = Data.of("pairs", values, 3);
        ConditionalSbn model = ConditionalSbn.context(1).hidden(6, 4).target(2).init(Noise.seed(1));
        Run run = Training.of(model)
                .minimizing(Vimco.samples(10).posterior(Posteriors.prior(model)))
                .on(data)
                .batches(40)
                .with(Adam.rate(0.02))
                .steps(1500)
                .fit(Noise.seed(1));
        double after = LogLikelihood.on(data)
                .measure(Snapshot.of(run.model(), Noise.seed(1)))
                .value();
        // Independent coins have -2 log 2 = -1.39, the truth -log 2 = -0.69.
        assertTrue(after > -1.0 && after < -0.68, after + "");
        double bound = ImportanceBound.on(data)
                .posterior(Posteriors.prior((ConditionalSbn) run.model()))
                .particles(1000)
                .measure(Snapshot.of(run.model(), Noise.seed(2)))
                .value();
        assertEquals(after, bound, 0.01);
    }

    @Test
    void savedAndReadBackItIsTheSame(@TempDir Path folder) {
        ConditionalSbn model = network();
        ModelFile.save(model, folder, Map.of());
        ConditionalSbn read = (ConditionalSbn) ModelFile.load(folder);
        assertEquals(model.layers(), read.layers());
        assertEquals(model.context(), read.context());
        Expr v = Expr.input("v", 1, 3);
        assertEquals(
                new Doubles().set(model.parameters()).set(v, 1, 0, 1).scalar(model.freeEnergy(v)),
                new Doubles().set(read.parameters()).set(v, 1, 0, 1).scalar(read.freeEnergy(v)),
                1e-12);
    }

    @Test
    void rejectsNetworksThatAreNotComplete() {
        assertThrows(
                SettingException.class,
                () -> ConditionalSbn.context(1).target(2).init(Noise.seed(1)));
        assertThrows(
                SettingException.class,
                () -> ConditionalSbn.context(1).hidden(2).init(Noise.seed(1)));
    }
}
