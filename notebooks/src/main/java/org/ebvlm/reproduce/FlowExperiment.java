package org.ebvlm.reproduce;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.ebvlm.datasets.Banana;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.DivergenceException;
import org.ebvlm.graph.Expr;
import org.ebvlm.implicit.Kde;
import org.ebvlm.implicit.KernelScoreMatching;
import org.ebvlm.implicit.SampleScore;
import org.ebvlm.implicit.ScoreFromSamples;
import org.ebvlm.implicit.Stein;
import org.ebvlm.implicit.SteinEnergy;
import org.ebvlm.noise.Noise;
import org.ebvlm.picture.Curves;
import org.ebvlm.picture.Scatter;
import org.ebvlm.sampling.Chains;
import org.ebvlm.sampling.Flow;
import org.ebvlm.sampling.HamiltonianFlow;
import org.ebvlm.sampling.Hmc;
import org.ebvlm.sampling.Target;
import org.ebvlm.scoring.Bandwidth;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.scoring.Rbf;
import org.ebvlm.scoring.SteinStatistic;

/**
 * Hamiltonian paths on a banana that follow a score learned from 200 of its draws (Li and Turner, 2018, section 4.1, after
 * Strathmann et al., 2015): what is left of the acceptance, how far the chains come from the density, and what the scores are
 * worth to a sampler that tests by the density.
 */
final class FlowExperiment implements Experiment {
    private static final Banana BANANA = Banana.of(0.03, 100);
    private static final String EXACT = "exact gradient";
    /** As published, in the unit of the samples. */
    private static final double RIDGE = 0.01;
    /** Places at which averages over time are looked at. */
    private static final int PLACES = 20;

    @Override
    public String name() {
        return "hamiltonian-flow";
    }

    @Override
    public String title() {
        return "Hamiltonian paths without a gradient: scores from 200 samples of a banana";
    }

    /** An estimator, given its bandwidth; and the published factor of that, if it has one. */
    private record Method(double factor, DoubleFunction<ScoreFromSamples<?>> of) {}

    private static Map<String, Method> methods() {
        Map<String, Method> all = new LinkedHashMap<>();
        all.put("Stein", new Method(3, h -> Stein.kernel(Rbf.bandwidth(h)).ridge(RIDGE)));
        // Estimators with a log density measure distances in bandwidths, so the published ridge is h^2 times theirs.
        all.put("parametric Stein", new Method(4, h -> SteinEnergy.kernel(Rbf.bandwidth(h))
                .ridge(RIDGE / (h * h))));
        all.put("score matching", new Method(5, h -> KernelScoreMatching.kernel(Rbf.bandwidth(h))
                .ridge(RIDGE / (h * h))));
        all.put("kernel density", new Method(1, h -> Kde.kernel(Rbf.bandwidth(h))));
        return all;
    }

    /** How much of it is done. */
    private record Size(int samples, int leaps, int repeats, int hmcSteps) {
        static Size of(Scale scale) {
            return scale.pick(
                    new Size(100, 400, 1, 60),
                    new Size(200, 2000, 5, 300),
                    new Size(200, 2000, 20, 2000),
                    new Size(200, 2000, 20, 2000));
        }

        int every() {
            return leaps / PLACES;
        }
    }

    @Override
    public void run(Account account) {
        Size size = Size.of(account.scale());
        account.about(
                "What was done",
                String.format(
                        Locale.ROOT,
                        "x1 ~ N(0, 100), x2 = e + 0.03 (x1^2 - 100), e ~ N(0, 1). Scores are fitted to %d exact draws; as many chains "
                                + "start at these plus N(0, 4 I), are given one normal momentum and follow the score by %d leaps of 0.1. "
                                + "The acceptance after t leaps is that of HMC by the exact density. The published settings: Gaussian kernels, "
                                + "exp(-r^2 / s), s = 9, 16 and 25 times 2 median(r^2) / log(n + 1), which is 3, 4 and 5 times the length, for "
                                + "Stein, parametric Stein and score matching, ridge 0.01. The kernel density, of 1 time the length, is an "
                                + "addition. Means over %d draws of everything, with standard errors over them.",
                        size.samples(),
                        size.leaps(),
                        size.repeats()));
        flows(account, size);
        sweep(account, size, "bandwidth", List.of(1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0));
        sweep(account, size, "step", List.of(0.1, 0.2, 0.5, 1.0, 1.5));
        tested(account, size);
    }

    // ---------------------------------------------------------------- what is given

    /** The banana, for samplers. */
    static Target banana() {
        return Target.density("banana", 2, x -> {
            Expr first = x.slice(1, 0, 1);
            Expr u = x.slice(1, 1, 1)
                    .minus(first.square().minus(BANANA.variance()).times(BANANA.bend()));
            return first.square()
                    .times(1 / BANANA.variance())
                    .plus(u.square())
                    .times(-0.5)
                    .sum(1);
        });
    }

