package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Stepper;
import org.junit.jupiter.api.Test;

class PosteriorFitTest {
    private static final double[] POINTS = {0.8, -1.3, -0.4, 0.2, 1.5, 0.9};

    private static void assertGradientIsTheDifference(EnergyModel model, Posterior q, PosteriorFit fit) {
        Expr v = Expr.input("v", 3, 2);
        Phase phase = fit.phase(model, q, v);
        Doubles given = new Doubles()
                .set(model.parameters())
                .set(q.parameters())
                .set(v, POINTS)
                .draw(Noise.seed(4), phase.loss());
        double[] expected = given.differences(phase.loss(), q.parameters().leaf());
        double[] gradient = given.of(q.parameters().gradient(phase.loss()));
        assertArrayEquals(expected, gradient, 1e-5);
        double size = 0;
        for (double each : gradient) {
            size = Math.max(size, Math.abs(each));
        }
        assertTrue(size > 0.01, "the gradient does not vanish");
    }

    @Test
    void elboGradientIsTheFiniteDifferenceWithTheNoiseHeld() {
        Elbo elbo = Elbo.innerSteps(1);
        Grbm grbm = Models.machine();
        assertGradientIsTheDifference(grbm, Posteriors.bernoulli(grbm).temperature(0.5), elbo);
        LatentEnergy mlp = MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(1));
        assertGradientIsTheDifference(mlp, Posteriors.gaussian(mlp, Network.elu(4), Noise.seed(2)), elbo);
    }

    @Test
    void posteriorFisherGradientIsTheFiniteDifferenceWithTheNoiseHeld() {
        LatentEnergy mlp = MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(1));
        Posterior q = Posteriors.gaussian(mlp, Network.elu(4), Noise.seed(2));
        assertGradientIsTheDifference(mlp, q, PosteriorFisher.innerSteps(1));
    }

    @Test
    void elboIsTheMeanLogRatioOfTheDraw() {
        Grbm model = Models.machine();
        BernoulliPosterior q = Posteriors.bernoulli(model);
        Expr v = Expr.input("v", 1, 2);
        Phase phase = Elbo.innerSteps(3).phase(model, q, v);
        Doubles given = new Doubles()
                .set(model.parameters())
                .set(q.parameters())
                .set(v, 0.8, -1.3)
                .draw(Noise.seed(4), phase.loss());
        Particle again = q.sampleAndLogProb(v);
        Doubles same = new Doubles()
                .set(model.parameters())
                .set(q.parameters())
                .set(v, 0.8, -1.3)
                .draw(Noise.seed(4), again.h());
        double expected = same.scalar(again.logProb()) + same.scalar(model.energy(v, again.h()));
        assertEquals(expected, given.scalar(phase.value()), 1e-10);
        assertEquals(3, phase.repeats());
        assertTrue(phase.updater().isEmpty());
        assertTrue(Elbo.innerSteps(1)
                .with(Adam.rate(1))
                .phase(model, q, v)
                .updater()
                .isPresent());
    }

    @Test
    void posteriorFisherIsHalfTheSquaredGapOfTheGradients() {
        LatentEnergy model = Models.halving();
        GaussianPosterior q = Posteriors.gaussian(model, Network.linear(), Noise.seed(2));
        Expr v = Expr.input("v", 1, 2);
        Phase phase = PosteriorFisher.innerSteps(1).phase(model, q, v);
        Particle again = q.sampleAndLogProb(v);
        Doubles given = new Doubles()
                .set(q.parameters())
                .set(model.parameters())
                .set(v, 0.8, -1.3)
                .draw(Noise.seed(4), phase.loss())
                .draw(Noise.seed(4), again.h());
        double[] h = given.of(again.h());
        double[] mean = given.of(q.mean(v));
        Expr at = Expr.input("h", 1, 2);
        double[] slope = given.set(at, h).differences(q.logProb(v, at), at);
        double gap0 = slope[0] + 2 * h[0] - 0.8;
        double gap1 = slope[1] + 2 * h[1] + 1.3;
        assertEquals(2, mean.length);
        assertEquals(0.5 * (gap0 * gap0 + gap1 * gap1), given.scalar(phase.value()), 1e-6);
    }

    // ---------------------------------------------------------------- fitting

    private static <P extends Posterior> Posterior fitted(P q, EnergyModel model, int steps, double rate) {
        Expr batch = Expr.input("batch", 64, 2);
        List<Phase> phases = q.innerPhases(model, batch);
        Noise noise = Noise.seed(9);
        try (Stepper stepper = new Stepper(
                phases,
                batch,
                Adam.rate(rate).betas(0.9, 0.99),
                List.of(model.parameters()),
                Double.POSITIVE_INFINITY)) {
            for (int t = 0; t < steps; t++) {
                noise.normal(stepper.batch(), 0, stepper.batch().length);
                stepper.step(noise);
            }
            return q.with(stepper.current(q.parameters()));
        }
    }

    @Test
    void fittingByElboDrivesTheDivergenceToThePosteriorNearZero() {
        Grbm drawn = Models.machine();
        float[] large = drawn.parameters().values("W");
        for (int i = 0; i < large.length; i++) {
            large[i] *= 3;
        }
        Grbm model = drawn.with(drawn.parameters().with("W", large));
        BernoulliPosterior q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(1));
        Posterior fitted = fitted(fitted(q, model, 1500, 0.01), model, 1500, 0.001);
        double before = 0;
        double after = 0;
        for (int i = 0; i < POINTS.length; i += 2) {
            before += Models.divergence(q, model, POINTS[i], POINTS[i + 1]) / 3;
            after += Models.divergence(fitted, model, POINTS[i], POINTS[i + 1]) / 3;
        }
        assertTrue(before > 0.2, "before " + before);
        assertTrue(after < 0.01, "after " + after);
    }

    @Test
    void gaussianPosteriorsFindTheExactOneByEitherDivergence() {
        LatentEnergy model = Models.halving();
        for (PosteriorFit fit : List.of(Elbo.innerSteps(1), PosteriorFisher.innerSteps(1))) {
            GaussianPosterior q =
                    Posteriors.gaussian(model, Network.linear(), Noise.seed(2)).fittedBy(fit);
            Posterior fitted = fitted(fitted(q, model, 800, 0.02), model, 800, 0.002);
            // The encoder's columns are two means, then two log stds: p(h | v) = N(v / 2, 1 / 2).
            float[] w = fitted.parameters().values("layer.W");
            float[] b = fitted.parameters().values("layer.b");
            float logStd = (float) (0.5 * Math.log(0.5));
            assertArrayEquals(new float[] {0.5f, 0, 0, 0, 0, 0.5f, 0, 0}, w, 0.03f, fit + "");
            assertArrayEquals(new float[] {0, 0, logStd, logStd}, b, 0.03f, fit + "");
        }
    }

    @Test
    void onlyThePosteriorMovesInItsPhases() {
        Grbm model = Models.machine();
        BernoulliPosterior q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(4));
        Expr v = Expr.input("v", 2, 2);
        List<Phase> phases = q.innerPhases(model, v);
        assertEquals(1, phases.size());
        assertEquals(4, phases.get(0).repeats());
        assertEquals(q.parameters().leaf(), phases.get(0).fitted().parameters().leaf());
        assertEquals(List.of(), Posteriors.exact(model).innerPhases(model, v));
        assertEquals(List.of(), Posteriors.bernoulli(model).innerPhases(model, v));
    }

    @Test
    void rejectsNoInnerSteps() {
        Grbm model = Models.machine();
        Expr v = Expr.input("v", 2, 2);
        assertThrows(
                SettingException.class,
                () -> Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(0)).innerPhases(model, v));
    }
}
