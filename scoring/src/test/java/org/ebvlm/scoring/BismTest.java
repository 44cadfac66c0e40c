package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Gaussian;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.ebvlm.variational.BernoulliPosterior;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.HiddenLangevin;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.PosteriorFisher;
import org.ebvlm.variational.PosteriorFit;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

class BismTest {
    private static final Data DATA = data();
    private static final double[] ROWS = {0.8, -1.3, -0.2, 0.6, 1.4, 0.3, -0.9, -0.5};
    private static final Map<String, Function<Bism, Objective>> OBJECTIVES = Map.of(
            "BiDSM", e -> Dsm.noiseStd(0.5).using(e),
            "BiMDSM", e -> Mdsm.noise(NoiseGrid.geometric(0.3, 1)).using(e),
            "BiSSM", BiSsm::using);

    private static final Data SHIFTED =
            Gaussian.diagonal(new double[] {1.5, -1}, new double[] {0.6, 0.6}).sample(200, Noise.seed(6));

    private static Data data() {
        float[] values = new float[2 * 100];
        Noise.seed(6).normal(values, 0, values.length);
        return Data.of("points", values, 2);
    }

    private static Phase objective(Objective loss, EnergyModel model, Expr batch) {
        List<Phase> phases = loss.phases(model, DATA, batch);
        return phases.get(phases.size() - 1);
    }

    private static Posterior real(LatentEnergy model, PosteriorFit fit) {
        return Posteriors.gaussian(model, Network.elu(3), Noise.seed(2)).fittedBy(fit);
    }

    // ---------------------------------------------------------------- the total derivative

    private static void assertTotalDerivative(String what, Objective loss, EnergyModel model, Posterior q) {
        Expr batch = Expr.input("batch", 4, 2);
        Phase phase = objective(loss, model, batch);
        Doubles given = new Doubles()
                .set(model.parameters())
                .set(q.parameters())
                .set(batch, ROWS)
                .draw(Noise.seed(3), phase.value(), phase.loss());
        double[] differences =
                given.differences(phase.value(), model.parameters().leaf());
        double[] gradient = given.of(model.parameters().gradient(phase.loss()));
        for (int i = 0; i < gradient.length; i++) {
            assertEquals(differences[i], gradient[i], 3e-6 * (1 + Math.abs(gradient[i])), what + ", parameter " + i);
        }
    }

    @Test
    void theGradientIsTheFiniteDifferenceOfTheWholeFunctionWithTheInnerSteps() {
        Grbm grbm = Models.machine();
        Posterior q = Posteriors.bernoulli(grbm).temperature(0.7).fittedBy(Elbo.innerSteps(1));
        OBJECTIVES.forEach((name, loss) -> {
            for (int steps : new int[] {0, 1, 3}) {
                String what = name + ", " + steps + " steps";
                assertTotalDerivative(what, loss.apply(Bism.posterior(q).unrolled(steps, 0.3)), grbm, q);
            }
        });
    }

    @Test
    void soItIsForRealHiddenUnitsFittedByEitherDivergence() {
        LatentEnergy mlp = MlpEnergy.visible(2).hidden(2).width(4).init(Noise.seed(1));
        for (PosteriorFit fit : List.of(Elbo.innerSteps(1), PosteriorFisher.innerSteps(1))) {
            Posterior q = real(mlp, fit);
            OBJECTIVES.forEach((name, loss) -> assertTotalDerivative(
                    name + ", " + fit, loss.apply(Bism.posterior(q).unrolled(2, 0.05)), mlp, q));
        }
    }

    @Test
    void unrolledStepsChangeTheGradientAndNoneLeaveThePartialDerivative() {
        Grbm model = Models.machine();
        Posterior q = Posteriors.bernoulli(model).temperature(0.7).fittedBy(Elbo.innerSteps(1));
        Expr v = Expr.input("v", 4, 2);
        Expr z = Expr.input("z", 4, 2);
        Doubles given = new Doubles()
                .set(model.parameters())
                .set(q.parameters())
                .set(v, ROWS)
                .set(z, 0.7, -1.1, 0.4, 2.0, -0.3, 0.1, 1.0, 1.0);
        Expr none = model.parameters()
                .gradient(Bism.posterior(q).at(model, v).surrogate(z).sum());
        // With q fixed, log q does not depend on theta: z . d/dtheta grad_v log p~(v, h) remains.
        Expr h = q.sample(v);
        Expr slope = Differentiation.gradient(model.logUnnormalised(v, h.held()), v);
        Expr partial = model.parameters().gradient(slope.dot(z).sum());
        double[] expected = given.draw(Noise.seed(8), partial).of(partial);
        assertArrayEquals(expected, given.draw(Noise.seed(8), none).of(none), 1e-12);
        Expr unrolled = model.parameters()
                .gradient(Bism.posterior(q)
                        .unrolled(1, 0.3)
                        .at(model, v)
                        .surrogate(z)
                        .sum());
        assertNotEquals(expected[0], given.draw(Noise.seed(8), unrolled).of(unrolled)[0], 1e-4);
    }

