package org.ebvlm.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.datasets.Data;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.PlainGrbm;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

/** Mala and Hmc against distributions that are known. */
class StationaryDistributionTest {
    private static final List<MetropolisSampler<?>> SAMPLERS =
            List.of(Mala.steps(600).warmup(200), Hmc.steps(150).warmup(100).leaps(4));

    @Test
    void aGaussianOfFullCovarianceHasItsMoments() {
        // P = L L' with L below; covariance by hand: S = P^-1.
        double[] precision = {2, -0.8, 0.3, -0.8, 1.5, 0.4, 0.3, 0.4, 0.9};
        double[][] covariance = inverse(precision);
        double[] mean = {1, -2, 0.5};
        Target target = Target.density("gaussian", 3, x -> {
            Expr off = x.minus(Expr.constant(mean, 3));
            return off.dot(off.matmul(Expr.constant(precision, 3, 3))).times(-0.5);
        });
        for (MetropolisSampler<?> sampler : SAMPLERS) {
            Chains chains = sampler.draw(target, 100, Noise.seed(1));
            for (int i = 0; i < 3; i++) {
                int a = i;
                Averages.of(chains, x -> x[a]).assertMean(sampler + ": mean " + i, mean[i], 0.04);
                for (int k = 0; k <= i; k++) {
                    int b = k;
                    Averages.of(chains, x -> (x[a] - mean[a]) * (x[b] - mean[b]))
                            .assertMean(sampler + ": covariance " + i + k, covariance[i][k], 0.06);
                }
            }
        }
    }

    private static double[][] inverse(double[] m) {
        double[][] out = new double[3][3];
        double determinant = 0;
        for (int i = 0; i < 3; i++) {
            for (int k = 0; k < 3; k++) {
                int r = (k + 1) % 3;
                int s = (k + 2) % 3;
                int p = (i + 1) % 3;
                int q = (i + 2) % 3;
                out[i][k] = m[3 * r + p] * m[3 * s + q] - m[3 * r + q] * m[3 * s + p];
            }
        }
        for (int i = 0; i < 3; i++) {
            determinant += m[i] * out[i][0];
        }
        for (double[] row : out) {
            for (int k = 0; k < 3; k++) {
                row[k] /= determinant;
            }
        }
        return out;
    }

    @Test
    void aMixtureHasItsMomentsAndWeights() {
        // 0.3 N(-1.5, 1) + 0.7 N(1.5, 0.5^2)
        Target target = Target.density("mixture", 1, x -> {
            Expr left = x.plus(1.5).square().times(-0.5).plus(Math.log(0.3));
            Expr right = x.minus(1.5).square().times(-2).plus(Math.log(0.7 / 0.5));
            return Expr.concat(1, List.of(left, right)).logSumExp(1);
        });
        for (MetropolisSampler<?> sampler : SAMPLERS) {
            Chains chains = sampler.draw(target, 200, Noise.seed(2));
            Averages.of(chains, x -> x[0]).assertMean(sampler + ": mean", 0.4 * 1.5, 0.05);
            Averages.of(chains, x -> x[0] * x[0]).assertMean(sampler + ": square", 2.25 + 0.3 + 0.7 * 0.25, 0.05);
            Averages.of(chains, x -> Math.pow(x[0], 3))
                    .assertMean(sampler + ": cube", 0.3 * -(3.375 + 4.5) + 0.7 * (3.375 + 4.5 * 0.25), 0.2);
        }
    }

    @Test
    void aGrbmHasTheMomentsThatEnumerationFinds() {
        Grbm model = Grbm.visible(2)
                .hidden(3)
                .of(
                        new float[] {1.2f, -0.5f, 0.7f, 0.4f, 0.9f, -0.8f},
                        new float[] {0.3f, -0.6f, 0.1f},
                        new float[] {-0.5f, 0.25f},
                        new float[] {0.8f, 1.1f});
        double[] moments = new PlainGrbm(model).moments();
        for (MetropolisSampler<?> sampler : SAMPLERS) {
            Chains chains = sampler.draw(model, 100, Noise.seed(3));
            for (int i = 0; i < 2; i++) {
                int a = i;
                Averages.of(chains, x -> x[a]).assertMean(sampler + ": v" + i, moments[i], 0.03);
                for (int k = 0; k <= i; k++) {
                    int b = k;
                    Averages.of(chains, x -> x[a] * x[b])
                            .assertMean(sampler + ": v" + i + " v" + k, moments[2 + 2 * i + k], 0.1);
                }
            }
        }
    }

