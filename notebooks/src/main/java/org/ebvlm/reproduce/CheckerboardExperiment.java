package org.ebvlm.reproduce;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.likelihood.LogLikelihood;
import org.ebvlm.model.Grbm;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.picture.Scatter;
import org.ebvlm.sampling.BlockGibbs;
import org.ebvlm.scoring.BiSsm;
import org.ebvlm.scoring.Bism;
import org.ebvlm.scoring.Cd;
import org.ebvlm.scoring.Dsm;
import org.ebvlm.scoring.FdSsm;
import org.ebvlm.scoring.FisherObjective;
import org.ebvlm.scoring.GaussianNoise;
import org.ebvlm.scoring.ImportanceScore;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.scoring.Ksd;
import org.ebvlm.scoring.MaximumLikelihood;
import org.ebvlm.scoring.Mdsm;
import org.ebvlm.scoring.Nce;
import org.ebvlm.scoring.NoiseGrid;
import org.ebvlm.scoring.Rbf;
import org.ebvlm.scoring.Ssm;
import org.ebvlm.scoring.Vages;
import org.ebvlm.scoring.Vnce;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Objective;
import org.ebvlm.training.Run;
import org.ebvlm.training.Snapshot;
import org.ebvlm.training.Training;
import org.ebvlm.variational.BernoulliPosterior;
import org.ebvlm.variational.Elbo;
import org.ebvlm.variational.Posteriors;

/**
 * The Gaussian RBM 2/4 on the checkerboard (Bao et al., 2020 and 2021), by every method, compared by the exact mean
 * log-likelihood of test rows, log Z by enumeration of the 16 hidden states. No density does better than log 2; a mixture of
 * sixteen Gaussians of one covariance stays well below.
 */
final class CheckerboardExperiment implements Experiment {
    private static final double NOISE = 0.05;
    private static final double BANDWIDTH = 0.1;
    private static final int POINTS = 20;
    private static final String PUBLISHED = "published";
    private static final String ALL_PAIRS = "KSD, all pairs, ";
    private static final String SHOWN = "VaGES-DSM, L = 2";

    /** The method whose samples are shown, and one more of each group, for a test. */
    private static final List<String> FEW =
            List.of("DSM, exact score", SHOWN, "SSM", "maximum likelihood", "KSD, all pairs, RBF 0.1");

    /**
     * A method and what others reached with it.
     *
     * @param settings "published", or what was chosen here
     * @param loss the objective for a model
     * @param reference steps, and the mean test log-likelihood that a run of the published code had there
     */
    private record Method(
            String name, String settings, Function<Grbm, Objective> loss, Map<Integer, Double> reference) {
        Method(String name, String settings, Function<Grbm, Objective> loss) {
            this(name, settings, loss, Map.of());
        }
    }

    /**
     * Methods of one kind: a table and a picture.
     *
     * @param common what names have in common, left out in the picture
     */
    private record Group(String title, String file, String common, List<Method> methods) {}

    private static Map<Integer, Double> at(double... stepsAndValues) {
        Map<Integer, Double> all = new LinkedHashMap<>();
        for (int i = 0; i < stepsAndValues.length; i += 2) {
            all.put((int) stepsAndValues[i], stepsAndValues[i + 1]);
        }
        return all;
    }

    private static final List<Group> GROUPS = List.of(
            new Group("Denoising", "denoising.png", "", denoising()),
            new Group("Score matching without noise", "score-matching.png", "", scoreMatching()),
            new Group("Likelihood, its approximations, and contrast with noise", "likelihood.png", "", likelihood()),
            new Group("KSD, pairs of rows, RBF kernel of bandwidth 0.1", "ksd-pairs.png", ", pairs, RBF 0.1", pairs()),
            new Group(
                    "KSD, all pairs of a batch, RBF kernels",
                    "ksd-rbf.png",
                    ALL_PAIRS,
                    allPairs("RBF", Rbf::bandwidth, Rbf.medianHeuristic())),
            new Group(
                    "KSD, all pairs of a batch, IMQ kernels",
                    "ksd-imq.png",
                    ALL_PAIRS,
                    allPairs("IMQ", Imq::bandwidth, Imq.medianHeuristic())));

