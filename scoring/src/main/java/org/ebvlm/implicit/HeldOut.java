package org.ebvlm.implicit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.Settings;
import org.ebvlm.linear.Dense;
import org.ebvlm.noise.Noise;
import org.ebvlm.training.Measurement;

/**
 * Chooses among estimators, bandwidths and ridges by score matching on samples that were left out of the fit (Hyvarinen,
 * 2005), which is their Fisher divergence to the truth up to a constant that is the same for all:
 *
 * <pre>loss = mean over left-out y of ( 1/2 ||s(y)||^2 + div s(y) )</pre>
 *
 * <pre>{@code
 * var choice = HeldOut.folds(5).choose(
 *         List.of(Stein.kernel(Rbf.bandwidth(1)), Stein.kernel(Rbf.bandwidth(2)), Stein.kernel(Rbf.bandwidth(4))),
 *         samples, Noise.seed(7));
 * choice.best().fit(samples);
 * }</pre>
 *
 * <p>The divergence is taken by central differences: along every coordinate up to width ten, above that along one random
 * direction of signs a point. Samples of a chain that stay close to each other should be thinned first, or those left out are
 * known to the fit. Cost: as many fits as folds and candidates, and the scores of each sample at two points a direction.
 */
public final class HeldOut {
    private static final int FEW = 10;
    private static final double STEP = 1e-4;

    private final int folds;

    private HeldOut(int folds) {
        this.folds = folds;
    }

    /** Each sample is left out once, with one of so many parts. */
    public static HeldOut folds(int number) {
        return new HeldOut(Settings.atLeast(2, "HeldOut.folds", number));
    }

    /**
     * What was chosen.
     *
     * @param best the candidate of the least loss
     * @param losses of all candidates in their order, with the standard errors of means over samples
     */
    public record Choice<S extends SampleScore>(ScoreFromSamples<S> best, List<Measurement> losses) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("held-out loss, best: ").append(best.name());
            losses.forEach(each -> text.append("\n  ").append(each));
            return text.toString();
        }
    }

    /**
     * The candidate of the least loss.
     *
     * @throws SettingException if there are no candidates
     * @throws DataException if there are fewer than two samples a fold
     */
    public <S extends SampleScore> Choice<S> choose(
            List<? extends ScoreFromSamples<S>> candidates, Samples samples, Noise noise) {
        if (candidates.isEmpty()) {
            throw new SettingException(Facts.that("HeldOut.choose: nothing to choose from")
                    .expected("one candidate or more")
                    .butWas("none"));
        }
        if (samples.rows() < 2 * folds) {
            throw new DataException(Facts.that("HeldOut.choose: too few samples for " + folds + " folds")
                    .expected(2 * folds + " or more")
                    .butWas(samples.rows()));
        }
        int[] order = noise.split("order").permutation(samples.rows());
        List<Measurement> losses = new ArrayList<>();
        for (ScoreFromSamples<S> candidate : candidates) {
            losses.add(measured(candidate.name(), loss(candidate, samples, order, noise)));
        }
        int best = IntStream.range(0, losses.size())
                .reduce(0, (a, b) -> losses.get(b).value() < losses.get(a).value() ? b : a);
        return new Choice<>(candidates.get(best), losses);
    }

    private double[] loss(ScoreFromSamples<?> candidate, Samples samples, int[] order, Noise noise) {
        int n = order.length;
        double[] losses = new double[n];
        for (int fold = 0; fold < folds; fold++) {
            int from = (int) ((long) fold * n / folds);
            int to = (int) ((fold + 1L) * n / folds);
            int[] out = Arrays.copyOfRange(order, from, to);
            int[] in = IntStream.concat(Arrays.stream(order, 0, from), Arrays.stream(order, to, n))
                    .toArray();
            double[] some = losses(candidate.fit(samples.select(in)), samples.select(out), noise.split(fold));
            System.arraycopy(some, 0, losses, from, some.length);
        }
        return losses;
    }

    /** The loss of a score on rows that it has not seen. */
    public static Measurement loss(SampleScore score, Samples heldOut, Noise noise) {
        return measured("held-out loss", losses(score, heldOut, noise));
    }

    private static Measurement measured(String name, double[] losses) {
        double mean = Arrays.stream(losses).average().getAsDouble();
        double squares = Arrays.stream(losses).map(x -> (x - mean) * (x - mean)).sum();
        double n = losses.length;
        return new Measurement(name, mean, Math.sqrt(squares / (n * Math.max(1, n - 1))));
    }

    private static double[] losses(SampleScore score, Samples rows, Noise noise) {
        int d = rows.width();
        double[] s = score.at(rows);
        double[] losses = Dense.times(Dense.rowDots(s, s, d), 0.5);
        for (double[] direction : directions(rows, noise)) {
            double[] slopes = slopes(score, rows, direction);
            Dense.addMultiple(1, slopes, 0, losses, 0, losses.length);
        }
        return losses;
    }

    /** Unit vectors of all coordinates, or signs; [rows, width] each. */
    private static List<double[]> directions(Samples rows, Noise noise) {
        int d = rows.width();
        List<double[]> directions = new ArrayList<>();
        if (d > FEW) {
            double[] signs = new double[rows.rows() * d];
            Arrays.setAll(signs, i -> noise.nextDouble() < 0.5 ? -1 : 1);
            return List.of(signs);
        }
        for (int k = 0; k < d; k++) {
            double[] unit = new double[rows.rows() * d];
            for (int at = k; at < unit.length; at += d) {
                unit[at] = 1;
            }
            directions.add(unit);
        }
        return directions;
    }

    /** u . ds/dy u by central differences. */
    private static double[] slopes(SampleScore score, Samples rows, double[] u) {
        double step = STEP * spread(rows);
        double[] ahead = score.at(Samples.of(Dense.plus(rows.shared(), step, u), rows.width()));
        double[] behind = score.at(Samples.of(Dense.plus(rows.shared(), -step, u), rows.width()));
        return Dense.times(Dense.rowDots(Dense.plus(ahead, -1, behind), u, rows.width()), 1 / (2 * step));
    }

    /** Root mean square of the coordinates about their means; 1 if there is none. */
    private static double spread(Samples rows) {
        double[] values = rows.shared();
        int d = rows.width();
        double sum = 0;
        for (int k = 0; k < d; k++) {
            double mean = 0;
            for (int at = k; at < values.length; at += d) {
                mean += values[at] / rows.rows();
            }
            for (int at = k; at < values.length; at += d) {
                sum += (values[at] - mean) * (values[at] - mean);
            }
        }
        return sum > 0 ? Math.sqrt(sum / values.length) : 1;
    }
}
