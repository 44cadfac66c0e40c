package org.ebvlm.bayes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.errors.InterruptionException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class WeightChainsTest {
    private static final Line LINE = new Line(30, 2);

    private static WeightChains chains(WeightSampler sampler) {
        return WeightChains.of(LINE.network).on(LINE.data).by(sampler);
    }

    /**
     * With all rows a step is theta' = theta - step A (theta - mean) + sqrt(2 step) noise, whose stationary covariance is (A -
     * step A A / 2)^-1; the step is a third of what A allows, so that the correction is up to half of it. 4000 particles:
     * standard errors are 0.016 of a standard deviation and 0.022 of a variance.
     */
    @Test
    void langevinDynamicsOnALineHaveTheirKnownMeanAndCovariance() {
        int d = 3;
        double step = 0.005;
        double[][] a = LINE.precision;
        double[][] corrected = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                corrected[i][j] = a[i][j];
                for (int k = 0; k < d; k++) {
                    corrected[i][j] -= step * a[i][k] * a[k][j] / 2;
                }
            }
        }
        double[][] expected = Line.inverse(corrected);
        assertTrue(expected[0][0] > 1.15 * LINE.covariance[0][0], "the step should show");
        Data particles =
                chains(Sgld.step(step)).particles(4000).batches(30).steps(60).sample(Noise.seed(1));
        double[] mean = Line.means(particles);
        double[][] found = Line.covariance(particles);
        for (int i = 0; i < d; i++) {
            double std = Math.sqrt(expected[i][i]);
            assertEquals(LINE.mean[i], mean[i], 4 * 0.016 * std);
            assertEquals(1, found[i][i] / expected[i][i], 4 * 0.022);
            for (int j = 0; j < i; j++) {
                assertEquals(expected[i][j], found[i][j], 4 * 0.022 * Math.sqrt(expected[i][i] * expected[j][j]));
            }
        }
    }

    @Test
    void withoutNoiseEveryChainClimbsToTheMode() {
        Data particles = chains(Sgld.step(0.005).temperature(0))
                .particles(60)
                .batches(30)
                .steps(300)
                .sample(Noise.seed(1));
        for (int k = 0; k < 60; k++) {
            for (int a = 0; a < 3; a++) {
                assertEquals(LINE.mean[a], particles.at(k, a), 1e-4);
            }
        }
    }

    /** A hundredth of the step, so that what the batches add, about step x 30 / 5 of a variance, does not show. */
    @Test
    void fewRowsAtATimeLeadToTheSameMean() {
        Data particles =
                chains(Sgld.step(5e-4)).particles(1000).batches(5).steps(600).sample(Noise.seed(2));
        double[] mean = Line.means(particles);
        for (int a = 0; a < 3; a++) {
            // All chains see the same rows, so what the batches do to the mean is not averaged out: a third of the
            // spread.
            assertEquals(LINE.mean[a], mean[a], Math.sqrt(LINE.covariance[a][a]));
        }
    }

    @Test
    void theSameSourceGivesTheSameParticles() {
        float[] first = chains(Sgld.step(1e-3))
                .particles(60)
                .steps(20)
                .sample(Noise.seed(3))
                .values();
        float[] again = chains(Sgld.step(1e-3))
                .particles(60)
                .steps(20)
                .sample(Noise.seed(3))
                .values();
        float[] other = chains(Sgld.step(1e-3))
                .particles(60)
                .steps(20)
                .sample(Noise.seed(4))
                .values();
        assertArrayEquals(first, again);
        assertFalse(java.util.Arrays.equals(first, other));
    }

    @Test
    void watchersSeeParticlesOnTheirWay() {
        List<Integer> steps = new ArrayList<>();
        List<Data> seen = new ArrayList<>();
        Data last = chains(Sgld.step(1e-3))
                .particles(7)
                .steps(6)
                .every(2, (step, particles) -> {
                    steps.add(step);
                    seen.add(particles);
                })
                .sample(Noise.seed(5));
        assertEquals(List.of(2, 4, 6), steps);
        assertArrayEquals(last.values(), seen.get(2).values());
        assertFalse(java.util.Arrays.equals(last.values(), seen.get(0).values()));
    }

    @Test
    void chainsGoOnFromWhereTheyAreTold() {
        Data start = LINE.network.draw(5, Noise.seed(6));
        Data moved = chains(Sgld.step(1e-12)).from(start).steps(1).sample(Noise.seed(7));
        for (int i = 0; i < 15; i++) {
            assertEquals(start.values()[i], moved.values()[i], 2e-5);
        }
    }

    @Test
    void stepsThatAreTooLongAreReported() {
        DivergenceException error = assertThrows(
                DivergenceException.class,
                () -> chains(Sgld.step(1)).particles(5).steps(200).sample(Noise.seed(8)));
        assertTrue(error.getMessage().contains("SGLD, step 1.00"), error.getMessage());
        assertTrue(error.getMessage().contains("smaller step"), error.getMessage());
    }

    @Test
    void anInterruptEndsIt() {
        assertThrows(InterruptionException.class, () -> chains(Sgld.step(1e-3))
                .every(3, (step, particles) -> Thread.currentThread().interrupt())
                .sample(Noise.seed(9)));
        assertFalse(Thread.interrupted());
    }

    @Test
    void whatIsMissingSaidTwiceOrWrongIsRefused() {
        WeightChains bare = WeightChains.of(LINE.network);
        assertThrows(SettingException.class, () -> bare.sample(Noise.seed(1)));
        bare.on(LINE.data);
        assertThrows(SettingException.class, () -> bare.sample(Noise.seed(1)));
        assertThrows(SettingException.class, () -> bare.on(LINE.data));
        assertThrows(SettingException.class, () -> bare.steps(0));
        assertThrows(
                SettingException.class,
                () -> chains(Sgld.step(1e-3)).batches(31).sample(Noise.seed(1)));
        assertThrows(SettingException.class, () -> bare.from(LINE.data.rows()));
        assertThrows(SettingException.class, () -> Sgld.step(0));
        assertThrows(SettingException.class, () -> Sgld.step(1).temperature(-1));
    }
}