    // ---------------------------------------------------------------- methods

    private static List<Method> denoising() {
        NoiseGrid grid = NoiseGrid.geometric(NOISE, 1);
        return List.of(
                new Method(
                        "DSM, exact score",
                        PUBLISHED,
                        model -> Dsm.noiseStd(NOISE),
                        at(10e3, -0.264, 20e3, 0.060, 30e3, 0.265, 40e3, 0.302, 60e3, 0.327, 100e3, 0.3264)),
                new Method(
                        SHOWN,
                        PUBLISHED,
                        model -> Dsm.noiseStd(NOISE).using(vages(model, 2)),
                        at(10e3, -0.300, 20e3, -0.133, 30e3, 0.083, 40e3, 0.222, 60e3, 0.276, 100e3, 0.3144)),
                new Method(
                        "VaGES-DSM, L = 10",
                        PUBLISHED,
                        model -> Dsm.noiseStd(NOISE).using(vages(model, 10)),
                        at(10e3, -0.282, 20e3, -0.005, 30e3, 0.230, 40e3, 0.300, 60e3, 0.318, 100e3, 0.3273)),
                new Method("BiDSM, N = 0", PUBLISHED, model -> Dsm.noiseStd(NOISE)
                        .using(Bism.posterior(posterior(model)))),
                new Method("BiDSM, N = 5", "published, but unrolled: gradient descent of rate 1", model -> Dsm.noiseStd(
                                NOISE)
                        .using(Bism.posterior(posterior(model)).unrolled(5, 1))),
                new Method("MDSM, exact score", PUBLISHED, model -> Mdsm.noise(grid)),
                new Method("VaGES-MDSM, L = 2", PUBLISHED, model -> Mdsm.noise(grid)
                        .using(vages(model, 2))));
    }

    private static List<Method> scoreMatching() {
        String settings = "ours: critic of two layers of 32, 1 step for each of the model";
        FisherObjective critic = FisherObjective.innerSteps(1).critic(Network.elu(32, 32));
        return List.of(
                new Method("SSM", PUBLISHED, model -> Ssm.projections(1)),
                new Method(
                        "VaGES-FD-SSM, L = 2",
                        "ours: differences over 1/20 of the data's std",
                        model -> FdSsm.projections(1).using(vages(model, 2))),
                new Method("BiSSM, N = 0", PUBLISHED, model -> BiSsm.using(Bism.posterior(posterior(model)))),
                new Method(
                        "BiSSM, N = 5",
                        "published, but unrolled: gradient descent of rate 1",
                        model -> BiSsm.using(Bism.posterior(posterior(model)).unrolled(5, 1))),
                new Method("Fisher critic, exact score", settings, model -> critic),
                new Method("Fisher critic, VaGES, L = 2", settings, model -> critic.using(vages(model, 2))));
    }

    private static List<Method> likelihood() {
        return List.of(
                new Method("maximum likelihood", "ours: as the others", model -> MaximumLikelihood.exact()),
                new Method("CD-1", PUBLISHED, model -> Cd.steps(1)),
                new Method("PCD-1", PUBLISHED, model -> Cd.steps(1).persistent()),
                new Method("NCE", PUBLISHED, model -> Nce.noise(GaussianNoise.standard(2))),
                new Method("VNCE", PUBLISHED, model -> Vnce.posterior(Posteriors.bernoulli(model))
                        .innerSteps(5)
                        .noise(GaussianNoise.standard(2))));
    }

