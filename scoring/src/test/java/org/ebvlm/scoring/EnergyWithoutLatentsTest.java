package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Energy;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Run;
import org.ebvlm.training.Snapshot;
import org.ebvlm.training.Training;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

/** A model without hidden units, through the same sentences. */
class EnergyWithoutLatentsTest {
    private static final Energy GAUSSIAN = Models.plainGaussian(2);

    private static Data points(int rows, double mean, double std) {
        float[] values = new float[2 * rows];
        Noise.seed(6).normal(values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean + std * values[i]);
        }
        return Data.of("points", values, 2);
    }

    @Test
    void denoisingScoreMatchingFindsTheMeanAndTheVarianceOfTheNoisedData() {
        Run run = Training.of(GAUSSIAN)
                .minimizing(Dsm.noiseStd(0.5))
                .on(points(2000, 1, 0.8))
                .batches(100)
                .with(Adam.rate(0.02))
                .steps(800)
                .averaging(0.99)
                .fit(Noise.seed(1));
        EnergyModel fitted = run.model();
        for (int i = 0; i < 2; i++) {
            // 2000 rows know the mean to 0.02 and the logarithm of the standard deviation to 0.02.
            assertEquals(1, fitted.parameters().values("b")[i], 0.1);
            assertEquals(0.5 * Math.log(0.64 + 0.25), fitted.parameters().values("logStd")[i], 0.08);
        }
    }

    @Test
    void divergencesAreThoseOfTheSameDensityWithAHiddenCoin() {
        Snapshot plain = Snapshot.of(GAUSSIAN, Noise.seed(1));
        Snapshot coin = Snapshot.of(Models.gaussian(2), Noise.seed(1));
        Data data = points(300, 0.5, 1);
        KernelSteinDiscrepancy stein = KernelSteinDiscrepancy.against(data);
        assertEquals(stein.measure(coin).value(), stein.measure(plain).value(), 1e-5);
        FisherDivergence fisher = FisherDivergence.against(data).criticSteps(20);
        assertEquals(fisher.measure(coin).value(), fisher.measure(plain).value(), 1e-3);
    }

    @Test
    void variationalEstimatesAreRefusedWithAWayOut() {
        Posterior other = Posteriors.bernoulli(Models.machine());
        Expr v = Expr.input("v", 3, 2);
        SettingException vaes = assertThrows(
                SettingException.class, () -> Vaes.particles(2).posterior(other).score(GAUSSIAN, v));
        assertTrue(vaes.getMessage().contains("ExactScore"), vaes.getMessage());
        SettingException vages = assertThrows(
                SettingException.class,
                () -> Vages.particles(2).posterior(other).at(GAUSSIAN, v));
        assertTrue(vages.getMessage().contains("ExactScore"), vages.getMessage());
    }
}
