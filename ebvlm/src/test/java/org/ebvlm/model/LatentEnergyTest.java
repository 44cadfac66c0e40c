package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.ebvlm.errors.GraphException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class LatentEnergyTest {
    private static final double[] POINT = {0.7, -0.6};

    /** Not linear in v, and with hidden units that act on each other. */
    static LatentEnergy interacting() {
        return LatentEnergy.visible(2)
                .binary(3)
                .uniform("W", 1.0, 2, 3)
                .uniform("J", 1.0, 3, 3)
                .uniform("c", 1.0, 3)
                .energy((g, v, h) -> g.math.square(v)
                        .sum(1)
                        .mul(0.5)
                        .sub(g.math.tanh(v.mmul(g.getVariable("W")))
                                .add(g.getVariable("c"))
                                .mul(h)
                                .sum(1))
                        .add(h.mmul(g.getVariable("J")).mul(h).sum(1)))
                .init(Noise.seed(8));
    }

    private static double plain(LatentEnergy model, double[] v, int state) {
        float[] w = model.parameters().values("W");
        float[] inner = model.parameters().values("J");
        float[] c = model.parameters().values("c");
        double energy = 0.5 * (v[0] * v[0] + v[1] * v[1]);
        for (int j = 0; j < 3; j++) {
            int on = state >> j & 1;
            energy -= on * (Math.tanh(v[0] * w[j] + v[1] * w[3 + j]) + c[j]);
            for (int k = 0; k < 3; k++) {
                energy += on * (state >> k & 1) * inner[j * 3 + k];
            }
        }
        return energy;
    }

    @Test
    void energyIsTheExpressionAndFreeEnergyTheSumOverAllStates() {
        LatentEnergy model = interacting();
        Expr v = Expr.input("v", 1, 2);
        Expr h = Expr.input("h", 1, 3);
        Doubles given = new Doubles().set(model.parameters()).set(v, POINT);
        double sum = 0;
        for (int state = 0; state < 8; state++) {
            double energy = plain(model, POINT, state);
            given.set(h, state & 1, state >> 1 & 1, state >> 2);
            assertEquals(energy, given.scalar(model.energy(v, h)), 1e-12);
            sum += Math.exp(-energy);
        }
        assertEquals(-Math.log(sum), given.scalar(model.freeEnergy(v)), 1e-12);
        double[] posterior = given.of(Enumeration.of(model).posterior(v));
        for (int state = 0; state < 8; state++) {
            assertEquals(Math.exp(-plain(model, POINT, state)) / sum, posterior[state], 1e-12);
        }
    }

    @Test
    void scoreIsMinusTheFiniteDifferenceOfTheFreeEnergy() {
        LatentEnergy model = interacting();
        Expr v = Expr.input("v", 1, 2);
        Doubles given = new Doubles().set(model.parameters()).set(v, POINT);
        double[] slope = given.differences(model.freeEnergy(v), v);
        double[] score = given.of(model.score(v));
        assertArrayEquals(new double[] {-slope[0], -slope[1]}, score, 1e-8);
    }

    @Test
    void scoreIsRightAtExpressionsThatTheEnergyCouldFoldAway() {
        LatentEnergy model = LatentEnergy.visible(2)
                .binary(1)
                .zeros("c", 1)
                .energy((g, v, h) -> g.math.square(v.mul(0.5))
                        .sum(1)
                        .add(v.neg().reshape(-1, 2).sum(1))
                        .sub(h.mul(g.getVariable("c")).sum(1)))
                .init(Noise.seed(1));
        Expr x = Expr.input("x", 1, 2);
        Expr y = Expr.input("y", 2, 1);
        Doubles given = new Doubles().set(model.parameters()).set(x, 0.3, -0.4).set(y, 0.3, -0.4);
        // F(v) = 1/4 |v|^2 - sum of v - log 2, so the score is 1 - v / 2, wherever v comes from.
        assertArrayEquals(new double[] {1 - 0.15, 1 + 0.2}, given.of(model.score(x)), 1e-12, "an input");
        assertArrayEquals(new double[] {1 - 0.3, 1 + 0.4}, given.of(model.score(x.times(2))), 1e-12, "a multiple");
        assertArrayEquals(new double[] {1 + 0.15, 1 - 0.2}, given.of(model.score(x.neg())), 1e-12, "a negative");
        assertArrayEquals(
                new double[] {1 - 0.15, 1 + 0.2}, given.of(model.score(y.reshape(1, 2))), 1e-12, "a reshaped input");
        Grbm grbm = Grbm.visible(2).hidden(1).init(Noise.seed(2));
        Doubles other = new Doubles().set(grbm.parameters()).set(x, 0.3, -0.4).set(y, 0.3, -0.4);
        assertArrayEquals(other.of(grbm.score(x)), other.of(grbm.score(y.transpose())), 1e-12, "a transposed input");
    }

    @Test
    void parameterGradientsAreFiniteDifferencesWhateverTheShapeOfTheParameter() {
        LatentEnergy model = LatentEnergy.visible(2)
                .binary(2)
                .uniform("scale", 1.0)
                .uniform("row", 1.0, 1, 2)
                .uniform("W", 1.0, 2, 2)
                .uniform("cube", 1.0, 1, 2, 2)
                .energy((g, v, h) -> g.math.square(v.mul(g.getVariable("scale")).sub(g.getVariable("row")))
                        .sum(1)
                        .sub(v.mmul(g.getVariable("W").reshape(4).reshape(2, 2))
                                .mul(h)
                                .sum(1))
                        .add(g.getVariable("row").reshape(2).mul(h).sum(1))
                        .sub(v.mmul(g.getVariable("cube").reshape(2, 2)).sum(1)))
                .init(Noise.seed(3));
        Expr v = Expr.input("v", 3, 2);
        Expr loss = model.freeEnergy(v).square().sum();
        Parameters parameters = model.parameters();
        Doubles given = new Doubles().set(parameters).set(v, 0.3, -0.4, 1.1, 0.2, -0.7, 0.5);
        assertArrayEquals(
                given.differences(loss, parameters.leaf()), given.of(parameters.gradient(loss)), 1e-6, "" + parameters);
    }

    @Test
    void continuousHiddenUnitsHaveNoFreeEnergyAndTheErrorSaysWhatToDo() {
        LatentEnergy model = LatentEnergy.visible(1)
                .continuous(1)
                .energy((g, v, h) -> g.math.square(v.sub(h)).sum(1))
                .init(Noise.seed(1));
        assertEquals(false, model.hasFreeEnergy());
        SettingException error = assertThrows(SettingException.class, () -> model.freeEnergy(Expr.input("v", 1, 1)));
        assertTrue(error.getMessage().contains("hint") && error.getMessage().contains("Vages"), error.getMessage());
        assertThrows(SettingException.class, () -> model.score(Nd4j.zeros(1, 1)));
    }

    @Test
    void tooManyBinaryUnitsHaveNoFreeEnergy() {
        LatentEnergy model = LatentEnergy.visible(1)
                .binary(Enumeration.LIMIT + 1)
                .energy((g, v, h) -> g.math.square(v).sum(1).add(h.sum(1)))
                .init(Noise.seed(1));
        assertThrows(SettingException.class, () -> model.freeEnergy(Expr.input("v", 1, 1)));
    }

    @Test
    void rejectsEnergiesThatAreNotOneNumberARow() {
        GraphException columns = assertThrows(GraphException.class, () -> LatentEnergy.visible(2)
                .binary(2)
                .energy((g, v, h) -> v.mul(h))
                .init(Noise.seed(1)));
        assertTrue(columns.getMessage().contains("sum(1)"), columns.getMessage());
        assertThrows(GraphException.class, () -> LatentEnergy.visible(2)
                .binary(2)
                .energy((g, v, h) -> v.mul(h).sum())
                .init(Noise.seed(1)));
        assertThrows(
                GraphException.class,
                () -> LatentEnergy.visible(3)
                        .binary(3)
                        .energy((g, v, h) -> v.mul(h).sum(0))
                        .init(Noise.seed(1)),
                "a sum over rows, where three rows could pass for three columns");
    }

    @Test
    void rejectsIncompleteAndContradictorySentences() {
        assertThrows(SettingException.class, () -> LatentEnergy.visible(0));
        assertThrows(
                SettingException.class, () -> LatentEnergy.visible(1).binary(1).continuous(1));
        assertThrows(
                SettingException.class, () -> LatentEnergy.visible(1).binary(1).init(Noise.seed(1)));
        assertThrows(
                SettingException.class,
                () -> LatentEnergy.visible(1).energy((g, v, h) -> v.sum(1)).init(Noise.seed(1)));
        assertThrows(SettingException.class, () -> LatentEnergy.visible(1).zeros("v", 1));
    }

    @Test
    void theGraphOfAModelMakesTheSameModelAgain() {
        LatentEnergy model = interacting();
        LatentEnergy moved = model.with(model.parameters().with("c", new float[] {0.1f, 0.2f, 0.3f}));
        LatentEnergy again =
                LatentEnergy.of(moved.function().graph(), moved.function().output(), Latents.BINARY);
        assertEquals(
                Set.copyOf(moved.parameters().names()),
                Set.copyOf(again.parameters().names()));
        for (String name : moved.parameters().names()) {
            assertArrayEquals(
                    moved.parameters().values(name), again.parameters().values(name), name);
        }
        var v = Nd4j.createFromArray(new float[][] {{0.7f, -0.6f}, {0, 1}});
        assertArrayEquals(
                moved.freeEnergy(v).toFloatVector(), again.freeEnergy(v).toFloatVector());
    }

    @Test
    void aLoadedGraphIsAModel() {
        SameDiff g = SameDiff.create();
        SDVariable v = g.placeHolder("v", DataType.FLOAT, -1, 1);
        SDVariable h = g.placeHolder("h", DataType.FLOAT, -1, 2);
        SDVariable w = g.var("w", Nd4j.createFromArray(new float[][] {{2, -1}}));
        g.math.square(v).sum(1).sub(v.mmul(w).mul(h).sum(1)).rename("E");
        LatentEnergy model = LatentEnergy.of(g, "E", Latents.BINARY);
        assertEquals(1, model.visible());
        assertEquals(2, model.hidden());
        double expected = 0.25 - Math.log(1 + Math.exp(1)) - Math.log(1 + Math.exp(-0.5));
        assertEquals(
                expected,
                model.freeEnergy(Nd4j.createFromArray(new float[][] {{0.5f}})).getDouble(0),
                1e-6);
        SameDiff bad = SameDiff.create();
        bad.placeHolder("x", DataType.FLOAT, -1, 1).sum(1).rename("E");
        assertThrows(GraphException.class, () -> LatentEnergy.of(bad, "E", Latents.BINARY));
    }
}
