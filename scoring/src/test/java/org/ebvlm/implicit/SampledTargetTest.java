package org.ebvlm.implicit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.datasets.Banana;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Expr;
import org.ebvlm.noise.Noise;
import org.ebvlm.sampling.Chains;
import org.ebvlm.sampling.Hmc;
import org.ebvlm.sampling.Langevin;
import org.ebvlm.sampling.Target;
import org.ebvlm.sampling.Temperatures;
import org.ebvlm.scoring.Rbf;
import org.junit.jupiter.api.Test;

/** Samplers that follow scores from samples. */
class SampledTargetTest {
    private static final Banana BANANA = Banana.of(0.4, 2);

    private static Target banana() {
        return Target.density("banana", 2, x -> {
            Expr first = x.slice(1, 0, 1);
            Expr u = x.slice(1, 1, 1)
                    .minus(first.square().minus(BANANA.variance()).times(BANANA.bend()));
            return first.square()
                    .times(1 / BANANA.variance())
                    .plus(u.square())
                    .times(-0.5)
                    .sum(1);
        });
    }

    /** The mean of a column's squares over chains, with its standard error from independent chains. */
    private static void assertMoments(Chains chains, double... squares) {
        for (int k = 0; k < squares.length; k++) {
            double[] mean = new double[2];
            double[] error = new double[2];
            for (int p = 1; p <= 2; p++) {
                double sum = 0;
                double sumOfSquares = 0;
                for (int c = 0; c < chains.chains(); c++) {
                    double own = 0;
                    for (int t = 0; t < chains.draws(); t++) {
                        own += Math.pow(chains.at(t, c, k), p) / chains.draws();
                    }
                    sum += own / chains.chains();
                    sumOfSquares += own * own / chains.chains();
                }
                mean[p - 1] = sum;
                error[p - 1] = Math.sqrt((sumOfSquares - sum * sum) / (chains.chains() - 1));
            }
            assertEquals(0, mean[0], 4 * error[0], "mean " + k);
            assertEquals(squares[k], mean[1], 4 * error[1], "square " + k);
            assertTrue(error[0] < 0.1 && error[1] < 0.1 * squares[k], error[0] + " " + error[1]);
        }
    }

    /** The estimate is biased, the chains are not: the density has the last word. */
    @Test
    void anEstimatedScoreAndTheExactDensityDrawFromTheDensity() {
        Data samples = BANANA.sample(150, Noise.seed(1));
        SampleScore score = Stein.gaussian().fit(samples);
        Chains chains = Hmc.steps(300).leaps(5).startingAt(samples).draw(banana().along(score::at), 200, Noise.seed(2));
        // Var x2 = 1 + 2 b^2 v^2
        assertMoments(chains, BANANA.variance(), 1 + 2 * 0.16 * 4);
        assertTrue(chains.acceptance() > 0.5, chains.toString());
    }

    /** A kernel density is sampled exactly: the variance of its samples and the kernel's. */
    @Test
    void aKernelDensityIsSomethingToSample() {
        double[] x = {-1.5, -0.5, 0, 0, 0.5, 1.5};
        SampleEnergy energy = Kde.kernel(Rbf.bandwidth(0.8)).fit(Samples.of(x, 1));
        Chains chains = Hmc.steps(200).leaps(4).draw(energy.target(), 200, Noise.seed(3));
        assertMoments(chains, 5.0 / 6 + 0.64);
    }

    /**
     * Stein's score for draws of N(0, 1) is about -(1 - shrinkage) x, so Langevin's variance is larger than one, and not by
     * much.
     */
    @Test
    void aScoreWithoutADensityIsFollowedByLangevin() {
        SampleScore score = Stein.gaussian().ridge(0.1).fit(Clouds.samples(400, 1, 4));
        Chains chains = Langevin.steps(400)
                .stepSize(0.3)
                .temperatures(Temperatures.plain())
                .warmup(100)
                .draw(score.target(), 300, Noise.seed(5));
        double square = 0;
        for (int t = 0; t < chains.draws(); t++) {
            for (int c = 0; c < chains.chains(); c++) {
                square += Math.pow(chains.at(t, c, 0), 2) / chains.draws() / chains.chains();
            }
        }
        assertTrue(square > 0.8 && square < 1.6, "" + square);
        assertThrows(SettingException.class, () -> Hmc.steps(5).draw(score.target(), 3, Noise.seed(1)));
    }
}
