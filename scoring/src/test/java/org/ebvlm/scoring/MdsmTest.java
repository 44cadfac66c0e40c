package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Updater;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.PosteriorFit;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

class MdsmTest {
    private static final double[] ROWS = {0.8, -1.3, -0.2, 0.6, 1.4, 0.3, -0.9, -0.5};
    private static final Data DATA = Data.of("points", new float[] {0, 1, 2, 3}, 2);

    private static Doubles given(EnergyModel model, Expr batch) {
        return new Doubles().set(model.parameters()).set(batch, ROWS);
    }

    private static Phase last(Objective loss, EnergyModel model, Expr batch) {
        List<Phase> phases = loss.phases(model, DATA, batch);
        return phases.get(phases.size() - 1);
    }

    /** The noise of four rows. */
    private static double[] drawn() {
        float[] e = new float[8];
        Noise.seed(3).normal(e, 0, 8);
        return Doubles.widened(e);
    }

    // ---------------------------------------------------------------- noise levels

    @Test
    void levelsRiseInEqualRatiosOrEqualSteps() {
        assertArrayEquals(
                new double[] {0.1, Math.sqrt(0.3), 3},
                NoiseGrid.geometric(0.1, 3).levels(3),
                1e-12);
        assertArrayEquals(
                new double[] {0.01, 0.1, 1, 10}, NoiseGrid.geometric(0.01, 10).levels(4), 1e-12);
        assertArrayEquals(
                new double[] {0.05, 0.4, 0.75, 1.1}, NoiseGrid.linear(0.05, 1.1).levels(4), 1e-12);
        assertArrayEquals(new double[] {0.05}, NoiseGrid.linear(0.05, 1.2).levels(1));
        assertArrayEquals(new double[] {2, 2}, NoiseGrid.geometric(2, 2).levels(2));
    }

