package org.ebvlm.reproduce;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.datasets.Density;
import org.ebvlm.model.EnergyModel;
import org.ebvlm.model.MlpEnergy;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.program.Rowwise;
import org.ebvlm.scoring.Mdsm;
import org.ebvlm.scoring.NoiseGrid;
import org.ebvlm.scoring.Vaes;
import org.ebvlm.scoring.Vages;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Measurement;
import org.ebvlm.training.Run;
import org.ebvlm.training.Training;
import org.ebvlm.training.TrainingDivergedException;
import org.ebvlm.variational.GaussianPosterior;
import org.ebvlm.variational.HiddenLangevin;
import org.ebvlm.variational.Posterior;
import org.ebvlm.variational.PosteriorFisher;
import org.ebvlm.variational.PosteriorGap;
import org.ebvlm.variational.Posteriors;

/**
 * VaGES-MDSM with the two-dimensional deep energy on the checkerboard: what the posterior's updates K and the Langevin steps
 * on h do (the grid of Bao et al., 2021), and what the noise levels do.
 *
 * <p>What is measured. MDSM over levels s_i has one best score in closed form for data of known density, with p_i and score_i
 * those of data with noise s_i,
 *
 * <pre>best(v) = sum_i p_i(v) score_i(v)  /  ( sigma0^2 sum_i p_i(v) / s_i^2 )</pre>
 *
 * <p>and the loss above its least is half the square of score - best, weighted by 1 / s_i^2 at data with noise s_i: the
 * Fisher divergence that training sees. It is given relative to that of a flat density, so that 0 is perfect and 1 has learned nothing. Beside it stands the plain
 * Fisher divergence to data with noise sigma0, relative in the same way, of what was learned and of the best score itself:
 * the latter is what the choice of levels costs, whatever the model.
 */
final class SensitivityExperiment implements Experiment {
    /** Posterior updates K and Langevin steps on h. */
    private static final int[][] GRID = {
        {0, 0}, {5, 0}, {0, 5}, {0, 10}, {5, 5}, {10, 0}, {0, 15}, {5, 10}, {10, 5}, {15, 0}
    };

    /** What is drawn on a logarithmic axis is no smaller: an unbiased estimate of nothing may be negative. */
    private static final double FLOOR = 1e-4;

    /** What one scale does. */
    private record Size(int hidden, int width, double rate, double smallest, int steps, int[][] grid, int points) {}

    /** Noise levels and what is learned. */
    private record Levels(NoiseGrid grid, double[] values, double sigma0, String name) {
        static Levels geometric(double from, double to, double sigma0) {
            return new Levels(
                    NoiseGrid.geometric(from, to), values(from, to, true), sigma0, named("geometric", from, to));
        }

        static Levels linear(double from, double to, double sigma0) {
            return new Levels(NoiseGrid.linear(from, to), values(from, to, false), sigma0, named("linear", from, to));
        }

        private static String named(String kind, double from, double to) {
            return from == to ? "one level " + rounded(from) : kind + " " + rounded(from) + " to " + rounded(to);
        }

        private static double rounded(double x) {
            return Math.round(1e4 * x) / 1e4;
        }

        /** Fewer than a batch has, spread alike. */
        private static double[] values(double from, double to, boolean geometric) {
            double[] all = new double[from == to ? 1 : 25];
            for (int i = 0; i < all.length; i++) {
                // In the middle of equal parts, as a sum over many levels.
                double part = (i + 0.5) / all.length;
                all[i] = geometric ? from * Math.pow(to / from, part) : from + (to - from) * part;
            }
            return all;
        }
    }

    /** One training's outcome; nothing learned if it diverged. */
    private record Outcome(Optional<Run> run, long steps, double gap, double gapError, Divergences found) {}

    private record Divergences(double loss, double toData, double best) {}

    @Override
    public String name() {
        return "sensitivity";
    }

    @Override
    public String title() {
        return "VaGES-MDSM on the plane: posterior updates, Langevin steps on h, and noise levels";
    }

    private static Size size(Scale scale) {
        return switch (scale) {
            case TINY -> new Size(2, 16, 1e-3, 0.2, 500, new int[][] {{0, 0}, {5, 0}}, 100);
            case SHORT -> new Size(4, 32, 5e-4, 0.1, 3_000, GRID, 1_000);
            case NIGHT -> new Size(10, 100, 1e-4, 0.05, 50_000, GRID, 5_000);
            case PUBLISHED -> new Size(10, 100, 1e-4, 0.05, 100_000, GRID, 5_000);
        };
    }

