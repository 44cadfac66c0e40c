package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Gaussian;
import org.ebvlm.datasets.GaussianMixture;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Snapshot;
import org.ebvlm.variational.BernoulliPosterior;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FisherDivergenceTest {
    private static Noise seed() {
        return Noise.seed(11);
    }

    /** N(mean, std^2 I) as a machine: W = 0, so that the hidden units are coins without effect. */
    private static Grbm gaussian(int width, double mean, double std) {
        float[] b = new float[width];
        float[] s = new float[width];
        Arrays.fill(b, (float) mean);
        Arrays.fill(s, (float) std);
        return Grbm.visible(width).hidden(2).of(new float[2 * width], new float[] {0.3f, -1}, b, s);
    }

    /** 1/2 E || -(v - mean) / std^2 + v ||^2 for v from N(0, I). */
    private static double closedForm(int width, double mean, double std) {
        double precision = 1 / (std * std);
        return 0.5 * width * ((1 - precision) * (1 - precision) + mean * mean * precision * precision);
    }

    private static Data standardNormal(int width, int rows) {
        return Gaussian.isotropic(new double[width], 1).sample(rows, Noise.seed(4));
    }

    /** The marginal of a machine: a mixture with one Gaussian for each state of h. */
    private static GaussianMixture marginal(Grbm model) {
        int hidden = model.hidden();
        float[] w = model.parameters().values("W");
        float[] b = model.parameters().values("b");
        float[] c = model.parameters().values("c");
        double[] s = Doubles.widened(model.stdValues());
        double[] weights = new double[1 << hidden];
        List<Gaussian> components = new ArrayList<>();
        for (int state = 0; state < weights.length; state++) {
            double[] h = Models.bits(state, hidden);
            double[] mean = new double[s.length];
            // The integral over v of exp(-E(v, h)) is proportional to exp(c . h + b . a + 1/2 ||s a||^2) with a = W h.
            double log = 0;
            for (int i = 0; i < mean.length; i++) {
                double a = 0;
                for (int j = 0; j < hidden; j++) {
                    a += w[i * hidden + j] * h[j];
                }
                mean[i] = b[i] + s[i] * s[i] * a;
                log += b[i] * a + 0.5 * s[i] * s[i] * a * a;
            }
            for (int j = 0; j < hidden; j++) {
                log += c[j] * h[j];
            }
            weights[state] = Math.exp(log);
            components.add(Gaussian.diagonal(mean, s));
        }
        double total = Arrays.stream(weights).sum();
        return GaussianMixture.of(Arrays.stream(weights).map(w0 -> w0 / total).toArray(), components);
    }

    private static void assertWithin(double expected, Measurement measured, double otherError) {
        double error = Math.hypot(measured.standardError(), otherError);
        assertTrue(error > 0 && Double.isFinite(error), "standard error " + error);
        assertEquals(expected, measured.value(), 4 * error, measured + ", combined standard error " + error);
    }

    // ---------------------------------------------------------------- known divergences

    @ParameterizedTest
    @CsvSource({
        "2, 0.5, 1, 1000",
        "2, -0.3, 1.5, 1000",
        "50, 0.1, 1.25, 2000",
        "200, 0.2, 1, 1000",
        "200, 0.05, 1.2, 2000"
    })
    void valueBetweenGaussiansIsTheClosedFormWithinItsOwnError(int width, double mean, double std, int steps) {
        Measurement measured = FisherDivergence.against(standardNormal(width, 20_000))
                .criticSteps(steps)
                .of(gaussian(width, mean, std), seed());
        assertWithin(closedForm(width, mean, std), measured, 0);
        assertTrue(measured.standardError() < 0.05 * measured.value(), "says something: " + measured);
    }

    @Test
    void valueNearZeroWhereTheDataComeFromTheModel() {
        Grbm model = Models.machine();
        Data own = marginal(model).sample(20_000, Noise.seed(9));
        assertEquals(0, ExactFisherDivergence.against(own).of(model, seed()).value(), 1e-10, "the oracle itself");
        Measurement learned = FisherDivergence.against(own).criticSteps(1000).of(model, seed());
        assertWithin(0, learned, 0);
        assertTrue(learned.standardError() < 0.01, "says something: " + learned);
    }

    @Test
    void valueOnTheNoisedCheckerboardIsThatWithTheTrueScore() {
        Data board = Datasets.checkerboard(40_000, Noise.seed(2)).noised(0.25, Noise.seed(3));
        Grbm model = Grbm.visible(2)
                .hidden(2)
                .of(new float[] {3, -2, 2, 1}, new float[] {-1, 0}, new float[] {0.3f, 0.4f}, new float[] {0.4f, 0.5f});
        Measurement exact = ExactFisherDivergence.against(board).of(model, seed());
        Measurement learned = FisherDivergence.against(board).of(model, seed());
        assertWithin(exact.value(), learned, exact.standardError());
    }

    @Test
    void saysSoWhereNoCriticGainsAnything() {
        // The model is right, and 100 rows of 50 numbers teach a critic nothing but these rows.
        FisherDivergence.Estimate estimate = FisherDivergence.against(standardNormal(50, 100))
                .criticRate(0.05)
                .estimate(Snapshot.of(gaussian(50, 0, 1), seed()));
        assertTrue(estimate.foundNothing(), estimate.toString());
        assertTrue(estimate.toString().contains("no critic gained anything"), estimate.toString());
        assertTrue(estimate.measurement().toString().contains("not known"), estimate.toString());
    }

    // ---------------------------------------------------------------- same seed, other models

    private static FisherDivergence quick(Data data) {
        return FisherDivergence.against(data).criticSteps(200).critic(Network.elu(16));
    }

    @Test
    void sameSeedGivesTheSameValueAndAnotherSeedAnother() {
        Data data = standardNormal(3, 1000);
        Grbm model = gaussian(3, 0.4, 1.2);
        Measurement first = quick(data).of(model, Noise.seed(1));
        assertEquals(first, quick(data).of(model, Noise.seed(1)));
        assertNotEquals(first.value(), quick(data).of(model, Noise.seed(2)).value());
        assertEquals("fisherDivergence", first.name());
        assertEquals(quick(data).name(), first.name());
    }

    @Test
    void aBetterModelHasASmallerValue() {
        Data data = standardNormal(12, 3000);
        double last = Double.NEGATIVE_INFINITY;
        for (double mean : new double[] {0, 0.3, 0.6, 1.2}) {
            double value = quick(data).of(gaussian(12, mean, 1.1), seed()).value();
            assertTrue(value > last, "mean " + mean + ": " + value + " after " + last);
            last = value;
        }
    }

    @Test
    void valueDoesNotDependOnTheUnitOfLengthButForItsSquare() {
        Data data = standardNormal(2, 2000);
        float[] eightfold = data.values().clone();
        for (int i = 0; i < eightfold.length; i++) {
            eightfold[i] *= 8;
        }
        Measurement one = quick(data).of(gaussian(2, 0.5, 1.25), seed());
        Measurement eight = quick(Data.of("in other units", eightfold, 2)).of(gaussian(2, 4, 10), seed());
        assertEquals(one.value(), 64 * eight.value(), 0.01 * one.value());
        assertEquals(one.standardError(), 64 * eight.standardError(), 0.01 * one.standardError());
    }

    // ---------------------------------------------------------------- estimated scores

    @Test
    void valueIsUnbiasedByVaesUnderTheExactPosteriorAndUnderAFittedOneThatIsAsGood() {
        Grbm model = Models.machine();
        Data data = standardNormal(2, 20_000);
        Measurement exact = ExactFisherDivergence.against(data).of(model, seed());
        FisherDivergence learned = FisherDivergence.against(data).criticSteps(1000);
        ScoreEstimator own = Vaes.particles(1).posterior(Posteriors.exact(model));
        assertWithin(exact.value(), learned.using(own).of(model, seed()), exact.standardError());
        ScoreEstimator fitted =
                Vaes.particles(2).posterior(Models.near(model, 0).hard());
        assertWithin(exact.value(), learned.using(fitted).of(model, seed()), exact.standardError());
    }

    /** Mean over rows of 1/2 || -(v - b) / s^2 + W sigmoid(l(v)) + v ||^2, with l the logits of a linear encoder. */
    private static double underEncoder(Grbm model, BernoulliPosterior q, Data data) {
        float[] w = model.parameters().values("W");
        float[] b = model.parameters().values("b");
        float[] s = model.stdValues();
        float[] weights = q.parameters().values("layer.W");
        float[] bias = q.parameters().values("layer.b");
        double sum = 0;
        for (int r = 0; r < data.rows(); r++) {
            float[] v = data.row(r);
            double[] gap = new double[2];
            for (int i = 0; i < 2; i++) {
                gap[i] = -(v[i] - b[i]) / (s[i] * s[i]) + v[i];
                for (int j = 0; j < bias.length; j++) {
                    double logit = bias[j] + v[0] * weights[j] + v[1] * weights[bias.length + j];
                    gap[i] += w[i * bias.length + j] / (1 + Math.exp(-logit));
                }
            }
            sum += 0.5 * (gap[0] * gap[0] + gap[1] * gap[1]);
        }
        return sum / data.rows();
    }

    @Test
    void aPosteriorFarFromTheModelsOwnGivesTheDivergenceOfItsOwnScore() {
        Grbm model = Models.machine();
        Data data = standardNormal(2, 20_000);
        BernoulliPosterior far = Models.near(model, 3).hard();
        Measurement measured = FisherDivergence.against(data)
                .criticSteps(1000)
                .using(Vaes.particles(2).posterior(far))
                .of(model, seed());
        assertWithin(underEncoder(model, far, data), measured, 0);
        double exact = ExactFisherDivergence.against(data).of(model, seed()).value();
        double own = underEncoder(model, Models.near(model, 0), data);
        assertEquals(exact, own, 1e-5 * exact, "the oracle itself");
        assertTrue(Math.abs(measured.value() - exact) > 4 * measured.standardError(), measured + " and " + exact);
    }

    @Test
    void aPosteriorThatIsBeingFittedHasItsValuesOfThatMoment() {
        Grbm model = Models.machine();
        Data data = standardNormal(2, 500);
        BernoulliPosterior before = Models.near(model, 2).hard();
        Parameters now = Models.near(model, 0.5).parameters();
        Snapshot moment = new Snapshot(
                model, p -> p.leaf().equals(before.parameters().leaf()) ? p.with(now.values()) : p, 7, seed());
        Measurement measured =
                quick(data).using(Vaes.particles(2).posterior(before)).measure(moment);
        Measurement expected = quick(data)
                .using(Vaes.particles(2)
                        .posterior(before.with(before.parameters().with(now.values()))))
                .of(model, Noise.seed(11));
        assertEquals(expected, measured);
    }

    // ---------------------------------------------------------------- errors

    @Test
    void rejectsTooFewRows() {
        ShapeException error =
                assertThrows(ShapeException.class, () -> FisherDivergence.against(standardNormal(2, 99)));
        assertTrue(error.getMessage().contains("99") && error.getMessage().contains("100 or more"), error.getMessage());
        Measurement few = quick(standardNormal(2, 100)).of(gaussian(2, 0.5, 1), seed());
        assertTrue(Double.isFinite(few.value()) && few.standardError() > 0, "one hundred are enough: " + few);
    }

    @Test
    void rejectsAModelOfAnotherWidth() {
        EnergyModel wide = gaussian(3, 0, 1);
        ShapeException error = assertThrows(
                ShapeException.class, () -> quick(standardNormal(2, 200)).of(wide, seed()));
        assertTrue(
                error.getMessage().contains("[n, 3]") && error.getMessage().contains("[200, 2]"), error.getMessage());
    }

    @Test
    void rejectsSettingsWithWhichNothingCouldBeLearned() {
        FisherDivergence divergence = FisherDivergence.against(standardNormal(2, 200));
        for (int steps : new int[] {19, 0, -5}) {
            String message = assertThrows(SettingException.class, () -> divergence.criticSteps(steps))
                    .getMessage();
            assertTrue(message.contains("20 or more") && message.contains("" + steps), message);
        }
        for (double rate : new double[] {0, -1e-3, Double.NaN, Double.POSITIVE_INFINITY}) {
            String message = assertThrows(SettingException.class, () -> divergence.criticRate(rate))
                    .getMessage();
            assertTrue(message.contains("expected") && message.contains("" + rate), message);
        }
        Measurement shortest = divergence.criticSteps(20).of(gaussian(2, 0, 1), seed());
        assertTrue(Double.isFinite(shortest.value()), "" + shortest);
    }

    @Test
    void aMachineWhoseScoreIsNotKnownAsksForAnEstimate() {
        EnergyModel real = MlpEnergy.visible(2).hidden(2).width(4).init(Noise.seed(1));
        SettingException error = assertThrows(
                SettingException.class, () -> quick(standardNormal(2, 200)).of(real, seed()));
        assertTrue(error.getMessage().contains("Vaes"), error.getMessage());
    }
}
