package org.ebvlm.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Scaling;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.InterruptionException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.BernoulliRbm;
import org.ebvlm.model.BoltzmannMachine;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Machines;
import org.ebvlm.model.Network;
import org.ebvlm.model.Vae;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.sampling.Target;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;
import org.junit.jupiter.api.Test;

class HamiltonianAisTest {
    private static final HamiltonianAis SMALL =
            HamiltonianAis.standard().chains(1000).scales(200);

    private static void assertWithin(double exact, LogPartition estimate, double largestError) {
        assertTrue(estimate.standardError() < largestError, estimate + "");
        assertEquals(exact, estimate.value(), 4 * estimate.standardError(), estimate + "");
        assertTrue(estimate.low() < estimate.value() && estimate.value() < estimate.high(), estimate + "");
        assertFalse(estimate.restsOnFewChains(), estimate + "");
    }

    /** exp(3 - ||(x - mean) / std||^2 / 2). */
    private static Target gaussian(double[] mean, double[] std) {
        int width = mean.length;
        return Target.density("gaussian", width, x -> x.minus(Expr.constant(mean, width))
                .over(Expr.constant(std, width))
                .square()
                .sum(1)
                .times(-0.5)
                .plus(3));
    }

    @Test
    void aGaussianHasItsIntegral() {
        double[] mean = {1, -2, 0.5, 3};
        double[] std = {0.5, 0.1, 1, 0.8};
        double exact = 3 + Math.log(0.5 * 0.1 * 0.8) + 2 * Math.log(2 * Math.PI);
        assertWithin(exact, SMALL.scales(500).of(gaussian(mean, std), Noise.seed(1)), 0.05);
        assertWithin(exact, SMALL.scales(1000).stepSize(0.1).of(gaussian(mean, std), Noise.seed(2)), 0.05);
    }

    @Test
    void theGaussianThatChainsBeginAtIsExactInTwoScales() {
        float[] rows = {1, 10, 5, 30, 3, 20, 7, 0, 4, 20};
        Data data = Data.of("rows", rows, 2);
        // Columns 1, 5, 3, 7, 4 and 10, 30, 20, 0, 20: means 4 and 16, variances 4 and 104.
        double[] mean = {4, 16};
        double[] std = {2, Math.sqrt(104)};
        double exact = 3 + Math.log(std[0] * std[1]) + Math.log(2 * Math.PI);
        LogPartition estimate =
                HamiltonianAis.standard().from(data).chains(20).scales(2).of(gaussian(mean, std), Noise.seed(1));
        assertEquals(exact, estimate.value(), 1e-4);
        assertEquals(0, estimate.standardError(), 1e-4);
    }

    @Test
    void columnsOnDifferentScalesAreTakenFromRows() {
        double[] mean = {200, 0.03};
        double[] std = {40, 0.005};
        // Wider, and beside the target: means 180 and 0.02, standard deviations 60 and 0.01.
        Data rows = Data.of("rows", new float[] {120, 0.01f, 240, 0.03f, 120, 0.03f, 240, 0.01f}, 2);
        double exact = 3 + Math.log(0.2) + Math.log(2 * Math.PI);
        assertWithin(exact, SMALL.from(rows).of(gaussian(mean, std), Noise.seed(11)), 0.05);
    }

    /** d log f / dz = std d log f / dx at x = mean + std z. */
    @Test
    void theSlopeIsThatOfTheDensityInUnitsOfTheFirstGaussian() {
        double[] mean = {200, 0.03};
        double[] std = {40, 0.005};
        double[] first = {180, 0.02};
        double[] unit = {60, 0.01};
        AnnealedLeap leap = new AnnealedLeap(gaussian(mean, std), 1, Scaling.of(first, unit));
        float[] z = {0.5f, -0.25f};
        try (Program program = Program.of(leap.slope(leap.position), leap.logDensity(leap.position))) {
            program.bind(leap.position, z);
            program.run();
            double log = 3;
            for (int k = 0; k < 2; k++) {
                double off = (first[k] + unit[k] * z[k] - mean[k]) / std[k];
                assertEquals(-off * unit[k] / std[k], program.value(0)[k], 1e-5);
                log -= 0.5 * off * off;
            }
            assertEquals(log, program.value(1)[0], 1e-5);
        }
    }

    @Test
    void aColumnThatNeverVariesIsGivenUnitDeviation() {
        Data data = Data.of("rows", new float[] {2, 2, 2}, 1);
        LogPartition estimate = HamiltonianAis.standard()
                .from(data)
                .chains(5)
                .scales(2)
                .of(gaussian(new double[] {2}, new double[] {1}), Noise.seed(1));
        assertEquals(3 + 0.5 * Math.log(2 * Math.PI), estimate.value(), 1e-5);
    }