    @Override
    public void run(Account account) {
        new Measuring(account).run();
    }

    private static final class Measuring {
        private final Account account;
        private final Size size;
        private final Data train;

        Measuring(Account account) {
            this.account = account;
            size = size(account.scale());
            train = Datasets.checkerboard(60_000, account.noise("train"));
        }

        void run() {
            account.about(
                    "What was done",
                    String.format(
                            Locale.ROOT,
                            "Energy with %d hidden variables and layers of %d, Gaussian posterior with two layers of as many; Adam "
                                    + "with rate %s along a cosine, batches of 100, L = 2, %,d steps, one seed. Langevin steps on h "
                                    + "with alpha 0.01 and sigma 1e-4. K = 0 leaves the posterior as it was drawn. Scores are VaES with 32 "
                                    + "particles of the posterior, moved by 50 plain Langevin steps on h, two halves of which "
                                    + "are multiplied, so that their noise does not count. The loss above its least and the Fisher divergences "
                                    + "to data with noise sigma0, of what was learned and of the best score for the levels, are relative to "
                                    + "those of a flat density: 0 is perfect, 1 has learned nothing. Far above 1 the training ran away, "
                                    + "and the numbers say no more than that.",
                            size.hidden(),
                            size.width(),
                            size.rate(),
                            size.steps()));
            double least = size.smallest();
            steps(Levels.geometric(least, 1, least));
            if (account.scale() != Scale.TINY) {
                levels(least);
            }
        }

        // ------------------------------------------------------------ K and Langevin steps

        private void steps(Levels levels) {
            List<List<String>> rows = new ArrayList<>();
            Map<Integer, List<double[]>> losses = new LinkedHashMap<>();
            Map<Integer, List<double[]>> gaps = new LinkedHashMap<>();
            for (int[] each : size.grid()) {
                Outcome outcome = outcome(levels, each[0], each[1]);
                String name = "K = " + each[0] + ", " + each[1] + " Langevin steps";
                rows.add(row(name, outcome));
                if (outcome.run().isPresent()) {
                    account.number("loss, " + name, outcome.found().loss());
                    account.number("gap, " + name, outcome.gap());
                    losses.computeIfAbsent(each[1], any -> new ArrayList<>()).add(new double[] {
                        each[0], Math.max(FLOOR, outcome.found().loss()), 0
                    });
                    gaps.computeIfAbsent(each[1], any -> new ArrayList<>())
                            .add(new double[] {each[0], outcome.gap(), outcome.gapError()});
                }
            }
            account.table(
                    "Posterior updates K and Langevin steps on h, noise " + levels.name() + ", sigma0 "
                            + levels.sigma0(),
                    head("steps"),
                    rows);
            picture(
                    "steps-loss.png",
                    "Loss above its least, against K; what diverged is left out",
                    losses,
                    "loss above its least");
            picture(
                    "steps-gap.png",
                    "Fisher divergence of the posterior before its Langevin steps to the model's own; what diverged is left out",
                    gaps,
                    "gap of the posterior");
        }

        private void picture(String file, String caption, Map<Integer, List<double[]>> byLangevin, String what) {
            Curves curves = null;
            for (Map.Entry<Integer, List<double[]>> each : byLangevin.entrySet()) {
                double[][] columns = columns(each.getValue());
                String name = each.getKey() + " Langevin steps";
                curves = curves == null
                        ? Curves.of(name, columns[0], columns[1], columns[2])
                        : curves.and(name, columns[0], columns[1], columns[2]);
            }
            if (curves != null) {
                account.picture(file, caption, curves.bars().logY().labelled("posterior updates K", what));
            }
        }

        private static double[][] columns(List<double[]> points) {
            List<double[]> sorted =
                    points.stream().sorted((a, b) -> Double.compare(a[0], b[0])).toList();
            double[][] columns = new double[3][sorted.size()];
            for (int i = 0; i < sorted.size(); i++) {
                for (int c = 0; c < 3; c++) {
                    columns[c][i] = sorted.get(i)[c];
                }
            }
            return columns;
        }

        // ------------------------------------------------------------ noise levels

