package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.errors.GraphException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class EnergyTest {
    /** 1/2 |v|^2 + sum of tanh(v W + b) * a. */
    static Energy bumpy() {
        return Energy.visible(2)
                .layer("in", 2, 5)
                .uniform("a", 1.5, 5)
                .energy((g, v) -> g.math.tanh(Blueprint.linear(g, "in", v))
                        .mul(g.getVariable("a"))
                        .sum(1)
                        .add(g.math.square(v).sum(1).mul(0.5)))
                .init(Noise.seed(3));
    }

    @Test
    void freeEnergyIsTheExpression() {
        Energy model = bumpy();
        double[] w = Doubles.widened(model.parameters().values("in.W"));
        double[] b = Doubles.widened(model.parameters().values("in.b"));
        double[] a = Doubles.widened(model.parameters().values("a"));
        double expected = 0.5 * (0.3 * 0.3 + 1.2 * 1.2);
        for (int j = 0; j < 5; j++) {
            expected += a[j] * Math.tanh(0.3 * w[j] - 1.2 * w[5 + j] + b[j]);
        }
        Expr v = Expr.input("v", 1, 2);
        Doubles given = new Doubles().set(model.parameters()).set(v, 0.3, -1.2);
        assertEquals(expected, given.scalar(model.freeEnergy(v)), 1e-12);
        assertEquals(expected, given.scalar(model.energy(v, Expr.input("h", 1, 0))), 1e-12, "h is not looked at");
    }

    @Test
    void theGraphOfAModelMakesTheSameModelAgain() {
        Energy model = bumpy();
        Energy again = Energy.of(model.function().graph(), model.function().output());
        var v = Nd4j.createFromArray(new float[][] {{0.7f, -0.6f}, {0, 1}});
        assertArrayEquals(
                model.freeEnergy(v).toFloatVector(), again.freeEnergy(v).toFloatVector());
        assertEquals(Latents.NONE, again.latents());
    }

    @Test
    void rejectsEnergiesThatAreNotOneNumberARow() {
        GraphException wide = assertThrows(
                GraphException.class,
                () -> Energy.visible(2).energy((g, v) -> g.math.square(v)).init(Noise.seed(1)));
        assertTrue(wide.getMessage().contains("sum(1)"), wide.getMessage());
        assertThrows(
                GraphException.class,
                () -> Energy.visible(2).energy((g, v) -> v.sum(0)).init(Noise.seed(1)));
    }

    @Test
    void rejectsIncompleteSentencesAndAnH() {
        assertThrows(SettingException.class, () -> Energy.visible(0));
        assertThrows(SettingException.class, () -> Energy.visible(1).init(Noise.seed(1)));
        assertThrows(SettingException.class, () -> Energy.visible(1).zeros("v", 1));
        SettingException joint =
                assertThrows(SettingException.class, () -> bumpy().energy(Nd4j.zeros(1, 2), Nd4j.zeros(1, 1)));
        assertTrue(joint.getMessage().contains("freeEnergy"), joint.getMessage());
        SettingException latent = assertThrows(
                SettingException.class,
                () -> LatentEnergy.of(
                        bumpy().function().graph(), bumpy().function().output(), Latents.NONE));
        assertTrue(latent.getMessage().contains("Energy.of"), latent.getMessage());
    }
}
