package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.graph.Expr;
import org.ebvlm.implicit.Esm;
import org.ebvlm.implicit.Stein;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.LatentEnergy;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.model.Parameters;
import org.ebvlm.noise.Noise;
import org.ebvlm.program.Program;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Phase;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.PosteriorFisher;
import org.ebvlm.variational.Posteriors;
import org.ebvlm.variational.Vimco;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every objective with every estimator and posterior that fit together. */
class ObjectiveGridTest {
    private static final Data DATA = data();
    private static final Map<String, Function<Estimator, Objective>> OBJECTIVES = new LinkedHashMap<>();
    /** Objectives that take no estimator. */
    private static final Map<String, Objective> OTHERS = new LinkedHashMap<>();

    private static final Map<String, UnaryOperator<Vages>> VARIANTS = new LinkedHashMap<>();

    static {
        OBJECTIVES.put("DSM", e -> Dsm.noiseStd(0.5).using(e));
        OBJECTIVES.put(
                "MDSM", e -> Mdsm.noise(NoiseGrid.linear(0.5, 1)).sigma0(0.7).using(e));
        OBJECTIVES.put("KSD", e -> Ksd.kernel(Imq.bandwidth(1.5)).using(e));
        OBJECTIVES.put(
                "KSD paired", e -> Ksd.kernel(Rbf.bandwidth(1.5)).using(e).paired());
        OBJECTIVES.put("FD-SSM", e -> FdSsm.projections(1).stepSize(0.2).using(e));
        OBJECTIVES.put(
                "ESM", e -> Esm.by(Stein.kernel(Rbf.bandwidth(1.5))).rows(100).using(e));
        OBJECTIVES.put("Fisher critic", e -> FisherObjective.innerSteps(5)
                .critic(Network.elu(16))
                .with(Adam.rate(0.01))
                .using(e));
        OTHERS.put("SSM", Ssm.projections(1));
        OTHERS.put("SSM, square projected", Ssm.projections(2).gaussian().projectedSquare());
        OTHERS.put("implicit score matching", Ssm.exactTrace());
        OTHERS.put("CD-1", Cd.steps(1));
        OTHERS.put("persistent CD", Cd.steps(2).persistent());
        OTHERS.put("Langevin CD", Cd.steps(5).langevin(0.2));
        OTHERS.put("maximum likelihood", MaximumLikelihood.exact());
        OTHERS.put("NCE", Nce.fittedNoise().drawsPerRow(5));
        OTHERS.put("VNCE", Vnce.posterior(bernoulli()).drawsPerRow(5).particles(5));
        OTHERS.put("BiSSM", BiSsm.using(Bism.posterior(bernoulli()).unrolled(2, 0.1)));
        VARIANTS.put("plain", v -> v);
        VARIANTS.put("variance reduced", Vages::varianceReduced);
        VARIANTS.put("biased covariance", Vages::biasedCovariance);
        VARIANTS.put("shared particles", Vages::sharedParticles);
    }

    private static Data data() {
        float[] values = new float[2 * 200];
        Noise.seed(6).normal(values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = (i % 2 == 0 ? 1.5f : -1f) + 0.6f * values[i];
        }
        return Data.of("points", values, 2);
    }

    private static Posterior bernoulli() {
        return Posteriors.bernoulli(Models.machine()).fittedBy(Elbo.innerSteps(3));
    }

