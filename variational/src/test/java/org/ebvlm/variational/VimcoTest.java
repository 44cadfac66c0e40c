package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Interpreter;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.Sbn;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class VimcoTest {
    private static final double[] ROW = {1, 0};

    /** Parameters that are nowhere near special. */
    static Parameters scattered(Parameters parameters, int seed) {
        float[] values = new float[parameters.size()];
        Noise.seed(seed).normal(values, 0, values.length);
        return parameters.with(values);
    }

    static Sbn network() {
        Sbn drawn = Sbn.visible(2).hidden(1, 1).init(Noise.seed(1));
        return drawn.with(scattered(drawn.parameters(), 3));
    }

    static LayeredPosterior posterior(Sbn model) {
        LayeredPosterior drawn = Posteriors.layered(model, Network.linear(), Noise.seed(2), 1, 1);
        return drawn.with(scattered(drawn.parameters(), 4));
    }

    // ---------------------------------------------------------------- the estimate

    /** The mean of the estimate is the gradient of the exact bound, by all 4^K tuples of draws. */
    @Test
    void theEstimateIsUnbiasedForModelAndPosterior() {
        Sbn model = network();
        LayeredPosterior q = posterior(model);
        for (int samples : new int[] {2, 3}) {
            DrawEnumeration all = new DrawEnumeration(model, q, samples, ROW);
            Expr exact = all.expected(DrawEnumeration::plainBound);
            for (Vimco how :
                    List.of(Vimco.samples(samples), Vimco.samples(samples).arithmetic())) {
                Surrogate at = how.surrogate(model, q, all.row());
                assertEquals(all.value(exact)[0], all.mean(at.bound())[0], 1e-12, how.toString());
                for (Parameters each : List.of(model.parameters(), q.parameters())) {
                    double[] truth = all.gradient(exact, each);
                    double[] mean = all.mean(each.gradient(at.model()).neg());
                    assertTrue(Arrays.stream(truth).anyMatch(x -> Math.abs(x) > 0.01), Arrays.toString(truth));
                    assertArrayEquals(truth, mean, 1e-10, how + ", " + each);
                }
            }
        }
    }

    @Test
    void theEstimateIsUnbiasedForAnEnergyModelWhoseLogPartitionIsUnknown() {
        var model = Models.interacting();
        BernoulliPosterior q =
                Posteriors.bernoulli(model, Network.linear(), Noise.seed(2)).hard();
        DrawEnumeration all = new DrawEnumeration(model, q, 2, 0.4, -1.1);
        Expr exact = all.expected(DrawEnumeration::plainBound);
        Surrogate at = Vimco.samples(2).surrogate(model, q, all.row());
        assertArrayEquals(
                all.gradient(exact, q.parameters()),
                all.mean(q.parameters().gradient(at.posterior()).neg()),
                1e-10);
    }

    /** sum of A_j grad log q_j + sum of w_j grad l_j, worked out here with loops; the model sees the second sum alone. */
    @Test
    void theGradientIsThatOfThePaperDrawByDraw() {
        isThatOfThePaper(network(), posterior(network()), 27, ROW);
        Sbn drawn = Sbn.visible(3).hidden(2, 2).init(Noise.seed(1));
        Sbn model = drawn.with(scattered(drawn.parameters(), 5));
        LayeredPosterior q = Posteriors.layered(model, Network.linear(), Noise.seed(2), 2, 2);
        isThatOfThePaper(model, q.with(scattered(q.parameters(), 6)), 2718, 1, 0, 1);
    }

    private static void isThatOfThePaper(Sbn model, LayeredPosterior q, int tuple, double... row) {
        int samples = 3;
        DrawEnumeration all = new DrawEnumeration(model, q, samples, row);
        Surrogate at = Vimco.samples(samples).surrogate(model, q, all.row());
        double[] h = all.draws(tuple);
        int hidden = q.hidden();
        Expr[] logs = new Expr[samples];
        Expr[] joints = new Expr[samples];
        double[] l = new double[samples];
        for (int k = 0; k < samples; k++) {
            Expr one = Expr.constant(Arrays.copyOfRange(h, hidden * k, hidden * (k + 1)), 1, hidden);
            logs[k] = q.logProb(all.row(), one);
            joints[k] = model.logUnnormalised(all.row(), one);
            l[k] = all.value(joints[k])[0] - all.value(logs[k])[0];
        }
        double[] phi = new double[q.parameters().size()];
        double[] theta = new double[model.parameters().size()];
        for (int j = 0; j < samples; j++) {
            double signal = logMean(l) - without(l, j, false);
            double share = Math.exp(l[j] - logMean(l)) / samples;
            add(phi, signal - share, all.gradient(logs[j], q.parameters()));
            add(theta, share, all.gradient(joints[j], model.parameters()));
        }
        assertArrayEquals(
                phi,
                all.at(tuple, List.of(q.parameters().gradient(at.posterior()).neg()))
                        .get(0),
                1e-12);
        assertArrayEquals(
                theta,
                all.at(tuple, List.of(model.parameters().gradient(at.model()).neg()))
                        .get(0),
                1e-12);
    }

    private static void add(double[] sum, double factor, double[] more) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * more[i];
        }
    }

    private static double logMean(double... l) {
        return Math.log(Arrays.stream(l).map(Math::exp).average().orElseThrow());
    }

    /** The bound with something else in the place of draw j. */
    private static double without(double[] l, int j, boolean arithmetic) {
        double[] others = new double[l.length - 1];
        for (int i = 0; i < others.length; i++) {
            others[i] = l[i < j ? i : i + 1];
        }
        double[] replaced = l.clone();
        replaced[j] =
                arithmetic ? logMean(others) : Arrays.stream(others).average().orElseThrow();
        return logMean(replaced);
    }

    // ---------------------------------------------------------------- log space

    @Test
    void theSignalIsThatOfItsDefinitionForOrdinaryWeights() {
        double[] l = {-3.2, -1.4, -1.4, -2.9, 0.7};
        Expr logs = Expr.constant(l, 5, 1);
        double[] others = Interpreter.evaluate(Draws.logSumOfOthers(logs), java.util.Map.of());
        double[] mean = Interpreter.evaluate(Draws.meanOfOthers(logs), java.util.Map.of());
        for (int j = 0; j < l.length; j++) {
            assertEquals(without(l, j, true) + Math.log(4), others[j], 1e-12);
            assertEquals((Arrays.stream(l).sum() - l[j]) / 4, mean[j], 1e-12);
        }
        assertEquals(
                Math.log(Math.exp(0.3) + Math.exp(-2)),
                Interpreter.evaluate(Draws.logAddExp(Expr.constant(0.3), Expr.constant(-2.0)), java.util.Map.of())[0],
                1e-14);
    }

    /** Compiled, in single precision. */
    private static float[] compiled(Expr y, Expr l, float... values) {
        return org.ebvlm.program.Program.evaluate(y, java.util.Map.of(l, values));
    }

    @Test
    void extremeWeightsStayFiniteAndRight() {
        Expr l = Expr.input("l", 3, 1);
        float[] extreme = {0, -800, 600};
        assertArrayEquals(
                new float[] {600, 600, 0}, compiled(Draws.logSumOfOthers(l), l, extreme), 1e-4f, "others, by hand");
        // Ties of the greatest, none of which has more than one half; and one that has it all.
        assertArrayEquals(
                new float[] {600, 600, 600 + (float) Math.log(2)},
                compiled(Draws.logSumOfOthers(l), l, 600, 600, -800),
                1e-4f);
        assertArrayEquals(
                new float[] {-1000 + (float) Math.log(2), -1000 + (float) Math.log(2), -1000 + (float) Math.log(2)},
                compiled(Draws.logSumOfOthers(l), l, -1000, -1000, -1000),
                1e-3f);
        Expr l2 = Expr.input("l", 2, 1);
        assertArrayEquals(new float[] {600, -800}, compiled(Draws.logSumOfOthers(l2), l2, -800, 600), 1e-4f);
        for (Vimco how : List.of(Vimco.samples(3), Vimco.samples(3).arithmetic())) {
            float[] without = compiled(how.withoutEach(l), l, extreme);
            for (float each : without) {
                assertTrue(Float.isFinite(each), how + " " + Arrays.toString(without));
            }
            // L = 600 - log 3. Without the last: the others make exp(0), and the geometric mean is exp(-400).
            assertEquals(how.name().endsWith("arithmetic") ? -Math.log(2) : -Math.log(3), without[2], 1e-4);
        }
    }

    @Test
    void atTwoSamplesBothBaselinesAreTheSame() {
        Expr l = Expr.input("l", 2, 4);
        float[] values = {0.3f, -2, 5, -40, 1.2f, -1, 5, 3};
        assertArrayEquals(
                compiled(Vimco.samples(2).withoutEach(l), l, values),
                compiled(Vimco.samples(2).arithmetic().withoutEach(l), l, values),
                1e-5f);
    }

    // ---------------------------------------------------------------- the bound

    @Test
    void underTheExactPosteriorTheBoundIsTheLogLikelihoodAndNoDrawSignals() {
        Sbn model = network();
        ExactPosterior exact = Posteriors.exact(model);
        Expr v = Expr.input("v", 1, 2);
        Expr h = Expr.input("h", 3, 2);
        Draws draws = Draws.at(model, exact, v, h);
        Expr l = draws.logWeights();
        Expr signal = Draws.logMean(l).minus(Vimco.samples(3).withoutEach(l));
        for (double[] states : new double[][] {{0, 0, 1, 0, 1, 1}, {0, 1, 0, 1, 1, 1}}) {
            Doubles given = new Doubles().set(model.parameters()).set(v, ROW).set(h, states);
            double truth = -given.scalar(model.freeEnergy(v));
            assertEquals(truth, given.scalar(Draws.logMean(l)), 1e-12);
            assertArrayEquals(new double[3], given.of(signal), 1e-12);
        }
    }

    @Test
    void theBoundRisesWithTheSamplesAndStaysBelowTheLogLikelihood() {
        Sbn model = network();
        LayeredPosterior q = posterior(model);
        double last = Double.NEGATIVE_INFINITY;
        for (int samples = 1; samples <= 5; samples++) {
            DrawEnumeration all = new DrawEnumeration(model, q, samples, ROW);
            double bound = all.value(all.expected(DrawEnumeration::plainBound))[0];
            double truth = -all.value(model.freeEnergy(all.row()))[0];
            assertTrue(bound > last + 1e-3 && bound < truth, last + " " + bound + " " + truth);
            last = bound;
        }
    }

    // ---------------------------------------------------------------- what is refused

    @Test
    void rejectsOneSampleRelaxedDrawsAndModelsWithALogPartition() {
        assertTrue(assertThrows(SettingException.class, () -> Vimco.samples(1))
                .getMessage()
                .contains("2 or more"));
        Sbn model = network();
        LayeredPosterior q = posterior(model);
        assertThrows(SettingException.class, () -> Vimco.samples(2).posterior(q.relaxed(0.5)));
        assertThrows(SettingException.class, () -> q.relaxed(0.5)
                .fittedBy(Vimco.samples(2).innerSteps(1)));
        assertThrows(SettingException.class, () -> Vimco.samples(2)
                .posterior(q.fittedBy(Vimco.samples(2).innerSteps(1))));
        assertThrows(SettingException.class, () -> Vimco.samples(2).innerSteps(0));
        assertThrows(SettingException.class, () -> q.fittedBy(Elbo.innerSteps(1)));
        var machine = Models.machine();
        var hard = Posteriors.bernoulli(machine).hard();
        assertThrows(
                SettingException.class,
                () -> Vimco.samples(2).posterior(hard).phases(machine, null, Expr.input("batch", 2, 2)));
    }
}
