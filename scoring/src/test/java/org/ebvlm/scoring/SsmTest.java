package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Phase;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

class SsmTest {
    private static final List<Ssm> ALL = List.of(
            Ssm.projections(1),
            Ssm.projections(3),
            Ssm.projections(1).gaussian(),
            Ssm.projections(2).projectedSquare(),
            Ssm.projections(1).gaussian().projectedSquare(),
            Ssm.exactTrace());

    private static List<EnergyModel> models() {
        return List.of(Models.machine(), Models.interacting());
    }

    /** J at the four points, with the trace by central differences. */
    private static double implicit(EnergyModel model) {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            sum += Points.implicit(model, Points.ROWS[2 * i], Points.ROWS[2 * i + 1]) / 4;
        }
        return sum;
    }

    @Test
    void gradientIsTheFiniteDifferenceOfTheValue() {
        for (EnergyModel model : models()) {
            ALL.forEach(loss -> Points.assertGradientOfValue(loss, model, 1e-6));
        }
    }

    @Test
    void exactTraceIsHyvarinensObjective() {
        for (EnergyModel model : models()) {
            Expr batch = Points.batch();
            Phase phase = Points.last(Ssm.exactTrace(), model, batch);
            assertEquals(implicit(model), Points.given(model, batch).scalar(phase.value()), 1e-8);
        }
    }

    @Test
    void everyFormHasTheMeanOfHyvarinensObjective() {
        for (EnergyModel model : models()) {
            float[] rows = Sampled.copies(Points.ROWS, 1);
            for (Ssm loss : ALL.subList(0, 5)) {
                Expr batch = Points.batch();
                Phase phase = Points.last(loss, model, batch);
                Sampled.of(phase.value(), 20_000, List.of(model.parameters()), Map.of(batch, rows))
                        .assertAgrees(loss.name(), new double[] {implicit(model)});
            }
        }
    }

    /** In one dimension s = -(v - b) / s^2, so J = 1/2 E (v - b)^2 / s^4 - 1 / s^2 whatever the direction's sign. */
    @Test
    void valueForAGaussianIsTheClosedForm() {
        LatentEnergy drawn = Models.gaussian(1);
        LatentEnergy model = drawn.with(
                drawn.parameters().with("b", new float[] {0.3f}).with("logStd", new float[] {(float) Math.log(1.5)}));
        double[] v = {0.2, -1, 2, 0.7};
        double expected = 0;
        for (double x : v) {
            expected += (0.5 * (x - 0.3) * (x - 0.3) / (1.5 * 1.5 * 1.5 * 1.5) - 1 / (1.5 * 1.5)) / 4;
        }
        for (Ssm loss : List.of(
                Ssm.projections(1), Ssm.projections(2), Ssm.projections(1).projectedSquare(), Ssm.exactTrace())) {
            Expr batch = Expr.input("batch", 4, 1);
            Phase phase = loss.phases(model, Points.data(), batch).get(0);
            Doubles given = new Doubles().set(model.parameters()).set(batch, v);
            assertEquals(expected, given.draw(Noise.seed(1), phase.value()).scalar(phase.value()), 1e-6, loss.name());
        }
    }

    @Test
    void refusesWhatItCannotDifferentiateByV() {
        LatentEnergy mlp = MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(1));
        Points.assertRefused("FdSsm", Ssm.projections(1), mlp);
        Estimator vages = Vages.particles(2).posterior(Posteriors.exact(Models.machine()));
        SettingException error =
                assertThrows(SettingException.class, () -> Ssm.projections(1).using(vages));
        assertTrue(error.getMessage().contains("FdSsm"), error.getMessage());
        assertEquals(
                Ssm.projections(1).name(),
                Ssm.projections(1).using(ExactScore.estimator()).name());
        assertThrows(SettingException.class, () -> Ssm.projections(0));
        assertThrows(SettingException.class, () -> Ssm.exactTrace().gaussian());
        assertThrows(SettingException.class, () -> Ssm.exactTrace().projectedSquare());
    }
}