        private void levels(double least) {
            List<Levels> all = List.of(
                    Levels.geometric(least, 1, least),
                    Levels.linear(least, 1, least),
                    Levels.geometric(least, 3 * least, least),
                    Levels.geometric(least, least, least),
                    Levels.geometric(2 * least, 1, 2 * least),
                    Levels.geometric(least / 2, 1, least / 2),
                    Levels.geometric(least, 1, 2 * least),
                    Levels.geometric(least, 1, least / 2));
            List<List<String>> rows = new ArrayList<>();
            Curves curves = null;
            for (Levels each : all) {
                Outcome outcome = outcome(each, 5, 0);
                String name = each.name() + ", sigma0 " + each.sigma0();
                rows.add(row(name, outcome));
                if (outcome.run().isPresent()) {
                    account.number("loss, " + name, outcome.found().loss());
                    account.number("to data, " + name, outcome.found().toData());
                }
                if (outcome.run().isPresent() && each.sigma0() == least) {
                    double[] x = outcome.run().get().history().steps("posteriorFisherDivergence");
                    double[] y = outcome.run().get().history().values("posteriorFisherDivergence");
                    curves = curves == null ? Curves.of(each.name(), x, y) : curves.and(each.name(), x, y);
                }
            }
            account.table("Noise levels, K = 5, no Langevin steps", head("levels"), rows);
            if (curves != null) {
                account.picture(
                        "levels-gap.png",
                        "Gap of the posterior while training, sigma0 " + least,
                        curves.labelled("step", "gap of the posterior"));
            }
        }

        // ------------------------------------------------------------ one training

        private Outcome outcome(Levels levels, int inner, int moves) {
            String label = levels.name() + " sigma0 " + levels.sigma0() + " K " + inner + " T " + moves;
            account.say(label);
            Noise noise = account.noise("sensitivity");
            EnergyModel model = MlpEnergy.visible(2)
                    .hidden(size.hidden())
                    .width(size.width())
                    .init(noise.split("model"));
            Adam adam = Adam.rate(size.rate()).betas(0.9, 0.95);
            GaussianPosterior drawn =
                    Posteriors.gaussian(model, Network.leakyRelu(size.width(), size.width()), noise.split("posterior"));
            GaussianPosterior q = inner == 0
                    ? drawn
                    : drawn.fittedBy(
                            PosteriorFisher.innerSteps(inner).with(adam.cosineTo(1e-6, (long) inner * size.steps())));
            Posterior used = moves == 0 ? q : Posteriors.refined(model, q, HiddenLangevin.steps(moves));
            Data noisy = Datasets.checkerboard(size.points(), noise.split("test"))
                    .noised(levels.sigma0(), noise.split("test noise"));
            PosteriorGap gap = PosteriorGap.fisher(q).on(noisy);
            Training training = Training.of(model)
                    .minimizing(Mdsm.noise(levels.grid())
                            .sigma0(levels.sigma0())
                            .using(Vages.particles(2).posterior(used)))
                    .on(train)
                    .with(adam.cosineTo(1e-6, size.steps()))
                    .batches(100)
                    .every(Math.max(1, size.steps() / 10), gap);
            Run run;
            try {
                run = account.fit(label, training, size.steps(), noise.split("fit"));
            } catch (TrainingDivergedException e) {
                return new Outcome(Optional.empty(), e.run().steps(), Double.NaN, Double.NaN, null);
            }
            GaussianPosterior fitted = (GaussianPosterior) run.<Posterior>fitted(q);
            Measurement left = PosteriorGap.fisher(fitted).on(noisy).of(run.model(), noise.split("gap"));
            Divergences found = divergences(run.model(), fitted, levels, noise.split("divergences"));
            return new Outcome(Optional.of(run), run.steps(), left.value(), left.standardError(), found);
        }

        // ------------------------------------------------------------ divergences

        private Divergences divergences(EnergyModel model, GaussianPosterior q, Levels levels, Noise noise) {
            double[] all = levels.values();
            int each = Math.max(2, size.points() / all.length);
            List<Density> densities = new ArrayList<>();
            float[] rows = new float[2 * each * all.length];
            double[] weights = new double[each * all.length];
            for (int i = 0; i < all.length; i++) {
                Data some = noised(each, all[i], noise.split(i));
                densities.add(some.density().orElseThrow());
                System.arraycopy(some.values(), 0, rows, 2 * each * i, 2 * each);
                Arrays.fill(weights, each * i, each * (i + 1), 1 / (all[i] * all[i]));
            }
            Data everywhere = Data.of("rows of every noise level", rows, 2);
            double[][] best = best(everywhere, levels, densities);
            Data data = noised(size.points(), levels.sigma0(), noise.split("data"));
            double[][] bestThere = best(data, levels, densities);
            double[][] truth = truth(data);
            double[] alike = new double[data.rows()];
            Arrays.fill(alike, 1);
            return new Divergences(
                    relative(scores(model, q, everywhere, noise.split("h everywhere")), best, weights),
                    relative(scores(model, q, data, noise.split("h")), truth, alike),
                    relative(new double[][][] {bestThere, bestThere}, truth, alike));
        }