    @Test
    void theScoreIsTheGradientOfTheLogRatioWithTheDrawFixed() {
        LatentEnergy mlp = MlpEnergy.visible(2).hidden(2).width(4).init(Noise.seed(1));
        Posterior q = real(mlp, Elbo.innerSteps(1));
        Expr v = Expr.input("v", 4, 2);
        Expr score = Bism.posterior(q).at(mlp, v).score();
        Expr again = q.sample(v);
        Doubles given = new Doubles()
                .set(mlp.parameters())
                .set(q.parameters())
                .set(v, ROWS)
                .draw(Noise.seed(8), score)
                .draw(Noise.seed(8), again);
        Expr h = Expr.input("h", 4, 2);
        given.set(h, given.of(again));
        double[] expected = given.differences(mlp.logUnnormalised(v, h).minus(q.logProb(v, h)), v);
        assertArrayEquals(expected, given.of(score), 1e-8);
    }

    // ---------------------------------------------------------------- exact posteriors

    @Test
    void underThePosteriorOfTheModelTheScoreIsExactForEveryDrawRelaxedOrNot() {
        Grbm model = Models.machine();
        BernoulliPosterior near = Models.near(model, 0);
        Expr v = Expr.input("v", 4, 2);
        for (Posterior q : List.of(near, near.temperature(2), near.hard(), Posteriors.exact(model))) {
            Expr score = Bism.posterior(q).at(model, v).score();
            Doubles given = new Doubles().set(model.parameters()).set(v, ROWS);
            if (q instanceof BernoulliPosterior) {
                given.set(q.parameters());
            }
            double[] drawn = given.draw(Noise.seed(1), score).of(score);
            assertArrayEquals(given.of(model.score(v)), drawn, 1e-6, q.name());
        }
    }

    @Test
    void underTheExactPosteriorThatFollowsTheModelValueAndGradientAreThoseOfTheExactScore() {
        for (EnergyModel model : List.of(Models.machine(), Models.interacting())) {
            Bism bism = Bism.posterior(Posteriors.exact(model));
            Expr batch = Expr.input("batch", 4, 2);
            Phase phase = objective(Dsm.noiseStd(0.5).using(bism), model, batch);
            Phase exact = objective(Dsm.noiseStd(0.5), model, batch);
            Doubles given = new Doubles().set(model.parameters()).set(batch, ROWS);
            double[] expected = gradient(given, model, exact);
            double value = given.scalar(exact.value());
            // Both have the noise of the data first; the draws of h come after it.
            assertArrayEquals(expected, gradient(given, model, phase), 1e-9, model.name());
            assertEquals(value, given.scalar(phase.value()), 1e-9);
        }
    }

    private static double[] gradient(Doubles given, EnergyModel model, Phase phase) {
        return given.draw(Noise.seed(3), phase.value(), phase.loss())
                .of(model.parameters().gradient(phase.loss()));
    }

    @Test
    void slicedScoreMatchingUnderTheExactPosteriorIsThatOfTheFreeEnergy() {
        Grbm model = Models.machine();
        Expr batch = Expr.input("batch", 4, 2);
        Phase phase = objective(BiSsm.using(Bism.posterior(Posteriors.exact(model))), model, batch);
        Doubles given = new Doubles().set(model.parameters()).set(batch, ROWS).draw(Noise.seed(3), phase.value());
        Expr u = Expr.sorted(List.of(phase.value())).stream()
                .filter(each -> each.toString().startsWith("probe"))
                .findFirst()
                .orElseThrow();
        double[] probe = given.of(u);
        double[] score = given.of(model.score(batch));
        // 1/2 |s|^2 + u . (s(v + t u) - s(v - t u)) / 2t, by differences of the exact score
        double t = 1e-5;
        double[] up = given.of(model.score(batch.plus(u.times(t))));
        double[] down = given.of(model.score(batch.plus(u.times(-t))));
        double sum = 0;
        for (int i = 0; i < 8; i++) {
            sum += (score[i] * score[i] / 2 + probe[i] * (up[i] - down[i]) / (2 * t)) / 4;
        }
        assertEquals(sum, given.scalar(phase.value()), 1e-6);
    }

    // ---------------------------------------------------------------- bias against N

    @Test
    void theBiasOfTheGradientFallsWithTheNumberOfUnrolledSteps() {
        Grbm model = Models.machine();
        Posterior q = Models.near(model, 0).fittedBy(Elbo.innerSteps(1));
        double[] bias = new double[3];
        double[] error = new double[3];
        int[] steps = {0, 4, 12};
        for (int k = 0; k < steps.length; k++) {
            Sampled gap = gap(model, Bism.posterior(q).unrolled(steps[k], 1.0), q);
            bias[k] = Enumerated.norm(gap.mean);
            error[k] = Enumerated.norm(gap.error);
        }
        String text = Arrays.toString(bias) + " with errors " + Arrays.toString(error);
        assertTrue(bias[0] > 0.05, text);
        assertTrue(bias[1] < 0.7 * bias[0] + 4 * error[1], text);
        assertTrue(bias[2] < 0.3 * bias[0] + 4 * error[2], text);
        assertTrue(error[2] < 0.05 * bias[0], text);
    }

