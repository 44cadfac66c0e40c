package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Phase;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

class FdSsmTest {
    private static final double[] POINT = {0.8, -1.3};

    private static List<EnergyModel> models() {
        return List.of(Models.machine(), Models.interacting());
    }

    @Test
    void gradientIsTheFiniteDifferenceOfTheValue() {
        for (EnergyModel model : models()) {
            Points.assertGradientOfValue(FdSsm.projections(1).stepSize(0.1), model, 1e-6);
            Points.assertGradientOfValue(FdSsm.projections(3), model, 1e-6);
            Points.assertGradientOfValue(FdSsm.projections(2).independentNoise(), model, 1e-6);
        }
    }

    /** The gradient with the same directions, drawn first in both. */
    private static double[] gradient(EnergyModel model, boolean exact, double step) {
        Expr batch = Points.batch();
        Phase phase =
                Points.last(exact ? Ssm.projections(1) : FdSsm.projections(1).stepSize(step), model, batch);
        Doubles given = Points.given(model, batch).draw(Noise.seed(3), phase.loss());
        return Points.gradient(given, model, phase);
    }

    private static double largestGap(double[] a, double[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    @Test
    void gradientApproachesThatOfSlicedScoreMatchingWithTheSquareOfTheStep() {
        for (EnergyModel model : models()) {
            double[] limit = gradient(model, true, 0);
            double coarse = largestGap(limit, gradient(model, false, 0.02));
            double fine = largestGap(limit, gradient(model, false, 0.01));
            assertTrue(coarse > 1e-6, "there is an error to see: " + coarse);
            assertEquals(4, coarse / fine, 0.05, model.name());
            assertArrayEquals(limit, gradient(model, false, 1e-4), 1e-6, model.name());
        }
    }

    @Test
    void theDefaultStepIsATwentiethOfTheStandardDeviationPooledOverColumns() {
        Data data = Data.of("points", new float[] {1, 10, 3, 10, 1, 14, 3, 14}, 2);
        double pooled = Math.sqrt((1 + 4) / 2.0);
        Grbm model = Models.machine();
        double[] values = new double[2];
        for (int which = 0; which < 2; which++) {
            FdSsm loss = FdSsm.projections(1);
            Expr batch = Points.batch();
            Phase phase = (which == 0 ? loss : loss.stepSize(0.05 * pooled))
                    .phases(model, data, batch)
                    .get(0);
            values[which] = Points.given(model, batch)
                    .draw(Noise.seed(3), phase.value())
                    .scalar(phase.value());
        }
        assertEquals(values[0], values[1], 1e-12);
    }

    // ---------------------------------------------------------------- estimated scores

    /** The mean gradient at one point by sums over all h, and over the directions, of which u and -u agree. */
    private static double[] enumerated(EnergyModel model, double e) {
        Enumerated here = Enumerated.exact(model, POINT, new double[2]);
        double[] sum = Enumerated.exact(model, POINT, here.score).gradient();
        for (double sign : new double[] {1, -1}) {
            for (double side : new double[] {1, -1}) {
                double[] at = {POINT[0] + side * e, POINT[1] + side * sign * e};
                double[] z = {side / (2 * e), side * sign / (2 * e)};
                double[] part = Enumerated.exact(model, at, z).gradient();
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += part[i] / 2;
                }
            }
        }
        return sum;
    }

    private static Sampled sampled(EnergyModel model, FdSsm loss, int rows, int runs) {
        Expr batch = Expr.input("batch", rows, 2);
        List<Phase> phases = loss.phases(model, Points.data(), batch);
        Phase phase = phases.get(phases.size() - 1);
        return Sampled.of(
                model.parameters().gradient(phase.loss()),
                runs,
                Stream.concat(Stream.of(model.parameters()), loss.parameters().stream())
                        .toList(),
                Map.of(batch, Sampled.copies(POINT, rows)));
    }

    @Test
    void underTheExactPosteriorTheGradientIsUnbiased() {
        double e = 0.3;
        for (EnergyModel model : models()) {
            double[] expected = enumerated(model, e);
            Vages exact = Vages.particles(2).posterior(Posteriors.exact(model));
            FdSsm loss = FdSsm.projections(1).stepSize(e).using(exact);
            sampled(model, loss, 300, 500).assertAgrees(model.name() + ", common noise", expected);
            sampled(model, loss.independentNoise(), 300, 500).assertAgrees(model.name() + ", own noise", expected);
            sampled(model, loss.using(exact.biasedCovariance()), 300, 500).assertDiffers(model.name(), expected);
        }
    }

    @Test
    void theValueHasTheMeanOfTheObjective() {
        Grbm model = Models.machine();
        Vages exact = Vages.particles(2).posterior(Posteriors.exact(model));
        double e = 0.1;
        Expr batch = Expr.input("batch", 500, 2);
        Phase phase = FdSsm.projections(1)
                .stepSize(e)
                .using(exact)
                .phases(model, Points.data(), batch)
                .get(0);
        Sampled.of(phase.value(), 400, List.of(model.parameters()), Map.of(batch, Sampled.copies(POINT, 500)))
                .assertAgrees("value", new double[] {differenced(model, e)});
    }

    /** 1/2 ||s||^2 and the mean over directions of the difference of scores. */
    private static double differenced(EnergyModel model, double e) {
        Expr v = Expr.input("v", 1, 2);
        Doubles given = new Doubles().set(model.parameters()).set(v, POINT);
        Expr s = model.score(v);
        double[] here = given.of(s);
        double sum = 0.5 * (here[0] * here[0] + here[1] * here[1]);
        for (double sign : new double[] {1, -1}) {
            double[] ahead = given.set(v, POINT[0] + e, POINT[1] + sign * e).of(s);
            double[] back = given.set(v, POINT[0] - e, POINT[1] - sign * e).of(s);
            sum += (ahead[0] - back[0] + sign * (ahead[1] - back[1])) / (4 * e);
        }
        return sum;
    }

    // ---------------------------------------------------------------- the variance

    /** The sum over parameters of the variance of the gradient at one row. */
    private static double variance(EnergyModel model, FdSsm loss) {
        Sampled sampled = sampled(model, loss, 200, 300);
        double sum = 0;
        for (double error : sampled.error) {
            sum += error * error;
        }
        return sum * 300 * 200;
    }

    @Test
    void commonNoiseKeepsTheVarianceFiniteAsTheStepFalls() {
        Grbm model = Models.machine();
        Posterior relaxed = Models.near(model, 0);
        Posterior hard = Models.near(model, 0).hard();
        FdSsm loss = FdSsm.projections(1);
        // Orders in 1 / e: nothing, one, two. A tenfold smaller step shows which.
        double[] growth = {
            growth(model, loss.using(Vages.particles(2).posterior(relaxed))),
            growth(model, loss.using(Vages.particles(2).posterior(hard))),
            growth(model, loss.using(Vages.particles(2).posterior(relaxed)).independentNoise()),
            growth(model, loss.using(ImportanceScore.particles(2)))
        };
        assertTrue(growth[0] < 2, "relaxed: " + growth[0]);
        assertTrue(growth[1] > 3 && growth[1] < 25, "hard: " + growth[1]);
        assertTrue(growth[2] > 50, "independent: " + growth[2]);
        assertTrue(growth[3] < 2, "draws that do not depend on v: " + growth[3]);
    }

    private static double growth(EnergyModel model, FdSsm loss) {
        return variance(model, loss.stepSize(0.01)) / variance(model, loss.stepSize(0.1));
    }

    // ---------------------------------------------------------------- the rest

    @Test
    void posteriorsAreFittedFirstAndHeldThen() {
        Grbm model = Models.machine();
        Posterior q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(5));
        List<Phase> phases = FdSsm.projections(2)
                .using(Vages.particles(2).posterior(q))
                .phases(model, Points.data(), Points.batch());
        assertEquals(
                List.of("negativeElbo", "objective"),
                phases.stream().map(Phase::name).toList());
        assertTrue(q.parameters().gradient(phases.get(1).loss()).is(0));
    }

    @Test
    void refusesBadSettings() {
        assertThrows(SettingException.class, () -> FdSsm.projections(0));
        assertThrows(SettingException.class, () -> FdSsm.projections(1).stepSize(0));
        assertThrows(SettingException.class, () -> FdSsm.projections(1).stepSize(Double.NaN));
        Data same = Data.of("same", new float[] {1, 2, 1, 2}, 2);
        SettingException error = assertThrows(SettingException.class, () -> FdSsm.projections(1)
                .phases(Models.machine(), same, Expr.input("batch", 2, 2)));
        assertTrue(error.getMessage().contains("stepSize"), error.getMessage());
    }
}
