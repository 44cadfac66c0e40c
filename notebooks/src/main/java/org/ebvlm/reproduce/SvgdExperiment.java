package org.ebvlm.reproduce;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Gaussian;
import org.ebvlm.datasets.GaussianMixture;
import org.ebvlm.model.Energy;
import org.ebvlm.model.Generator;
import org.ebvlm.model.Network;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.picture.Heatmap;
import org.ebvlm.picture.Picture;
import org.ebvlm.picture.Plane;
import org.ebvlm.sampling.Temperatures;
import org.ebvlm.stein.AmortizedSvgd;
import org.ebvlm.stein.Particles;
import org.ebvlm.stein.ScoredTarget;
import org.ebvlm.stein.SteinDirection;
import org.ebvlm.stein.Svgd;
import org.ebvlm.training.Adam;
import org.ebvlm.training.Training;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Stein variational gradient descent, of particles and of a sampler that learns to follow them, on densities of which the
 * truth is known: a Gaussian, two Gaussians on a line, six on a circle.
 */
final class SvgdExperiment implements Experiment {
    /** Of the amortised form with a linear sampler, from another program; particles, and the variance over the truth. */
    private static final Map<Integer, Double> ELSEWHERE = Map.of(50, 0.76, 100, 0.84, 400, 0.95);

    private static final double[] MEAN = {1, -2};
    private static final double[][] COVARIANCE = {{2, 0.6}, {0.6, 1}};
    private static final int CHECKED = 50_000;

    @Override
    public String name() {
        return "svgd";
    }

    @Override
    public String title() {
        return "Stein variational gradient descent: particles, and a sampler that follows them";
    }

    @Override
    public void run(Account account) {
        account.about(
                "What was done",
                "Particles and samplers move along the Stein direction with the Gaussian kernel, squared bandwidth = median of "
                        + "the squared distances / (2 log(n + 1)), by Adam. A sampler's parameters are averaged over about the last 100 "
                        + "steps, and its moments are those of "
                        + String.format(Locale.ROOT, "%,d", CHECKED)
                        + " samples. References are those of another program in another language.");
        gaussian(account);
        line(account);
        circle(account);
    }

    // ---------------------------------------------------------------- a Gaussian: how much spread is lost

