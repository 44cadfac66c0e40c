package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.variational.BernoulliPosterior;
import org.ebvlm.variational.Particle;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.PosteriorFit;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

class VagesTest {
    private static final int ROWS = 50;
    private static final int RUNS = 1500;
    private static final double[] POINT = {(float) 0.8, (float) -1.3};
    private static final double[] Z = {0.7, -1.1};

    private static List<EnergyModel> models() {
        return List.of(Models.machine(), Models.interacting());
    }

    /** Mean over rows of the surrogate's parameter gradient along z, at copies of the point. */
    private static Sampled gradient(Vages vages, EnergyModel model, Posterior q) {
        Expr v = Expr.input("v", ROWS, 2);
        Estimator.Estimate estimate = vages.at(model, v);
        Expr z = Expr.constant(Z, 1, 2).broadcastTo(ROWS, 2);
        return sampled(
                model, q, v, model.parameters().gradient(estimate.surrogate(z).mean()));
    }

    private static Sampled sampled(EnergyModel model, Posterior q, Expr v, Expr y) {
        return Sampled.of(y, RUNS, List.of(model.parameters(), q.parameters()), Map.of(v, Sampled.copies(POINT, ROWS)));
    }

    // ---------------------------------------------------------------- under the true posterior

    @Test
    void vaesIsUnbiasedUnderTheExactPosterior() {
        for (EnergyModel model : models()) {
            Posterior q = Posteriors.exact(model);
            Expr v = Expr.input("v", ROWS, 2);
            double[] exact = Enumerated.exact(model, POINT, Z).score;
            for (int particles : new int[] {1, 3}) {
                Expr score = Vaes.particles(particles).posterior(q).score(model, v);
                sampled(model, q, v, score.mean(0)).assertAgrees(model.name() + " L = " + particles, exact);
            }
        }
    }

    @Test
    void varianceReducedVaesUnderTheExactPosteriorIsTheScoreItself() {
        for (EnergyModel model : models()) {
            Posterior q = Posteriors.exact(model);
            Expr v = Expr.input("v", 1, 2);
            Expr score = Vaes.particles(2).posterior(q).varianceReduced().score(model, v);
            Doubles given = new Doubles().set(model.parameters()).set(v, POINT);
            for (int seed = 0; seed < 5; seed++) {
                double[] drawn = given.draw(Noise.seed(seed), score).of(score);
                assertArrayEquals(given.of(model.score(v)), drawn, 1e-10, model.name());
            }
        }
    }

    @Test
    void vagesIsUnbiasedUnderTheExactPosterior() {
        for (EnergyModel model : models()) {
            Posterior q = Posteriors.exact(model);
            double[] exact = Enumerated.exact(model, POINT, Z).gradient();
            for (int particles : new int[] {2, 4}) {
                Vages vages = Vages.particles(particles).posterior(q);
                gradient(vages, model, q).assertAgrees(model.name() + " L = " + particles, exact);
                gradient(vages.sharedParticles(), model, q).assertAgrees("shared particles, fixed z", exact);
            }
        }
    }

    @Test
    void vagesOfTheEnumeratedPosteriorIsTheGradientOfTheExactScore() {
        for (EnergyModel model : models()) {
            Expr v = Expr.input("v", 1, 2);
            Expr product = model.score(v).times(Expr.constant(Z, 1, 2)).sum();
            Doubles given = new Doubles().set(model.parameters()).set(v, POINT);
            double[] differences = given.differences(product, model.parameters().leaf());
            assertArrayEquals(differences, Enumerated.exact(model, POINT, Z).gradient(), 1e-7, model.name());
        }
    }

    @Test
    void biasedCovarianceIsTooSmallByTheFactorOfTheSampleCovariance() {
        for (EnergyModel model : models()) {
            Posterior q = Posteriors.exact(model);
            for (int particles : new int[] {2, 5}) {
                Enumerated exact = Enumerated.exact(model, POINT, Z);
                double[] expected = exact.meanPart.clone();
                for (int i = 0; i < expected.length; i++) {
                    expected[i] += exact.covariance[i] * (particles - 1) / particles;
                }
                Sampled sampled =
                        gradient(Vages.particles(particles).posterior(q).biasedCovariance(), model, q);
                sampled.assertAgrees(model.name() + " L = " + particles, expected);
                if (particles == 2) {
                    sampled.assertDiffers(model.name() + " from the unbiased one", exact.gradient());
                }
            }
        }
    }