    @Test
    void machinesOfRealUnitsAgreeWithEnumeration() {
        for (BoltzmannMachine model : Machines.all()) {
            if (model.hasBinaryVisible() || !model.hasFreeEnergy()) {
                continue;
            }
            assertWithin(MachineEnumeration.of(model).value(), SMALL.of(Target.visible(model), Noise.seed(3)), 0.1);
        }
    }

    /** exp(-x^4 / 4) has the integral 2^(-1/2) Gamma(1/4), and Gamma(1/4) = 3.625609908221908311... (Gauss). */
    @Test
    void aDensityOfOnesOwnHasItsIntegral() {
        Target target = Target.density("quartic", 2, x -> x.pow(4).sum(1).times(-0.25));
        double exact = 2 * Math.log(3.625609908221908 / Math.sqrt(2));
        assertWithin(exact, SMALL.of(target, Noise.seed(4)), 0.05);
    }

    @Test
    void realLatentsAreIntegratedByChainsOfBoth() {
        // The joint density of a directed model has the integral one.
        Vae model = Vae.visible(3).hidden(2).decoder(Network.elu(4)).init(Noise.seed(1));
        assertWithin(0, SMALL.of(Target.joint(model), Noise.seed(5)), 0.1);
    }

    /** With two scales and long steps most leaps are rejected, and still the mean weight is Z: without the test, or with a momentum
     * that goes on after a rejection, it is not. */
    @Test
    void theMeanWeightIsZHoweverRoughThePath() {
        Target target = gaussian(new double[] {1.5, -1}, new double[] {0.6, 0.8});
        double z = Math.exp(3) * 0.6 * 0.8 * 2 * Math.PI;
        for (double step : new double[] {0.3, 1, 1.6}) {
            HamiltonianAis rough =
                    HamiltonianAis.standard().chains(200_000).scales(6).stepSize(step);
            LogPartition estimate = rough.of(target, Noise.seed(6));
            assertTrue(estimate.standardError() < 0.02, estimate + "");
            assertEquals(Math.log(z), estimate.value(), 4 * estimate.standardError(), step + ": " + estimate);
        }
    }

