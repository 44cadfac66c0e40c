package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ebvlm.errors.SettingException;
import org.ebvlm.graph.Differentiation;
import org.ebvlm.graph.Expr;
import org.ebvlm.graph.Leaf;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Snapshot;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.Test;

class ImportanceScoreTest {
    private static final double[] POINT = {0.8, -1.3};
    private static final double[] Z = {0.7, -1.1};
    private static final int ROWS = 500;

    private static List<EnergyModel> models() {
        return List.of(Models.machine(), Models.interacting());
    }

    /** What two draws make of score and parameter gradient, in the mean over all pairs of states with their probabilities. */
    static final class Pairs {
        final double[] score = new double[2];
        final double[] gradient;

        Pairs(EnergyModel model, double[] proposal) {
            Expr v = Expr.input("v", 1, 2);
            Expr h = Expr.input("h", 1, model.hidden());
            Expr log = model.logUnnormalised(v, h);
            Expr slope = Differentiation.gradient(log, v);
            Expr tangent = slope.times(Expr.constant(Z, 1, 2)).sum();
            List<Expr> parts = List.of(
                    log,
                    slope,
                    tangent,
                    Differentiation.gradient(tangent, model.parameters().leaf()),
                    Differentiation.gradient(log, model.parameters().leaf()));
            double[][][] known = new double[proposal.length][parts.size()][];
            Doubles given = new Doubles().set(model.parameters()).set(v, POINT);
            for (int state = 0; state < proposal.length; state++) {
                given.set(h, Models.bits(state, model.hidden()));
                for (int k = 0; k < parts.size(); k++) {
                    known[state][k] = given.of(parts.get(k));
                }
            }
            gradient = new double[model.parameters().size()];
            for (int i = 0; i < proposal.length; i++) {
                for (int j = 0; j < proposal.length; j++) {
                    // w_i over w_i + w_j, with w = exp(-E) / q
                    double odds = known[j][0][0] - known[i][0][0] - Math.log(proposal[j] / proposal[i]);
                    double w = 1 / (1 + Math.exp(odds));
                    add(proposal[i] * proposal[j], w, known[i], known[j]);
                }
            }
        }

        private void add(double p, double w, double[][] a, double[][] b) {
            for (int i = 0; i < 2; i++) {
                score[i] += p * (w * a[1][i] + (1 - w) * b[1][i]);
            }
            double gap = a[2][0] - b[2][0];
            for (int k = 0; k < gradient.length; k++) {
                double mean = w * a[3][k] + (1 - w) * b[3][k];
                double covariance = w * (1 - w) * gap * (a[4][k] - b[4][k]);
                gradient[k] += p * (mean + covariance);
            }
        }
    }

    private static double[] coins(EnergyModel model) {
        double[] p = new double[1 << model.hidden()];
        Arrays.fill(p, 1.0 / p.length);
        return p;
    }

    private static Sampled sampledScore(EnergyModel model, Estimator how, int runs) {
        Expr v = Expr.input("v", ROWS, 2);
        return Sampled.of(
                how.at(model, v).score().mean(0),
                runs,
                List.of(model.parameters()),
                Map.of(v, Sampled.copies(POINT, ROWS)));
    }

    private static Sampled sampledGradient(EnergyModel model, Estimator how, int runs) {
        Expr v = Expr.input("v", ROWS, 2);
        Expr z = Expr.constant(Z, 1, 2).broadcastTo(ROWS, 2);
        Expr surrogate = how.at(model, v).surrogate(z).mean();
        return Sampled.of(
                model.parameters().gradient(surrogate),
                runs,
                List.of(model.parameters()),
                Map.of(v, Sampled.copies(POINT, ROWS)));
    }

    @Test
    void meansAreThoseOverAllPairsOfDraws() {
        for (EnergyModel model : models()) {
            Pairs pairs = new Pairs(model, coins(model));
            ImportanceScore two = ImportanceScore.particles(2);
            sampledScore(model, two, 200).assertAgrees("score", pairs.score);
            sampledGradient(model, two, 200).assertAgrees("gradient", pairs.gradient);
            sampledGradient(model, two.sharedParticles(), 200).assertAgrees("gradient, shared", pairs.gradient);
            // The estimate is biased, and another number of draws has another mean.
            sampledScore(model, two, 200).assertDiffers("the truth", Enumerated.exact(model, POINT, Z).score);
        }
    }

    @Test
    void aPosteriorAsTheProposalIsWeighedByItsOwnProbabilities() {
        Grbm model = Models.machine();
        Posterior q = Models.near(model, 0.8).hard();
        double[] p = new double[8];
        Expr v = Expr.input("v", 1, 2);
        Expr h = Expr.input("h", 1, 3);
        Doubles given = new Doubles().set(q.parameters()).set(v, POINT);
        for (int state = 0; state < 8; state++) {
            p[state] = Math.exp(given.set(h, Models.bits(state, 3)).scalar(q.logProb(v, h)));
        }
        Pairs pairs = new Pairs(model, p);
        ImportanceScore two = ImportanceScore.particles(2).posterior(q);
        Expr rows = Expr.input("v", ROWS, 2);
        Estimator.Estimate estimate = two.at(model, rows);
        Expr z = Expr.constant(Z, 1, 2).broadcastTo(ROWS, 2);
        var inputs = Map.of(rows, Sampled.copies(POINT, ROWS));
        var parameters = List.of(model.parameters(), q.parameters());
        Sampled.of(estimate.score().mean(0), 200, parameters, inputs).assertAgrees("score", pairs.score);
        Sampled.of(model.parameters().gradient(estimate.surrogate(z).mean()), 200, parameters, inputs)
                .assertAgrees("gradient", pairs.gradient);
    }

