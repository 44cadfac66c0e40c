package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;
import org.junit.jupiter.api.Test;

class PosteriorGapTest {
    private static final float[] POINTS = {0.8f, -1.3f, -0.4f, 0.2f, 1.5f, 0.9f};
    private static final Data ROWS = Data.of("points", POINTS, 2);

    private static double[] byEnumeration(EnergyModel model, Posterior q) {
        double[] each = new double[3];
        for (int i = 0; i < 3; i++) {
            each[i] = Models.divergence(q, model, POINTS[2 * i], POINTS[2 * i + 1]);
        }
        return each;
    }

    private static void assertMeanAndError(double[] each, Measurement measured, double tolerance) {
        double mean = (each[0] + each[1] + each[2]) / 3;
        double squares = 0;
        for (double x : each) {
            squares += (x - mean) * (x - mean);
        }
        assertEquals(mean, measured.value(), tolerance);
        assertEquals(Math.sqrt(squares / 2 / 3), measured.standardError(), tolerance);
    }

    // ---------------------------------------------------------------- binary h

    @Test
    void klOfAMachineIsThatOfAllStates() {
        Grbm model = Models.machine();
        BernoulliPosterior q = Posteriors.bernoulli(model, Network.linear(), Noise.seed(4));
        Measurement measured = PosteriorGap.kl(q).on(ROWS).of(model, Noise.seed(1));
        assertEquals("posteriorKl", measured.name());
        assertTrue(measured.value() > 0.01, measured + "");
        assertMeanAndError(byEnumeration(model, q), measured, 1e-5);
    }

    @Test
    void klOfUnitsThatActOnEachOtherIsThatOfAllStates() {
        LatentEnergy model = Models.interacting();
        BernoulliPosterior q = Posteriors.bernoulli(model, Network.linear(), Noise.seed(4));
        Measurement measured = PosteriorGap.kl(q).on(ROWS).of(model, Noise.seed(1));
        assertMeanAndError(byEnumeration(model, q), measured, 1e-5);
    }

    @Test
    void klOfTheExactPosteriorIsZero() {
        for (EnergyModel model : new EnergyModel[] {Models.machine(), Models.interacting()}) {
            Measurement measured =
                    PosteriorGap.kl(Posteriors.exact(model)).on(ROWS).of(model, Noise.seed(1));
            assertEquals(0, measured.value(), 1e-6, model.name());
        }
    }