    /** Draws to fit to, and where chains start. */
    private record Given(Data samples, Data starts, double length, Noise noise) {
        static Given of(Account account, Size size, int repeat) {
            Noise noise = account.noise("repeat").split(repeat);
            Data samples = BANANA.sample(size.samples(), noise.split("samples"));
            Data starts = samples.noised(2, noise.split("starts"));
            return new Given(
                    samples, starts, Math.sqrt(2) * Bandwidth.asInSvgd().of(samples), noise);
        }

        /** What is followed: an estimate, or the gradient itself. */
        Target followed(Method method, double factor) {
            if (method == null) {
                return banana();
            }
            SampleScore score = method.of().apply(factor * length).fit(samples);
            return banana().along(score::at);
        }
    }

    private static Map<String, Method> withExact() {
        Map<String, Method> all = new LinkedHashMap<>();
        all.put(EXACT, null);
        all.putAll(methods());
        return all;
    }

    // ---------------------------------------------------------------- paths

    /** What is noted of a path: of each repeat, at each place of time. */
    private static final class Notes {
        private final double[][] acceptance;
        private final double[][] discrepancy;
        private final double[][] mean;
        private final double[] effective;
        private final double[] gone;
        private double millis;

        Notes(int repeats) {
            acceptance = new double[repeats][];
            discrepancy = new double[repeats][];
            mean = new double[repeats][];
            effective = new double[repeats];
            gone = new double[repeats];
        }

        void add(int repeat, Flow flow, Kernel kernel, int every) {
            int leaps = flow.leaps();
            acceptance[repeat] = flow.acceptance();
            discrepancy[repeat] = IntStream.rangeClosed(0, PLACES)
                    .mapToDouble(t -> SteinStatistic.of(kernel, inside(flow.at(t * every)), BANANA)
                            .uStatistic())
                    .toArray();
            mean[repeat] = runningMeans(flow, every);
            gone[repeat] = flow.chains() - inside(flow.at(leaps)).rows();
            Chains end = flow.after(leaps * 9 / 10);
            effective[repeat] = Arrays.stream(end.effectiveSamples()).min().getAsDouble() / flow.chains();
        }
    }

    /** The chains within six standard deviations and the length of the banana's arms there: those not gone for good. */
    private static Data inside(Data chains) {
        return chains.select(IntStream.range(0, chains.rows())
                .filter(i -> Math.abs(chains.at(i, 0)) < 60 && Math.abs(chains.at(i, 1)) < 110)
                .toArray());
    }

    /** Averages of x1 over time, then over chains. */
    private static double[] runningMeans(Flow flow, int every) {
        double[] out = new double[PLACES + 1];
        double sum = 0;
        for (int t = 0; t <= flow.leaps(); t++) {
            Data at = flow.at(t);
            for (int i = 0; i < at.rows(); i++) {
                sum += at.at(i, 0) / at.rows();
            }
            if (t % every == 0) {
                out[t / every] = sum / (t + 1);
            }
        }
        return out;
    }

    private static void flows(Account account, Size size) {
        Map<String, Notes> all = new LinkedHashMap<>();
        Scatter ends = null;
        for (Map.Entry<String, Method> each : withExact().entrySet()) {
            Method method = each.getValue();
            Notes notes = new Notes(size.repeats());
            for (int i = 0; i < size.repeats(); i++) {
                Given given = Given.of(account, size, i);
                Kernel kernel = Imq.medianHeuristic().settledOn(given.samples());
                long began = System.nanoTime();
                Flow flow = HamiltonianFlow.leaps(size.leaps())
                        .draw(
                                given.followed(method, method == null ? 1 : method.factor()),
                                given.starts(),
                                given.noise().split("momenta"));
                notes.millis += (System.nanoTime() - began) * 1e-6 / size.leaps() / size.repeats();
                notes.add(i, flow, kernel, size.every());
                if (i == 0) {
                    ends = ends == null
                            ? Scatter.of("exact draws", given.samples().values())
                            : ends;
                    ends = ends.and(each.getKey(), flow.at(size.leaps()).values());
                }
            }
            all.put(each.getKey(), notes);
            account.say(each.getKey() + ": acceptance in the end " + text(last(notes.acceptance), "%.2f"));
        }
        account.picture(
                "hamiltonian-flow-samples.png",
                "where the chains are after " + size.leaps() + " leaps",
                ends.over(-30, 30, -10, 30).labelled("x1", "x2"));
        pictures(account, size, all);
        table(account, size, all);
    }