    private static List<Method> pairs() {
        Ksd pairs = Ksd.kernel(Rbf.bandwidth(BANDWIDTH)).paired();
        return List.of(
                new Method(
                        "KSD, pairs, RBF 0.1, exact score",
                        PUBLISHED,
                        model -> pairs,
                        at(10e3, -0.578, 20e3, -0.487, 30e3, -0.412, 40e3, -0.253, 60e3, 0.033, 100e3, 0.2206)),
                new Method(
                        "VaGES-KSD, pairs, RBF 0.1",
                        PUBLISHED,
                        model -> pairs.using(vages(model, 2)),
                        at(10e3, -0.570, 20e3, -0.529, 30e3, -0.494, 40e3, -0.399, 60e3, -0.227, 100e3, 0.0881)),
                new Method(
                        "IS-KSD, pairs, RBF 0.1, L = 2", PUBLISHED, model -> pairs.using(ImportanceScore.particles(2))),
                new Method(
                        "IS-KSD, pairs, RBF 0.1, L = 10",
                        PUBLISHED,
                        model -> pairs.using(ImportanceScore.particles(10))));
    }

    /** Not published: the U-statistic over all pairs, by the exact score for some bandwidths, and by VaGES. */
    private static List<Method> allPairs(String name, Function<Double, Kernel> kernel, Kernel median) {
        List<Method> all = new ArrayList<>();
        for (double bandwidth : new double[] {0.1, 0.2, 0.3}) {
            all.add(new Method(
                    ALL_PAIRS + name + " " + bandwidth,
                    "ours: all pairs, bandwidth " + bandwidth,
                    model -> Ksd.kernel(kernel.apply(bandwidth))));
        }
        all.add(new Method(
                ALL_PAIRS + name + " median",
                "ours: all pairs, bandwidth the median distance of rows",
                model -> Ksd.kernel(median)));
        for (double bandwidth : new double[] {0.1, 0.2}) {
            all.add(new Method(
                    ALL_PAIRS + name + " " + bandwidth + ", VaGES, L = 2",
                    "ours: all pairs, bandwidth " + bandwidth,
                    model -> Ksd.kernel(kernel.apply(bandwidth)).using(vages(model, 2))));
        }
        return all;
    }

    private static BernoulliPosterior posterior(Grbm model) {
        return Posteriors.bernoulli(model).fittedBy(Elbo.innerSteps(5));
    }

    private static Vages vages(Grbm model, int particles) {
        return Vages.particles(particles).posterior(posterior(model));
    }

    // ---------------------------------------------------------------- the experiment

    @Override
    public String name() {
        return "checkerboard";
    }

    @Override
    public String title() {
        return "Gaussian RBM 2/4 on the checkerboard, every method, by exact log-likelihood";
    }

    @Override
    public void run(Account account) {
        new Comparison(account).run();
    }

    /** One run of the experiment: what all methods have in common. */
    private static final class Comparison {
        private final Account account;
        private final int steps;
        private final Data train;
        private final Data test;
        private Run shown;

        Comparison(Account account) {
            this.account = account;
            steps = account.scale().pick(1_000, 40_000, 100_000, 100_000);
            boolean tiny = account.scale() == Scale.TINY;
            train = Datasets.checkerboard(tiny ? 5_000 : 60_000, account.noise("train"));
            test = Datasets.checkerboard(tiny ? 1_000 : 10_000, account.noise("test"));
        }

        void run() {
            Measurement before = LogLikelihood.on(test).measure(Snapshot.of(model(1), account.noise("before")));
            account.number("before training", before.value());
            account.about("What was done", settings(before.value()));
            for (Group group : GROUPS) {
                compare(group);
            }
            samples(shown);
        }

        private String settings(double before) {
            return String.format(
                    Locale.ROOT,
                    "Adam with rate 1e-3 and betas 0.9 and 0.95, batches of 100, %,d steps; K = 5 updates of a Bernoulli "
                            + "posterior, relaxed at temperature 0.1, for each update of the model. Several seeds for "
                            + "methods with a reference, one for the others unless the scale is a long one. "
                            + "References are single runs of the published code with these settings, its covariance term "
                            + "repaired where present-day PyTorch breaks it. A method said to be published has the "
                            + "settings of the published code; where it has none, what was chosen here stands beside it. "
                            + "Before training the mean test log-likelihood of the first seed is %.3f; no density "
                            + "reaches more than log 2 = %.3f.",
                    steps,
                    before,
                    Math.log(2));
        }