    @Test
    void residualTimesGradientIsUnbiasedWithGroupsOfTheirOwnAndBiasedWithSharedParticles() {
        for (EnergyModel model : models()) {
            Posterior q = Posteriors.exact(model);
            double[] score = Enumerated.exact(model, POINT, Z).score;
            double[] residual = {score[0] - 0.3, score[1] + 0.4};
            double[] exact = Enumerated.exact(model, POINT, residual).gradient();
            Vages vages = Vages.particles(2).posterior(q);
            product(vages, model, q).assertAgrees(model.name(), exact);
            product(vages.sharedParticles(), model, q).assertDiffers(model.name() + " shared", exact);
            product(vages.sharedParticles().varianceReduced(), model, q)
                    .assertAgrees("shared, but the residual does not vary", exact);
        }
    }

    private static Sampled product(Vages vages, EnergyModel model, Posterior q) {
        Expr v = Expr.input("v", ROWS, 2);
        Estimator.Estimate estimate = vages.at(model, v);
        Expr z = estimate.score().minus(Expr.constant(new double[] {0.3, -0.4}, 2));
        return sampled(
                model, q, v, model.parameters().gradient(estimate.surrogate(z).mean()));
    }

    // ---------------------------------------------------------------- under a wrong posterior

    private static double[] bernoulli(BernoulliPosterior q) {
        Expr v = Expr.input("v", 1, 2);
        double[] l = new Doubles().set(q.parameters()).set(v, POINT).of(q.logits(v));
        double[] p = new double[1 << l.length];
        for (int state = 0; state < p.length; state++) {
            p[state] = 1;
            for (int j = 0; j < l.length; j++) {
                p[state] /= 1 + Math.exp((state >> j & 1) == 1 ? -l[j] : l[j]);
            }
        }
        return p;
    }

    @Test
    void underAWrongPosteriorTheBiasIsThatOfTheEnumerationAndObeysTheBoundsByDivergence() {
        Grbm model = Models.machine();
        double[] truth = Enumerated.posterior(model, POINT);
        for (double offset : new double[] {0, 0.2, 1, 3}) {
            BernoulliPosterior q = Models.near(model, offset).hard();
            double[] wrong = bernoulli(q);
            double kl = 0;
            for (int state = 0; state < 8; state++) {
                kl += wrong[state] * Math.log(wrong[state] / truth[state]);
            }
            Enumerated expected = new Enumerated(model, wrong, POINT, Z);
            Enumerated exact = Enumerated.exact(model, POINT, Z);
            Expr v = Expr.input("v", ROWS, 2);
            Expr vaes = Vaes.particles(2).posterior(q).score(model, v).mean(0);
            Sampled score = sampled(model, q, v, vaes);
            score.assertAgrees("VaES at offset " + offset, expected.score);
            Sampled gradient = gradient(Vages.particles(2).posterior(q), model, q);
            gradient.assertAgrees("VaGES at offset " + offset, expected.gradient());
            double root = Math.sqrt(2 * Math.max(0, kl));
            assertBounded("VaES", score, exact.score, exact.largestSlope * root);
            double factor = exact.largestMixed + 3 * exact.largestTangent * exact.largestWeightSlope;
            assertBounded("VaGES", gradient, exact.gradient(), factor * root);
            if (offset == 1) {
                score.assertDiffers("VaES, from the truth", exact.score);
                gradient.assertDiffers("VaGES, from the truth", exact.gradient());
            }
        }
    }

    /** The distance of the mean, less four standard errors, is within the bound. */
    private static void assertBounded(String what, Sampled sampled, double[] exact, double bound) {
        double[] gap = new double[exact.length];
        for (int i = 0; i < gap.length; i++) {
            gap[i] = sampled.mean[i] - exact[i];
        }
        double bias = Enumerated.norm(gap) - 4 * Enumerated.norm(sampled.error);
        assertTrue(bias <= bound + 1e-5, what + ": bias " + bias + ", bound " + bound);
    }

    @Test
    void varianceReductionKeepsTheMeanOfAWrongHardPosterior() {
        Grbm model = Models.machine();
        BernoulliPosterior q = Models.near(model, 1).hard();
        Expr v = Expr.input("v", ROWS, 2);
        Expr reduced =
                Vaes.particles(1).posterior(q).varianceReduced().score(model, v).mean(0);
        Expr plain = Vaes.particles(1).posterior(q).score(model, v).mean(0);
        Sampled sampled = sampled(model, q, v, reduced);
        sampled.assertAgrees("reduced", new Enumerated(model, bernoulli(q), POINT, Z).score);
        assertTrue(Enumerated.norm(sampled.error) < Enumerated.norm(sampled(model, q, v, plain).error) / 2);
    }

