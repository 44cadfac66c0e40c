package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.ebvlm.graph.Expr;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.variational.BernoulliPosterior;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.GaussianPosterior;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.PosteriorGap;
import org.ebvlm.variational.Posteriors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tech.tablesaw.api.Table;

class EstimatorAuditTest {
    private static final double[] POINT = {(float) 0.8, (float) -1.3};
    private static final double[] Z = {0.7, -1.1};
    private static final Data POINTS = points(40);
    /** One point many times: each row is an independent estimate at it. */
    private static final Data COPIES = Data.of("copies", Sampled.copies(POINT, 50), 2);

    private static final Map<String, Function<Estimator, Objective>> OBJECTIVES = new LinkedHashMap<>();
    private static final Map<String, UnaryOperator<Vages>> VARIANTS = new LinkedHashMap<>();

    static {
        OBJECTIVES.put("DSM", Dsm.noiseStd(0.5)::using);
        OBJECTIVES.put("KSD", Ksd.kernel(Imq.bandwidth(1.5))::using);
        VARIANTS.put("plain", v -> v);
        VARIANTS.put("variance reduced", Vages::varianceReduced);
        VARIANTS.put("biased covariance", Vages::biasedCovariance);
        VARIANTS.put("shared particles", Vages::sharedParticles);
    }

    private static Data points(int n) {
        float[] values = new float[2 * n];
        Noise.seed(6).normal(values, 0, values.length);
        return Data.of("points", values, 2);
    }

    private static Audit.Row only(Audit audit) {
        assertEquals(1, audit.rows().size(), audit.toString());
        return audit.rows().get(0);
    }

    private static void assertUnbiased(String what, Quality found) {
        // Four standard errors, and a little for rounding.
        assertTrue(Math.abs(found.biasSquared()) < 4 * found.biasSquaredError() + 1e-11, what + ": " + found);
    }

    private static void assertBiased(String what, Quality found) {
        assertTrue(found.biasSquared() > 5 * found.biasSquaredError(), what + ": " + found);
    }

    /** E z . d/dtheta score with a fixed z: what the estimators say of the gradient, without a residual. */
    private static Objective fixedResidual(Estimator estimator) {
        return new Objective() {
            @Override
            public String name() {
                return "fixed residual by " + estimator.name();
            }

            @Override
            public List<Phase> phases(EnergyModel model, Data data, Expr batch) {
                Expr z = Expr.constant(Z, 1, 2).broadcastTo(batch.shape(0), 2);
                List<Phase> phases = new ArrayList<>(estimator.innerPhases(model, batch));
                Expr loss = estimator.at(model, batch).surrogate(z).mean();
                phases.add(Phase.of("objective", model, loss, loss));
                return phases;
            }
        };
    }

    // ---------------------------------------------------------------- the grid

    @TestFactory
    List<DynamicTest> theExactScoreHasNoBiasUnderAnyObjective() {
        List<DynamicTest> grid = new ArrayList<>();
        OBJECTIVES.forEach((name, loss) -> grid.add(dynamicTest(name, () -> {
            Audit.Row row = only(EstimatorAudit.of(Models.machine())
                    .on(POINTS)
                    .using(ExactScore.estimator())
                    .minimizing(loss)
                    .repeats(40)
                    .measure(Noise.seed(1)));
            assertEquals(0, row.score().biasSquared());
            assertEquals(0, row.score().std());
            Quality gradient = row.gradient().orElseThrow();
            assertEquals(0, gradient.biasSquared());
            assertEquals(0, gradient.biasSquaredError());
            assertEquals(name.equals("DSM"), gradient.std() > 0, "the objective's own noise remains");
            assertTrue(gradient.signal() > 0.01, gradient.toString());
        })));
        return grid;
    }

    @TestFactory
    List<DynamicTest> underTheExactPosteriorOnlyTheVariantsThatAreKnownToBeAreBiased() {
        List<DynamicTest> grid = new ArrayList<>();
        OBJECTIVES.forEach((name, loss) ->
                VARIANTS.forEach((variant, change) -> grid.add(dynamicTest(name + ", " + variant, () -> {
                    Grbm model = Models.machine();
                    Audit.Row row = only(EstimatorAudit.of(model)
                            .on(POINTS)
                            .posterior(Posteriors.exact(model))
                            .estimating(
                                    (l, q) -> change.apply(Vages.particles(l).posterior(q)))
                            .minimizing(loss)
                            .repeats(4000)
                            .measure(Noise.seed(1)));
                    assertUnbiased("score", row.score());
                    boolean biased = variant.equals("biased covariance")
                            || (variant.equals("shared particles") && name.equals("DSM"));
                    Quality gradient = row.gradient().orElseThrow();
                    if (biased) {
                        assertBiased("gradient", gradient);
                    } else {
                        assertUnbiased("gradient", gradient);
                    }
                    assertTrue(gradient.std() > 0 && gradient.millis() > 0);
                    assertEquals(variant.equals("variance reduced"), row.score().std() < 1e-5, row + "");
                }))));
        return grid;
    }

