package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.ExactPosterior;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class ObjectiveTest {
    private static final double[] ROWS = {0.8, -1.3, -0.2, 0.6, 1.4, 0.3, -0.9, -0.5};

    private static Data data(double mean, double std, int rows, int width) {
        float[] values = new float[rows * width];
        Noise.seed(6).normal(values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean + std * values[i]);
        }
        return Data.of("points", values, width);
    }

    private static List<EnergyModel> models() {
        return List.of(Models.machine(), Models.interacting());
    }

    private static Phase objective(Objective loss, EnergyModel model, Expr batch) {
        List<Phase> phases = loss.phases(model, data(0, 1, 10, 2), batch);
        assertEquals(1, phases.size());
        return phases.get(0);
    }

    private static Doubles given(EnergyModel model, Expr batch) {
        return new Doubles().set(model.parameters()).set(batch, ROWS);
    }

    // ---------------------------------------------------------------- exact score

    @Test
    void exactSurrogateHasTheParameterGradientOfTheScoreAlongZ() {
        for (EnergyModel model : models()) {
            Expr v = Expr.input("v", 4, 2);
            Expr z = Expr.input("z", 4, 2);
            Doubles given = given(model, v).set(z, 0.7, -1.1, 0.4, 2.0, -0.3, 0.1, 1.0, 1.0);
            Estimator.Estimate estimate = ExactScore.estimator().at(model, v);
            Expr product = model.score(v).times(z).sum();
            double[] differences = given.differences(product, model.parameters().leaf());
            double[] gradient =
                    given.of(model.parameters().gradient(estimate.surrogate(z).sum()));
            assertArrayEquals(differences, gradient, 1e-7, model.name());
            assertArrayEquals(given.of(model.score(v)), given.of(estimate.score()), 1e-14);
        }
    }

    // ---------------------------------------------------------------- DSM

    @Test
    void dsmIsHalfTheSquaredDistanceOfTheScoreToTheWayBack() {
        Grbm model = Models.machine();
        double sigma = 0.4;
        Expr batch = Expr.input("batch", 4, 2);
        Phase phase = objective(Dsm.noiseStd(sigma), model, batch);
        Expr e = Expr.input("e", 4, 2);
        Doubles given = given(model, batch).draw(Noise.seed(3), phase.value());
        float[] drawn = new float[8];
        Noise.seed(3).normal(drawn, 0, 8);
        given.set(e, Doubles.widened(drawn));
        double[] score = given.of(model.score(batch.plus(e.times(sigma))));
        // 1/2 (s + e / sigma)^2 with the mean of 1/2 (e / sigma)^2 in place of its sample, which the value leaves out.
        double sum = 0;
        for (int i = 0; i < 8; i++) {
            double gap = score[i] + drawn[i] / sigma;
            double sample = drawn[i] / sigma * (drawn[i] / sigma);
            sum += (gap * gap - sample + 1 / (sigma * sigma)) / 2 / 4;
        }
        assertEquals(sum, given.scalar(phase.value()), 1e-10);
    }

    @Test
    void dsmGradientIsTheFiniteDifferenceOfItsValueWithTheNoiseHeld() {
        for (EnergyModel model : models()) {
            Expr batch = Expr.input("batch", 4, 2);
            assertGradientOfValue(model, batch, objective(Dsm.noiseStd(0.5), model, batch));
        }
    }

    private static void assertGradientOfValue(EnergyModel model, Expr batch, Phase phase) {
        Doubles given = given(model, batch).draw(Noise.seed(3), phase.value(), phase.loss());
        double[] differences =
                given.differences(phase.value(), model.parameters().leaf());
        double[] gradient = given.of(model.parameters().gradient(phase.loss()));
        assertArrayEquals(differences, gradient, 1e-6, model.name());
    }

    // ---------------------------------------------------------------- KSD

    @Test
    void ksdGradientIsTheFiniteDifferenceOfTheUStatistic() {
        for (EnergyModel model : models()) {
            for (Kernel kernel : List.of(Rbf.bandwidth(0.9), Imq.bandwidth(1.2))) {
                Expr batch = Expr.input("batch", 4, 2);
                assertGradientOfValue(model, batch, objective(Ksd.kernel(kernel), model, batch));
            }
        }
    }

    @Test
    void ksdValueIsANaiveDoubleLoop() {
        Grbm model = Models.machine();
        Expr batch = Expr.input("batch", 4, 2);
        Doubles given = given(model, batch);
        double[] s = given.of(model.score(batch));
        double h2 = 0.81;
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                sum += i == j ? 0 : rbf(h2, ROWS, s, i, j);
            }
        }
        Phase phase = objective(Ksd.kernel(Rbf.bandwidth(0.9)), model, batch);
        assertEquals(sum / 12, given.scalar(phase.value()), 1e-12);
        Phase paired = objective(Ksd.kernel(Rbf.bandwidth(0.9)).paired(), model, batch);
        double pairs = (rbf(h2, ROWS, s, 0, 2) + rbf(h2, ROWS, s, 1, 3)) / 2;
        assertEquals(pairs, given.scalar(paired.value()), 1e-12);
    }

    /** k [ s.s' + (s - s').(x - y) / h2 + d / h2 - r2 / h2^2 ]. */
    private static double rbf(double h2, double[] v, double[] s, int i, int j) {
        double r2 = 0;
        double products = 0;
        double drift = 0;
        for (int k = 0; k < 2; k++) {
            double difference = v[2 * i + k] - v[2 * j + k];
            r2 += difference * difference;
            products += s[2 * i + k] * s[2 * j + k];
            drift += (s[2 * i + k] - s[2 * j + k]) * difference;
        }
        return Math.exp(-r2 / (2 * h2)) * (products + drift / h2 + 2 / h2 - r2 / (h2 * h2));
    }

    @Test
    void pairedKsdFollowsKernelTimesScorePlusKernelGradientAtTheSecondHalf() {
        Grbm model = Models.machine();
        Expr batch = Expr.input("batch", 4, 2);
        Doubles given = given(model, batch);
        double h2 = 0.81;
        Phase phase = objective(Ksd.kernel(Rbf.bandwidth(0.9)).paired(), model, batch);
        double[] s = given.of(model.score(batch));
        double[] z = new double[8];
        for (int i = 0; i < 2; i++) {
            double r2 = 0;
            for (int k = 0; k < 2; k++) {
                r2 += Math.pow(ROWS[2 * i + k] - ROWS[4 + 2 * i + k], 2);
            }
            double kernel = Math.exp(-r2 / (2 * h2));
            for (int k = 0; k < 2; k++) {
                double difference = ROWS[2 * i + k] - ROWS[4 + 2 * i + k];
                // The gradient of k in its first argument; the mean over two pairs.
                z[4 + 2 * i + k] = kernel * (s[2 * i + k] - difference / h2) / 2;
            }
        }
        Expr product = model.score(batch).times(Expr.constant(z, 4, 2)).sum();
        double[] expected = given.differences(product, model.parameters().leaf());
        assertArrayEquals(expected, given.of(model.parameters().gradient(phase.loss())), 1e-7);
    }

    // ---------------------------------------------------------------- what training does

    private static double freeEnergy(EnergyModel model, double... point) {
        return model.freeEnergy(Nd4j.createFromArray(new float[][] {{(float) point[0], (float) point[1]}}))
                .getDouble(0);
    }

    private static void assertLowersEnergyWhereDataIs(EnergyModel model, Objective loss) {
        Run run = Training.of(model)
                .minimizing(loss)
                .on(data(1.5, 0.6, 400, 2))
                .batches(40)
                .with(Adam.rate(0.02))
                .steps(80)
                .fit(Noise.seed(1));
        double before = freeEnergy(model, 1.5, 1.5) - freeEnergy(model, -1.5, -1.5);
        double after = freeEnergy(run.model(), 1.5, 1.5) - freeEnergy(run.model(), -1.5, -1.5);
        assertTrue(after < before - 1, loss.name() + ": " + before + " to " + after);
    }

    @Test
    void dsmLowersEnergyWhereDataIs() {
        Grbm model = Models.machine();
        Posterior q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(5));
        assertLowersEnergyWhereDataIs(model, Dsm.noiseStd(0.5));
        assertLowersEnergyWhereDataIs(
                model, Dsm.noiseStd(0.5).using(Vages.particles(2).posterior(q)));
    }

    @Test
    void ksdLowersEnergyWhereDataIs() {
        Grbm model = Models.machine();
        Posterior q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(5));
        Ksd ksd = Ksd.kernel(Imq.bandwidth(2));
        assertLowersEnergyWhereDataIs(model, ksd);
        assertLowersEnergyWhereDataIs(model, ksd.paired());
        assertLowersEnergyWhereDataIs(model, ksd.using(Vages.particles(2).posterior(q)));
    }

    private static double learnedStd(Objective loss, Data data) {
        LatentEnergy model = Models.gaussian(1);
        Run run = Training.of(model)
                .minimizing(loss)
                .on(data)
                .batches(200)
                .with(Adam.rate(0.01))
                .steps(2000)
                .averaging(0.998)
                .fit(Noise.seed(1));
        return Math.exp(run.model().parameters().values("logStd")[0]);
    }

    private static double sampleStd(Data data) {
        double sum = 0;
        double squares = 0;
        for (float x : data.values()) {
            sum += x;
            squares += x * x;
        }
        double mean = sum / data.rows();
        return Math.sqrt(squares / data.rows() - mean * mean);
    }

    @Test
    void dsmLearnsTheStandardDeviationOfTheNoisedData() {
        Data data = data(0.3, 1.5, 2000, 1);
        double std = sampleStd(data);
        // The minimum for these very data is known; what is left is the wobble of averaged stochastic steps.
        assertEquals(Math.sqrt(std * std + 1), learnedStd(Dsm.noiseStd(1), data), 0.03);
    }

    @Test
    void ksdLearnsTheStandardDeviationOfTheData() {
        Data data = data(0.3, 1.5, 4000, 1);
        // Maximum likelihood would have the standard error 1.5 / sqrt(2 * 4000) = 0.017; KSD is less efficient.
        assertEquals(1.5, learnedStd(Ksd.kernel(Rbf.bandwidth(1.5)), data), 6 * 0.017);
    }

    // ---------------------------------------------------------------- posteriors in training

    @Test
    void aPosteriorThatIsNotFittedKeepsItsParametersInTraining() {
        Grbm model = Models.machine();
        Data data = data(1, 1, 50, 2);
        // The exact posterior as a hard Bernoulli one; its first steps must be those of the exact posterior.
        Posterior q = Models.near(model, 0).hard();
        ExactPosterior exact = Posteriors.exact(model);
        assertArrayEquals(
                oneStep(model, data, Dsm.noiseStd(0.5).using(Vages.particles(2).posterior(exact))),
                oneStep(model, data, Dsm.noiseStd(0.5).using(Vages.particles(2).posterior(q))),
                1e-6f);
    }

    private static float[] oneStep(EnergyModel model, Data data, Objective loss) {
        Run run = Training.of(model)
                .minimizing(loss)
                .on(data)
                .with(new org.nd4j.linalg.learning.config.Sgd(0.1))
                .steps(1)
                .fit(Noise.seed(4));
        return run.model().parameters().values();
    }

    @Test
    void theExactPosteriorFollowsTheModelInTraining() {
        Grbm model = Models.machine();
        Data data = data(1.5, 0.6, 400, 2);
        double[] fits = new double[2];
        for (int which = 0; which < 2; which++) {
            Estimator estimator = which == 0
                    ? ExactScore.estimator()
                    : Vages.particles(8).posterior(Posteriors.exact(model)).varianceReduced();
            Run run = Training.of(model)
                    .minimizing(Dsm.noiseStd(0.5).using(estimator))
                    .on(data)
                    .with(Adam.rate(0.01))
                    .steps(400)
                    .averaging(0.98)
                    .fit(Noise.seed(1));
            Expr v = Expr.input("batch", 400, 2);
            Phase phase = Dsm.noiseStd(0.5).phases(run.model(), data, v).get(0);
            Sampled value = Sampled.of(phase.value(), 30, List.of(run.model().parameters()), Map.of(v, data.values()));
            fits[which] = value.mean[0];
        }
        assertEquals(fits[0], fits[1], 0.05 * fits[0], "both reach the same objective");
    }

    // ---------------------------------------------------------------- refusals

    private static void assertRefused(String part, Objective loss, EnergyModel model, int rows) {
        SettingException error = assertThrows(
                SettingException.class, () -> loss.phases(model, data(0, 1, 10, 2), Expr.input("batch", rows, 2)));
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    @Test
    void refusesCombinationsThatCannotBe() {
        LatentEnergy mlp = MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(1));
        Grbm model = Models.machine();
        assertRefused("Vages", Dsm.noiseStd(0.3), mlp, 4);
        assertRefused("Vages", Ksd.kernel(Rbf.bandwidth(1)), mlp, 4);
        assertRefused("even", Ksd.kernel(Rbf.bandwidth(1)).paired(), model, 5);
        assertRefused("2 rows", Ksd.kernel(Rbf.bandwidth(1)), model, 1);
        Posterior other = Posteriors.bernoulli(Grbm.visible(2).hidden(5).init(Noise.seed(1)));
        assertRefused(
                "does not belong", Dsm.noiseStd(1).using(Vages.particles(2).posterior(other)), model, 4);
        assertThrows(SettingException.class, () -> Dsm.noiseStd(0));
        assertThrows(SettingException.class, () -> Dsm.noiseStd(Double.POSITIVE_INFINITY));
    }

    @Test
    void innerPhasesComeFirstAndRunOnTheRowsTheObjectiveSees() {
        Grbm model = Models.machine();
        Posterior q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(5));
        Estimator vages = Vages.particles(2).posterior(q);
        Expr batch = Expr.input("batch", 4, 2);
        for (Objective loss : List.of(
                Dsm.noiseStd(0.5).using(vages), Ksd.kernel(Rbf.bandwidth(1)).using(vages))) {
            List<Phase> phases = loss.phases(model, data(0, 1, 10, 2), batch);
            assertEquals(
                    List.of("negativeElbo", "objective"),
                    phases.stream().map(Phase::name).toList());
            assertEquals(5, phases.get(0).repeats());
            Expr seen = Differentiation.gradient(phases.get(0).loss(), batch);
            assertTrue(!seen.is(0), "the posterior is fitted at the batch");
            assertTrue(q.parameters().gradient(phases.get(1).loss()).is(0), "q is held in the objective");
            assertNotEquals(
                    model.parameters().leaf(),
                    phases.get(0).fitted().parameters().leaf());
        }
    }
}
