package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.ebvlm.graph.Expr;
import org.ebvlm.likelihood.MachineEnumeration;
import org.ebvlm.model.BernoulliRbm;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Phase;
import org.junit.jupiter.api.Test;

class MaximumLikelihoodTest {
    private static final MaximumLikelihood LOSS = MaximumLikelihood.exact();

    @Test
    void logPartitionIsTheSumOverStates() {
        for (BoltzmannMachine model : List.of(
                Models.machine(),
                Models.scaled(),
                Grbm.visible(5).hidden(7).fixedStd(0.6).init(Noise.seed(2)),
                Grbm.visible(3).hidden(1).init(Noise.seed(4)),
                BernoulliRbm.visible(20).hidden(4).init(Noise.seed(2)),
                BernoulliRbm.visible(4).hidden(20).init(Noise.seed(2)))) {
            double summed = MachineEnumeration.of(model).value();
            double expression = new Doubles().set(model.parameters()).scalar(MaximumLikelihood.logPartition(model));
            // The other sum may round s to single precision.
            assertEquals(summed, expression, 1e-6, model.toString());
        }
    }

    @Test
    void valueIsMinusTheMeanLogOfADensityWithIntegralOne() {
        Grbm model = Models.machine();
        Expr batch = Points.batch();
        Doubles given = Points.given(model, batch);
        Phase phase = Points.last(LOSS, model, batch);
        double mean = 0;
        for (double f : given.of(model.freeEnergy(batch))) {
            mean += (f + Plane.logIntegral(model)) / 4;
        }
        assertEquals(mean, given.scalar(phase.value()), 1e-6);
    }

    @Test
    void gradientIsTheFiniteDifferenceOfTheValue() {
        Points.assertGradientOfValue(LOSS, Models.machine(), 1e-7);
        Points.assertGradientOfValue(LOSS, Models.scaled(), 1e-7);
        Points.assertGradientOfValue(LOSS, BernoulliRbm.visible(2).hidden(3).init(Noise.seed(3)), 1e-7);
        Points.assertGradientOfValue(
                LOSS, Grbm.visible(2).hidden(4).fixedStd(0.8).init(Noise.seed(3)), 1e-7);
    }

    @Test
    void gradientIsThatOfDataMinusThatOfModel() {
        Grbm model = Models.machine();
        Expr batch = Points.batch();
        Doubles given = Points.given(model, batch);
        double[] expected =
                given.of(model.parameters().gradient(model.freeEnergy(batch).mean()));
        double[] negative = Plane.meanGradient(model);
        for (int i = 0; i < expected.length; i++) {
            expected[i] -= negative[i];
        }
        assertArrayEquals(expected, Points.gradient(given, model, Points.last(LOSS, model, batch)), 1e-6);
    }

    @Test
    void refusesModelsWhoseStatesAreTooMany() {
        Points.assertRefused("Cd", LOSS, Models.interacting());
        Points.assertRefused("16", LOSS, Grbm.visible(2).hidden(17).init(Noise.seed(1)));
    }
}