    // ---------------------------------------------------------------- against the double-derivative form

    /** Gives out inputs as particles, in order: the same draws for estimator and reference. */
    private static final class Listed implements Posterior {
        private final int hidden;
        private final Queue<Expr> left;

        Listed(int hidden, List<Expr> particles) {
            this.hidden = hidden;
            this.left = new ArrayDeque<>(particles);
        }

        @Override
        public String name() {
            return "listed";
        }

        @Override
        public int visible() {
            return 2;
        }

        @Override
        public int hidden() {
            return hidden;
        }

        @Override
        public Particle sampleAndLogProb(Expr v) {
            Expr h = left.remove();
            return new Particle(h, h.sum(1));
        }

        @Override
        public Expr logProb(Expr v, Expr h) {
            return h.sum(1);
        }

        @Override
        public Optional<PosteriorFit> fit() {
            return Optional.empty();
        }

        @Override
        public Posterior fittedBy(PosteriorFit how) {
            return this;
        }

        @Override
        public Parameters parameters() {
            return Parameters.none();
        }

        @Override
        public Posterior with(Parameters values) {
            return this;
        }
    }

    private static final int L = 3;

    /** Values of v, z and the particles of three groups for one row each of two. */
    private static Doubles numbers(EnergyModel model, Expr v, Expr z, List<Expr> particles, boolean binary) {
        Doubles given = new Doubles()
                .set(model.parameters())
                .set(v, 0.8, -1.3, -0.2, 0.6)
                .set(z, 0.7, -1.1, 0.4, 2.0);
        Noise noise = Noise.seed(12);
        for (Expr h : particles) {
            double[] values = new double[h.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = binary ? noise.nextInt(2) : noise.nextNormal();
            }
            given.set(h, values);
        }
        return given;
    }

    private static List<Expr> inputs(int hidden, int number) {
        List<Expr> particles = new ArrayList<>();
        for (int l = 0; l < number; l++) {
            particles.add(Expr.input("h" + l, 2, hidden));
        }
        return particles;
    }