    @Test
    void rejectsLevelsThatAreNotARange() {
        double[][] wrong = {{0, 1}, {-1, 1}, {2, 1}, {1, Double.POSITIVE_INFINITY}, {Double.NaN, 1}, {1, Double.NaN}};
        for (double[] range : wrong) {
            assertThrows(SettingException.class, () -> NoiseGrid.geometric(range[0], range[1]));
            assertThrows(SettingException.class, () -> NoiseGrid.linear(range[0], range[1]));
        }
        Mdsm mdsm = Mdsm.noise(NoiseGrid.linear(0.1, 1));
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(SettingException.class, () -> mdsm.sigma0(bad));
        }
    }

    // ---------------------------------------------------------------- the objective

    @Test
    void isTheMeanOverRowsOfTheirOwnNoiseLevels() {
        Grbm model = Models.machine();
        double sigma0 = 0.45;
        double[] sigma = {0.2, 0.4, 0.8, 1.6};
        Expr batch = Expr.input("batch", 4, 2);
        Phase phase = last(Mdsm.noise(NoiseGrid.geometric(0.2, 1.6)).sigma0(sigma0), model, batch);
        Doubles given = given(model, batch).draw(Noise.seed(3), phase.value());
        double[] e = drawn();
        double[] noised = new double[8];
        for (int i = 0; i < 8; i++) {
            noised[i] = ROWS[i] + sigma[i / 2] * e[i];
        }
        Expr v = Expr.input("v", 4, 2);
        double[] score = given(model, batch).set(v, noised).of(model.score(v));
        double pull = 1 / (sigma0 * sigma0);
        double sum = 0;
        for (int i = 0; i < 8; i++) {
            double gap = score[i] / sigma[i / 2] + e[i] * pull;
            // The value has the mean of 1/2 (e / sigma0^2)^2 in place of its sample.
            sum += (gap * gap - e[i] * e[i] * pull * pull + pull * pull) / 2 / 4;
        }
        assertEquals(sum, given.scalar(phase.value()), 1e-9);
    }

    @Test
    void gradientIsTheFiniteDifferenceOfItsValueWithTheNoiseHeld() {
        for (EnergyModel model : List.of(Models.machine(), Models.interacting())) {
            Expr batch = Expr.input("batch", 4, 2);
            Phase phase = last(Mdsm.noise(NoiseGrid.linear(0.4, 1.2)).sigma0(0.7), model, batch);
            Doubles given = given(model, batch).draw(Noise.seed(3), phase.value(), phase.loss());
            assertArrayEquals(
                    given.differences(phase.value(), model.parameters().leaf()),
                    given.of(model.parameters().gradient(phase.loss())),
                    1e-6,
                    model.name());
        }
    }

    @Test
    void withOneLevelItIsDenoisingScoreMatchingOverTheLevelSquared() {
        Grbm model = Models.machine();
        double sigma = 0.6;
        Expr batch = Expr.input("batch", 4, 2);
        Phase many = last(Mdsm.noise(NoiseGrid.geometric(sigma, sigma)), model, batch);
        Phase one = last(Dsm.noiseStd(sigma), model, batch);
        Doubles a = given(model, batch).draw(Noise.seed(3), many.value(), many.loss());
        Doubles b = given(model, batch).draw(Noise.seed(3), one.value(), one.loss());
        assertEquals(b.scalar(one.value()) / (sigma * sigma), a.scalar(many.value()), 1e-9);
        double[] slope = b.of(model.parameters().gradient(one.loss()));
        for (int i = 0; i < slope.length; i++) {
            slope[i] /= sigma * sigma;
        }
        assertArrayEquals(slope, a.of(model.parameters().gradient(many.loss())), 1e-9);
    }

    // ---------------------------------------------------------------- fitting a posterior

    /** Tells the rows apart: row i has the loss 10^i, times the squared distance to the batch if asked for. */
    private record Telling(Expr batch) implements PosteriorFit {
        @Override
        public String name() {
            return "telling";
        }

        @Override
        public int innerSteps() {
            return 1;
        }

        @Override
        public Optional<Updater> updater() {
            return Optional.empty();
        }

        @Override
        public Expr loss(EnergyModel model, Posterior posterior, Expr v) {
            Expr place = Expr.constant(new double[] {1, 10, 100, 1000}, 4);
            return batch == null ? place : place.times(v.minus(batch).square().sum(1));
        }
    }

    private static Phase inner(Objective loss, EnergyModel model, Expr batch) {
        return loss.phases(model, DATA, batch).get(0);
    }

    @Test
    void thePosteriorIsFittedWithOneOverTheNoiseLevelOfEachRow() {
        Grbm model = Models.machine();
        Expr batch = Expr.input("batch", 4, 2);
        Posterior q = Posteriors.bernoulli(model).fittedBy(new Telling(null));
        Estimator vages = Vages.particles(2).posterior(q);
        Phase many = inner(Mdsm.noise(NoiseGrid.geometric(0.1, 0.8)).using(vages), model, batch);
        double expected = (1 / 0.1 + 10 / 0.2 + 100 / 0.4 + 1000 / 0.8) / 4;
        assertEquals(expected, given(model, batch).scalar(many.loss()), 1e-9);
        Phase one = inner(Dsm.noiseStd(0.3).using(vages), model, batch);
        assertEquals(1111 / 4.0, given(model, batch).scalar(one.loss()), 1e-9);
    }

    @Test
    void thePosteriorIsFittedWhereEachRowHasNoiseOfItsLevel() {
        Grbm model = Models.machine();
        Expr batch = Expr.input("batch", 4, 2);
        Posterior q = Posteriors.bernoulli(model).fittedBy(new Telling(batch));
        Estimator vages = Vages.particles(2).posterior(q);
        Phase phase = inner(Mdsm.noise(NoiseGrid.geometric(0.1, 0.8)).using(vages), model, batch);
        double[] e = drawn();
        double expected = 0;
        for (int i = 0; i < 4; i++) {
            double sigma = 0.1 * Math.pow(2, i);
            double length = e[2 * i] * e[2 * i] + e[2 * i + 1] * e[2 * i + 1];
            expected += Math.pow(10, i) * sigma * sigma * length / sigma / 4;
        }
        assertEquals(
                expected, given(model, batch).draw(Noise.seed(3), phase.loss()).scalar(phase.loss()), 1e-9);
    }
}
