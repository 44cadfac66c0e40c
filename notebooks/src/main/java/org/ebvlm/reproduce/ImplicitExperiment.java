package org.ebvlm.reproduce;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Density;
import org.ebvlm.datasets.Gaussian;
import org.ebvlm.datasets.GaussianMixture;
import org.ebvlm.implicit.Kde;
import org.ebvlm.implicit.KernelScoreMatching;
import org.ebvlm.implicit.NuMethod;
import org.ebvlm.implicit.SampleScore;
import org.ebvlm.implicit.ScoreFromSamples;
import org.ebvlm.implicit.SpectralCutoff;
import org.ebvlm.implicit.Stein;
import org.ebvlm.implicit.Tikhonov;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.Rbf;

/**
 * How well the score of a distribution is found from samples alone, by estimator, width and number of samples: the relative
 * error || G - score || / || score || at the samples and at new points, for N(0, I) and for a mixture of six Gaussians at
 * random corners of a cube of side 3.
 */
final class ImplicitExperiment implements Experiment {
    private static final int SAMPLES = 200;
    private static final int WIDTH = 10;

    @Override
    public String name() {
        return "implicit";
    }

    @Override
    public String title() {
        return "Scores from samples alone: error against width and number of samples, by estimator";
    }

    private static Map<String, ScoreFromSamples<?>> estimators() {
        Map<String, ScoreFromSamples<?>> all = new LinkedHashMap<>();
        all.put("kernel density", Kde.kernel(Rbf.medianHeuristic()));
        all.put("score matching", KernelScoreMatching.kernel(Rbf.medianHeuristic()));
        all.put("Stein", Stein.kernel(Rbf.medianHeuristic()).ridge(1));
        all.put("spectral", SpectralCutoff.kernel(Rbf.medianHeuristic()).keep(0.99));
        all.put("Tikhonov", Tikhonov.kernel(Imq.medianHeuristic()));
        all.put("nu-method, curl-free", NuMethod.curlFree(Imq.medianHeuristic()));
        return all;
    }

    @Override
    public void run(Account account) {
        List<Integer> widths = account.scale()
                .pick(
                        List.of(2, 5),
                        List.of(1, 2, 5, 10, 20, 50, 100),
                        List.of(1, 2, 5, 10, 20, 50, 100, 200, 500),
                        List.of(1, 2, 5, 10, 20, 50, 100, 200, 500));
        List<Integer> numbers = account.scale()
                .pick(
                        List.of(50, 100),
                        List.of(50, 100, 200, 500, 1000),
                        List.of(50, 100, 200, 500, 1000, 2000),
                        List.of(50, 100, 200, 500, 1000, 2000));
        account.about(
                "What was done",
                "Means of %d draws, with standard errors. Bandwidths are median distances; ridges are the defaults of "
                                .formatted(repeats(account))
                        + "each estimator: Stein 1, score matching 1, Tikhonov 0.01, spectral 0.99 of the trace, the nu-method "
                        + "the 11 steps that belong to 0.01. Scores at new points are those of as many other draws.");
        for (boolean mixture : new boolean[] {false, true}) {
            String target = mixture ? "mixture" : "gaussian";
            compare(account, target, "width", SAMPLES + " samples", widths, each -> new Case(mixture, each, SAMPLES));
            compare(account, target, "samples", "width " + WIDTH, numbers, each -> new Case(mixture, WIDTH, each));
        }
    }

    private static int repeats(Account account) {
        return account.scale().pick(2, 5, 20, 20);
    }

    /** What samples are of, and how many. */
    private record Case(boolean mixture, int width, int samples) {
        Density density(Noise noise) {
            if (!mixture) {
                return Gaussian.isotropic(new double[width], 1);
            }
            double[][] means = new double[6][width];
            for (double[] mean : means) {
                for (int k = 0; k < width; k++) {
                    mean[k] = 3 * noise.nextInt(2);
                }
            }
            return GaussianMixture.isotropic(means, 1);
        }
    }

    private interface Cases {
        Case of(int number);
    }

    private static void compare(
            Account account, String target, String what, String fixed, List<Integer> numbers, Cases cases) {
        double[] x = numbers.stream().mapToDouble(Integer::doubleValue).toArray();
        Curves curves = null;
        List<List<String>> table = new ArrayList<>();
        for (Map.Entry<String, ScoreFromSamples<?>> each : estimators().entrySet()) {
            double[] means = new double[x.length];
            double[] spreads = new double[x.length];
            List<String> row = new ArrayList<>(List.of(each.getKey()));
            for (int i = 0; i < x.length; i++) {
                double[][] found = errors(account, target + " " + what, cases.of(numbers.get(i)), each.getValue());
                means[i] = mean(found[0]);
                spreads[i] = standardError(found[0]);
                row.add(format(means[i]) + " ± " + format(spreads[i]) + ", " + format(mean(found[1])));
                String key = target + ", " + what + " " + numbers.get(i) + ", " + each.getKey();
                account.number(key, means[i]);
                account.number(key + ", new points", mean(found[1]));
            }
            account.say(target + ", " + each.getKey() + ": " + String.join("; ", row.subList(1, row.size())));
            table.add(row);
            curves = curves == null
                    ? Curves.of(each.getKey(), x, means, spreads)
                    : curves.and(each.getKey(), x, means, spreads);
        }
        account.picture(
                "implicit-" + target + "-" + what + ".png",
                "relative error of the score at the samples, " + target + ", " + fixed,
                curves.logX().range(0, 1.2).labelled(what, "relative error"));
        List<String> head = new ArrayList<>(List.of("estimator"));
        numbers.forEach(number -> head.add(what + " " + number));
        account.table("Relative errors, " + target + ", " + fixed + ": at samples, at new points", head, table);
    }

    /** Of each draw, at the samples and at new points; the same draws for all estimators. */
    private static double[][] errors(Account account, String part, Case each, ScoreFromSamples<?> estimator) {
        int repeats = repeats(account);
        double[][] errors = new double[2][repeats];
        for (int i = 0; i < repeats; i++) {
            Noise noise = account.noise(part)
                    .split(each.width())
                    .split(each.samples())
                    .split(i);
            Density density = each.density(noise.split("corners"));
            Data samples = density.sample(each.samples(), noise.split("samples"));
            Data others = density.sample(each.samples(), noise.split("new points"));
            SampleScore score = estimator.fit(samples);
            errors[0][i] = error(score.atSamples(), density, samples);
            errors[1][i] = error(score.at(others), density, others);
        }
        return errors;
    }

    private static double error(double[] found, Density density, Data points) {
        int width = points.width();
        double[] point = new double[width];
        double[] truth = new double[width];
        double difference = 0;
        double size = 0;
        for (int i = 0; i < points.rows(); i++) {
            for (int k = 0; k < width; k++) {
                point[k] = points.at(i, k);
            }
            density.score(point, truth);
            for (int k = 0; k < width; k++) {
                double gap = found[i * width + k] - truth[k];
                difference += gap * gap;
                size += truth[k] * truth[k];
            }
        }
        return Math.sqrt(difference / size);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double standardError(double[] values) {
        double mean = mean(values);
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return Math.sqrt(sum / (values.length * (values.length - 1.0)));
    }

    private static String format(double x) {
        return String.format(Locale.ROOT, "%.2f", x);
    }
}
