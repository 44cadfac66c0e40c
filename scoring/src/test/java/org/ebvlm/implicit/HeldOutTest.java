package org.ebvlm.implicit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.linear.Dense;
import org.ebvlm.noise.Noise;
import org.ebvlm.scoring.Rbf;
import org.ebvlm.training.Measurement;
import org.junit.jupiter.api.Test;

class HeldOutTest {

    /** s(y) = -(y - m) / h^2 of one sample m: loss = ||y - m||^2 / (2 h^4) - d / h^2, exactly. */
    @Test
    void theLossOfAKnownScoreIsItsClosedForm() {
        SampleScore score = Kde.kernel(Rbf.bandwidth(2)).fit(Samples.of(new double[] {1, -1, 0.5}, 3));
        double[] y = Clouds.normal(4, 3, 1);
        double mean = 0;
        for (int i = 0; i < 4; i++) {
            double[] both = {y[3 * i], y[3 * i + 1], y[3 * i + 2], 1, -1, 0.5};
            mean += (Clouds.squaredDistance(both, 0, 1, 3) / 32 - 3 / 4.0) / 4;
        }
        assertEquals(mean, HeldOut.loss(score, Samples.of(y, 3), Noise.seed(1)).value(), 1e-8);
    }

    /** Of a linear field the probe's quadratic form of signs has no variance if its matrix is diagonal. */
    @Test
    void theRandomDirectionOfManyCoordinatesGivesTheDivergence() {
        SampleScore score = Kde.kernel(Rbf.bandwidth(2)).fit(Samples.of(new double[20], 20));
        double[] y = Clouds.normal(3, 20, 2);
        double mean = Dense.dot(y, 0, y, 0, 60) / 3 / 32 - 20 / 4.0;
        assertEquals(mean, HeldOut.loss(score, Samples.of(y, 20), Noise.seed(1)).value(), 1e-7);
    }

    /** E of the loss is the Fisher divergence less E ||s||^2 / 2 of the truth; here -d/2 for the truth itself. */
    @Test
    void itChoosesABandwidthThatIsNeitherFarTooSmallNorFarTooLarge() {
        List<Stein> candidates = List.of(
                Stein.kernel(Rbf.bandwidth(0.05)), Stein.kernel(Rbf.bandwidth(1.7)), Stein.kernel(Rbf.bandwidth(80)));
        HeldOut.Choice<SampleScore> choice =
                HeldOut.folds(4).choose(candidates, Clouds.samples(200, 2, 3), Noise.seed(1));
        assertEquals(candidates.get(1), choice.best());
        Measurement best = choice.losses().get(1);
        // Above -1 in the mean; here by a Fisher divergence of some hundredths.
        assertTrue(best.value() > -1 - 4 * best.standardError() && best.value() < -0.7, choice.toString());
        assertEquals(4, choice.toString().lines().count());
    }

    @Test
    void itChoosesARidgeAsWell() {
        Stein stein = Stein.kernel(Rbf.bandwidth(1.7));
        List<Stein> candidates = List.of(stein.ridge(1e-6), stein.ridge(1), stein.ridge(1e4));
        HeldOut.Choice<SampleScore> choice =
                HeldOut.folds(4).choose(candidates, Clouds.samples(200, 2, 3), Noise.seed(1));
        assertEquals(stein.ridge(1).name(), choice.best().name());
    }

    @Test
    void whatCannotBeChosenFromIsRefused() {
        Samples few = Clouds.samples(3, 2, 4);
        assertThrows(SettingException.class, () -> HeldOut.folds(1));
        assertThrows(DataException.class, () -> HeldOut.folds(2).choose(List.of(Stein.gaussian()), few, Noise.seed(1)));
        assertThrows(SettingException.class, () -> HeldOut.folds(2).choose(List.<Stein>of(), few, Noise.seed(1)));
    }
}