    private static void pictures(Account account, Size size, Map<String, Notes> all) {
        double[] leaps = IntStream.rangeClosed(0, PLACES)
                .mapToDouble(t -> t * size.every())
                .toArray();
        Curves acceptance = null;
        Curves discrepancy = null;
        Curves mean = null;
        for (Map.Entry<String, Notes> each : all.entrySet()) {
            Notes notes = each.getValue();
            double[][] some = Arrays.stream(notes.acceptance)
                    .map(a -> IntStream.rangeClosed(0, PLACES)
                            .mapToDouble(t -> a[t * size.every()])
                            .toArray())
                    .toArray(double[][]::new);
            acceptance = drawn(acceptance, each.getKey(), leaps, some);
            double[] middle = IntStream.rangeClosed(0, PLACES)
                    .mapToDouble(t -> median(column(notes.discrepancy, t)))
                    .toArray();
            discrepancy = discrepancy == null
                    ? Curves.of(each.getKey(), leaps, middle)
                    : discrepancy.and(each.getKey(), leaps, middle);
            mean = drawn(mean, each.getKey(), leaps, notes.mean);
        }
        account.picture(
                "hamiltonian-flow-acceptance.png",
                "acceptance by the exact density against the length of the path",
                acceptance.range(0, 1.05).labelled("leaps", "acceptance"));
        account.picture(
                "hamiltonian-flow-ksd.png",
                "squared kernel Stein discrepancy of the chains to the banana, of those within six standard deviations; "
                        + "the median over the draws",
                discrepancy.reference("exact draws", 0).labelled("leaps", "KSD²"));
        account.picture(
                "hamiltonian-flow-mean.png",
                "the average of x1 over the time so far and over the chains",
                mean.reference("truth", 0).labelled("leaps", "average of x1"));
    }

    private static Curves drawn(Curves curves, String name, double[] x, double[][] y) {
        double[] means = new double[x.length];
        double[] errors = new double[x.length];
        for (int t = 0; t < x.length; t++) {
            double[] column = column(y, t);
            means[t] = mean(column);
            errors[t] = error(column);
        }
        return curves == null ? Curves.of(name, x, means, errors) : curves.and(name, x, means, errors);
    }