    /** The gradient of z . score by the estimate less the exact one, at the rows of the data. */
    private static Sampled gap(Grbm model, Bism bism, Posterior q) {
        Expr v = Expr.input("v", 100, 2);
        Expr z = Expr.constant(new double[] {0.7, -1.1}, 1, 2).broadcastTo(100, 2);
        Expr gap = bism.at(model, v)
                .surrogate(z)
                .minus(ExactScore.estimator().at(model, v).surrogate(z));
        return Sampled.of(
                model.parameters().gradient(gap.mean()),
                300,
                List.of(model.parameters(), q.parameters()),
                Map.of(v, DATA.values()));
    }

    // ---------------------------------------------------------------- training and settings

    @Test
    void onlyTheModelMovesInTheOuterPhaseAndThePosteriorInItsInnerSteps() {
        Grbm model = Models.machine();
        Posterior q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(3));
        Expr batch = Expr.input("batch", 4, 2);
        OBJECTIVES.forEach((name, loss) -> {
            List<Phase> phases = loss.apply(Bism.posterior(q).unrolled(2, 0.1)).phases(model, DATA, batch);
            assertEquals(2, phases.size(), name);
            assertEquals(3, phases.get(0).repeats());
            assertEquals(
                    q.parameters().leaf(), phases.get(0).fitted().parameters().leaf());
            assertEquals(1, phases.get(1).repeats());
            assertEquals(
                    model.parameters().leaf(),
                    phases.get(1).fitted().parameters().leaf());
        });
    }

    @Test
    void theExactObjectiveFallsInTraining() {
        Grbm model = Models.machine();
        Map<String, Objective> exact =
                Map.of("BiDSM", Dsm.noiseStd(0.5), "BiMDSM", Mdsm.noise(NoiseGrid.geometric(0.3, 1)));
        exact.forEach((name, loss) -> {
            Posterior q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(3));
            Run run = Training.of(model)
                    .minimizing(OBJECTIVES.get(name).apply(Bism.posterior(q).unrolled(2, 0.1)))
                    .on(SHIFTED)
                    .batches(20)
                    .with(Adam.rate(0.01))
                    .steps(120)
                    .fit(Noise.seed(1));
            double before = value(loss, model);
            double after = value(loss, run.model());
            assertTrue(after < 0.9 * before, name + ": " + before + " to " + after);
        });
    }

    private static double value(Objective loss, EnergyModel model) {
        Expr batch = Expr.input("batch", SHIFTED.rows(), 2);
        Phase phase = objective(loss, model, batch);
        try (Program program = Program.of(phase.value())) {
            model.parameters().give(program);
            program.set(batch, SHIFTED.values());
            program.draw(Noise.seed(9));
            program.run();
            return program.scalar(0);
        }
    }

    @Test
    void slicedScoreMatchingBringsTheModelNearToTheDensityOfTheData() {
        Data gaussian = Gaussian.isotropic(new double[] {0.5, -0.5}, 0.7).sample(400, Noise.seed(5));
        Grbm model = Models.machine();
        Posterior q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(3));
        Run run = Training.of(model)
                .minimizing(BiSsm.using(Bism.posterior(q).unrolled(2, 0.1)))
                .on(gaussian)
                .batches(50)
                .with(Adam.rate(0.01))
                .steps(250)
                .fit(Noise.seed(1));
        double before =
                ExactFisherDivergence.against(gaussian).of(model, Noise.seed(1)).value();
        double after = ExactFisherDivergence.against(gaussian)
                .of(run.model(), Noise.seed(1))
                .value();
        assertTrue(after < 0.5 * before, before + " to " + after);
    }

    @Test
    void rejectsWhatCannotBeUnrolledAndPosteriorsWithoutADensityOrOfOtherModels() {
        Grbm model = Models.machine();
        Expr v = Expr.input("v", 2, 2);
        assertThrows(
                SettingException.class,
                () -> Bism.posterior(Models.near(model, 0).hard()).unrolled(5, 0.1));
        assertThrows(SettingException.class, () -> Bism.posterior(Posteriors.exact(model))
                .unrolled(1, 0.1));
        assertThrows(SettingException.class, () -> Bism.posterior(
                        Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(1)))
                .unrolled(-1, 0.1));
        Posterior other = Posteriors.bernoulli(Grbm.visible(2).hidden(5).init(Noise.seed(1)));
        assertThrows(SettingException.class, () -> Bism.posterior(other).at(model, v));
        LatentEnergy mlp = MlpEnergy.visible(2).hidden(2).width(4).init(Noise.seed(1));
        Posterior moved = Posteriors.refined(mlp, real(mlp, Elbo.innerSteps(1)), HiddenLangevin.steps(2));
        assertThrows(SettingException.class, () -> Bism.posterior(moved).at(mlp, v));
    }
}