        private void compare(Group group) {
            List<List<String>> rows = new ArrayList<>();
            Curves curves = null;
            for (Method method : group.methods()) {
                if (account.scale() == Scale.TINY && !FEW.contains(method.name())) {
                    continue;
                }
                List<Run> runs = fit(method);
                rows.add(row(method, runs));
                curves = add(curves, method.name().replace(group.common(), ""), runs);
                shown = method.name().equals(SHOWN) ? runs.get(0) : shown;
            }
            if (curves == null) {
                return;
            }
            account.table(
                    group.title() + ": mean test log-likelihood",
                    List.of(
                            "method",
                            String.format(Locale.ROOT, "after %,d steps, each seed", steps),
                            "reference",
                            "training s",
                            "settings"),
                    rows);
            account.picture(
                    group.file(),
                    group.title() + ": mean test log-likelihood, mean of the seeds; log 2 is the best of any density",
                    curves.reference("log 2", Math.log(2))
                            .range(-1, 0.75)
                            .labelled("step", "mean test log-likelihood, nats"));
        }

        private List<Run> fit(Method method) {
            int most = account.scale().pick(1, 3, 3, 10);
            int seeds = account.scale() == Scale.SHORT && method.reference().isEmpty() ? 1 : most;
            List<Run> runs = new ArrayList<>();
            for (int seed = 1; seed <= seeds; seed++) {
                account.say(method.name() + ", seed " + seed);
                runs.add(fit(method, seed));
            }
            return runs;
        }

        private Run fit(Method method, int seed) {
            Grbm model = model(seed);
            Training training = Training.of(model)
                    .minimizing(method.loss().apply(model))
                    .on(train)
                    .with(Adam.rate(1e-3).betas(0.9, 0.95))
                    .batches(100)
                    .every(Math.max(1, steps / POINTS), LogLikelihood.on(test));
            Noise noise = account.noise("seed").split(seed);
            return account.fit(method.name() + "-seed" + seed, training, steps, noise.split("fit"));
        }

        private Grbm model(int seed) {
            return Grbm.visible(2)
                    .hidden(4)
                    .init(account.noise("seed").split(seed).split("model"));
        }

        private List<String> row(Method method, List<Run> runs) {
            StringBuilder ours = new StringBuilder();
            double seconds = 0;
            double sum = 0;
            for (Run run : runs) {
                double last = run.history().last("logLikelihood");
                ours.append(ours.isEmpty() ? "" : ", ").append(format(last));
                sum += last;
                seconds += run.seconds() / runs.size();
            }
            account.number(method.name(), sum / runs.size());
            Double reference = method.reference().get(steps);
            return List.of(
                    method.name(),
                    ours.toString(),
                    reference == null ? "-" : format(reference),
                    String.format(Locale.ROOT, "%.1f", seconds),
                    method.settings());
        }

        private void samples(Run run) {
            Data drawn = BlockGibbs.sweeps(1000).sample(run.model(), 2000, account.noise("samples"));
            account.picture(
                    "samples.png",
                    "Test rows beside samples of the model that VaGES-DSM learned, L = 2",
                    Scatter.of("data", test.take(Math.min(2000, test.rows())).values())
                            .and("samples", drawn.values()));
        }
    }

    private static String format(double x) {
        return String.format(Locale.ROOT, "%.3f", x);
    }

    private static Curves add(Curves curves, String name, List<Run> runs) {
        double[] steps = runs.get(0).history().steps("logLikelihood");
        double[] mean = new double[steps.length];
        for (Run run : runs) {
            double[] values = run.history().values("logLikelihood");
            for (int i = 0; i < mean.length; i++) {
                mean[i] += values[i] / runs.size();
            }
        }
        return curves == null ? Curves.of(name, steps, mean) : curves.and(name, steps, mean);
    }
}