    private static void table(Account account, Size size, Map<String, Notes> all) {
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<String, Notes> each : all.entrySet()) {
            Notes notes = each.getValue();
            String name = each.getKey();
            double[] end = last(notes.acceptance);
            double[] mean = last(notes.mean);
            rows.add(List.of(
                    name,
                    text(column(notes.acceptance, size.leaps() / 20), "%.3f"),
                    text(end, "%.3f"),
                    String.format(Locale.ROOT, "%.3f", median(last(notes.discrepancy))),
                    text(notes.gone, "%.1f"),
                    text(mean, "%.2f"),
                    text(notes.effective, "%.1f"),
                    String.format(Locale.ROOT, "%.2f", notes.millis)));
            account.number("acceptance, " + name, mean(end));
            account.number("early acceptance, " + name, mean(column(notes.acceptance, size.leaps() / 20)));
            account.number("KSD, " + name, median(last(notes.discrepancy)));
            account.number("chains gone, " + name, mean(notes.gone));
            account.number("mean of x1, " + name, mean(mean));
            account.number("mean of x1, standard error, " + name, error(mean));
            account.number("effective samples a chain, " + name, mean(notes.effective));
        }
        account.table(
                "Paths of " + size.leaps() + " leaps",
                List.of(
                        "followed",
                        "acceptance at " + size.leaps() / 20,
                        "acceptance at the end",
                        "KSD² at the end, median",
                        "chains gone beyond 6 std",
                        "average of x1, truth 0",
                        "effective samples a chain, last tenth",
                        "ms a leap"),
                rows);
    }

    // ---------------------------------------------------------------- settings

    /** The acceptance at the end of equally long paths, over bandwidths or step sizes. */
    private static void sweep(Account account, Size size, String what, List<Double> settings) {
        boolean steps = what.equals("step");
        double[] x = settings.stream().mapToDouble(Double::doubleValue).toArray();
        Curves curves = null;
        List<List<String>> table = new ArrayList<>();
        Map<String, Method> compared = steps ? withExact() : methods();
        for (Map.Entry<String, Method> each : compared.entrySet()) {
            double[][] ends = new double[size.repeats()][x.length];
            for (int i = 0; i < size.repeats(); i++) {
                Given given = Given.of(account, size, i);
                for (int k = 0; k < x.length; k++) {
                    Method method = each.getValue();
                    double factor = steps ? (method == null ? 1 : method.factor()) : x[k];
                    ends[i][k] = end(given, given.followed(method, factor), steps ? x[k] : 0.5, size);
                }
            }
            List<String> row = new ArrayList<>(List.of(each.getKey()));
            for (int k = 0; k < x.length; k++) {
                row.add(text(column(ends, k), "%.2f"));
                account.number(what + " " + x[k] + ", acceptance, " + each.getKey(), mean(column(ends, k)));
            }
            table.add(row);
            curves = drawn(curves, each.getKey(), x, ends);
        }
        String text = steps
                ? "acceptance at the end against the step size, equally long paths"
                : "acceptance at the end against the bandwidth, in lengths; step size 0.5, equally long paths";
        account.picture(
                "hamiltonian-flow-" + what + ".png",
                text,
                curves.range(0, 1.05).labelled(steps ? "step size" : "bandwidth in lengths", "acceptance"));
        List<String> head = new ArrayList<>(List.of("followed"));
        settings.forEach(each -> head.add((steps ? "step " : "factor ") + each));
        account.table("A" + text.substring(1), head, table);
    }

    private static double end(Given given, Target target, double step, Size size) {
        int leaps = (int) Math.round(size.leaps() * 0.1 / step);
        try {
            double[] acceptance = HamiltonianFlow.leaps(leaps)
                    .stepSize(step)
                    .thin(leaps)
                    .draw(target, given.starts(), given.noise().split("momenta"))
                    .acceptance();
            return acceptance[leaps];
        } catch (DivergenceException lost) {
            return 0;
        }
    }

    // ---------------------------------------------------------------- with a test

    /** HMC that follows the scores and accepts by the exact density: unbiased, at whatever acceptance. */
    private static void tested(Account account, Size size) {
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<String, Method> each : withExact().entrySet()) {
            Method method = each.getValue();
            Given given = Given.of(account, size, 0);
            Chains chains = Hmc.steps(size.hmcSteps())
                    .stepSize(0.5)
                    .leaps(20)
                    .startingAt(given.samples())
                    .draw(
                            given.followed(method, method == null ? 1 : method.factor()),
                            100,
                            given.noise().split("tested"));
            String name = each.getKey();
            double[] first = moment(chains, 0, 1);
            double[] square = moment(chains, 0, 2);
            double[] second = moment(chains, 1, 2);
            double effective = Arrays.stream(chains.effectiveSamples()).min().getAsDouble();
            rows.add(List.of(
                    name,
                    String.format(Locale.ROOT, "%.3f", chains.acceptance()),
                    String.format(Locale.ROOT, "%.0f", effective),
                    String.format(Locale.ROOT, "%.2f ± %.2f", first[0], first[1]),
                    String.format(Locale.ROOT, "%.1f ± %.1f", square[0], square[1]),
                    String.format(Locale.ROOT, "%.1f ± %.1f", second[0], second[1])));
            account.number("tested, acceptance, " + name, chains.acceptance());
            account.number("tested, effective samples, " + name, effective);
            account.number("tested, mean of x1, " + name, first[0]);
            account.number("tested, mean of x1, standard error, " + name, first[1]);
            account.number("tested, mean of x1^2, " + name, square[0]);
            account.number("tested, mean of x1^2, standard error, " + name, square[1]);
        }
        account.table(
                "HMC that tests by the exact density: " + size.hmcSteps()
                        + " steps of about 20 leaps of 0.5, 100 chains",
                List.of(
                        "followed",
                        "acceptance",
                        "effective samples",
                        "x1, truth 0",
                        "x1², truth 100",
                        "x2², truth 19"),
                rows);
    }

    /** The mean of a power of a column, and its standard error from chains that are independent of each other. */
    private static double[] moment(Chains chains, int column, int power) {
        double[] each = new double[chains.chains()];
        for (int c = 0; c < each.length; c++) {
            for (int t = 0; t < chains.draws(); t++) {
                each[c] += Math.pow(chains.at(t, c, column), power) / chains.draws();
            }
        }
        return new double[] {mean(each), error(each)};
    }

    // ---------------------------------------------------------------- numbers

    private static double[] column(double[][] rows, int at) {
        return Arrays.stream(rows).mapToDouble(row -> row[at]).toArray();
    }

    private static double[] last(double[][] rows) {
        return column(rows, rows[0].length - 1);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().getAsDouble();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    /** The standard error of the mean; not a number for a single value. */
    private static double error(double[] values) {
        double mean = mean(values);
        double squares = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
        return values.length < 2 ? Double.NaN : Math.sqrt(squares / values.length / (values.length - 1));
    }

    private static String text(double[] values, String format) {
        return String.format(Locale.ROOT, format, mean(values))
                + (values.length < 2 ? "" : String.format(Locale.ROOT, " ± " + format, error(values)));
    }
}