    @Test
    void biLevelEstimatesAreJudgedToo() {
        Grbm model = Models.machine();
        Posterior q = Models.near(model, 0).fittedBy(Elbo.innerSteps(1));
        double[] bias = new double[2];
        for (int k = 0; k < 2; k++) {
            int steps = 12 * k;
            Audit.Row row = only(EstimatorAudit.of(model)
                    .on(COPIES)
                    .posterior(q)
                    .estimating((l, posterior) -> Bism.posterior(posterior).unrolled(steps, 0.5))
                    .minimizing(EstimatorAuditTest::fixedResidual)
                    .measure(Noise.seed(1)));
            // At the exact posterior the score is exact; unrolled steps of noisy descent leave it a little.
            assertTrue(row.score().std() < (k == 0 ? 1e-5 : 0.5), row.score().toString());
            assertTrue(row.score().bias() < (k == 0 ? 1e-5 : 0.05), row.score().toString());
            bias[k] = row.gradient().orElseThrow().bias();
        }
        assertTrue(bias[1] < 0.5 * bias[0], bias[0] + " to " + bias[1]);
    }

    // ---------------------------------------------------------------- numbers that are known

    @Test
    void theNoiseOfTheScoreIsThatOfTheEnumerationOverParticles() {
        Grbm model = Models.machine();
        Audit audit = EstimatorAudit.of(model)
                .on(COPIES)
                .posterior(Posteriors.exact(model))
                .particles(8, 2)
                .measure(Noise.seed(1));
        // Cov of grad_v log p~ under p(h | v): W diag(p (1 - p)) W' for a machine.
        double[] p = new double[3];
        float[] w = model.parameters().values("W");
        float[] c = model.parameters().values("c");
        double trace = 0;
        for (int j = 0; j < 3; j++) {
            p[j] = 1 / (1 + Math.exp(-c[j] - POINT[0] * w[j] - POINT[1] * w[3 + j]));
            trace += p[j] * (1 - p[j]) * (w[j] * w[j] + w[3 + j] * w[3 + j]);
        }
        assertEquals(2, audit.rows().size());
        for (Audit.Row row : audit.rows()) {
            // 50 rows, 400 repeats: the standard error of the variance is about 1 % of it.
            assertEquals(1, row.score().std() / Math.sqrt(trace / row.particles()), 0.02, row.toString());
            double[] score = Enumerated.exact(model, POINT, Z).score;
            assertEquals(Enumerated.norm(score), row.score().signal(), 1e-5);
        }
        assertEquals(2, audit.rows().get(0).particles());
    }

    @Test
    void theBiasedCovarianceIsTooSmallByOneParticleInL() {
        Grbm model = Models.machine();
        double[] covariance = Enumerated.exact(model, POINT, Z).covariance;
        Audit audit = EstimatorAudit.of(model)
                .on(COPIES)
                .posterior(Posteriors.exact(model))
                .estimating((l, q) -> Vages.particles(l).posterior(q).biasedCovariance())
                .particles(2, 4)
                .minimizing(EstimatorAuditTest::fixedResidual)
                .repeats(500)
                .measure(Noise.seed(1));
        for (Audit.Row row : audit.rows()) {
            Quality gradient = row.gradient().orElseThrow();
            double expected = Enumerated.norm(covariance) / row.particles();
            assertEquals(expected, gradient.bias(), 4 * gradient.biasError(), row.toString());
            assertTrue(gradient.biasError() < expected / 4, row.toString());
        }
    }

    @Test
    void theBiasUnderAWrongPosteriorIsThatOfTheEnumerationAndWithinTheBound() {
        Grbm model = Models.machine();
        Enumerated exact = Enumerated.exact(model, POINT, Z);
        for (double offset : new double[] {0.3, 1, 3}) {
            BernoulliPosterior q = Models.near(model, offset).hard();
            Audit.Row row = only(EstimatorAudit.of(model)
                    .on(COPIES)
                    .posterior(q)
                    .minimizing(EstimatorAuditTest::fixedResidual)
                    .repeats(1000)
                    .measure(Noise.seed(1)));
            Enumerated wrong = new Enumerated(model, bernoulli(model, q), POINT, Z);
            double kl = PosteriorGap.kl(q).on(COPIES).of(model, Noise.seed(1)).value();
            assertBias("score", distance(wrong.score, exact.score), row.score());
            Quality gradient = row.gradient().orElseThrow();
            assertBias("gradient", distance(wrong.gradient(), exact.gradient()), gradient);
            // C sqrt(2 KL), and (C'' + 3 C C') sqrt(2 KL)
            double root = Math.sqrt(2 * kl);
            assertTrue(row.score().bias()
                    < exact.largestSlope * root + 4 * row.score().biasError());
            double factor = exact.largestMixed + 3 * exact.largestTangent * exact.largestWeightSlope;
            assertTrue(gradient.bias() < factor * root + 4 * gradient.biasError());
        }
    }