    @Test
    void theOneSweepSurrogateIsTheDoubleDerivativeFormToRounding() {
        LatentEnergy mlp = MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(1));
        for (EnergyModel model : List.of(Models.machine(), Models.interacting(), mlp)) {
            Expr v = Expr.input("v", 2, 2);
            Expr z = Expr.input("z", 2, 2);
            List<Expr> particles = inputs(model.hidden(), 3 * L);
            Vages vages = Vages.particles(L).posterior(new Listed(model.hidden(), particles));
            Estimator.Estimate estimate = vages.at(model, v);
            Expr fast = model.parameters().gradient(estimate.surrogate(z).sum());
            Doubles given = numbers(model, v, z, particles, model != mlp);
            double[] expected = doubleDerivative(model, v, z, particles, given, L - 1);
            assertClose(expected, given.of(fast));
            Expr score = estimate.score();
            double[] mean = new double[4];
            for (Expr h : particles.subList(0, L)) {
                double[] slope = given.of(Differentiation.gradient(model.energy(v, h), v));
                for (int i = 0; i < 4; i++) {
                    mean[i] -= slope[i] / L;
                }
            }
            assertArrayEquals(mean, given.of(score), 1e-12);
            Vages biased = Vages.particles(L)
                    .posterior(new Listed(model.hidden(), particles))
                    .biasedCovariance();
            Expr other =
                    model.parameters().gradient(biased.at(model, v).surrogate(z).sum());
            assertClose(doubleDerivative(model, v, z, particles, given, L), given.of(other));
        }
    }

    private static void assertClose(double[] expected, double[] actual) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-10 * (1 + Math.abs(expected[i])), "parameter " + i);
        }
    }

    /** Reverse over reverse for the mean of the second group; for the third, a covariance particle by particle. */
    private static double[] doubleDerivative(
            EnergyModel model, Expr v, Expr z, List<Expr> particles, Doubles given, int divisor) {
        Expr leaf = model.parameters().leaf();
        double[] total = new double[leaf.size()];
        for (Expr h : particles.subList(L, 2 * L)) {
            Expr slope = Differentiation.gradient(model.energy(v, h).neg(), v);
            add(total, 1.0 / L, given.of(Differentiation.gradient(slope.times(z).sum(), leaf)));
        }
        for (int row = 0; row < 2; row++) {
            double[] tangents = new double[L];
            double mean = 0;
            for (int l = 0; l < L; l++) {
                Expr h = particles.get(2 * L + l);
                Expr slope = Differentiation.gradient(model.energy(v, h).neg(), v);
                tangents[l] = given.of(slope.times(z).sum(1))[row];
                mean += tangents[l] / L;
            }
            for (int l = 0; l < L; l++) {
                Expr log = model.energy(v, particles.get(2 * L + l)).neg().slice(0, row, 1);
                add(total, (tangents[l] - mean) / divisor, given.of(Differentiation.gradient(log, leaf)));
            }
        }
        return total;
    }

    private static void add(double[] to, double factor, double[] what) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * what[i];
        }
    }

    @Test
    void ofAGrbmTheSurrogateHasTheClosedFormGradients() {
        Grbm model = Models.machine();
        Expr v = Expr.input("v", 1, 2);
        Expr z = Expr.input("z", 1, 2);
        List<Expr> particles = new ArrayList<>();
        for (int l = 0; l < 3 * L; l++) {
            particles.add(Expr.input("h", 1, 3));
        }
        Doubles given = new Doubles().set(model.parameters()).set(v, POINT).set(z, Z);
        for (int l = 0; l < particles.size(); l++) {
            given.set(particles.get(l), Models.bits(5 * l + 3 & 7, 3));
        }
        Parameters p = model.parameters();
        double[] w = Doubles.widened(p.values("W"));
        double[] b = Doubles.widened(p.values("b"));
        double[] logStd = Doubles.widened(p.values("logStd"));
        double[] a = new double[L];
        for (int l = 0; l < L; l++) {
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 3; j++) {
                    a[l] += Z[i] * w[3 * i + j] * given.of(particles.get(2 * L + l))[j];
                }
            }
        }
        double mean = Arrays.stream(a).average().orElseThrow();
        double[] hbar = new double[3];
        double[] weighted = new double[3];
        for (int l = 0; l < L; l++) {
            add(hbar, 1.0 / L, given.of(particles.get(L + l)));
            add(weighted, (a[l] - mean) / (L - 1), given.of(particles.get(2 * L + l)));
        }
        // grad W = z hbar' + v (sum w h)',  grad c = sum w h,  grad b = z / s^2,  grad logStd = 2 z (v - b) / s^2
        double[] gradW = new double[6];
        double[] gradB = new double[2];
        double[] gradStd = new double[2];
        for (int i = 0; i < 2; i++) {
            double precision = Math.exp(-2 * logStd[i]);
            gradB[i] = Z[i] * precision;
            gradStd[i] = 2 * Z[i] * (POINT[i] - b[i]) * precision;
            for (int j = 0; j < 3; j++) {
                gradW[3 * i + j] = Z[i] * hbar[j] + POINT[i] * weighted[j];
            }
        }
        Vages vages = Vages.particles(L).posterior(new Listed(3, particles));
        Expr surrogate = vages.at(model, v).surrogate(z).sum();
        double[] whole = given.of(p.gradient(surrogate));
        for (int i = 0; i < whole.length; i++) {
            String name = p.nameAt(i);
            int first = i;
            while (first > 0 && p.nameAt(first - 1).equals(name)) {
                first--;
            }
            double[] expected =
                    switch (name) {
                        case "W" -> gradW;
                        case "c" -> weighted;
                        case "b" -> gradB;
                        default -> gradStd;
                    };
            assertEquals(expected[i - first], whole[i], 1e-10, name + " " + (i - first));
        }
    }

    // ---------------------------------------------------------------- settings

    @Test
    void rejectsTooFewParticlesAndPosteriorsOfOtherModels() {
        Grbm model = Models.machine();
        Posterior other = Posteriors.bernoulli(Grbm.visible(2).hidden(5).init(Noise.seed(1)));
        Expr v = Expr.input("v", 2, 2);
        assertThrows(SettingException.class, () -> Vages.particles(1));
        assertThrows(SettingException.class, () -> Vaes.particles(0));
        SettingException error = assertThrows(
                SettingException.class,
                () -> Vages.particles(2).posterior(other).at(model, v));
        assertTrue(error.getMessage().contains("h 3") && error.getMessage().contains("h 5"), error.getMessage());
        assertThrows(
                SettingException.class, () -> Vaes.particles(1).posterior(other).score(model, v));
    }
}
