package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.graph.Expr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What holds of every model whose free energy is known. */
class EnergyModelTest {
    private static final int ROWS = 3;

    static List<EnergyModel> models() {
        List<EnergyModel> all = new ArrayList<>(Machines.all());
        all.add(LatentEnergyTest.interacting());
        all.add(EnergyTest.bumpy());
        return all;
    }

    private static double[] numbers(int n) {
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = Math.sin(1 + 0.9 * i);
        }
        return x;
    }

    private static Expr rows(EnergyModel model) {
        return Expr.input("v", ROWS, model.visible());
    }

    private static Doubles at(EnergyModel model, Expr v) {
        return new Doubles().set(model.parameters()).set(v, numbers(v.size()));
    }

    @ParameterizedTest
    @MethodSource("models")
    void freeEnergyIsMinusLogOfTheSumOverAllStates(EnergyModel model) {
        Expr v = rows(model);
        Expr h = Expr.input("h", ROWS, model.hidden());
        double[] sums = new double[ROWS];
        for (int state = 0; state < 1 << model.hidden(); state++) {
            double[] each = new double[ROWS * model.hidden()];
            for (int i = 0; i < each.length; i++) {
                each[i] = state >> (i % model.hidden()) & 1;
            }
            double[] energies = at(model, v).set(h, each).of(model.energy(v, h));
            for (int r = 0; r < ROWS; r++) {
                sums[r] += Math.exp(-energies[r]);
            }
        }
        double[] free = at(model, v).of(model.freeEnergy(v));
        for (int r = 0; r < ROWS; r++) {
            assertEquals(-Math.log(sums[r]), free[r], 1e-11);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void scoreIsMinusTheFiniteDifferenceOfTheFreeEnergy(EnergyModel model) {
        Expr v = rows(model);
        double[] slope = at(model, v).differences(model.freeEnergy(v), v);
        assertArrayEquals(slope, at(model, v).of(model.score(v).neg()), 1e-8);
    }

    @ParameterizedTest
    @MethodSource("models")
    void parameterGradientsAreFiniteDifferences(EnergyModel model) {
        Expr v = rows(model);
        Expr free = model.freeEnergy(v).sum();
        double[] slope = at(model, v).differences(free, model.parameters().leaf());
        assertArrayEquals(slope, at(model, v).of(model.parameters().gradient(free)), 1e-7);
    }

    @ParameterizedTest
    @MethodSource("models")
    void numbersInGiveTheSameNumbersOut(EnergyModel model) {
        Expr v = rows(model);
        INDArray rows =
                Nd4j.createFromArray(Numbers.narrowed(numbers(v.size()))).reshape(ROWS, model.visible());
        assertArrayEquals(
                at(model, v).of(model.freeEnergy(v)), model.freeEnergy(rows).toDoubleVector(), 1e-4);
        double[] score = at(model, v).of(model.score(v));
        assertArrayEquals(new long[] {ROWS, model.visible()}, model.score(rows).shape());
        assertArrayEquals(score, model.score(rows).reshape(score.length).toDoubleVector(), 1e-4);
    }

    @ParameterizedTest
    @MethodSource("models")
    void itSaysWhatItIsInALine(EnergyModel model) {
        assertTrue(model.toString().startsWith(model.name()), model.toString());
        assertEquals(1, model.toString().lines().count());
        assertFalse(model.isNormalised());
        assertTrue(model.hasFreeEnergy());
        assertEquals(model.hidden() == 0, model.latents() == Latents.NONE);
        assertEquals(
                model.toString(),
                model.with(model.parameters().with(new float[model.parameters().size()]))
                        .toString());
    }
}