    @Test
    void backwardsFromSamplesOfTheTargetAgrees() {
        double[] mean = {1, -2};
        double[] std = {0.5, 0.8};
        float[] rows = new float[20_000];
        Noise.seed(8).normal(rows, 0, rows.length);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (mean[i % 2] + std[i % 2] * rows[i]);
        }
        double exact = 3 + Math.log(0.4) + Math.log(2 * Math.PI);
        Data samples = Data.of("samples", rows, 2);
        // Also from means 1 and -2 and standard deviations of 2.
        Data wide = Data.of("wide", new float[] {-1, -4, 3, 0}, 2);
        for (HamiltonianAis each : List.of(SMALL, SMALL.from(wide))) {
            LogPartition estimate = each.above(gaussian(mean, std), samples, Noise.seed(9));
            assertTrue(estimate.standardError() < 0.05 && estimate.method().startsWith("reverse"), estimate + "");
            assertEquals(exact, estimate.value(), 5 * estimate.standardError(), estimate + "");
        }
    }

    /**
     * Chains that hardly move keep the weight of where they began, so that log w = log f(x) - log p_0(x) has the mean
     * log Z - KL(p_0 | p): with KL(N(0, 1) | N(0, s^2)) = log s + 1 / (2 s^2) - 1/2 for each column.
     */
    @Test
    void stepsThatAreTooShortFindTooLittle() {
        int width = 20;
        double[] std = new double[width];
        Arrays.fill(std, 0.3);
        Target target = gaussian(new double[width], std);
        double exact = 3 + width * (Math.log(0.3) + 0.5 * Math.log(2 * Math.PI));
        int chains = 20_000;
        double[] ones = new double[width];
        Arrays.fill(ones, 1);
        double[] steps = new double[20];
        Arrays.fill(steps, 1e-7);
        double[] logWeights;
        try (AnnealedPaths paths = new AnnealedPaths(target, chains, Scaling.of(new double[width], ones))) {
            paths.begin(null, Noise.seed(1));
            logWeights = paths.anneal(k -> k / 20.0, steps, Noise.seed(2));
        }
        double mean = Arrays.stream(logWeights).average().orElseThrow() + 0.5 * width * Math.log(2 * Math.PI);
        double kl = width * (Math.log(0.3) + 0.5 / 0.09 - 0.5);
        // log w = -(1 / s^2 - 1) ||x||^2 / 2 + ..., and ||x||^2 has the variance 2 d.
        double deviation = (1 / 0.09 - 1) * Math.sqrt(0.5 * width);
        assertEquals(exact - kl, mean, 4 * deviation / Math.sqrt(chains));
        assertWithin(exact, SMALL.of(target, Noise.seed(1)), 0.1);
    }

    @Test
    void theSameNoiseGivesTheSameNumber() {
        Target target = gaussian(new double[] {1}, new double[] {0.5});
        HamiltonianAis few = HamiltonianAis.standard().chains(10).scales(10);
        double once = few.of(target, Noise.seed(1)).value();
        assertEquals(once, few.of(target, Noise.seed(1)).value());
        assertNotEquals(once, few.of(target, Noise.seed(2)).value());
    }

    @Test
    void theLikelihoodOfAnEnergyOfOnesOwn() {
        // E = v^2 + h v for one binary h: p~(v) = exp(-v^2) (1 + exp(-v)), with Z = sqrt(pi) (1 + exp(1/4)).
        LatentEnergy model = LatentEnergy.visible(1)
                .binary(1)
                .energy((g, v, h) -> g.math.square(v).sum(1).add(h.mul(v).sum(1)))
                .init(Noise.seed(1));
        double logZ = Math.log(Math.sqrt(Math.PI) * (1 + Math.exp(0.25)));
        LogLikelihood measure = LogLikelihood.on(Data.of("points", new float[] {0, 1}, 1));
        double expected = 0.5 * (Math.log(2) + Math.log(Math.exp(-1) + Math.exp(-2))) - logZ;
        Measurement measured = measure.estimating(SMALL).measure(Snapshot.of(model, Noise.seed(1)));
        LogPartition estimate = measure.estimating(SMALL).logPartition(model, Noise.seed(1));
        assertTrue(estimate.standardError() < 0.05, estimate + "");
        assertEquals(expected, measured.value(), 4 * estimate.standardError());
        SettingException error =
                assertThrows(SettingException.class, () -> measure.measure(Snapshot.of(model, Noise.seed(1))));
        assertTrue(error.getMessage().contains("HamiltonianAis"), error.getMessage());
    }

    @Test
    void aMachineThatCanBeEnumeratedStillIs() {
        Grbm model = Grbm.visible(2).hidden(3).init(Noise.seed(1));
        LogLikelihood measure =
                LogLikelihood.on(Data.of("point", new float[2], 2)).estimating(SMALL);
        assertTrue(measure.logPartition(model, Noise.seed(1)).isExact());
        Grbm large = Grbm.visible(2).hidden(MachineEnumeration.LIMIT + 1).init(Noise.seed(1));
        LogPartition estimate = measure.logPartition(large, Noise.seed(1));
        assertTrue(estimate.method().contains("Hamiltonian AIS, 1000 chains, 200 scales"), estimate + "");
        EnergyModel binary = BernoulliRbm.visible(30).hidden(30).init(Noise.seed(1));
        assertThrows(SettingException.class, () -> measure.logPartition(binary, Noise.seed(1)));
    }

    @Test
    void whatCannotBeDoneIsRefused() {
        Target target = gaussian(new double[2], new double[] {1, 1});
        Data wide = Data.of("wide", new float[6], 3);
        List.<Runnable>of(
                        () -> HamiltonianAis.standard().chains(1),
                        () -> HamiltonianAis.standard().scales(1),
                        () -> HamiltonianAis.standard().stepSize(0),
                        () -> SMALL.of(Target.field("field", 2, x -> x.neg()), Noise.seed(1)))
                .forEach(each -> assertThrows(SettingException.class, each::run));
        assertThrows(ShapeException.class, () -> SMALL.from(wide).of(target, Noise.seed(1)));
        assertThrows(ShapeException.class, () -> SMALL.above(target, wide, Noise.seed(1)));
        Grbm model = Grbm.visible(2).hidden(3).init(Noise.seed(1));
        Target several = Target.visible(model, Data.of("h", new float[6], 3));
        SettingException error = assertThrows(SettingException.class, () -> SMALL.of(several, Noise.seed(1)));
        assertTrue(error.getMessage().contains("2 rows given"), error.getMessage());
        Target bad = Target.density("bad", 1, x -> x.log().sum(1));
        DivergenceException outside = assertThrows(DivergenceException.class, () -> SMALL.of(bad, Noise.seed(1)));
        assertTrue(outside.getMessage().contains("from(rows)"), outside.getMessage());
    }

    @Test
    void anInterruptGivesNoNumber() {
        Thread.currentThread().interrupt();
        Target target = gaussian(new double[2], new double[] {1, 1});
        assertThrows(InterruptionException.class, () -> SMALL.of(target, Noise.seed(1)));
        assertFalse(Thread.interrupted(), "the error has spent the interrupt");
    }
}