    /** E = (v - h)^2 + h^2 / 2: precision [2 -2; -2 3], covariance [3/2 1; 1 1], and h given v is N(2 v / 3, 1/3). */
    private static LatentEnergy quadratic() {
        return LatentEnergy.visible(1)
                .continuous(1)
                .energy((g, v, h) -> g.math.square(v.sub(h))
                        .sum(1)
                        .add(g.math.square(h).sum(1).mul(0.5)))
                .init(Noise.seed(1));
    }

    @Test
    void vAndRealHMoveTogether() {
        for (MetropolisSampler<?> sampler : SAMPLERS) {
            Chains chains = sampler.draw(quadratic(), 100, Noise.seed(4));
            Averages.of(chains, x -> x[0]).assertMean(sampler + ": v", 0, 0.03);
            Averages.of(chains, x -> x[0] * x[0]).assertMean(sampler + ": v v", 1.5, 0.06);
            Averages.of(chains, x -> x[0] * x[1]).assertMean(sampler + ": v h", 1, 0.05);
            Averages.of(chains, x -> x[1] * x[1]).assertMean(sampler + ": h h", 1, 0.05);
        }
    }

    @Test
    void hGivenVIsThePosteriorOfItsOwnRow() {
        Data v = Data.of("v", new float[] {-3, 0, 6}, 1);
        for (MetropolisSampler<?> sampler : SAMPLERS) {
            Chains chains = sampler.draw(Target.hidden(quadratic(), v), 600, Noise.seed(5));
            for (int row = 0; row < 3; row++) {
                double mean = 2 * v.at(row, 0) / 3;
                double sum = 0;
                double squares = 0;
                for (int c = row; c < 600; c += 3) {
                    double h = chains.last().at(c, 0);
                    sum += h / 200;
                    squares += (h - mean) * (h - mean) / 200;
                }
                // Independent chains: standard errors sqrt(1/3 / 200) of the mean and 1/3 sqrt(2 / 200) of the
                // variance.
                assertEquals(mean, sum, 4 * Math.sqrt(1 / 600.0), sampler + ", row " + row);
                assertEquals(1 / 3.0, squares, 4 * Math.sqrt(0.01) / 3, sampler + ", row " + row);
            }
            assertTrue(chains.rhat()[0] < 1.05, "chains are compared with those of their own row: " + chains);
        }
    }

    @Test
    void vGivenHIsTheConditionalOfItsOwnRow() {
        // p(v | h) = N(h, 1/2)
        Data h = Data.of("h", new float[] {-2, 4}, 1);
        Chains chains = Mala.steps(50).warmup(100).draw(Target.visible(quadratic(), h), 1000, Noise.seed(6));
        Averages.of(chains, x -> x[0]).assertMean("mean of both", 1, 0.2);
        double sum = 0;
        for (int c = 0; c < 1000; c += 2) {
            sum += chains.last().at(c, 0) / 500;
        }
        assertEquals(-2, sum, 4 * Math.sqrt(0.5 / 500));
    }

    @Test
    void outsideTheSupportProposalsAreRejected() {
        // Gamma(3): log p = 2 log x - x, not a number below zero.
        Target gamma = Target.density("gamma", 1, x -> x.log().times(2).minus(x).sum(1));
        for (MetropolisSampler<?> sampler : SAMPLERS) {
            Chains chains = sampler.startingAround(8).draw(gamma, 200, Noise.seed(7));
            Averages.of(chains, x -> x[0]).assertMean(sampler + ": mean", 3, 0.1);
            Averages.of(chains, x -> x[0] * x[0]).assertMean(sampler + ": square", 12, 0.7);
        }
    }
}
