package org.ebvlm.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.PlainGrbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;
import org.junit.jupiter.api.Test;

class LogPartitionTest {
    /** A machine whose parameters are several times those of a fresh one. */
    private static Grbm machine(int visible, int hidden, double size, long seed) {
        Grbm model = Grbm.visible(visible).hidden(hidden).init(Noise.seed(seed));
        Parameters p = model.parameters();
        float[] all = p.values();
        for (int i = 0; i < all.length; i++) {
            all[i] *= (float) size;
        }
        float[] logStd = new float[visible];
        Noise.seed(seed + 1).normal(logStd, 0, visible);
        for (int i = 0; i < visible; i++) {
            logStd[i] *= 0.3f;
        }
        return model.with(p.with(all).with("logStd", logStd));
    }

    @Test
    void enumerationIsTheIntegralOverThePlane() {
        Grbm model = machine(2, 3, 2, 11);
        PlainGrbm plain = new PlainGrbm(model);
        // The trapezoid rule is exact to rounding for a sum of Gaussians much wider than its mesh.
        double mesh = 0.1;
        double sum = 0;
        for (int i = -160; i <= 160; i++) {
            for (int k = -160; k <= 160; k++) {
                sum += Math.exp(-plain.freeEnergy(i * mesh, k * mesh));
            }
        }
        assertEquals(Math.log(sum * mesh * mesh), GrbmEnumeration.of(model).value(), 1e-6);
    }

    @Test
    void enumerationIsTheSumOverAllStates() {
        for (int hidden : new int[] {1, 2, 5, 9}) {
            Grbm model = machine(4, hidden, 3, hidden);
            LogPartition logZ = GrbmEnumeration.of(model);
            assertEquals(new PlainGrbm(model).logPartition(), logZ.value(), 1e-5, hidden + " hidden units");
            assertTrue(logZ.isExact());
        }
    }

    @Test
    void enumerationSurvivesStatesOfHugeWeight() {
        Grbm model = Grbm.visible(1)
                .hidden(2)
                .of(new float[] {40, -40}, new float[] {100, 0}, new float[] {0}, new float[] {1});
        // log weights: 0, 100 + 800, 800, 100 (both units cancel)
        double expected = 900 + 0.5 * Math.log(2 * Math.PI);
        assertEquals(expected, GrbmEnumeration.of(model).value(), 1e-3);
    }

    @Test
    void enumerationRefusesMillionsOfStates() {
        Grbm large = Grbm.visible(1).hidden(GrbmEnumeration.LIMIT + 1).init(Noise.seed(1));
        SettingException error = assertThrows(SettingException.class, () -> GrbmEnumeration.of(large));
        assertTrue(error.getMessage().contains("Ais"), error.getMessage());
    }

    @Test
    void annealingAgreesWithEnumerationWithinFourOfItsStandardErrors() {
        List<Grbm> machines =
                List.of(machine(2, 4, 1, 21), machine(2, 4, 2, 22), machine(5, 6, 1.5, 23), machine(10, 8, 1, 24));
        for (Grbm model : machines) {
            double exact = GrbmEnumeration.of(model).value();
            LogPartition estimate = Ais.standard().chains(1000).scales(200).of(model, Noise.seed(31));
            assertFalse(estimate.isExact());
            assertTrue(estimate.standardError() < 0.2, model + ": " + estimate);
            assertEquals(exact, estimate.value(), 4 * estimate.standardError(), model + ": " + estimate);
        }
    }

    @Test
    void annealingErsByAsMuchAsItsStandardErrorSays() {
        Grbm model = machine(2, 4, 2, 22);
        double exact = GrbmEnumeration.of(model).value();
        double squares = 0;
        int repeats = 60;
        for (int i = 0; i < repeats; i++) {
            LogPartition estimate = Ais.standard().chains(200).scales(20).of(model, Noise.seed(100 + i));
            double z = (estimate.value() - exact) / estimate.standardError();
            squares += z * z;
        }
        // The mean of z^2 is 1 with a standard error of sqrt(2 / 60) for normal z; the bias of the logarithm adds a
        // little.
        assertEquals(1, squares / repeats, 4 * Math.sqrt(2.0 / repeats));
    }

    @Test
    void annealingADecoupledMachineIsExactInOneStep() {
        Grbm model =
                Grbm.visible(2).hidden(3).of(new float[6], new float[3], new float[] {1, -1}, new float[] {0.5f, 2});
        LogPartition estimate = Ais.standard().chains(2).scales(2).of(model, Noise.seed(1));
        assertEquals(Math.log(2 * Math.PI) + 3 * Math.log(2), estimate.value(), 1e-5);
        assertEquals(0, estimate.standardError(), 1e-5);
        assertThrows(SettingException.class, () -> Ais.standard().chains(1));
    }

    @Test
    void logLikelihoodIsTheMeanOfMinusFreeEnergyMinusLogPartition() {
        Grbm model = machine(2, 3, 1, 41);
        PlainGrbm plain = new PlainGrbm(model);
        float[] values = new float[2 * 1203]; // more than one chunk, the last not full
        Noise.seed(2).normal(values, 0, values.length);
        double sum = 0;
        double squares = 0;
        int n = values.length / 2;
        for (int i = 0; i < n; i++) {
            double each = -plain.freeEnergy(values[2 * i], values[2 * i + 1]) - plain.logPartition();
            sum += each;
            squares += each * each;
        }
        double variance = (squares - sum * sum / n) / (n - 1);
        LogLikelihood measure = LogLikelihood.on(Data.of("points", values, 2));
        Measurement measured = measure.measure(Snapshot.of(model, Noise.seed(1)));
        assertEquals(sum / n, measured.value(), 1e-5);
        assertEquals(Math.sqrt(variance / n), measured.standardError(), 1e-5);
        assertEquals("logLikelihood", measured.name());
    }

    @Test
    void logLikelihoodOfManyHiddenUnitsAnnealsAndCarriesTheErrorOfLogZ() {
        Grbm model = machine(2, GrbmEnumeration.LIMIT + 1, 0.5, 43);
        LogLikelihood measure = LogLikelihood.on(Data.of("origin", new float[4], 2))
                .estimating(Ais.standard().chains(100).scales(20));
        LogPartition logZ = measure.logPartition(model, Noise.seed(1));
        assertTrue(logZ.method().contains("AIS, 100 chains, 20 scales"), logZ.method());
        Measurement measured = measure.measure(Snapshot.of(model, Noise.seed(1)));
        assertEquals(logZ.standardError(), measured.standardError(), 1e-6, "two equal rows have no error of their own");
    }

    @Test
    void logLikelihoodIsRefusedWhereLogZIsNotKnown() {
        LatentEnergy other = LatentEnergy.visible(1)
                .binary(1)
                .energy((g, v, h) -> g.math.square(v).sum(1).add(h.sum(1)))
                .init(Noise.seed(1));
        assertFalse(LogLikelihood.isDefinedFor(other));
        LogLikelihood measure = LogLikelihood.on(Data.of("point", new float[1], 1));
        SettingException error =
                assertThrows(SettingException.class, () -> measure.measure(Snapshot.of(other, Noise.seed(1))));
        assertTrue(error.getMessage().contains("a Grbm") && error.getMessage().contains("hint"), error.getMessage());
    }
}
