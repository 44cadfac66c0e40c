package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GrbmTest {
    private static final double[] POINT = {0.4, -1.1, 0.9};

    static Grbm machine() {
        Grbm drawn = Grbm.visible(3).hidden(4).init(Noise.seed(5));
        return drawn.with(drawn.parameters().with("logStd", new float[] {-0.4f, 0.2f, 0.5f}));
    }

    private static Doubles at(Grbm model, Expr v, double... point) {
        return new Doubles().set(model.parameters()).set(v, point);
    }

    @Test
    void energyIsTheFormulaAtEveryState() {
        Grbm model = machine();
        PlainGrbm plain = new PlainGrbm(model);
        Expr v = Expr.input("v", 1, 3);
        Expr h = Expr.input("h", 1, 4);
        for (int state = 0; state < 16; state++) {
            double energy = at(model, v, POINT).set(h, plain.bits(state)).scalar(model.energy(v, h));
            assertEquals(plain.energy(POINT, plain.bits(state)), energy, 1e-12);
        }
    }

    @Test
    void freeEnergyIsMinusLogOfTheSumOverAllStates() {
        Grbm model = machine();
        Expr v = Expr.input("v", 1, 3);
        double brute = new PlainGrbm(model).freeEnergy(POINT);
        assertEquals(brute, at(model, v, POINT).scalar(model.freeEnergy(v)), 1e-12);
        assertEquals(brute, at(model, v, POINT).scalar(model.asLatentEnergy().freeEnergy(v)), 1e-12, "enumerated");
    }

    @Test
    void scoreIsMinusTheFiniteDifferenceOfTheFreeEnergy() {
        Grbm model = machine();
        Expr v = Expr.input("v", 1, 3);
        double[] slope = at(model, v, POINT).differences(model.freeEnergy(v), v);
        double[] score = at(model, v, POINT).of(model.score(v));
        for (int i = 0; i < 3; i++) {
            assertEquals(-slope[i], score[i], 1e-8);
        }
    }

    @Test
    void hiddenMeanIsTheShareOfStatesWithTheUnitOn() {
        Grbm model = machine();
        PlainGrbm plain = new PlainGrbm(model);
        double[] on = new double[4];
        for (int state = 0; state < 16; state++) {
            double p = Math.exp(plain.freeEnergy(POINT) - plain.energy(POINT, plain.bits(state)));
            for (int j = 0; j < 4; j++) {
                on[j] += p * plain.bits(state)[j];
            }
        }
        Expr v = Expr.input("v", 1, 3);
        assertArrayEquals(on, at(model, v, POINT).of(model.hiddenMean(v)), 1e-12);
    }

    @Test
    void visibleMeanIsWhereTheEnergyIsLowestAndStdItsCurvature() {
        Grbm model = machine();
        Expr v = Expr.input("v", 1, 3);
        Expr h = Expr.input("h", 1, 4);
        double[] state = {1, 0, 1, 1};
        Doubles given = new Doubles().set(model.parameters()).set(h, state);
        double[] lowest = given.of(model.visibleMean(h));
        double[] slope = given.set(v, lowest).differences(model.energy(v, h), v);
        assertArrayEquals(new double[3], slope, 1e-8);
        double[] s = given.of(model.std());
        double[] aside = lowest.clone();
        for (int i = 0; i < 3; i++) {
            aside[i] += s[i];
        }
        double rise = new PlainGrbm(model).energy(aside, state) - new PlainGrbm(model).energy(lowest, state);
        assertEquals(1.5, rise, 1e-6, "one half for each unit one standard deviation away");
        assertArrayEquals(s, Doubles.widened(model.stdValues()), 1e-6);
    }

    @Test
    void numbersInGiveTheSameNumbersOut() {
        Grbm model = machine();
        PlainGrbm plain = new PlainGrbm(model);
        INDArray v = Nd4j.createFromArray(new float[][] {{0.4f, -1.1f, 0.9f}, {0, 2, -1}});
        INDArray h = Nd4j.createFromArray(new float[][] {{1, 0, 1, 1}, {0, 1, 0, 0}});
        assertArrayEquals(new long[] {2}, model.energy(v, h).shape());
        assertEquals(
                plain.energy(new double[] {0, 2, -1}, new double[] {0, 1, 0, 0}),
                model.energy(v, h).getDouble(1),
                1e-4);
        assertEquals(plain.freeEnergy(0, 2, -1), model.freeEnergy(v).getDouble(1), 1e-4);
        assertArrayEquals(new long[] {2, 3}, model.score(v).shape());
        Expr at = Expr.input("v", 1, 3);
        double[] score = at(model, at, 0, 2, -1).of(model.score(at));
        assertArrayEquals(score, model.score(v).getRow(1).toDoubleVector(), 1e-4);
        INDArray columns = v.dup('f').castTo(org.nd4j.linalg.api.buffer.DataType.DOUBLE);
        assertArrayEquals(
                model.freeEnergy(v).toFloatVector(), model.freeEnergy(columns).toFloatVector());
    }

    @Test
    void oneVisibleAndOneHiddenUnitAndOneRowAreEnough() {
        Grbm model =
                Grbm.visible(1).hidden(1).of(new float[] {2}, new float[] {-1}, new float[] {0.5f}, new float[] {2});
        INDArray v = Nd4j.createFromArray(new float[][] {{1.5f}});
        assertEquals(0.125 - Math.log1p(Math.exp(2)), model.freeEnergy(v).getDouble(0), 1e-6);
        assertEquals(-0.25 + 2 / (1 + Math.exp(-2)), model.score(v).getDouble(0), 1e-6);
    }

    @Test
    void ofFixedStdHasNoStdToLearn() {
        Grbm model = Grbm.visible(2).hidden(3).fixedStd(0.5).init(Noise.seed(1));
        assertEquals(2 * 3 + 3 + 2, model.parameters().size());
        assertArrayEquals(new float[] {0.5f, 0.5f}, model.stdValues());
        Expr v = Expr.input("v", 1, 2);
        float[] b = model.parameters().values("b");
        Doubles given = at(model, v, b[0] + 1, b[1]);
        double quadratic = given.scalar(model.freeEnergy(v))
                + given.scalar(model.drive(v).softplus().sum(1));
        assertEquals(2, quadratic, 1e-6, "1/2 (1 / 0.5)^2");
    }

    @Test
    void startsUniformWithinOneOverRootHidden() {
        Grbm model = Grbm.visible(40).hidden(100).init(Noise.seed(3));
        double largest = 0;
        double sum = 0;
        for (float x : model.parameters().values("W")) {
            largest = Math.max(largest, Math.abs(x));
            sum += x;
        }
        assertTrue(largest <= 0.1 && largest > 0.099, "largest " + largest);
        // 4000 uniform numbers on (-0.1, 0.1): the standard error of the mean is 0.1 / sqrt(3 * 4000)
        assertEquals(0, sum / 4000, 4 * 0.1 / Math.sqrt(12_000));
        assertArrayEquals(new float[40], model.parameters().values("logStd"));
    }

    @Test
    void rejectsRowsOfWrongWidth() {
        Grbm model = machine();
        INDArray wide = Nd4j.zeros(2, 5);
        ShapeException error = assertThrows(ShapeException.class, () -> model.score(wide));
        assertTrue(error.getMessage().contains("[n, 3]") && error.getMessage().contains("[2, 5]"), error.getMessage());
        assertThrows(ShapeException.class, () -> model.freeEnergy(Nd4j.zeros(3)));
        assertThrows(ShapeException.class, () -> model.energy(Nd4j.zeros(2, 3), wide));
        assertThrows(ShapeException.class, () -> model.freeEnergy(Expr.input("v", 2, 5)));
        assertThrows(
                ShapeException.class,
                () -> Grbm.visible(2).hidden(2).of(new float[3], new float[2], new float[2], new float[] {1, 1}));
        assertThrows(SettingException.class, () -> Grbm.visible(2).hidden(2).fixedStd(0));
        assertThrows(SettingException.class, () -> Grbm.visible(2).init(Noise.seed(1)), "no hidden units");
    }

    @Test
    void withOtherParametersItIsTheSameFunctionOfThem() {
        Grbm model = machine();
        float[] other = model.parameters().values();
        Arrays.fill(other, 0.25f);
        Grbm moved = model.with(model.parameters().with(other));
        Expr v = Expr.input("v", 1, 3);
        assertEquals(new PlainGrbm(moved).freeEnergy(POINT), at(moved, v, POINT).scalar(model.freeEnergy(v)), 1e-12);
    }
}