    /** All weights are then equal: the score is unbiased, and the covariance too small by the factor (L - 1) / L. */
    @Test
    void withTheExactPosteriorTheScoreIsUnbiased() {
        for (EnergyModel model : models()) {
            Enumerated truth = Enumerated.exact(model, POINT, Z);
            ImportanceScore three = ImportanceScore.particles(3).posterior(Posteriors.exact(model));
            sampledScore(model, three, 200).assertAgrees("score", truth.score);
            double[] expected = truth.meanPart.clone();
            for (int i = 0; i < expected.length; i++) {
                expected[i] += truth.covariance[i] * 2 / 3;
            }
            sampledGradient(model, three, 200).assertAgrees("gradient", expected);
        }
    }

    @Test
    void surrogateIsTheDerivativeOfTheEstimateItself() {
        for (EnergyModel model : models()) {
            Expr v = Points.batch();
            Expr z = Expr.input("z", 4, 2);
            Estimator.Estimate estimate =
                    ImportanceScore.particles(4).sharedParticles().at(model, v);
            Expr product = estimate.score().times(z).sum();
            Expr slope = model.parameters().gradient(estimate.surrogate(z).sum());
            Doubles given = Points.given(model, v)
                    .set(z, 0.7, -1.1, 0.4, 2.0, -0.3, 0.1, 1.0, 1.0)
                    .draw(Noise.seed(3), product, slope);
            assertArrayEquals(
                    given.differences(product, model.parameters().leaf()), given.of(slope), 1e-7, model.name());
            assertEquals(given.scalar(product), given.scalar(estimate.along(z).sum()), 1e-12);
        }
    }

    /** The noise inputs of an expression. */
    private static Set<Expr> noise(Expr y) {
        Set<Expr> found = new HashSet<>(Expr.sorted(List.of(y)));
        found.removeIf(node -> !(node.op() instanceof Leaf.Input input) || input.source() == Leaf.Source.GIVEN);
        return found;
    }

    @Test
    void scoreAndGradientHaveDrawsOfTheirOwnUnlessShared() {
        Expr v = Points.batch();
        Expr z = Expr.input("z", 4, 2);
        ImportanceScore two = ImportanceScore.particles(2);
        Estimator.Estimate apart = two.at(Models.machine(), v);
        assertEquals(2, noise(apart.score()).size());
        assertEquals(2, noise(apart.surrogate(z)).size());
        assertTrue(Collections.disjoint(noise(apart.score()), noise(apart.surrogate(z))));
        Estimator.Estimate shared = two.sharedParticles().at(Models.machine(), v);
        assertEquals(noise(shared.score()), noise(shared.surrogate(z)));
    }

    /** The bias is of the order 1 / L, so that of 16 draws is about an eighth of that of 2. */
    @Test
    void theBiasFallsWithTheNumberOfDraws() {
        for (EnergyModel model : models()) {
            double[] truth = Enumerated.exact(model, POINT, Z).score;
            double[] two = new Pairs(model, coins(model)).score;
            Sampled many = sampledScore(model, ImportanceScore.particles(16), 100);
            double left = Math.hypot(many.mean[0] - truth[0], many.mean[1] - truth[1]);
            double error = Math.hypot(many.error[0], many.error[1]);
            double before = Math.hypot(two[0] - truth[0], two[1] - truth[1]);
            assertTrue(error < before / 16, "the errors are small: " + error + " beside " + before);
            assertTrue(left < before / 4 + 4 * error, model.name() + ": " + before + " to " + left);
        }
    }

    @Test
    void followsTheFittedPosterior() {
        Grbm model = Models.machine();
        Posterior q = Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(5));
        ImportanceScore how = ImportanceScore.particles(2).posterior(q);
        List<Phase> phases = Dsm.noiseStd(0.5).using(how).phases(model, Points.data(), Points.batch());
        assertEquals("negativeElbo", phases.get(0).name());
        assertTrue(q.parameters().gradient(phases.get(1).loss()).is(0), "q is held in the objective");
        float[] moved = new float[q.parameters().size()];
        Snapshot later = new Snapshot(model, p -> p.with(moved), 1, Noise.seed(1));
        assertArrayEquals(moved, how.at(later).parameters().get(0).values());
        assertTrue(ImportanceScore.particles(2).parameters().isEmpty());
    }

    @Test
    void refusesWhatItCannotDraw() {
        LatentEnergy mlp = MlpEnergy.visible(2).hidden(3).width(6).init(Noise.seed(1));
        Points.assertRefused("posterior(q)", Dsm.noiseStd(1).using(ImportanceScore.particles(2)), mlp);
        Posterior other = Posteriors.bernoulli(Grbm.visible(2).hidden(5).init(Noise.seed(1)));
        Points.assertRefused(
                "does not belong",
                Dsm.noiseStd(1).using(ImportanceScore.particles(2).posterior(other)),
                Models.machine());
        assertThrows(SettingException.class, () -> ImportanceScore.particles(0));
    }
}
