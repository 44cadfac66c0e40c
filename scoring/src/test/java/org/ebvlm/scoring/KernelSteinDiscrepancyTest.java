package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Gaussian;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

class KernelSteinDiscrepancyTest {
    private static final Kernel KERNEL = Imq.bandwidth(1.5);

    /** Without coupling, a Gaussian with mean b and standard deviation one. */
    private static Grbm gaussian(float first, float second) {
        return Grbm.visible(2).hidden(1).of(new float[2], new float[1], new float[] {first, second}, new float[] {1, 1
        });
    }

    private static Grbm coupled() {
        return Grbm.visible(2)
                .hidden(3)
                .of(
                        new float[] {1.2f, -0.7f, 0.4f, 0.3f, 0.9f, -1.1f},
                        new float[] {0.2f, -0.4f, 0.1f},
                        new float[] {0.1f, -0.2f},
                        new float[] {0.8f, 1.1f});
    }

    private static Data rows(int n) {
        return Gaussian.isotropic(new double[] {0.4, 0}, 1).sample(n, Noise.seed(n));
    }

    @Test
    void equalsTheStatisticOfTheScoreOfTheSameGaussianOverManyChunks() {
        Data rows = rows(1203);
        SteinStatistic truth = SteinStatistic.of(KERNEL, rows, Gaussian.isotropic(new double[] {1, -2}, 1));
        Measurement found = KernelSteinDiscrepancy.against(rows).kernel(KERNEL).of(gaussian(1, -2), Noise.seed(1));
        assertEquals("ksd", found.name());
        assertEquals(truth.uStatistic(), found.value(), 1e-5 * truth.uStatistic());
        assertEquals(truth.standardError(), found.standardError(), 1e-5 * truth.standardError());
    }

    @Test
    void comparesEvenlySpacedRowsUpToTheLimit() {
        Data rows = rows(1000);
        Data third = rows.select(IntStream.range(0, 300).map(i -> i * 10 / 3).toArray());
        KernelSteinDiscrepancy all = KernelSteinDiscrepancy.against(rows).kernel(KERNEL);
        assertEquals(
                KernelSteinDiscrepancy.against(third).kernel(KERNEL).of(coupled(), Noise.seed(1)),
                all.rows(300).of(coupled(), Noise.seed(1)));
        assertEquals(all.of(coupled(), Noise.seed(1)), all.rows(1000).of(coupled(), Noise.seed(1)));
        assertEquals(
                2000,
                KernelSteinDiscrepancy.against(rows(2500))
                        .bootstraps(1)
                        .test(coupled(), Noise.seed(1))
                        .rows());
    }

    @Test
    void settlesTheMedianOnTheData() {
        Data rows = rows(200);
        Kernel settled = Imq.medianHeuristic().settledOn(rows);
        assertEquals(
                KernelSteinDiscrepancy.against(rows).kernel(settled).rows(50).of(coupled(), Noise.seed(1)),
                KernelSteinDiscrepancy.against(rows).rows(50).of(coupled(), Noise.seed(1)));
    }

    @Test
    void isUnbiasedByAVariationalScoreWithTheExactPosterior() {
        Grbm model = coupled();
        Data rows = rows(150);
        KernelSteinDiscrepancy exact = KernelSteinDiscrepancy.against(rows).kernel(KERNEL);
        KernelSteinDiscrepancy noisy = exact.using(Vaes.particles(1).posterior(Posteriors.exact(model)));
        double truth = exact.of(model, Noise.seed(1)).value();
        Noise noise = Noise.seed(2);
        double[] values = IntStream.range(0, 40)
                .mapToDouble(i -> noisy.of(model, noise).value())
                .toArray();
        assertEquals(truth, SteinSamples.mean(values), 4 * SteinSamples.std(values) / Math.sqrt(40));
    }

    @Test
    void usesThePosteriorsValuesOfTheMomentAndNotThoseItWasBuiltWith() {
        Grbm model = coupled();
        var built = Posteriors.bernoulli(model);
        float[] moved = built.parameters().values();
        for (int i = 0; i < moved.length; i++) {
            moved[i] = 3 * moved[i] + 1;
        }
        Parameters now = built.parameters().with(moved);
        Snapshot moment = new Snapshot(model, p -> p.leaf().equals(now.leaf()) ? now : p, 1, Noise.seed(3));
        KernelSteinDiscrepancy ksd = KernelSteinDiscrepancy.against(rows(100)).kernel(KERNEL);
        var original = ksd.using(Vaes.particles(2).posterior(built));
        var found = original.measure(moment);
        assertEquals(ksd.using(Vaes.particles(2).posterior(built.with(now))).of(model, Noise.seed(3)), found);
        assertNotEquals(original.of(model, Noise.seed(3)), found);
    }

    @Test
    void testFindsAWrongModelAndLetsARightOnePass() {
        Data rows = rows(300);
        KernelSteinDiscrepancy ksd = KernelSteinDiscrepancy.against(rows);
        assertTrue(ksd.test(gaussian(0.4f, 0), Noise.seed(1)).pValue() > 0.01);
        assertTrue(ksd.test(gaussian(0, 0), Noise.seed(1)).rejectedAt(0.01));
        assertTrue(ksd.correlated(0.1).test(gaussian(-1, 0), Noise.seed(1)).rejectedAt(0.01));
        assertEquals(50, ksd.bootstraps(50).test(gaussian(0, 0), Noise.seed(1)).bootstraps());
    }

    @Test
    void rejectsRowsOfAnotherWidthThanTheModels() {
        Data narrow = Data.of(new float[][] {{1}, {2}});
        var error = assertThrows(
                ShapeException.class,
                () -> KernelSteinDiscrepancy.against(narrow).kernel(KERNEL).of(coupled(), Noise.seed(1)));
        assertTrue(error.getMessage().contains("[n, 2]"), error.getMessage());
    }

    @Test
    void rejectsOneRowAndALimitOfOne() {
        assertThrows(DataException.class, () -> KernelSteinDiscrepancy.against(Data.of(new float[][] {{1, 2}})));
        assertThrows(SettingException.class, () -> KernelSteinDiscrepancy.against(rows(5))
                .rows(1));
    }

    @Test
    void rejectsAModelWhoseScoreIsNotFinite() {
        Grbm diverged = gaussian(Float.NaN, 0);
        var error = assertThrows(
                DataException.class,
                () -> KernelSteinDiscrepancy.against(rows(5)).kernel(KERNEL).of(diverged, Noise.seed(1)));
        assertTrue(error.getMessage().contains("diverged"), error.getMessage());
    }
}