    @Test
    void theBiasOfAnImportanceEstimateIsThatOfTheEnumerationOverPairsOfDraws() {
        Grbm model = Models.machine();
        double[] coin = new double[1 << model.hidden()];
        Arrays.fill(coin, 1.0 / coin.length);
        ImportanceScoreTest.Pairs pairs = new ImportanceScoreTest.Pairs(model, coin);
        Enumerated exact = Enumerated.exact(model, POINT, Z);
        Audit.Row row = only(EstimatorAudit.of(model)
                .on(COPIES)
                .using(ImportanceScore.particles(2))
                .minimizing(EstimatorAuditTest::fixedResidual)
                .repeats(1000)
                .measure(Noise.seed(1)));
        assertBias("score", distance(pairs.score, exact.score), row.score());
        assertBiased("score", row.score());
        assertBias(
                "gradient",
                distance(pairs.gradient, exact.gradient()),
                row.gradient().orElseThrow());
    }

    private static void assertBias(String what, double expected, Quality found) {
        assertEquals(expected * expected, found.biasSquared(), 4 * found.biasSquaredError() + 1e-7, what + " " + found);
    }

    private static double distance(double[] a, double[] b) {
        double[] gap = a.clone();
        for (int i = 0; i < gap.length; i++) {
            gap[i] -= b[i];
        }
        return Enumerated.norm(gap);
    }

    private static double[] bernoulli(Grbm model, BernoulliPosterior q) {
        Expr v = Expr.input("v", 1, 2);
        double[] l = new Doubles().set(q.parameters()).set(v, POINT).of(q.logits(v));
        double[] p = new double[1 << model.hidden()];
        for (int state = 0; state < p.length; state++) {
            p[state] = 1;
            for (int j = 0; j < l.length; j++) {
                p[state] /= 1 + Math.exp((state >> j & 1) == 1 ? -l[j] : l[j]);
            }
        }
        return p;
    }

    // ---------------------------------------------------------------- inner steps

    @Test
    void theBiasFallsWithTheInnerSteps() {
        Grbm model = Models.machine();
        Posterior q = Models.near(model, 1.5).fittedBy(Elbo.innerSteps(5).with(Adam.rate(0.03)));
        Audit audit = EstimatorAudit.of(model)
                .on(POINTS)
                .posterior(q)
                .minimizing(Dsm.noiseStd(0.5)::using)
                .innerSteps(200, 0, 20)
                .particles(2, 5)
                .measure(Noise.seed(1));
        assertEquals(6, audit.rows().size());
        for (int l : new int[] {2, 5}) {
            List<Audit.Row> rows = audit.ofParticles(l);
            assertEquals(
                    List.of(0, 20, 200),
                    rows.stream().map(Audit.Row::innerSteps).toList());
            for (int k = 1; k < 3; k++) {
                Quality before = rows.get(k - 1).score();
                Quality after = rows.get(k).score();
                assertTrue(after.bias() + 4 * after.biasError() < before.bias(), before + " to " + after);
            }
            assertTrue(rows.get(2).gradient().orElseThrow().bias()
                    < rows.get(0).gradient().orElseThrow().bias() / 2);
        }
        assertEquals(2, audit.ofInnerSteps(20).size());
    }

    // ---------------------------------------------------------------- without a closed form

    /** E = 1/2 |h|^2 + 1/2 |h - a v|^2: p(h | v) is N(a v / 2, 1 / 2), and the score -a^2 v / 2. */
    private static LatentEnergy real() {
        return LatentEnergy.visible(2)
                .continuous(2)
                .uniform("a", 1, 2)
                .energy((g, v, h) -> g.math.square(h)
                        .sum(1)
                        .add(g.math.square(h.sub(v.mul(g.getVariable("a")))).sum(1))
                        .mul(0.5))
                .init(Noise.seed(1));
    }

    private static GaussianPosterior gaussian(LatentEnergy model, double shift) {
        GaussianPosterior q = Posteriors.gaussian(model, Network.linear(), Noise.seed(2));
        float[] a = model.parameters().values("a");
        float s = (float) shift;
        float logStd = (float) (0.5 * Math.log(0.5));
        return q.with(q.parameters()
                .with("layer.W", new float[] {a[0] / 2, 0, 0, 0, 0, a[1] / 2, 0, 0})
                .with("layer.b", new float[] {s, s, logStd, logStd}));
    }

