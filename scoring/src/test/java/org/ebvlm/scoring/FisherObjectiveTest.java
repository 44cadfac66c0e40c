package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Phase;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

class FisherObjectiveTest {
    private static final double MEAN = 0.4;
    private static final double STD = 1.3;

    /** Points whose mean and variance are those of N(MEAN, STD^2) exactly: all that a linear critic sees. */
    private static final double[] LINE = {MEAN - STD, MEAN + STD};

    private static final double B = -0.2;
    private static final double LOG_STD = -0.4;

    private static LatentEnergy gaussian() {
        LatentEnergy model = Models.gaussian(1);
        return model.with(
                model.parameters().with("b", new float[] {(float) B}).with("logStd", new float[] {(float) LOG_STD}));
    }

    /** 1/2 E || score - grad log p_data ||^2 for N(MEAN, STD^2) and the model N(b, exp(logStd)^2). */
    private static double divergence(double b, double logStd) {
        double precision = Math.exp(-2 * logStd);
        double slope = 1 / (STD * STD) - precision;
        double shift = precision * (b - MEAN);
        return 0.5 * (slope * slope * STD * STD + shift * shift);
    }

    /** The critic f = slope v + constant = score - grad log p_data. */
    private static Doubles best(Parameters critic) {
        double precision = Math.exp(-2 * LOG_STD);
        double slope = 1 / (STD * STD) - precision;
        double constant = precision * B - MEAN / (STD * STD);
        return new Doubles().set(critic.leaf(), slope, constant);
    }

    @Test
    void theBestCriticHasTheFisherDivergenceForItsValueAndNoSlope() {
        LatentEnergy model = gaussian();
        Expr batch = Expr.input("batch", 2, 1);
        List<Phase> phases =
                FisherObjective.innerSteps(3).critic(Network.linear()).phases(model, Points.data(), batch);
        assertEquals(3, phases.get(0).repeats());
        Parameters critic = phases.get(0).fitted().parameters();
        Doubles given = best(critic).set(batch, LINE).set(model.parameters().leaf(), B, LOG_STD);
        double expected = divergence(B, LOG_STD);
        assertEquals(expected, given.scalar(phases.get(0).value()), 1e-12);
        assertEquals(expected, given.scalar(phases.get(1).value()), 1e-12);
        assertArrayEquals(new double[2], given.of(critic.gradient(phases.get(0).loss())), 1e-12);
        // Its other critics have less.
        for (double off : new double[] {-0.1, 0.1}) {
            double[] other = given.of(critic.vector());
            other[0] += off;
            Doubles elsewhere = best(critic)
                    .set(critic.leaf(), other)
                    .set(batch, LINE)
                    .set(model.parameters().leaf(), B, LOG_STD);
            // -1/2 off^2 E v^2
            double less = 0.5 * off * off * (MEAN * MEAN + STD * STD);
            assertEquals(expected - less, elsewhere.scalar(phases.get(0).value()), 1e-12);
            assertEquals(
                    -elsewhere.scalar(phases.get(0).value()),
                    elsewhere.scalar(phases.get(0).loss()),
                    1e-12);
        }
    }

    @Test
    void withTheBestCriticTheModelGoesDownTheFisherDivergence() {
        LatentEnergy model = gaussian();
        Expr batch = Expr.input("batch", 2, 1);
        List<Phase> phases =
                FisherObjective.innerSteps(1).critic(Network.linear()).phases(model, Points.data(), batch);
        Doubles given = best(phases.get(0).fitted().parameters())
                .set(batch, LINE)
                .set(model.parameters().leaf(), B, LOG_STD);
        double step = 1e-5;
        double[] expected = {
            (divergence(B + step, LOG_STD) - divergence(B - step, LOG_STD)) / (2 * step),
            (divergence(B, LOG_STD + step) - divergence(B, LOG_STD - step)) / (2 * step)
        };
        assertArrayEquals(expected, Points.gradient(given, model, phases.get(1)), 1e-8);
    }

    @Test
    void gradientsAreFiniteDifferencesOfTheValues() {
        for (EnergyModel model : List.of(Models.machine(), Models.interacting())) {
            Expr batch = Points.batch();
            List<Phase> phases =
                    FisherObjective.innerSteps(1).critic(Network.elu(3)).phases(model, Points.data(), batch);
            Parameters critic = phases.get(0).fitted().parameters();
            float[] any = new float[critic.size()];
            Noise.seed(5).normal(any, 0, any.length);
            Doubles given = Points.given(model, batch).set(critic.with(any));
            double[] climbing = given.of(critic.gradient(phases.get(0).loss().neg()));
            assertArrayEquals(given.differences(phases.get(0).value(), critic.leaf()), climbing, 1e-6);
            double[] falling =
                    given.of(model.parameters().gradient(phases.get(1).loss()));
            assertArrayEquals(
                    given.differences(phases.get(1).value(), model.parameters().leaf()), falling, 1e-6);
        }
    }

    @Test
    void posteriorCriticAndModelMoveInThisOrder() {
        Grbm model = Models.machine();
        Estimator vages =
                Vages.particles(2).posterior(Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(4)));
        List<Phase> phases = FisherObjective.innerSteps(3).using(vages).phases(model, Points.data(), Points.batch());
        assertEquals(
                List.of("negativeElbo", "criticGain", "objective"),
                phases.stream().map(Phase::name).toList());
        assertEquals(List.of(4, 3, 1), phases.stream().map(Phase::repeats).toList());
    }

    @Test
    void refusesNoInnerSteps() {
        assertThrows(SettingException.class, () -> FisherObjective.innerSteps(0));
    }
}
