package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;

class ImportanceEstimateTest {
    private static final int DRAWS = 40_000;
    private static final double[] POINT = {(float) 0.8, (float) -1.3};

    /** Logits of a machine's own posterior, moved by an amount: the machine's own for zero. */
    private static BernoulliPosterior near(Grbm model, double offset) {
        BernoulliPosterior q = Posteriors.bernoulli(model).hard();
        float[] bias = model.parameters().values("c");
        for (int j = 0; j < bias.length; j++) {
            bias[j] += (float) offset;
        }
        return q.with(
                q.parameters().with("layer.W", model.parameters().values("W")).with("layer.b", bias));
    }

    /** N(share v, std^2) for {@link Models#halving}; its own posterior for one half and the root of one half. */
    private static GaussianPosterior scaled(double share, double std) {
        GaussianPosterior q = Posteriors.gaussian(Models.halving(), Network.linear(), Noise.seed(1));
        float a = (float) share;
        float logStd = (float) Math.log(std);
        return q.with(q.parameters()
                .with("layer.W", new float[] {a, 0, 0, 0, 0, a, 0, 0})
                .with("layer.b", new float[] {0, 0, logStd, logStd}));
    }

    /** log of the integral over h of exp(-1/2 |h|^2 - 1/2 |h - v|^2) in two dimensions: log pi - 1/4 |v|^2. */
    private static double halvingMarginal(double[] v) {
        return Math.log(Math.PI) - 0.25 * (v[0] * v[0] + v[1] * v[1]);
    }

    /** KL of N(share v, std^2) to N(v / 2, 1/2) in two dimensions. */
    private static double halvingDivergence(double share, double std, double[] v) {
        double shift = (share - 0.5) * (share - 0.5) * (v[0] * v[0] + v[1] * v[1]);
        return 2 * (std * std - 0.5 - Math.log(std / Math.sqrt(0.5))) + shift;
    }

    /** The sum of exp(-E) over all states. */
    private static double marginal(EnergyModel model, double[] point) {
        Expr v = Expr.input("v", 1, 2);
        Expr h = Expr.input("h", 1, model.hidden());
        Doubles given = new Doubles().set(model.parameters()).set(v, point);
        double sum = 0;
        for (int state = 0; state < 1 << model.hidden(); state++) {
            sum += Math.exp(-given.set(h, Models.bits(state, model.hidden())).scalar(model.energy(v, h)));
        }
        return Math.log(sum);
    }

    /** Mean of a function of the estimate over many draws, and its standard error. */
    private record Mean(double value, double error) {
        interface Function {
            double of(double estimate);
        }

        static Mean of(EnergyModel model, Posterior q, int particles, Function function) {
            Expr v = Expr.input("v", DRAWS, 2);
            float[] copies = new float[2 * DRAWS];
            for (int i = 0; i < copies.length; i++) {
                copies[i] = (float) POINT[i % 2];
            }
            try (Program program = Program.of(ImportanceEstimate.logMarginal(model, q, v, particles))) {
                model.parameters().give(program);
                q.parameters().give(program);
                program.set(v, copies);
                program.draw(Noise.seed(5));
                program.run();
                double sum = 0;
                double squares = 0;
                for (float each : program.value(0)) {
                    double x = function.of(each);
                    sum += x;
                    squares += x * x;
                }
                double mean = sum / DRAWS;
                return new Mean(mean, Math.sqrt(Math.max(0, squares / DRAWS - mean * mean) / (DRAWS - 1)));
            }
        }

        void assertIs(double expected, String what) {
            assertEquals(expected, value, 4 * error + 1e-5, what + ", standard error " + error);
        }
    }

    // ---------------------------------------------------------------- under the true posterior

    @Test
    void estimateUnderTheExactPosteriorIsMinusTheFreeEnergyForAnyDraw() {
        for (EnergyModel model : List.of(Models.machine(), Models.interacting())) {
            Expr v = Expr.input("v", 2, 2);
            double[] rows = {0.8, -1.3, 2, 0.1};
            double[] expected = {
                marginal(model, new double[] {0.8, -1.3}), marginal(model, new double[] {2, 0.1}),
            };
            for (int particles : new int[] {1, 4}) {
                Expr estimate = ImportanceEstimate.logMarginal(model, Posteriors.exact(model), v, particles);
                assertArrayEquals(new int[] {2}, estimate.shape());
                for (int seed = 0; seed < 5; seed++) {
                    Doubles given =
                            new Doubles().set(model.parameters()).set(v, rows).draw(Noise.seed(seed), estimate);
                    assertArrayEquals(expected, given.of(estimate), 1e-10, model.name());
                }
            }
        }
    }

    @Test
    void estimateUnderTheTrueGaussianIsTheIntegralForAnyDraw() {
        LatentEnergy model = Models.halving();
        GaussianPosterior q = scaled(0.5, Math.sqrt(0.5));
        Expr v = Expr.input("v", 1, 2);
        Expr estimate = ImportanceEstimate.logMarginal(model, q, v, 3);
        for (int seed = 0; seed < 5; seed++) {
            Doubles given = new Doubles()
                    .set(model.parameters())
                    .set(q.parameters())
                    .set(v, POINT)
                    .draw(Noise.seed(seed), estimate);
            // The logarithm of the standard deviation is kept as a float.
            assertEquals(halvingMarginal(POINT), given.scalar(estimate), 1e-6);
        }
    }

    // ---------------------------------------------------------------- under another one

    @Test
    void oneParticleIsTooLowByTheDivergenceOnAverage() {
        Grbm machine = Models.machine();
        for (double offset : new double[] {0, 0.7, -1.2}) {
            BernoulliPosterior q = near(machine, offset);
            double expected = marginal(machine, POINT) - Models.divergence(q, machine, POINT);
            Mean.of(machine, q, 1, x -> x).assertIs(expected, "logits moved by " + offset);
        }
        for (double std : new double[] {0.5, 0.9}) {
            double expected = halvingMarginal(POINT) - halvingDivergence(0.3, std, POINT);
            Mean.of(Models.halving(), scaled(0.3, std), 1, x -> x).assertIs(expected, "Gaussian of std " + std);
        }
    }

    @Test
    void theEstimateOfTheMarginalItselfIsUnbiasedForAnyNumberOfParticles() {
        Grbm machine = Models.machine();
        LatentEnergy halving = Models.halving();
        for (int particles : new int[] {1, 3, 20}) {
            double log = marginal(machine, POINT);
            Mean.of(machine, near(machine, 0.7), particles, x -> Math.exp(x - log))
                    .assertIs(1, particles + " particles of a Bernoulli");
            // Wider than the true posterior, so that the weights have a variance.
            Mean.of(halving, scaled(0.3, 0.9), particles, x -> Math.exp(x - halvingMarginal(POINT)))
                    .assertIs(1, particles + " particles of a Gaussian");
        }
    }

    @Test
    void itRisesToTheTruthWithTheNumberOfParticles() {
        Grbm machine = Models.machine();
        BernoulliPosterior q = near(machine, -1.2);
        double truth = marginal(machine, POINT);
        double gap = Models.divergence(q, machine, POINT);
        for (int particles : new int[] {4, 16, 64}) {
            Mean mean = Mean.of(machine, q, particles, x -> x);
            double left = truth - mean.value();
            assertTrue(left > 4 * mean.error(), particles + " particles are below: " + left);
            // The bias falls as one over the number, so four times the particles leave about a quarter.
            assertTrue(left < gap / 2, particles + " particles leave " + left + " of " + gap);
            gap = left;
        }
    }
}
