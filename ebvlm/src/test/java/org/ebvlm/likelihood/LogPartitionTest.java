package org.ebvlm.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.InterruptionException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.BernoulliRbm;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.model.DeepBoltzmann;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Machines;
import org.ebvlm.model.Parameters;
import org.ebvlm.model.PlainGrbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.BlockGibbs;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
        assertEquals(Math.log(sum * mesh * mesh), MachineEnumeration.of(model).value(), 1e-6);
    }

    @Test
    void enumerationIsTheSumOverAllStates() {
        for (int hidden : new int[] {1, 2, 5, 9}) {
            Grbm model = machine(4, hidden, 3, hidden);
            LogPartition logZ = MachineEnumeration.of(model);
            assertEquals(new PlainGrbm(model).logPartition(), logZ.value(), 1e-5, hidden + " hidden units");
            assertTrue(logZ.isExact());
        }
    }

    static List<BoltzmannMachine> machines() {
        return Machines.all();
    }

    @ParameterizedTest
    @MethodSource("machines")
    void enumerationIsTheSumOrIntegralOfTheMarginal(BoltzmannMachine model) {
        assertEquals(
                new Machines.Marginal(model).logPartition(),
                MachineEnumeration.of(model).value(),
                1e-6);
    }

    @Test
    void enumerationTakesTheSmallerSideWhereVIsBinary() {
        BernoulliRbm wide = BernoulliRbm.visible(30).hidden(2).init(Noise.seed(1));
        assertTrue(MachineEnumeration.of(wide).method().contains("2^2 "));
        BernoulliRbm high = BernoulliRbm.visible(2).hidden(30).init(Noise.seed(1));
        assertTrue(MachineEnumeration.of(high).method().contains("2^2 "));
        // Turned about, the machine has the same states.
        float[] w = high.parameters().values("W");
        float[] turned = new float[w.length];
        for (int i = 0; i < w.length; i++) {
            turned[i % 30 * 2 + i / 30] = w[i];
        }
        BernoulliRbm about = wide.with(wide.parameters().with("W", turned));
        assertEquals(
                MachineEnumeration.of(high).value(),
                MachineEnumeration.of(about).value(),
                1e-10);
        BernoulliRbm large = BernoulliRbm.visible(30).hidden(30).init(Noise.seed(1));
        assertThrows(SettingException.class, () -> MachineEnumeration.of(large));
    }

    /**
     * Hidden units of -1 and +1 with unit variance, log p~(x) = b . x - |x|^2 / 2 + sum of log(2 cosh(B' x + c)): a mixture of
     * Gaussians N(B h + b, I) with log weights 1/2 |B h + b|^2 + c . h.
     */
    @Test
    void enumerationOfUnitsOfMinusAndPlusOneIsTheSumOfTheMixturesWeights() {
        float[] coupling = {0.7f, -0.4f, 0.9f, 0.2f, 1.1f, -0.6f};
        float[] bias = {0.3f, -0.5f};
        float[] hidden = {0.2f, -0.1f, 0.4f};
        double sum = 0;
        for (int state = 0; state < 8; state++) {
            double log = 0;
            for (int i = 0; i < 2; i++) {
                double mean = bias[i];
                for (int j = 0; j < 3; j++) {
                    mean += coupling[3 * i + j] * (2 * (state >> j & 1) - 1);
                }
                log += 0.5 * mean * mean;
            }
            for (int j = 0; j < 3; j++) {
                log += hidden[j] * (2 * (state >> j & 1) - 1);
            }
            sum += Math.exp(log);
        }
        double expected = Math.log(sum) + Math.log(2 * Math.PI);
        // With units u = (h + 1) / 2: W = 2 B, c = 2 c, b = b - B 1, and an energy that is less by 1/2 |b|^2 - c . 1.
        float[] w = new float[6];
        float[] c = new float[3];
        float[] b = bias.clone();
        double less = 0;
        for (int k = 0; k < 6; k++) {
            w[k] = 2 * coupling[k];
            b[k / 3] -= coupling[k];
        }
        for (int j = 0; j < 3; j++) {
            c[j] = 2 * hidden[j];
            less -= hidden[j];
        }
        less += 0.5 * (b[0] * b[0] + b[1] * b[1]);
        Grbm model = Grbm.visible(2).hidden(3).of(w, c, b, new float[] {1, 1});
        assertEquals(expected, MachineEnumeration.of(model).value() + less, 1e-6);
        LogPartition estimate = Ais.standard().chains(1000).scales(40).of(model, Noise.seed(3));
        assertEquals(expected, estimate.value() + less, 4 * estimate.standardError());
    }

    @ParameterizedTest
    @MethodSource("machines")
    void annealingOfEveryMachineAgreesWithEnumeration(BoltzmannMachine model) {
        double exact = MachineEnumeration.of(model).value();
        Ais ais = Ais.standard().chains(2000).scales(50);
        for (Ais each : List.of(ais, ais.uncentred())) {
            LogPartition estimate = each.of(model, Noise.seed(31));
            assertTrue(estimate.standardError() < 0.05, model + ": " + estimate);
            assertEquals(exact, estimate.value(), 4 * estimate.standardError(), model + ": " + estimate);
            assertTrue(estimate.low() < estimate.value() && estimate.value() < estimate.high(), estimate + "");
            assertFalse(estimate.restsOnFewChains(), estimate + "");
        }
    }

    /** Z = sum over h of the sum over the even units given h. */
    @ParameterizedTest
    @MethodSource("machines")
    void theSumGivenOddUnitsAddsUpToLogZ(BoltzmannMachine model) {
        int odd = model.oddUnits();
        double[] logs = new double[1 << odd];
        for (int state = 0; state < logs.length; state++) {
            float[] h = new float[odd];
            for (int j = 0; j < odd; j++) {
                h[j] = state >> j & 1;
            }
            logs[state] = MachineEnumeration.logSumGiven(model, h);
        }
        double top = Arrays.stream(logs).max().orElseThrow();
        double sum = Arrays.stream(logs).map(each -> Math.exp(each - top)).sum();
        assertEquals(MachineEnumeration.of(model).value(), top + Math.log(sum), 1e-9);
    }

    /** Units of -1 and 1 with modes far apart and far from where v is by itself. */
    @Test
    void centredAnnealingFindsTheModesOfUnitsOfSigns() {
        float[] couplings = new float[200 * 8];
        Noise.seed(1).normal(couplings, 0, couplings.length);
        for (int k = 0; k < couplings.length; k++) {
            couplings[k] *= 0.3f;
        }
        Grbm model = Grbm.visible(200).hidden(8).ofSigns(couplings, new float[8], new float[200]);
        double exact = MachineEnumeration.of(model).value();
        LogPartition estimate = Ais.standard().of(model, Noise.seed(2));
        assertTrue(estimate.standardError() < 0.3, estimate + "");
        assertEquals(exact, estimate.value(), 4 * estimate.standardError(), estimate + "");
        LogPartition uncentred = Ais.standard().uncentred().of(model, Noise.seed(2));
        assertTrue(estimate.effectiveChains() > 10 * uncentred.effectiveChains(), estimate + ", " + uncentred);
        assertTrue(uncentred.toString().contains("uncentred"), uncentred + "");
    }

    @Test
    void annealingADecoupledDeepMachineIsExactInOneStep() {
        for (boolean binary : new boolean[] {true, false}) {
            DeepBoltzmann.Builder plan = DeepBoltzmann.visible(2).hidden(3, 2);
            DeepBoltzmann drawn = (binary ? plan.binaryVisible() : plan).init(Noise.seed(1));
            BoltzmannMachine model = drawn.with(
                    drawn.parameters().with(new float[drawn.parameters().size()]));
            LogPartition estimate = Ais.standard().chains(2).scales(2).of(model, Noise.seed(1));
            double expected = (binary ? 2 * Math.log(2) : Math.log(2 * Math.PI)) + 5 * Math.log(2);
            assertEquals(expected, estimate.value(), 1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("machines")
    void annealingBackwardsFromSamplesOfTheModelAgreesWithEnumeration(BoltzmannMachine model) {
        Data samples = BlockGibbs.sweeps(60).sample(model, 2000, Noise.seed(1));
        Ais ais = Ais.standard().chains(2000).scales(50);
        if (model.evenUnits() > model.visible()) {
            assertThrows(SettingException.class, () -> ais.above(model, samples, Noise.seed(2)));
            return;
        }
        LogPartition estimate = ais.above(model, samples, Noise.seed(2));
        // Chains share samples, which the standard error does not know: half as much again.
        assertEquals(MachineEnumeration.of(model).value(), estimate.value(), 6 * estimate.standardError());
        assertTrue(estimate.standardError() < 0.05 && estimate.method().contains("reverse"), estimate + "");
        assertTrue(estimate.low() < estimate.value() && estimate.value() < estimate.high(), estimate + "");
    }

    @Test
    void onAverageAnnealingIsBelowAndBackwardsAbove() {
        Grbm model = machine(5, 6, 6, 23);
        double exact = MachineEnumeration.of(model).value();
        Data samples = BlockGibbs.sweeps(300).sample(model, 2000, Noise.seed(1));
        Ais rough = Ais.standard().chains(2).scales(2);
        int repeats = 200;
        double[][] gaps = new double[2][repeats];
        for (int i = 0; i < repeats; i++) {
            gaps[0][i] = exact - rough.of(model, Noise.seed(i)).value();
            gaps[1][i] = rough.above(model, samples, Noise.seed(i)).value() - exact;
        }
        for (double[] gap : gaps) {
            double mean = Arrays.stream(gap).average().orElseThrow();
            double error = Math.sqrt(
                    Arrays.stream(gap).map(x -> (x - mean) * (x - mean)).sum() / repeats / (repeats - 1));
            assertTrue(mean > 4 * error, mean + ", standard error " + error);
        }
    }

    @Test
    void annealingThatRestsOnFewChainsSaysSoInWords() {
        Grbm model = machine(10, 8, 6, 24);
        LogPartition rough = Ais.standard().uncentred().chains(100).scales(2).of(model, Noise.seed(1));
        assertTrue(rough.restsOnFewChains());
        assertTrue(rough.toString().contains("warning") && rough.toString().contains("more scales"), rough + "");
        LogPartition fine = Ais.standard().chains(100).scales(200).of(machine(2, 4, 1, 21), Noise.seed(1));
        assertFalse(fine.toString().contains("warning"), fine + "");
        assertTrue(fine.toString().contains("95 %"), fine + "");
    }

    @Test
    void annealingOfParametersThatAreNotNumbersIsAnError() {
        Grbm model = machine(2, 3, 1, 1);
        Grbm bad = model.with(model.parameters().with("c", new float[] {0, Float.NaN, 0}));
        assertThrows(
                DivergenceException.class,
                () -> Ais.standard().chains(2).scales(2).of(bad, Noise.seed(1)));
    }

    @Test
    void annealingThatIsInterruptedGivesNoNumber() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptionException.class, () -> Ais.standard().of(machine(2, 3, 1, 1), Noise.seed(1)));
        assertFalse(Thread.interrupted(), "the error has spent the interrupt");
    }

    @Test
    void enumerationSurvivesStatesOfHugeWeight() {
        Grbm model = Grbm.visible(1)
                .hidden(2)
                .of(new float[] {40, -40}, new float[] {100, 0}, new float[] {0}, new float[] {1});
        // log weights: 0, 100 + 800, 800, 100 (both units cancel)
        double expected = 900 + 0.5 * Math.log(2 * Math.PI);
        assertEquals(expected, MachineEnumeration.of(model).value(), 1e-3);
    }

    @Test
    void enumerationRefusesMillionsOfStates() {
        Grbm large = Grbm.visible(1).hidden(MachineEnumeration.LIMIT + 1).init(Noise.seed(1));
        SettingException error = assertThrows(SettingException.class, () -> MachineEnumeration.of(large));
        assertTrue(error.getMessage().contains("Ais"), error.getMessage());
    }

    @Test
    void annealingAgreesWithEnumerationWithinFourOfItsStandardErrors() {
        List<Grbm> machines =
                List.of(machine(2, 4, 1, 21), machine(2, 4, 2, 22), machine(5, 6, 1.5, 23), machine(10, 8, 1, 24));
        for (Grbm model : machines) {
            double exact = MachineEnumeration.of(model).value();
            LogPartition estimate = Ais.standard().chains(1000).scales(200).of(model, Noise.seed(31));
            assertFalse(estimate.isExact());
            assertTrue(estimate.standardError() < 0.2, model + ": " + estimate);
            assertEquals(exact, estimate.value(), 4 * estimate.standardError(), model + ": " + estimate);
        }
    }

    @Test
    void annealingErsByAsMuchAsItsStandardErrorSays() {
        Grbm model = machine(2, 4, 2, 22);
        double exact = MachineEnumeration.of(model).value();
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
        Grbm model = machine(2, MachineEnumeration.LIMIT + 1, 0.5, 43);
        LogLikelihood measure = LogLikelihood.on(Data.of("origin", new float[4], 2))
                .estimating(Ais.standard().chains(100).scales(20));
        LogPartition logZ = measure.logPartition(model, Noise.seed(1));
        assertTrue(logZ.method().contains("AIS, 100 chains, 20 scales"), logZ.method());
        Measurement measured = measure.measure(Snapshot.of(model, Noise.seed(1)));
        assertEquals(logZ.standardError(), measured.standardError(), 1e-6, "two equal rows have no error of their own");
    }

    @Test
    void logLikelihoodOfBinaryRowsIsTheirLogProbability() {
        for (EnergyModel model : Machines.all()) {
            if (!model.hasBinaryVisible()) {
                continue;
            }
            Machines.Marginal marginal = new Machines.Marginal(model);
            float[] ones = new float[2 * model.visible()];
            Arrays.fill(ones, 1);
            Data rows = Data.of("ones", ones, model.visible());
            double p = marginal.mean(v -> Arrays.stream(v).min().orElseThrow());
            Measurement measured = LogLikelihood.on(rows).measure(Snapshot.of(model, Noise.seed(1)));
            assertEquals(Math.log(p), measured.value(), 1e-5, model.name());
            ones[1] = 0.5f;
            LogLikelihood other = LogLikelihood.on(Data.of("grey", ones, model.visible()));
            DataException error =
                    assertThrows(DataException.class, () -> other.measure(Snapshot.of(model, Noise.seed(1))));
            assertTrue(error.getMessage().contains("0.5 in row"), error.getMessage());
        }
    }

    @Test
    void theIntervalOfALogLikelihoodHoldsRowsAndLogPartition() {
        Grbm model = machine(2, 3, 1, 41);
        float[] values = new float[2 * 400];
        Noise.seed(2).normal(values, 0, values.length);
        LogLikelihood measure = LogLikelihood.on(Data.of("points", values, 2));
        Snapshot now = Snapshot.of(model, Noise.seed(1));
        LogLikelihood.Interval interval = measure.interval(now);
        Measurement measured = measure.measure(now);
        assertEquals(measured.value(), interval.value(), 1e-12);
        assertEquals(1.96 * measured.standardError(), interval.high() - interval.value(), 1e-4);
        assertEquals(1.96 * measured.standardError(), interval.value() - interval.low(), 1e-4);
        Grbm large = machine(2, MachineEnumeration.LIMIT + 1, 0.5, 43);
        LogLikelihood.Interval estimated = LogLikelihood.on(Data.of("origin", new float[4], 2))
                .estimating(Ais.standard().chains(100).scales(20))
                .interval(Snapshot.of(large, Noise.seed(1)));
        LogPartition logZ = estimated.logPartition();
        assertEquals(logZ.high() - logZ.value(), estimated.value() - estimated.low(), 1e-6, "no error of the rows");
        assertEquals(logZ.value() - logZ.low(), estimated.high() - estimated.value(), 1e-6);
        assertTrue(estimated.toString().contains("AIS"), estimated + "");
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
