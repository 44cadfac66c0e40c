package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

/** Samplers whose moves follow another field than the gradient. */
class FieldTargetTest {
    /** A Gaussian of means (1, -2), variances 1 and 4 and covariance 1: precision [[4, -1], [-1, 1]] / 3. */
    private static final Target GAUSSIAN = Target.density("gaussian", 2, x -> {
        Expr off = x.minus(Expr.constant(new double[] {1, -2}, 2));
        return off.dot(off.matmul(Expr.constant(new double[] {4 / 3.0, -1 / 3.0, -1 / 3.0, 1 / 3.0}, 2, 2)))
                .times(-0.5);
    });

    /** Neither its gradient nor anyone's: it turns, and pulls to the wrong place with the wrong strength. */
    private static Expr wrong(Expr x) {
        Expr turn = x.matmul(Expr.constant(new double[] {0, 0.6, -0.6, 0}, 2, 2));
        return x.plus(0.5).times(-0.4).plus(turn).plus(x.sin().times(0.5));
    }

    /** The path conserves volume and goes back when its momentum is turned, so the test is exact whatever the field. */
    @Test
    void whateverFieldIsFollowedTheTestKeepsTheDensity() {
        Target target = GAUSSIAN.along(FieldTargetTest::wrong);
        List<MetropolisSampler<?>> samplers =
                List.of(Hmc.steps(400).warmup(200).leaps(4), Mala.steps(1200).warmup(300));
        for (MetropolisSampler<?> sampler : samplers) {
            Chains chains = sampler.draw(target, 200, Noise.seed(1));
            // The bounds are on the standard error of means over 200 independent chains.
            Averages.of(chains, x -> x[0]).assertMean(sampler + ": mean", 1, 0.05);
            Averages.of(chains, x -> x[1]).assertMean(sampler + ": mean", -2, 0.1);
            Averages.of(chains, x -> (x[0] - 1) * (x[0] - 1)).assertMean(sampler + ": variance", 1, 0.08);
            Averages.of(chains, x -> (x[1] + 2) * (x[1] + 2)).assertMean(sampler + ": variance", 4, 0.3);
            Averages.of(chains, x -> (x[0] - 1) * (x[1] + 2)).assertMean(sampler + ": covariance", 1, 0.12);
        }
    }

    @Test
    void theExactGradientGivenAsAFieldChangesNothing() {
        Target same = GAUSSIAN.along(GAUSSIAN::score);
        Hmc hmc = Hmc.steps(20).stepSize(0.4).leaps(5);
        Chains one = hmc.draw(GAUSSIAN, 10, Noise.seed(2));
        Chains other = hmc.draw(same, 10, Noise.seed(2));
        for (int i = 0; i < 20; i++) {
            assertEquals(one.at(19, i / 2, i % 2), other.at(19, i / 2, i % 2), 1e-3);
        }
        assertEquals(one.acceptance(), other.acceptance(), 1e-4);
    }

    /** x' = (1 - s^2/2) x + s e has variance s^2 / (1 - (1 - s^2/2)^2) = 1 / (1 - s^2/4). */
    @Test
    void aScoreAloneIsEnoughForLangevin() {
        Target score = Target.field("score of N(3, 1)", 1, x -> x.minus(3).neg());
        double s = 0.4;
        Chains chains = Langevin.steps(1500)
                .stepSize(s)
                .temperatures(Temperatures.plain())
                .warmup(100)
                .draw(score, 200, Noise.seed(3));
        Averages.of(chains, x -> x[0]).assertMean("mean", 3, 0.02);
        Averages.of(chains, x -> (x[0] - 3) * (x[0] - 3)).assertMean("variance", 1 / (1 - s * s / 4), 0.03);
    }

    @Test
    void aScoreAloneIsRefusedByThoseThatTest() {
        Target score = Target.field("score", 2, Expr::neg);
        for (MetropolisSampler<?> sampler : List.of(Hmc.steps(5), Mala.steps(5))) {
            SettingException error = assertThrows(SettingException.class, () -> sampler.draw(score, 3, Noise.seed(1)));
            assertTrue(error.getMessage().contains("Langevin needs none"), error.getMessage());
        }
    }

    @Test
    void fieldsOfAnotherShapeAreRefused() {
        assertThrows(ShapeException.class, () -> Target.field("score", 2, x -> x.sum(1)));
        assertThrows(ShapeException.class, () -> GAUSSIAN.along(x -> x.slice(1, 0, 1)));
    }
}
