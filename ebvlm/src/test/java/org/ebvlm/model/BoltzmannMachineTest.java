package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The two sides of every machine, against its energy. */
class BoltzmannMachineTest {

    static List<BoltzmannMachine> machines() {
        return Machines.all();
    }

    /** E at even units [v; h2] and odd units h1. */
    private static double energy(BoltzmannMachine model, double[] even, double[] odd) {
        int visible = model.visible();
        Expr v = Expr.input("v", 1, visible);
        Expr h = Expr.input("h", 1, model.hidden());
        double[] hidden = Numbers.concat(odd, Arrays.copyOfRange(even, visible, even.length));
        return new Doubles()
                .set(model.parameters())
                .set(v, Arrays.copyOf(even, visible))
                .set(h, hidden)
                .scalar(model.energy(v, h));
    }

    /** Real v of no special value, then some h2. */
    private static double[] even(BoltzmannMachine model) {
        double[] x = Machines.bits(5, model.evenUnits());
        for (int i = 0; i < model.visible(); i++) {
            x[i] = model.hasBinaryVisible() ? i % 2 : Math.sin(1 + i);
        }
        return x;
    }

    private static double[] odd(BoltzmannMachine model) {
        return Machines.bits(6, model.oddUnits());
    }

    private static double[] with(double[] x, int i, double value) {
        double[] other = x.clone();
        other[i] = value;
        return other;
    }

    @ParameterizedTest
    @MethodSource("machines")
    void driveIsTheLogOddsOfEachOddUnit(BoltzmannMachine model) {
        Expr x = Expr.input("x", 1, model.evenUnits());
        double[] drive =
                new Doubles().set(model.parameters()).set(x, even(model)).of(model.drive(x));
        assertEquals(model.oddUnits(), drive.length);
        for (int j = 0; j < drive.length; j++) {
            double odds = energy(model, even(model), with(odd(model), j, 0))
                    - energy(model, even(model), with(odd(model), j, 1));
            assertEquals(odds, drive[j], 1e-11);
        }
    }

