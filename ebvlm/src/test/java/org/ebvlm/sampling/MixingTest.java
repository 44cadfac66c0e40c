package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class MixingTest {

    /** Stationary chains x' = rho x + sqrt(1 - rho^2) e of width two; the second column is the first one's negative. */
    private static List<float[]> autoregressive(double rho, int chains, int steps, Noise noise) {
        double[] x = new double[chains];
        List<float[]> draws = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            float[] draw = new float[2 * chains];
            for (int c = 0; c < chains; c++) {
                x[c] = t == 0 ? noise.nextNormal() : rho * x[c] + Math.sqrt(1 - rho * rho) * noise.nextNormal();
                draw[2 * c] = (float) x[c];
                draw[2 * c + 1] = (float) -x[c];
            }
            draws.add(draw);
        }
        return draws;
    }

    @Test
    void effectiveSamplesOfAutoregressiveChainsAreThoseOfTheClosedForm() {
        int chains = 50;
        int steps = 4000;
        for (double rho : new double[] {0, 0.5, 0.9, -0.3}) {
            double tau = (1 + rho) / (1 - rho);
            // The relative variance of an estimate of tau from lags up to w is 2 (2 w + 1) / n (Priestley, 1981);
            // Geyer's
            // sequence ends where noise does, after a few tau: w = 5 tau + 5 is generous.
            double error = Math.sqrt(2 * (2 * (5 * tau + 5) + 1) / (chains * steps));
            List<float[]> draws = autoregressive(rho, chains, steps, Noise.seed(1));
            for (int column = 0; column < 2; column++) {
                double estimate = Mixing.of(Mixing.halves(draws, 2, column), 1).effectiveSamples();
                assertEquals(1, estimate * tau / (chains * steps), 4 * error, "rho " + rho + ", error " + error);
            }
        }
    }

    @Test
    void effectiveSamplesOfFewChainsAreThoseOfTheClosedFormOnAverage() {
        // Short chains, where the bias of cut means and the windows would show: 40 sets of 4 chains of 500.
        double rho = 0.6;
        double sum = 0;
        double squares = 0;
        for (int k = 0; k < 40; k++) {
            double each = Mixing.of(Mixing.halves(autoregressive(rho, 4, 500, Noise.seed(k)), 2, 0), 1)
                            .effectiveSamples()
                    / 500;
            sum += each / 40;
            squares += each * each / 40;
        }
        double error = Math.sqrt((squares - sum * sum) / 40);
        // Geyer's sequence keeps positive noise in its tail and so is a little low: a tenth is allowed for.
        assertEquals(1, sum, 4 * error + 0.1, "standard error " + error);
        assertTrue(error < 0.05);
    }

    @Test
    void splitRhatOfMixedChainsIsNearOneAndOfUnmixedOnesKnown() {
        int chains = 4;
        int steps = 2000;
        double m = 2 * chains;
        double n = steps / 2.0;
        List<float[]> draws = autoregressive(0, chains, steps, Noise.seed(2));
        // R-hat^2 = 1 - 1/n + (B/n) / W, of mean one; n B/n is chi-square over m - 1 degrees of freedom
        double error = Math.sqrt(2 / (m - 1)) / n;
        double mixed = Mixing.of(Mixing.halves(draws, 2, 0), 1).rhat();
        assertEquals(1, mixed * mixed, 4 * error);
        // Two camps at +3 and -3: B/n = 9 m / (m - 1), W = 1 with standard error sqrt(2 / (m n)).
        for (float[] draw : draws) {
            for (int c = 0; c < chains; c++) {
                draw[2 * c] += c % 2 == 0 ? 3 : -3;
            }
        }
        Mixing camps = Mixing.of(Mixing.halves(draws, 2, 0), 1);
        double expected = Math.sqrt(1 + 9 * m / (m - 1));
        assertEquals(expected, camps.rhat(), 4 * expected / 2 * Math.sqrt(2 / (m * n)));
        assertTrue(camps.effectiveSamples() < 20, "about one draw a chain at best: " + camps.effectiveSamples());
        // The camps are two conditions: then nothing is wrong.
        double within = Mixing.of(Mixing.halves(draws, 2, 0), 2).rhat();
        assertEquals(1, within * within, 4 * Math.sqrt(2 / (m - 2)) / n);
    }

    @Test
    void aSlopeThroughAllChainsShowsBecauseChainsAreSplit() {
        List<float[]> draws = autoregressive(0, 5, 400, Noise.seed(3));
        for (int t = 0; t < 400; t++) {
            for (int i = 0; i < 10; i++) {
                draws.get(t)[i] += 4f * t / 400;
            }
        }
        // Halves differ by 2 in their mean, with variance 1 + 2^2 / 12 inside: R-hat^2 = 1 + 1 * 10/9 / (4/3) = 1.83
        assertEquals(Math.sqrt(1.83), Mixing.of(Mixing.halves(draws, 2, 0), 1).rhat(), 0.06);
    }

    @Test
    void antitheticChainsAreWorthMoreThanTheirLengthWithinTheBound() {
        int n = 20 * 1000;
        double much = Mixing.of(Mixing.halves(autoregressive(-0.95, 20, 1000, Noise.seed(4)), 2, 0), 1)
                .effectiveSamples();
        assertTrue(much > 2 * n && much <= n * Math.log10(n) * (1 + 1e-9), much + "");
    }

    @Test
    void chainsThatStayHaveNoDiagnostics() {
        List<float[]> still = new ArrayList<>();
        for (int t = 0; t < 10; t++) {
            still.add(new float[] {1, 2, 1, 2});
        }
        assertTrue(Double.isNaN(Mixing.of(Mixing.halves(still, 2, 0), 1).effectiveSamples()));
        assertTrue(Double.isNaN(Mixing.of(Mixing.halves(still, 2, 0), 1).rhat()));
    }
}
