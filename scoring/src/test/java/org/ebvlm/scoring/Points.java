package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;

/** Four points in the plane, and what objectives make of them in double precision. */
final class Points {
    static final double[] ROWS = {0.8, -1.3, -0.2, 0.6, 1.4, 0.3, -0.9, -0.5};

    private Points() {}

    static Expr batch() {
        return Expr.input("batch", 4, 2);
    }

    static Data data() {
        float[] values = new float[ROWS.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ROWS[i];
        }
        return Data.of("points", values, 2);
    }

    static Doubles given(EnergyModel model, Expr batch) {
        return new Doubles().set(model.parameters()).set(batch, ROWS);
    }

    /** The phase that moves the model. */
    static Phase last(Objective loss, EnergyModel model, Expr batch) {
        List<Phase> phases = loss.phases(model, data(), batch);
        return phases.get(phases.size() - 1);
    }

    static double[] gradient(Doubles given, EnergyModel model, Phase phase) {
        return given.of(model.parameters().gradient(phase.loss()));
    }

    /** That the gradient is that of the plotted value, with the noise held. */
    static void assertGradientOfValue(Objective loss, EnergyModel model, double tolerance) {
        Expr batch = batch();
        Phase phase = last(loss, model, batch);
        Doubles given = given(model, batch).draw(Noise.seed(3), phase.value(), phase.loss());
        double[] differences =
                given.differences(phase.value(), model.parameters().leaf());
        assertArrayEquals(differences, gradient(given, model, phase), tolerance, model.name() + ", " + loss.name());
    }

    static void assertRefused(String part, Objective loss, EnergyModel model) {
        SettingException error = assertThrows(SettingException.class, () -> loss.phases(model, data(), batch()));
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    /** 1/2 ||s||^2 + tr(ds/dv) at a point, with the trace by central differences of the score. */
    static double implicit(EnergyModel model, double... point) {
        Expr v = Expr.input("v", 1, 2);
        Doubles given = new Doubles().set(model.parameters()).set(v, point);
        Expr s = model.score(v);
        double sum = 0;
        for (int i = 0; i < 2; i++) {
            sum += 0.5 * Math.pow(given.of(s)[i], 2) + given.differences(s.slice(1, i, 1), v)[i];
        }
        return sum;
    }
}