    private static Map<String, Posterior> binary(Grbm model) {
        Map<String, Posterior> all = new LinkedHashMap<>();
        all.put("Bernoulli by Elbo", Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(3)));
        all.put("hard Bernoulli", Models.near(model, 0).hard());
        all.put(
                "hard Bernoulli by VIMCO",
                Posteriors.bernoulli(model).hard().fittedBy(Vimco.samples(3).innerSteps(3)));
        all.put("exact", Posteriors.exact(model));
        return all;
    }

    private static Map<String, Posterior> real(LatentEnergy model) {
        Map<String, Posterior> all = new LinkedHashMap<>();
        all.put(
                "Gaussian by Elbo",
                Posteriors.gaussian(model, Network.elu(16), Noise.seed(2)).fittedBy(Elbo.innerSteps(3)));
        all.put(
                "Gaussian by PosteriorFisher",
                Posteriors.gaussian(model, Network.elu(16), Noise.seed(2)).fittedBy(PosteriorFisher.innerSteps(3)));
        return all;
    }

    // ---------------------------------------------------------------- training

    private static Run fit(EnergyModel model, Objective loss, double rate, int steps) {
        return Training.of(model)
                .minimizing(loss)
                .on(DATA)
                .batches(20)
                .with(Adam.rate(rate))
                .steps(steps)
                .fit(Noise.seed(1));
    }

    private static void assertAllFinite(Run run) {
        assertEquals(Run.Ending.FINISHED, run.ending());
        for (float x : run.model().parameters().values()) {
            assertTrue(Float.isFinite(x), run.model().parameters() + " has " + x);
        }
        for (String name : run.history().names()) {
            for (double x : run.history().values(name)) {
                assertTrue(Double.isFinite(x), name + " has " + x);
            }
        }
    }

    /** The objective by the exact score at all data and with the same noise. */
    private static double exactly(Function<Estimator, Objective> loss, EnergyModel model) {
        Expr batch = Expr.input("batch", DATA.rows(), 2);
        Objective objective = loss.apply(ExactScore.estimator());
        // What a critic has learned says nothing about another model: the same divergence without one.
        Phase phase = (objective instanceof FisherObjective ? Ssm.exactTrace() : objective)
                .phases(model, DATA, batch)
                .get(0);
        try (Program program = Program.of(phase.value())) {
            model.parameters().give(program);
            program.set(batch, DATA.values());
            program.draw(Noise.seed(9));
            program.run();
            return program.scalar(0);
        }
    }

    private static Run assertFalls(Function<Estimator, Objective> loss, Estimator how, EnergyModel model) {
        Run run = fit(model, loss.apply(how), 0.01, 120);
        assertAllFinite(run);
        double before = exactly(loss, model);
        double after = exactly(loss, run.model());
        assertTrue(after < before - 0.1 * Math.abs(before), before + " to " + after);
        return run;
    }

    @TestFactory
    List<DynamicTest> theExactObjectiveFallsForAGrbm() {
        List<DynamicTest> grid = new ArrayList<>();
        OBJECTIVES.forEach((name, loss) -> {
            grid.add(dynamicTest(
                    name + ", exact score", () -> assertFalls(loss, ExactScore.estimator(), Models.machine())));
            grid.add(dynamicTest(name + ", BiSM", () -> {
                Grbm model = Models.machine();
                Posterior q = binary(model).get("Bernoulli by Elbo");
                assertTrue(
                        moved(assertFalls(loss, Bism.posterior(q).unrolled(2, 0.1), model), q),
                        "whether the posterior moved");
            }));
            grid.add(dynamicTest(
                    name + ", importance estimate",
                    () -> assertFalls(loss, ImportanceScore.particles(5), Models.machine())));
            VARIANTS.forEach((variant, change) -> binary(Models.machine())
                    .keySet()
                    .forEach(family -> grid.add(dynamicTest(name + ", " + variant + " VaGES, " + family, () -> {
                        Grbm model = Models.machine();
                        Posterior q = binary(model).get(family);
                        Run run = assertFalls(
                                loss, change.apply(Vages.particles(2).posterior(q)), model);
                        boolean fitted = q.fit().isPresent() || family.equals("exact");
                        assertEquals(fitted, moved(run, q), "whether the posterior moved");
                    }))));
        });
        return grid;
    }

    @TestFactory
    List<DynamicTest> theExactObjectiveFallsForOtherModels() {
        List<DynamicTest> grid = new ArrayList<>();
        OBJECTIVES.forEach((name, loss) -> List.of(Models.plainGaussian(2), Models.scaled(), Models.deep())
                .forEach(model -> grid.add(dynamicTest(
                        name + ", exact score, " + model.name(),
                        () -> assertFalls(loss, ExactScore.estimator(), model)))));
        return grid;
    }

    /** Points of two blobs, whose density is known. */
    @TestFactory
    List<DynamicTest> everyObjectiveLowersTheFisherDivergenceToTheTruth() {
        Data blobs = Datasets.gaussianMixture(new double[][] {{1.5, 0}, {-1, -1}}, 0.7, 400, Noise.seed(4));
        Map<String, Objective> all = new LinkedHashMap<>(OTHERS);
        OBJECTIVES.forEach((name, loss) -> all.put(name, loss.apply(ExactScore.estimator())));
        all.put("DSM", Dsm.noiseStd(0.2));
        List<DynamicTest> grid = new ArrayList<>();
        ExactFisherDivergence truth = ExactFisherDivergence.against(blobs);
        double before = truth.of(Models.machine(), Noise.seed(1)).value();
        all.forEach((name, loss) -> grid.add(dynamicTest(name, () -> {
            Run run = Training.of(Models.machine())
                    .minimizing(loss)
                    .on(blobs)
                    .batches(50)
                    .with(Adam.rate(0.02))
                    .steps(200)
                    .fit(Noise.seed(1));
            assertAllFinite(run);
            double after = truth.of(run.model(), Noise.seed(1)).value();
            assertTrue(after < 0.6 * before, before + " to " + after);
        })));
        return grid;
    }

    private static boolean moved(Run run, Posterior q) {
        float[] before = q.parameters().values();
        float[] after = run.<Posterior>fitted(q).parameters().values();
        for (int i = 0; i < before.length; i++) {
            if (before[i] != after[i]) {
                return true;
            }
        }
        return false;
    }

    @TestFactory
    List<DynamicTest> trainingOfAnMlpEnergyStaysFiniteAndMovesModelAndPosterior() {
        List<DynamicTest> grid = new ArrayList<>();
        OBJECTIVES.forEach((name, loss) -> VARIANTS.forEach((variant, change) -> List.of(
                        "Gaussian by Elbo", "Gaussian by PosteriorFisher")
                .forEach(family -> grid.add(dynamicTest(name + ", " + variant + " VaGES, " + family, () -> {
                    LatentEnergy model = MlpEnergy.visible(2).hidden(2).width(4).init(Noise.seed(1));
                    Posterior q = real(model).get(family);
                    Run run = fit(
                            model, loss.apply(change.apply(Vages.particles(2).posterior(q))), 0.001, 150);
                    assertAllFinite(run);
                    assertTrue(moved(run, q));
                    assertNotEquals(
                            model.parameters().values()[0],
                            run.model().parameters().values()[0]);
                })))));
        return grid;
    }

    @TestFactory
    List<DynamicTest> theDsmObjectiveOfAnMlpEnergyFalls() {
        LatentEnergy model = MlpEnergy.visible(2).hidden(2).width(16).init(Noise.seed(1));
        List<DynamicTest> grid = new ArrayList<>();
        real(model)
                .forEach((family, q) -> grid.add(dynamicTest(family, () -> {
                    // A rate at which the posterior keeps up with the model; with a far greater one both run away. Even
                    // so
                    // one run in six or so has not come down by then, with whatever source of noise: the middle of
                    // five.
                    double[] falls = IntStream.rangeClosed(1, 5)
                            .mapToDouble(seed -> fall(Training.of(model)
                                    .minimizing(Dsm.noiseStd(0.5)
                                            .using(Vages.particles(2).posterior(q)))
                                    .on(DATA)
                                    .batches(20)
                                    .with(Adam.rate(0.003))
                                    .steps(800)
                                    .fit(Noise.seed(seed))))
                            .sorted()
                            .toArray();
                    assertTrue(falls[2] < 0.9, Arrays.toString(falls));
                })));
        return grid;
    }

    /** The objective at the end, beside that at the beginning. */
    private static double fall(Run run) {
        double[] objective = run.history().values("objective");
        int n = objective.length;
        double early = Arrays.stream(objective, 0, n / 10).average().orElseThrow();
        return Arrays.stream(objective, n - n / 4, n).average().orElseThrow() / early;
    }

    // ---------------------------------------------------------------- the gradient in the mean

    private static Sampled gradient(Objective loss, EnergyModel model, Map<Expr, float[]> rows, Expr batch, int runs) {
        List<Phase> phases = loss.phases(model, DATA, batch);
        Phase phase = phases.get(phases.size() - 1);
        List<Parameters> parameters = new ArrayList<>(List.of(model.parameters()));
        if (loss instanceof FisherObjective) {
            Parameters critic = phases.get(phases.size() - 2).fitted().parameters();
            float[] any = new float[critic.size()];
            Noise.seed(5).normal(any, 0, any.length);
            parameters.add(critic.with(any));
        }
        return Sampled.of(model.parameters().gradient(phase.loss()), runs, parameters, rows);
    }

    @TestFactory
    List<DynamicTest> underTheExactPosteriorTheGradientIsTheExactOneInTheMean() {
        List<DynamicTest> grid = new ArrayList<>();
        List<EnergyModel> others = List.of(Models.scaled(), Models.deep());
        List<EnergyModel> models = new ArrayList<>(List.of(Models.machine(), Models.interacting()));
        models.addAll(others);
        for (EnergyModel model : models) {
            OBJECTIVES.forEach((name, loss) -> VARIANTS.forEach((variant, change) -> {
                if (others.contains(model) && !variant.equals("plain")) {
                    return;
                }
                Estimator vages = change.apply(Vages.particles(2).posterior(Posteriors.exact(model)));
                grid.add(dynamicTest(model + ", " + name + ", " + variant, () -> {
                    Expr batch = Expr.input("batch", 8, 2);
                    Map<Expr, float[]> rows = Map.of(batch, DATA.rows(0, 8).values());
                    boolean noisy = name.endsWith("DSM") || name.equals("FD-SSM");
                    Sampled estimate = gradient(loss.apply(vages), model, rows, batch, 8000);
                    Sampled exact = gradient(loss.apply(ExactScore.estimator()), model, rows, batch, noisy ? 8000 : 2);
                    double distance = distance(estimate, exact);
                    // In KSD two different rows meet in every product, and z of a critic has no draws in it:
                    // sharing particles in a row does no harm.
                    boolean ownDraws = noisy || name.equals("ESM");
                    boolean biased =
                            variant.equals("biased covariance") || (ownDraws && variant.equals("shared particles"));
                    assertTrue(biased ? distance > 6 : distance < 4, distance + " standard errors away");
                }));
            }));
        }
        return grid;
    }

    private static double distance(Sampled a, Sampled b) {
        double largest = 0;
        for (int i = 0; i < a.mean.length; i++) {
            double error = Math.hypot(a.error[i], b.error[i]) + 1e-6 * (1 + Math.abs(a.mean[i]));
            largest = Math.max(largest, Math.abs(a.mean[i] - b.mean[i]) / error);
        }
        return largest;
    }
}
