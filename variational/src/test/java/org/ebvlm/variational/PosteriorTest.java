package org.ebvlm.variational;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.BernoulliRbm;
import org.ebvlm.model.Energy;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.junit.jupiter.api.Test;

class PosteriorTest {
    private static final int DRAWS = 40_000;
    private static final double[] POINT = {0.8, -1.3};

    private static Expr rows() {
        return Expr.input("v", DRAWS, 2);
    }

    /** Results at {@link #DRAWS} copies of the point, so as many independent draws. */
    private static float[][] draw(Posterior q, Expr v, Expr... results) {
        float[] copies = new float[2 * DRAWS];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = (float) POINT[i % 2];
        }
        try (Program program = Program.of(results)) {
            q.parameters().give(program);
            program.set(v, copies);
            program.draw(Noise.seed(3));
            program.run();
            float[][] out = new float[results.length][];
            for (int i = 0; i < out.length; i++) {
                out[i] = program.value(i).clone();
            }
            return out;
        }
    }

    private static void assertFrequency(String what, double expected, int count) {
        double error = Math.sqrt(expected * (1 - expected) / DRAWS);
        assertEquals(expected, (double) count / DRAWS, 4 * error + 1e-12, what + ", standard error " + error);
    }

    private static void assertStateFrequencies(double[] expected, float[] h, int hidden) {
        int[] counts = new int[expected.length];
        for (int r = 0; r < DRAWS; r++) {
            int state = 0;
            for (int j = 0; j < hidden; j++) {
                float each = h[r * hidden + j];
                assertTrue(each == 0 || each == 1, "not binary: " + each);
                state |= (int) each << j;
            }
            counts[state]++;
        }
        for (int state = 0; state < counts.length; state++) {
            assertFrequency("state " + state, expected[state], counts[state]);
        }
    }

    private static double[] logits(BernoulliPosterior q) {
        Expr v = Expr.input("v", 1, 2);
        return new Doubles().set(q.parameters()).set(v, POINT).of(q.logits(v));
    }

    // ---------------------------------------------------------------- Bernoulli

    @Test
    void hardDrawsHaveTheProbabilitiesOfTheirLogits() {
        BernoulliPosterior q = Posteriors.bernoulli(Models.machine()).hard();
        double[] expected = new double[8];
        double[] l = logits(q);
        for (int state = 0; state < 8; state++) {
            expected[state] = 1;
            for (int j = 0; j < 3; j++) {
                expected[state] /= 1 + Math.exp((state >> j & 1) == 1 ? -l[j] : l[j]);
            }
        }
        Expr v = rows();
        assertStateFrequencies(expected, draw(q, v, q.sample(v))[0], 3);
        assertArrayEquals(expected, Models.probabilities(q, POINT), 1e-12);
    }

    @Test
    void logProbOfBernoulliSumsToOneOverAllStates() {
        for (double[] point : new double[][] {{0, 0}, {3, -2}, {0.1, 5}}) {
            double[] p = Models.probabilities(Posteriors.bernoulli(Models.machine()), point);
            assertEquals(1, Arrays.stream(p).sum(), 1e-12);
        }
    }

    @Test
    void relaxedDrawsHaveTheDistributionFunctionOfTheLogisticLaw() {
        BernoulliPosterior q = Posteriors.bernoulli(Models.machine()).temperature(0.3);
        double[] l = logits(q);
        Expr v = rows();
        float[] h = draw(q, v, q.sample(v))[0];
        for (double x : new double[] {-1, 0, 0.5}) {
            // h above sigmoid(x / T) where l + logistic noise is above x
            double threshold = 1 / (1 + Math.exp(-x / 0.3));
            for (int j = 0; j < 3; j++) {
                int above = 0;
                for (int r = 0; r < DRAWS; r++) {
                    above += h[3 * r + j] > threshold ? 1 : 0;
                }
                assertFrequency("unit " + j + " above " + x, 1 / (1 + Math.exp(x - l[j])), above);
            }
        }
    }

    @Test
    void logProbOfARelaxedDrawIsTheBernoulliFormulaAtItsValue() {
        BernoulliPosterior q = Posteriors.bernoulli(Models.machine());
        Expr v = Expr.input("v", 1, 2);
        Particle draw = q.sampleAndLogProb(v);
        Doubles given = new Doubles().set(q.parameters()).set(v, POINT).draw(Noise.seed(1), draw.logProb());
        double[] h = given.of(draw.h());
        double[] l = logits(q);
        double expected = 0;
        for (int j = 0; j < 3; j++) {
            assertTrue(h[j] > 0 && h[j] < 1, "relaxed: " + h[j]);
            expected += h[j] * Math.log(1 / (1 + Math.exp(-l[j]))) + (1 - h[j]) * Math.log(1 / (1 + Math.exp(l[j])));
        }
        assertEquals(expected, given.scalar(draw.logProb()), 1e-10);
    }

    // ---------------------------------------------------------------- Gaussian

    @Test
    void gaussianDrawsHaveTheirMeansAndVariances() {
        GaussianPosterior q = Posteriors.gaussian(Models.halving(), Network.elu(4), Noise.seed(2));
        Expr point = Expr.input("v", 1, 2);
        Doubles given = new Doubles().set(q.parameters()).set(point, POINT);
        double[] mean = given.of(q.mean(point));
        Expr h = Expr.input("h", 1, 2);
        given.set(h, mean);
        // At its mean log q is minus the sum of log stds and of 1/2 log 2 pi; its slope one std away is -1 / std.
        double[] std = new double[2];
        for (int j = 0; j < 2; j++) {
            double[] aside = mean.clone();
            aside[j] += 1;
            double drop = given.set(h, mean).scalar(q.logProb(point, h))
                    - given.set(h, aside).scalar(q.logProb(point, h));
            std[j] = Math.sqrt(0.5 / drop);
        }
        Expr v = rows();
        float[] draws = draw(q, v, q.sample(v))[0];
        for (int j = 0; j < 2; j++) {
            double sum = 0;
            double squares = 0;
            for (int r = 0; r < DRAWS; r++) {
                double z = (draws[2 * r + j] - mean[j]) / std[j];
                sum += z;
                squares += z * z;
            }
            assertEquals(0, sum / DRAWS, 4 / Math.sqrt(DRAWS), "mean of unit " + j);
            assertEquals(1, squares / DRAWS, 4 * Math.sqrt(2.0 / DRAWS), "variance of unit " + j);
        }
        double peak = given.set(h, mean).scalar(q.logProb(point, h));
        assertEquals(-Math.log(std[0] * std[1]) - Math.log(2 * Math.PI), peak, 1e-10, "normalised");
    }

    // ---------------------------------------------------------------- exact

    @Test
    void exactPosteriorIsTheBruteForcePosterior() {
        for (EnergyModel model : List.of(
                Models.machine(),
                Models.scaled(),
                Models.interacting(),
                BernoulliRbm.visible(2).hidden(3).init(Noise.seed(4)),
                Models.deep())) {
            ExactPosterior q = Posteriors.exact(model);
            double[] brute = Models.posterior(model, POINT);
            assertArrayEquals(brute, Models.probabilities(q, POINT), 1e-12, model.name());
            Expr v = rows();
            assertStateFrequencies(brute, draw(q, v, q.sample(v))[0], 3);
        }
    }

    /** Within four standard errors of the draws. */
    @Test
    void theMeanIsThatOfTheDraws() {
        LatentEnergy real = MlpEnergy.visible(2).hidden(3).init(Noise.seed(1));
        for (Posterior q : List.of(
                Posteriors.gaussian(real, Network.elu(8), Noise.seed(2)),
                Posteriors.bernoulli(Models.machine()).hard(),
                Posteriors.exact(Models.machine()),
                Posteriors.exact(Models.interacting()))) {
            Expr v = rows();
            float[][] drawn = draw(q, v, q.sample(v), q.mean(v));
            for (int j = 0; j < 3; j++) {
                double sum = 0;
                double squares = 0;
                for (int r = 0; r < DRAWS; r++) {
                    double h = drawn[0][3 * r + j];
                    sum += h;
                    squares += h * h;
                }
                double mean = sum / DRAWS;
                double error = Math.sqrt((squares / DRAWS - mean * mean) / DRAWS);
                assertEquals(mean, drawn[1][j], 4 * error + 1e-6, q + ", standard error " + error);
            }
        }
    }

    @Test
    void exactPosteriorOfACertainStateDrawsIt() {
        LatentEnergy model = LatentEnergy.visible(2)
                .binary(2)
                .energy((g, v, h) ->
                        v.sum(1).mul(0).add(h.sub(1).mul(h.sub(1)).sum(1).mul(200)))
                .init(Noise.seed(1));
        Expr v = rows();
        float[] h = draw(Posteriors.exact(model), v, Posteriors.exact(model).sample(v))[0];
        for (float each : h) {
            assertEquals(1, each);
        }
    }

    @Test
    void exactPosteriorFollowsTheModel() {
        Grbm model = Models.machine();
        ExactPosterior q = Posteriors.exact(model);
        float[] other = new float[model.parameters().size()];
        Arrays.fill(other, 0.4f);
        Grbm moved = model.with(model.parameters().with(other));
        assertArrayEquals(
                Models.posterior(moved, POINT), Models.probabilities(q.with(moved.parameters()), POINT), 1e-12);
    }

    // ---------------------------------------------------------------- particles

    @Test
    void particlesAreHeldAndIndependent() {
        for (Posterior q : List.of(
                Posteriors.bernoulli(Models.machine()),
                Posteriors.gaussian(Models.halving()),
                Posteriors.exact(Models.interacting()))) {
            Expr v = Expr.input("v", 1, 2);
            for (Expr h : q.particles(v, 2)) {
                assertTrue(q.parameters().gradient(h.sum()).is(0), q.name());
                assertTrue(Differentiation.gradient(h, v).is(0), q.name());
            }
            Expr many = rows();
            List<Expr> pair = q.particles(many, 2);
            float[][] h = draw(q, many, pair.get(0), pair.get(1));
            double[] m = moments(h[0], h[1], q.hidden());
            double correlation = m[4] / Math.sqrt(m[2] * m[3]);
            assertEquals(0, correlation, 4 / Math.sqrt(DRAWS), q.name());
        }
    }

    /** Means, variances and covariance of the first unit in two draws. */
    private static double[] moments(float[] a, float[] b, int width) {
        double[] m = new double[5];
        for (int r = 0; r < DRAWS; r++) {
            m[0] += a[r * width] / (double) DRAWS;
            m[1] += b[r * width] / (double) DRAWS;
        }
        for (int r = 0; r < DRAWS; r++) {
            double x = a[r * width] - m[0];
            double y = b[r * width] - m[1];
            m[2] += x * x;
            m[3] += y * y;
            m[4] += x * y;
        }
        return m;
    }

    // ---------------------------------------------------------------- refusals

    @Test
    void rejectsPosteriorsOfTheWrongKindAndSaysWhichToTake() {
        LatentEnergy real = MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(1));
        Grbm binary = Models.machine();
        assertTrue(refused(() -> Posteriors.bernoulli(real)).contains("Posteriors.gaussian"));
        assertTrue(refused(() -> Posteriors.gaussian(binary)).contains("Posteriors.bernoulli"));
        assertTrue(refused(() -> Posteriors.exact(real)).contains("Posteriors.gaussian"));
        BernoulliPosterior q = Posteriors.bernoulli(binary);
        refused(() -> q.fittedBy(PosteriorFisher.innerSteps(1)));
        refused(() -> q.hard().fittedBy(Elbo.innerSteps(1)));
        assertTrue(refused(() -> q.fittedBy(Elbo.innerSteps(1)).hard()).contains("run.fitted(q)"));
        refused(() -> q.temperature(0));
        refused(() -> Posteriors.exact(binary).fittedBy(Elbo.innerSteps(1)));
    }

    @Test
    void aModelWithoutHiddenUnitsHasNoPosteriorAndTheErrorSaysWhatToTake() {
        Energy none =
                Energy.visible(2).energy((g, v) -> g.math.square(v).sum(1)).init(Noise.seed(1));
        assertTrue(refused(() -> Posteriors.bernoulli(none)).contains("ExactScore"));
        assertTrue(refused(() -> Posteriors.gaussian(none)).contains("ExactScore"));
        assertTrue(refused(() -> Posteriors.exact(none)).contains("ExactScore"));
    }

    private static String refused(org.junit.jupiter.api.function.Executable sentence) {
        String message = assertThrows(SettingException.class, sentence).getMessage();
        assertTrue(message.contains("expected"), message);
        return message;
    }
}