    @Test
    void whereThereIsNoClosedFormManyDrawsAreTheTruthAndTheReportSaysSo() {
        LatentEnergy model = real();
        float[] a = model.parameters().values("a");
        for (double shift : new double[] {0, 0.2}) {
            Audit audit = EstimatorAudit.of(model)
                    .on(points(10))
                    .posterior(gaussian(model, shift))
                    .minimizing(EstimatorAuditTest::fixedResidual)
                    .repeats(80)
                    .measure(Noise.seed(1));
            Audit.Row row = only(audit);
            // grad_v log p~ = a (h - a v), so means of h that are off by a shift make a bias of a shift.
            assertBias("score", shift * Math.hypot(a[0], a[1]), row.score());
            assertTrue(audit.truth().contains("importance estimate with 1000 draws"), audit.truth());
            if (shift == 0) {
                assertUnbiased("gradient", row.gradient().orElseThrow());
                assertTrue(audit.truth().contains("1000 of them effective"), audit.truth());
            }
        }
    }

    // ---------------------------------------------------------------- report and settings

    @Test
    void theReportIsATable() {
        Grbm model = Models.machine();
        Audit audit = EstimatorAudit.of(model)
                .on(POINTS)
                .posterior(Posteriors.exact(model))
                .particles(2, 3)
                .minimizing(Dsm.noiseStd(0.5)::using)
                .repeats(40)
                .rows(10)
                .measure(Noise.seed(1));
        Table table = audit.toTable();
        assertEquals(4, table.rowCount());
        assertEquals(
                audit.rows().get(1).score().bias(), table.doubleColumn("bias").get(2));
        assertEquals("gradient", table.stringColumn("estimates").get(3));
        assertEquals(3, table.intColumn("particles").get(3));
        String text = audit.toString();
        assertEquals(4, text.lines().count(), text);
        assertTrue(text.contains("in 2 settings"), text);
        assertTrue(text.contains("10 rows of points, 40 repeats") && text.contains("exact score"), text);
        assertTrue(text.contains("DSM with noise 0.5"), text);
    }

    @Test
    void theSameNoiseGivesTheSameNumbers() {
        Grbm model = Models.machine();
        EstimatorAudit audit = EstimatorAudit.of(model)
                .on(POINTS)
                .posterior(Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(1)))
                .innerSteps(0, 3)
                .repeats(40);
        Audit one = audit.measure(Noise.seed(1));
        Audit two = audit.measure(Noise.seed(1));
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    one.rows().get(i).score().biasSquared(),
                    two.rows().get(i).score().biasSquared());
        }
    }

    @Test
    void rejectsWhatIsMissingOrContradicts() {
        Grbm model = Models.machine();
        Posterior q = Posteriors.exact(model);
        Noise noise = Noise.seed(1);
        EstimatorAudit audit = EstimatorAudit.of(model).on(POINTS);
        assertThrows(SettingException.class, () -> audit.measure(noise));
        assertThrows(
                SettingException.class,
                () -> EstimatorAudit.of(model).posterior(q).measure(noise));
        assertThrows(
                SettingException.class,
                () -> audit.posterior(q).innerSteps(0, 5).measure(noise));
        assertThrows(SettingException.class, () -> audit.particles());
        assertThrows(SettingException.class, () -> audit.particles(0));
        assertThrows(SettingException.class, () -> audit.innerSteps(-1));
        assertThrows(SettingException.class, () -> audit.repeats(39));
        assertThrows(SettingException.class, () -> audit.repeats(50).repeats(60));
        assertThrows(SettingException.class, () -> audit.posterior(q).rows(41).measure(noise));
        assertThrows(
                SettingException.class,
                () -> audit.using(ExactScore.estimator()).particles(2).measure(noise));
        assertThrows(ShapeException.class, () -> EstimatorAudit.of(model).on(Data.of("d", new float[6], 3)));
        Posterior other = Posteriors.bernoulli(Grbm.visible(2).hidden(5).init(noise));
        assertThrows(SettingException.class, () -> audit.posterior(other));
        LatentEnergy large = LatentEnergy.visible(2)
                .binary(11)
                .energy((g, v, h) -> g.math.square(v).sum(1).add(h.sum(1)))
                .init(noise);
        SettingException error = assertThrows(SettingException.class, () -> EstimatorAudit.of(large)
                .on(POINTS)
                .posterior(Posteriors.bernoulli(large))
                .measure(noise));
        assertTrue(error.getMessage().contains("11 binary units"), error.getMessage());
    }
}