    @Test
    void klOfAMachineOfManyUnitsIsWorkedOutUnitByUnit() {
        Grbm model = Grbm.visible(2).hidden(40).init(Noise.seed(3));
        BernoulliPosterior q = Posteriors.bernoulli(model, Network.linear(), Noise.seed(4));
        double[] each = new double[3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 40; j++) {
                double l =
                        logit(q.parameters().values("layer.W"), q.parameters().values("layer.b"), i, j);
                double d =
                        logit(model.parameters().values("W"), model.parameters().values("c"), i, j);
                double a = 1 / (1 + Math.exp(-l));
                double b = 1 / (1 + Math.exp(-d));
                each[i] += a * Math.log(a / b) + (1 - a) * Math.log((1 - a) / (1 - b));
            }
        }
        assertMeanAndError(each, PosteriorGap.kl(q).on(ROWS).of(model, Noise.seed(1)), 1e-4);
    }

    private static double logit(float[] w, float[] b, int row, int unit) {
        return b[unit] + POINTS[2 * row] * w[unit] + POINTS[2 * row + 1] * w[b.length + unit];
    }

    // ---------------------------------------------------------------- real h

    /** Means w v + b with w = 1/2 + shift and a common std, where p(h | v) is N(v / 2, 1 / 2). */
    private static GaussianPosterior linear(LatentEnergy model, double shift, double std) {
        GaussianPosterior q = Posteriors.gaussian(model, Network.linear(), Noise.seed(2));
        float w = (float) (0.5 + shift);
        float logStd = (float) Math.log(std);
        return q.with(q.parameters()
                .with("layer.W", new float[] {w, 0, 0, 0, 0, w, 0, 0})
                .with("layer.b", new float[] {0, 0, logStd, logStd}));
    }

    @Test
    void fisherDivergenceOfGaussiansHasItsClosedForm() {
        LatentEnergy model = Models.halving();
        int n = 2000;
        float[] points = new float[2 * n];
        Noise.seed(8).normal(points, 0, points.length);
        for (double[] setting : new double[][] {{0.3, Math.sqrt(0.5)}, {0, 1.1}, {-0.2, 0.4}}) {
            GaussianPosterior q = linear(model, setting[0], setting[1]);
            double expected = 0;
            for (int i = 0; i < 2 * n; i++) {
                // h = m + s e: -(h - m) / s^2 + 2 (h - v / 2) = e (2 s - 1 / s) + 2 shift v
                double noise = 2 * setting[1] - 1 / setting[1];
                double shift = 2 * setting[0] * points[i];
                expected += 0.5 * (noise * noise + shift * shift) / n;
            }
            Measurement measured =
                    PosteriorGap.fisher(q).on(Data.of("points", points, 2)).of(model, Noise.seed(1));
            // Four standard errors; that of the rows is in it, so it is too wide rather than too narrow.
            assertEquals(expected, measured.value(), 4 * measured.standardError() + 1e-6, q.name());
            assertTrue(measured.standardError() < 0.1 * expected, measured + "");
        }
    }

    @Test
    void fisherDivergenceOfTheExactPosteriorIsZeroForEveryDraw() {
        LatentEnergy model = Models.halving();
        Measurement measured = PosteriorGap.fisher(linear(model, 0, Math.sqrt(0.5)))
                .on(ROWS)
                .particles(2)
                .of(model, Noise.seed(1));
        assertEquals("posteriorFisherDivergence", measured.name());
        assertEquals(0, measured.value(), 1e-9);
    }

    @Test
    void theStandardErrorIsTheSpreadOfRepeatedMeasurements() {
        LatentEnergy model = Models.halving();
        float[] same = new float[2 * 500];
        GaussianPosterior q = linear(model, 0, 1.1);
        // All rows alike, so that the draws alone make the values differ.
        PosteriorGap gap = PosteriorGap.fisher(q).on(Data.of("zeros", same, 2)).particles(3);
        double[] values = new double[100];
        double error = 0;
        double mean = 0;
        for (int i = 0; i < values.length; i++) {
            Measurement measured = gap.of(model, Noise.seed(i));
            values[i] = measured.value();
            error += measured.standardError() / values.length;
            mean += values[i] / values.length;
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        // The spread of 100 values is known to 7 %: four standard errors.
        assertEquals(1, Math.sqrt(squares / 99) / error, 0.29);
    }

    @Test
    void inTrainingItMeasuresThePosteriorAsItThenIs() {
        LatentEnergy model = Models.halving();
        GaussianPosterior q = linear(model, 0.4, 1);
        GaussianPosterior fitted = linear(model, 0, Math.sqrt(0.5));
        float[] values = fitted.parameters().values();
        // The same leaf with the fitted values, as a training gives them.
        Snapshot snapshot = new Snapshot(
                model, p -> p.leaf().equals(q.parameters().leaf()) ? p.with(values) : p, 10, Noise.seed(1));
        assertEquals(0, PosteriorGap.fisher(q).on(ROWS).measure(snapshot).value(), 1e-9);
        assertTrue(PosteriorGap.fisher(q).on(ROWS).of(model, Noise.seed(1)).value() > 0.1);
        assertArrayEquals(values, snapshot.fitted(q).parameters().values());
    }

    @Test
    void rejectsWhatHasNoSuchDivergence() {
        Grbm grbm = Models.machine();
        LatentEnergy real = MlpEnergy.visible(2).hidden(2).width(4).init(Noise.seed(1));
        Posterior bernoulli = Posteriors.bernoulli(grbm);
        Posterior gaussian = Posteriors.gaussian(real);
        assertThrows(SettingException.class, () -> PosteriorGap.fisher(bernoulli));
        assertThrows(SettingException.class, () -> PosteriorGap.fisher(Posteriors.exact(grbm)));
        assertThrows(SettingException.class, () -> PosteriorGap.kl(gaussian));
        Posterior moved = Posteriors.refined(real, gaussian, HiddenLangevin.steps(2));
        assertThrows(SettingException.class, () -> PosteriorGap.fisher(moved));
        assertThrows(SettingException.class, () -> PosteriorGap.kl(bernoulli).particles(3));
        assertThrows(SettingException.class, () -> PosteriorGap.fisher(gaussian).particles(0));
        assertThrows(SettingException.class, () -> PosteriorGap.kl(bernoulli).of(grbm, Noise.seed(1)));
        assertThrows(ShapeException.class, () -> PosteriorGap.kl(bernoulli).on(Data.of("d", new float[6], 3)));
        assertThrows(SettingException.class, () -> PosteriorGap.kl(bernoulli)
                .on(ROWS)
                .of(Grbm.visible(2).hidden(5).init(Noise.seed(1)), Noise.seed(1)));
        LatentEnergy large = LatentEnergy.visible(2)
                .binary(11)
                .energy((g, v, h) -> g.math.square(v).sum(1).add(h.sum(1)))
                .init(Noise.seed(1));
        SettingException error = assertThrows(
                SettingException.class,
                () -> PosteriorGap.kl(Posteriors.bernoulli(large)).on(ROWS).of(large, Noise.seed(1)));
        assertTrue(error.getMessage().contains("11 units"), error.getMessage());
    }
}
