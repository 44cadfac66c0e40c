package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Updater;
import org.junit.jupiter.api.Test;

class UnrollingTest {
    private static final double RATE = 0.3;

    /** 1/2 c |l(v) - (c + W'v)|^2 for each row, whose descent is linear; the number of draws does not matter. */
    private record Quadratic(double curvature) implements PosteriorFit {
        @Override
        public String name() {
            return "quadratic";
        }

        @Override
        public int innerSteps() {
            return 1;
        }

        @Override
        public Optional<Updater> updater() {
            return Optional.empty();
        }

        @Override
        public Expr loss(EnergyModel model, Posterior posterior, Expr v) {
            Expr gap = ((BernoulliPosterior) posterior).logits(v).minus(((Grbm) model).drive(v));
            return gap.square().sum(1).times(curvature / 2);
        }
    }

    @Test
    void descentOfAQuadraticHasItsClosedFormAndItsDerivative() {
        Grbm model = Models.machine();
        BernoulliPosterior q =
                Posteriors.bernoulli(model, Network.linear(), Noise.seed(3)).fittedBy(new Quadratic(2));
        // At the two points (1, 0) and (0, 0), weights 1 and 0: only the logits at (1, 0) count, w_1 + b. Their gap
        // shrinks
        // by 1 - rate . 2 . (|(1, 0)|^2 + 1) . weight / rows a step.
        Expr v = Expr.constant(new double[] {1, 0, 0, 0}, 2, 2);
        Expr weights = Expr.constant(new double[] {1, 0}, 2);
        double factor = 1 - RATE * 2 * 2 * 0.5;
        Doubles given = new Doubles().set(model.parameters()).set(q.parameters());
        Expr at = v.slice(0, 0, 1);
        double[] start = given.of(q.logits(at));
        double[] target = given.of(model.drive(at));
        for (int steps : new int[] {0, 1, 4}) {
            Expr logits = Unrolling.steps(steps, RATE).of(model, q, v, weights).in(q.logits(at));
            double left = Math.pow(factor, steps);
            double[] expected = new double[3];
            for (int j = 0; j < 3; j++) {
                expected[j] = target[j] + left * (start[j] - target[j]);
            }
            assertArrayEquals(expected, given.of(logits), 1e-12, steps + " steps");
            // d logits / d c = 1 - left
            Expr c = model.parameters().get("c");
            double[] slope = given.of(Differentiation.gradient(logits, c));
            assertArrayEquals(new double[] {1 - left, 1 - left, 1 - left}, slope, 1e-12, steps + " steps");
        }
    }

    @Test
    void stepsFollowTheGradientOfTheFitFromWhereTheLastOneEndedAndWithNoiseOfTheirOwn() {
        LatentEnergy model = Models.halving();
        GaussianPosterior q =
                Posteriors.gaussian(model, Network.linear(), Noise.seed(2)).fittedBy(PosteriorFisher.innerSteps(1));
        Expr v = Expr.constant(new double[] {0.8, -1.3, 0.4, 0.1}, 2, 2);
        Expr one = Expr.constant(1, 2);
        Expr leaf = q.parameters().leaf();
        Expr after = Unrolling.steps(2, 0.01).of(model, q, v, one).in(leaf);
        Doubles given =
                new Doubles().set(model.parameters()).set(q.parameters()).draw(Noise.seed(4), after);
        double[] unrolled = given.of(after);
        // The same by hand: one loss made twice, with the first and the second half of the same noise.
        Noise noise = Noise.seed(4);
        double[] phi = Doubles.widened(q.parameters().values());
        for (int step = 0; step < 2; step++) {
            Expr loss = PosteriorFisher.innerSteps(1).loss(model, q, v).mean();
            Doubles here = new Doubles().set(model.parameters()).set(leaf, phi).draw(noise, loss);
            double[] slope = here.differences(loss, leaf);
            for (int i = 0; i < phi.length; i++) {
                phi[i] -= 0.01 * slope[i];
            }
        }
        assertArrayEquals(phi, unrolled, 1e-7);
    }

    @Test
    void manyStepsOfTheElboReachTheExactPosteriorAndFollowTheModel() {
        LatentEnergy model = Models.halving();
        GaussianPosterior q =
                Posteriors.gaussian(model, Network.linear(), Noise.seed(2)).fittedBy(Elbo.innerSteps(1));
        float[] points = new float[2 * 40];
        Noise.seed(1).normal(points, 0, points.length);
        Expr v = Expr.constant(Doubles.widened(points), 40, 2);
        Expr mean =
                Unrolling.steps(60, 0.1).of(model, q, v, Expr.constant(1, 40)).in(q.mean(v));
        Doubles given =
                new Doubles().set(model.parameters()).set(q.parameters()).draw(Noise.seed(4), mean);
        double[] found = given.of(mean);
        double[] before = given.of(q.mean(v));
        double near = 0;
        double far = 0;
        for (int i = 0; i < found.length; i++) {
            near += Math.abs(found[i] - points[i] / 2) / found.length;
            far += Math.abs(before[i] - points[i] / 2) / found.length;
        }
        assertTrue(near < 0.1 * far, near + " from " + far);
    }

    @Test
    void noStepsNeedNoFitAndChangeNothing() {
        Grbm model = Models.machine();
        Posterior q = Posteriors.bernoulli(model);
        Expr v = Expr.input("v", 2, 2);
        Expr logits = ((BernoulliPosterior) q).logits(v);
        assertSame(
                logits,
                Unrolling.steps(0, 1).of(model, q, v, Expr.constant(1, 2)).in(logits));
    }

    @Test
    void rejectsNegativeNumbersRatesThatAreNoneAndPosteriorsWithoutAFit() {
        assertThrows(SettingException.class, () -> Unrolling.steps(-1, 0.1));
        assertThrows(SettingException.class, () -> Unrolling.steps(1, 0));
        assertThrows(SettingException.class, () -> Unrolling.steps(1, Double.NaN));
        Grbm model = Models.machine();
        SettingException error = assertThrows(
                SettingException.class, () -> Unrolling.steps(1, 0.1).requireFit(Posteriors.exact(model)));
        assertTrue(error.getMessage().contains("fittedBy"), error.getMessage());
        assertEquals("0 unrolled steps", Unrolling.steps(0, 0.1).toString());
    }
}