    private static void gaussian(Account account) {
        List<Integer> numbers = account.scale()
                .pick(
                        List.of(20, 50),
                        List.of(50, 100, 200, 400),
                        List.of(25, 50, 100, 200, 400, 800),
                        List.of(50, 100, 400));
        Gaussian truth = Gaussian.full(MEAN, COVARIANCE);
        double[] n = numbers.stream().mapToDouble(Integer::doubleValue).toArray();
        double[] particles = new double[n.length];
        double[] learned = new double[n.length];
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < n.length; i++) {
            int number = numbers.get(i);
            Noise noise = account.noise("gaussian").split(number);
            Data moved = Svgd.steps(account.scale().pick(600, 2000, 5000, 5000))
                    .with(Adam.rate(0.03))
                    .draw(ScoredTarget.of(truth), number, noise.split("particles"))
                    .last();
            Generator sampler =
                    Generator.noise(2).visible(2).network(Network.linear()).init(noise.split("sampler"));
            Data sampled = learned(account, "gaussian " + number, gaussianEnergy(), sampler, number, 0.01, noise);
            particles[i] = ratio(moved);
            learned[i] = ratio(sampled);
            account.number("gaussian, particles " + number + ", variance ratio", particles[i]);
            account.number("gaussian, sampler " + number + ", variance ratio", learned[i]);
            account.number("gaussian, particles " + number + ", error of the mean", meanError(moved));
            account.number("gaussian, sampler " + number + ", error of the mean", meanError(sampled));
            rows.add(List.of(
                    "" + number,
                    format(meanError(moved)),
                    format(meanError(sampled)),
                    format(particles[i]),
                    format(learned[i]),
                    ELSEWHERE.containsKey(number) ? format(ELSEWHERE.get(number)) : "-"));
        }
        account.table(
                "A Gaussian in the plane: error of the mean, variance over the truth",
                List.of("n", "mean: particles", "mean: sampler", "variance: particles", "sampler", "sampler elsewhere"),
                rows);
        account.picture(
                "svgd-gaussian.png",
                "variance over the truth, mean of both coordinates, by number of particles",
                Curves.of("particles", n, particles)
                        .and("sampler", n, learned)
                        .reference("truth", 1)
                        .logX()
                        .range(0.5, 1.1)
                        .labelled("particles", "variance / truth"));
    }

    private static double ratio(Data rows) {
        double[] variance = moments(rows)[1];
        return (variance[0] / COVARIANCE[0][0] + variance[1] / COVARIANCE[1][1]) / 2;
    }

    private static double meanError(Data rows) {
        double[] mean = moments(rows)[0];
        return Math.hypot(mean[0] - MEAN[0], mean[1] - MEAN[1]);
    }

    private static Energy gaussianEnergy() {
        double determinant = COVARIANCE[0][0] * COVARIANCE[1][1] - COVARIANCE[0][1] * COVARIANCE[0][1];
        double[][] inverse = {
            {COVARIANCE[1][1] / determinant, -COVARIANCE[0][1] / determinant},
            {-COVARIANCE[0][1] / determinant, COVARIANCE[0][0] / determinant}
        };
        return Energy.visible(2)
                .named("Gaussian")
                .energy((g, v) -> {
                    SDVariable gap = v.sub(constant(g, new double[][] {MEAN}));
                    return gap.mmul(constant(g, inverse)).mul(gap).sum(1).mul(0.5);
                })
                .init(Noise.seed(1));
    }

    // ---------------------------------------------------------------- two Gaussians on a line

    private static void line(Account account) {
        double[][] means = {{-2}, {2}};
        double[] weights = {1, 2};
        ScoredTarget target = ScoredTarget.of(
                GaussianMixture.of(weights, List.of(Gaussian.isotropic(means[0], 1), Gaussian.isotropic(means[1], 1))));
        Noise noise = account.noise("line");
        Map<String, Data> all = new LinkedHashMap<>();
        all.put(
                "100 particles",
                Svgd.steps(account.scale().pick(600, 3000, 10_000, 10_000))
                        .with(Adam.rate(0.05))
                        .draw(target, 100, noise.split("particles"))
                        .last());
        for (int seed = 0; seed < account.scale().pick(1, 3, 5, 3); seed++) {
            Generator sampler = Generator.noise(4)
                    .visible(1)
                    .network(Network.leakyRelu(64, 64))
                    .init(noise.split("sampler").split(seed));
            String label = "sampler, seed " + seed;
            all.put(
                    label,
                    learned(account, "line " + label, mixture(means, weights), sampler, 100, 1e-3, noise.split(seed)));
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("truth", format(2 / 3.0), format(41 / 9.0), format(0.659)));
        all.forEach((label, found) -> {
            double[][] moments = moments(found);
            account.number("line, " + label + ", mean", moments[0][0]);
            account.number("line, " + label + ", variance", moments[1][0]);
            account.number("line, " + label + ", right", right(found));
            rows.add(List.of(label, format(moments[0][0]), format(moments[1][0]), format(right(found))));
        });
        rows.add(List.of("sampler elsewhere, three seeds", "0.60 to 0.72", "4.27 to 4.50", "0.650 to 0.662"));
        account.table(
                "Two Gaussians on a line, at -2 and, twice as heavy, at 2",
                List.of("", "mean", "variance", "P(x > 0)"),
                rows);
    }

    private static double right(Data rows) {
        int count = 0;
        for (int i = 0; i < rows.rows(); i++) {
            count += rows.at(i, 0) > 0 ? 1 : 0;
        }
        return count / (double) rows.rows();
    }

    // ---------------------------------------------------------------- six on a circle

    private static void circle(Account account) {
        double[][] means = new double[6][2];
        for (int k = 0; k < 6; k++) {
            means[k][0] = 4 * Math.cos(Math.PI * k / 3);
            means[k][1] = 4 * Math.sin(Math.PI * k / 3);
        }
        GaussianMixture truth = GaussianMixture.isotropic(means, 1);
        double[] weights = {1, 1, 1, 1, 1, 1};
        Noise noise = account.noise("circle");
        int steps = account.scale().pick(300, 3000, 6000, 6000);
        Svgd svgd = Svgd.steps(steps).with(Adam.rate(0.05)).startingAround(-2);
        Generator sampler =
                Generator.noise(4).visible(2).network(Network.leakyRelu(64, 64)).init(noise.split("sampler"));
        Map<String, Data> all = new LinkedHashMap<>();
        all.put("particles", particles(account, "particles", svgd, truth, noise));
        all.put(
                "annealed particles",
                particles(
                        account,
                        "annealed particles",
                        svgd.temperatures(Temperatures.from(30).geometric(1, steps / 3)),
                        truth,
                        noise));
        all.put(
                "particles without repulsion",
                particles(
                        account,
                        "particles without repulsion",
                        svgd.along(SteinDirection.standard().repulsion(0)),
                        truth,
                        noise));
        all.put(
                "sampler",
                learned(account, "circle", mixture(means, weights), sampler, 100, 1e-3, noise)
                        .take(200));
        List<List<String>> rows = new ArrayList<>();
        List<Picture> pictures = new ArrayList<>();
        all.forEach((label, found) -> {
            double[] shares = shares(found, means);
            double least = 1;
            StringBuilder text = new StringBuilder();
            for (double each : shares) {
                least = Math.min(least, each);
                text.append(text.isEmpty() ? "" : " ").append(format(each));
            }
            account.number("circle, " + label + ", least share", least);
            account.number("circle, " + label + ", spread", spread(found));
            rows.add(List.of(label, text.toString(), format(spread(found))));
            Heatmap map = Plane.over(-7.5, 7.5, -7.5, 7.5)
                    .density(truth)
                    .points(found.values())
                    .titled(label);
            pictures.add(map.picture());
        });
        rows.add(List.of("truth", "1/6 each", format(Math.sqrt(18))));
        account.table(
                "Six Gaussians on a circle; all particles start around (-2, -2)",
                List.of("", "share nearest to each", "spread"),
                rows);
        account.picture(
                "svgd-circle.png",
                "200 particles or samples and the density",
                pictures.get(0).beside(pictures.get(1)).above(pictures.get(2).beside(pictures.get(3))));
    }

    private static Data particles(Account account, String label, Svgd svgd, GaussianMixture truth, Noise noise) {
        Particles moved = svgd.draw(ScoredTarget.of(truth), 200, noise.split("particles"));
        account.say("six on a circle, " + label + ": " + moved);
        return moved.last();
    }

    private static double[] shares(Data rows, double[][] means) {
        double[] shares = new double[means.length];
        for (int i = 0; i < rows.rows(); i++) {
            int nearest = 0;
            for (int k = 1; k < means.length; k++) {
                nearest = distance(rows, i, means[k]) < distance(rows, i, means[nearest]) ? k : nearest;
            }
            shares[nearest] += 1.0 / rows.rows();
        }
        return shares;
    }

    private static double distance(Data rows, int i, double[] mean) {
        return Math.hypot(rows.at(i, 0) - mean[0], rows.at(i, 1) - mean[1]);
    }

    // ---------------------------------------------------------------- what all share

    private static Data learned(
            Account account, String label, Energy model, Generator sampler, int particles, double rate, Noise noise) {
        Training training = Training.of(model)
                .minimizing(AmortizedSvgd.sampler(sampler).particles(particles))
                .with(Adam.rate(rate))
                .averaging(account.scale().pick(0.95, 0.99, 0.99, 0.99));
        long steps = account.scale().pick(800L, 4000L, 20_000L, 4000L);
        return account.fit(label, training, steps, noise.split("training"))
                .fitted(sampler)
                .samples(CHECKED, noise.split("samples"));
    }

    /** |x|^2 / 2 - log of the sum over k of w_k exp( x . m_k - |m_k|^2 / 2 ): Gaussians of unit variance. */
    private static Energy mixture(double[][] means, double[] weights) {
        int d = means[0].length;
        double[][] across = new double[d][means.length];
        double[][] offsets = new double[1][means.length];
        for (int k = 0; k < means.length; k++) {
            offsets[0][k] = Math.log(weights[k]);
            for (int c = 0; c < d; c++) {
                across[c][k] = means[k][c];
                offsets[0][k] -= means[k][c] * means[k][c] / 2;
            }
        }
        return Energy.visible(d)
                .named("mixture of " + means.length)
                .energy((g, v) -> {
                    SDVariable terms = v.mmul(constant(g, across)).add(constant(g, offsets));
                    return g.math.square(v).sum(1).mul(0.5).sub(g.math.logSumExp(terms, 1));
                })
                .init(Noise.seed(1));
    }

    private static SDVariable constant(SameDiff g, double[][] values) {
        float[][] narrow = new float[values.length][values[0].length];
        for (int i = 0; i < values.length; i++) {
            for (int k = 0; k < narrow[i].length; k++) {
                narrow[i][k] = (float) values[i][k];
            }
        }
        return g.constant(Nd4j.createFromArray(narrow));
    }

    /** Means and variances of the columns. */
    private static double[][] moments(Data rows) {
        int d = rows.width();
        double[][] moments = new double[2][d];
        for (int i = 0; i < rows.rows(); i++) {
            for (int c = 0; c < d; c++) {
                moments[0][c] += rows.at(i, c) / (double) rows.rows();
            }
        }
        for (int i = 0; i < rows.rows(); i++) {
            for (int c = 0; c < d; c++) {
                moments[1][c] += Math.pow(rows.at(i, c) - moments[0][c], 2) / rows.rows();
            }
        }
        return moments;
    }

    private static double spread(Data rows) {
        double sum = 0;
        for (double each : moments(rows)[1]) {
            sum += each;
        }
        return Math.sqrt(sum);
    }

    private static String format(double x) {
        return String.format(Locale.ROOT, "%.3f", x);
    }
}