        /** The divergence of estimates a and b to the truth, over that of a score of zero. */
        private static double relative(double[][][] halves, double[][] truth, double[] weights) {
            double[][] flat = new double[truth.length][2];
            return product(halves, truth, weights) / product(new double[][][] {flat, flat}, truth, weights);
        }

        private static double[][] truth(Data data) {
            Density density = data.density().orElseThrow();
            double[][] truth = new double[data.rows()][2];
            for (int i = 0; i < truth.length; i++) {
                density.score(point(data, i), truth[i]);
            }
            return truth;
        }

        private static Data noised(int rows, double std, Noise noise) {
            return Datasets.checkerboard(rows, noise.split("rows")).noised(std, noise.split("noise"));
        }

        private static double[] point(Data data, int row) {
            return new double[] {data.at(row, 0), data.at(row, 1)};
        }

        private static double[][] best(Data rows, Levels levels, List<Density> densities) {
            double[][] best = new double[rows.rows()][];
            for (int i = 0; i < best.length; i++) {
                best[i] = best(point(rows, i), levels, densities);
            }
            return best;
        }

        /** sum_i p_i score_i / ( sigma0^2 sum_i p_i / s_i^2 ). */
        private static double[] best(double[] v, Levels levels, List<Density> densities) {
            double[] sum = new double[2];
            double[] score = new double[2];
            double weights = 0;
            for (int i = 0; i < densities.size(); i++) {
                double p = Math.exp(densities.get(i).logDensity(v));
                densities.get(i).score(v, score);
                sum[0] += p * score[0];
                sum[1] += p * score[1];
                weights += p / (levels.values()[i] * levels.values()[i]);
            }
            double variance = levels.sigma0() * levels.sigma0();
            return new double[] {sum[0] / (variance * weights), sum[1] / (variance * weights)};
        }

        /** The sum over rows of weight (a - truth) . (b - truth), where a and b are independent estimates of one score. */
        private static double product(double[][][] halves, double[][] truth, double[] weights) {
            double sum = 0;
            for (int i = 0; i < truth.length; i++) {
                for (int j = 0; j < 2; j++) {
                    sum += weights[i] * (halves[0][i][j] - truth[i][j]) * (halves[1][i][j] - truth[i][j]);
                }
            }
            return sum;
        }

        /** Two independent estimates of the score: means over 16 draws of h each, a row of the program for each draw. */
        private static double[][][] scores(EnergyModel model, GaussianPosterior q, Data rows, Noise noise) {
            int draws = 16;
            int n = rows.rows();
            float[] copies = new float[2 * n * 2 * draws];
            for (int i = 0; i < n * 2 * draws; i++) {
                rows.copyRow(i / (2 * draws), copies, 2 * i);
            }
            Posterior moved = Posteriors.refined(
                    model, q, HiddenLangevin.steps(50).stepSize(0.05).plain());
            Vaes each = Vaes.particles(1).posterior(moved);
            double[][][] halves = new double[2][n][2];
            Rowwise.evaluate(
                    Data.of("copies of rows", copies, 2),
                    v -> each.score(model, v),
                    program -> {
                        model.parameters().give(program);
                        q.parameters().give(program);
                    },
                    noise,
                    (from, to, values) -> {
                        for (int i = from; i < to; i++) {
                            double[] half = halves[i / draws % 2][i / (2 * draws)];
                            half[0] += values[2 * (i - from)] / draws;
                            half[1] += values[2 * (i - from) + 1] / draws;
                        }
                    });
            return halves;
        }
    }

    // ---------------------------------------------------------------- tables

    private static List<String> head(String first) {
        return List.of(
                first,
                "loss above its least",
                "to data with noise sigma0",
                "the best score's",
                "gap of the posterior",
                "training s");
    }

    private static List<String> row(String name, Outcome outcome) {
        if (outcome.run().isEmpty()) {
            return List.of(name, "diverged after " + outcome.steps() + " steps", "-", "-", "-", "-");
        }
        return List.of(
                name,
                format(outcome.found().loss()),
                format(outcome.found().toData()),
                format(outcome.found().best()),
                format(outcome.gap()) + " ± " + format(outcome.gapError()),
                String.format(Locale.ROOT, "%.1f", outcome.run().get().seconds()));
    }

    private static String format(double x) {
        return String.format(Locale.ROOT, Math.abs(x) < 1000 ? "%.3f" : "%.1e", x);
    }
}