    @ParameterizedTest
    @MethodSource("machines")
    void evenMeanIsWhereRealUnitsAreLikeliestAndTheShareOfOnesOfBinaryOnes(BoltzmannMachine model) {
        Expr h = Expr.input("h", 1, model.oddUnits());
        double[] mean = new Doubles().set(model.parameters()).set(h, odd(model)).of(model.evenMean(h));
        assertEquals(model.evenUnits(), mean.length);
        for (int i = 0; i < mean.length; i++) {
            if (i < model.visible() && !model.hasBinaryVisible()) {
                double above = energy(model, with(even(model), i, mean[i] + 1), odd(model));
                double below = energy(model, with(even(model), i, mean[i] - 1), odd(model));
                assertEquals(above, below, 1e-10, "even about the mean of unit " + i);
            } else {
                double odds = energy(model, with(even(model), i, 0), odd(model))
                        - energy(model, with(even(model), i, 1), odd(model));
                assertEquals(1 / (1 + Math.exp(-odds)), mean[i], 1e-11);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("machines")
    void whatDriveLeavesOfTheEnergyDependsOnTheEvenUnitsAlone(BoltzmannMachine model) {
        Expr x = Expr.input("x", 1, model.evenUnits());
        double[] drive =
                new Doubles().set(model.parameters()).set(x, even(model)).of(model.drive(x));
        double[] own = new double[2];
        for (int k = 0; k < 2; k++) {
            double[] odd = Machines.bits(k == 0 ? 6 : 1, model.oddUnits());
            own[k] = energy(model, even(model), odd);
            for (int j = 0; j < odd.length; j++) {
                own[k] += drive[j] * odd[j];
            }
        }
        assertEquals(own[0], own[1], 1e-10);
    }

    @ParameterizedTest
    @MethodSource("machines")
    void sidesAreTheNumbersOfTheEnergy(BoltzmannMachine model) {
        BoltzmannMachine.Sides sides = model.sides();
        double[] x = even(model);
        double[] h = odd(model);
        assertEquals(model.hasBinaryVisible() ? 0 : model.visible(), sides.std().length);
        double energy = 0;
        for (int i = 0; i < x.length; i++) {
            double r = i < sides.std().length ? (x[i] - sides.evenBias()[i]) / sides.std()[i] : 0;
            energy += i < sides.std().length ? 0.5 * r * r : -sides.evenBias()[i] * x[i];
            for (int j = 0; j < h.length; j++) {
                energy -= x[i] * sides.coupling()[i * h.length + j] * h[j];
            }
        }
        for (int j = 0; j < h.length; j++) {
            energy -= sides.oddBias()[j] * h[j];
        }
        assertEquals(energy(model, x, h), energy, 1e-10);
    }

    // ---------------------------------------------------------------- conventions of the Gaussian machine

    @Test
    void scaledCouplingIsPlainCouplingWithWTimesTheVariance() {
        for (Grbm plain : List.of(
                (Grbm) Machines.all().get(0),
                Grbm.visible(2).hidden(3).fixedStd(0.4).init(Noise.seed(3)))) {
            Grbm scaled = plain.withScaledCoupling();
            assertTrue(scaled.hasScaledCoupling() && !plain.hasScaledCoupling());
            float[] s = plain.stdValues();
            for (int i = 0; i < 6; i++) {
                double w = plain.parameters().values("W")[i];
                assertEquals(w * s[i / 3] * s[i / 3], scaled.parameters().values("W")[i], 1e-6);
            }
            Expr v = Expr.input("v", 1, 2);
            Expr h = Expr.input("h", 1, 3);
            for (Grbm other : List.of(scaled, scaled.withPlainCoupling())) {
                Doubles a =
                        new Doubles().set(plain.parameters()).set(v, 0.4, -1.1).set(h, 1, 0, 1);
                Doubles b =
                        new Doubles().set(other.parameters()).set(v, 0.4, -1.1).set(h, 1, 0, 1);
                assertEquals(a.scalar(plain.energy(v, h)), b.scalar(other.energy(v, h)), 1e-6);
                assertEquals(a.scalar(plain.freeEnergy(v)), b.scalar(other.freeEnergy(v)), 1e-6);
                assertArrayEquals(a.of(plain.score(v)), b.of(other.score(v)), 1e-5);
                assertArrayEquals(a.of(plain.hiddenMean(v)), b.of(other.hiddenMean(v)), 1e-6);
                assertArrayEquals(a.of(plain.visibleMean(h)), b.of(other.visibleMean(h)), 1e-6);
                assertEquals(plain.fixedStd(), other.fixedStd());
            }
            assertEquals(scaled, scaled.withScaledCoupling());
            assertEquals(plain, plain.withPlainCoupling());
        }
    }

    @Test
    void scaledCouplingHasTheMeanOfTheCommonConvention() {
        Grbm model = Grbm.visible(1)
                .hidden(1)
                .scaledCoupling()
                .of(new float[] {3}, new float[] {0.5f}, new float[] {-1}, new float[] {2});
        Expr v = Expr.input("v", 1, 1);
        Expr h = Expr.input("h", 1, 1);
        Doubles given = new Doubles().set(model.parameters()).set(v, 1.5).set(h, 1);
        assertEquals(2, given.scalar(model.visibleMean(h)), 1e-6, "b + W h");
        assertEquals(1 / (1 + Math.exp(-0.5 - 3 * 1.5 / 4)), given.scalar(model.hiddenMean(v)), 1e-6);
        assertEquals(0.5 * 1.25 * 1.25 - 0.5 - 3 * 1.5 / 4, given.scalar(model.energy(v, h)), 1e-6);
    }

    // ---------------------------------------------------------------- refusals

    @Test
    void deepMachinesRefuseWhatTheyCannotBe() {
        assertThrows(SettingException.class, () -> DeepBoltzmann.visible(2).init(Noise.seed(1)));
        assertThrows(SettingException.class, () -> DeepBoltzmann.visible(2).hidden(2, 0));
        assertThrows(SettingException.class, () -> DeepBoltzmann.visible(2).fixedStd(-1));
        assertThrows(SettingException.class, () -> DeepBoltzmann.visible(2)
                .hidden(1, 1)
                .binaryVisible()
                .fixedStd(1)
                .init(Noise.seed(1)));
        DeepBoltzmann large = DeepBoltzmann.visible(2).hidden(11, 11).init(Noise.seed(1));
        SettingException error = assertThrows(SettingException.class, () -> large.freeEnergy(Expr.input("v", 1, 2)));
        assertTrue(error.getMessage().contains("Vages"), error.getMessage());
    }

    @Test
    void aDeepMachineWithOneSmallLayerOfEitherKindHasAFreeEnergy() {
        Expr v = Expr.input("v", 1, 2);
        for (BoltzmannMachine drawn : List.of(
                DeepBoltzmann.visible(2).hidden(11, 2).init(Noise.seed(1)),
                DeepBoltzmann.visible(2).hidden(2, 11).init(Noise.seed(1)))) {
            BoltzmannMachine model = Machines.moved(drawn, 0.5);

            Doubles given = new Doubles().set(model.parameters()).set(v, 0.4, -0.3);
            double sum = 0;
            Expr h = Expr.input("h", 1, 13);
            Expr energy = model.energy(v, h);
            for (int state = 0; state < 1 << 13; state++) {
                sum += Math.exp(-given.set(h, Machines.bits(state, 13)).scalar(energy));
            }
            assertEquals(-Math.log(sum), given.scalar(model.freeEnergy(v)), 1e-10);
        }
    }
}
