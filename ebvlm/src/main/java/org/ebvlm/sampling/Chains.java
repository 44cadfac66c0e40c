package org.ebvlm.sampling;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/**
 * What chains have drawn, with what tells how far to trust it. Acceptance and step size say how they moved; R-hat says whether
 * they agree, and should be below about 1.01; effective samples say how much is known of the middle of the distribution, of its
 * tails and of its mean.
 *
 * <p>The diagnostics are those of Vehtari et al. (2021), of halves of chains and over all of them. R-hat, bulk and tail look at
 * ranks, and so need no moments; {@link #effectiveSamples} and {@link #standardError} are of the mean, and need two. All know
 * only places that some chain has found: a mode missed by all shows nowhere. Where rows are given to a target, chains are
 * compared with those that have the same row only. They are worked out when first asked for; that sorts all draws.
 */
public final class Chains {
    private final String name;
    private final Data last;
    private final List<float[]> draws;
    private final int conditions;
    private final double acceptance;
    private final double stepSize;
    private Diagnostics diagnostics;

    /** Of each column. */
    private record Diagnostics(double[] rhat, double[] bulk, double[] tail, double[] variance, double[] effective) {}

    Chains(String name, Data last, List<float[]> draws, int conditions, double acceptance, double stepSize) {
        this.name = name;
        this.last = last;
        this.draws = draws;
        this.conditions = conditions;
        this.acceptance = acceptance;
        this.stepSize = stepSize;
    }

    // ---------------------------------------------------------------- draws

    /** Number of chains. */
    public int chains() {
        return last.rows();
    }

    /** Width of a row. */
    public int width() {
        return last.width();
    }

    /** Number of kept draws of each chain. */
    public int draws() {
        return draws.size();
    }

    /** One number of a kept draw. */
    public double at(int draw, int chain, int column) {
        Objects.checkIndex(chain, chains());
        return draws.get(draw)[chain * width() + Objects.checkIndex(column, width())];
    }

    /** Where the chains ended, denoised and clipped if that was asked for; [chains, width]. */
    public Data last() {
        return last;
    }

    /** One kept draw of all chains, [chains, width]. */
    public Data draw(int number) {
        return Data.of(last.name(), draws.get(number), width());
    }

    /**
     * All kept draws, the first of all chains first; [draws x chains, width].
     *
     * @throws SettingException if none was kept
     */
    public Data all() {
        if (draws.isEmpty()) {
            throw new SettingException(Facts.that("Chains.all: no draws were kept")
                    .expected("one or more after the warm-up")
                    .butWas(0)
                    .hint("last() is where the chains ended"));
        }
        int each = last.rows() * width();
        float[] values = new float[Math.multiplyExact(draws.size(), each)];
        for (int t = 0; t < draws.size(); t++) {
            System.arraycopy(draws.get(t), 0, values, t * each, each);
        }
        return Data.of(last.name(), values, width());
    }

    // ---------------------------------------------------------------- diagnostics

    /** Mean probability of accepting a move after the warm-up; one for samplers without a test. */
    public double acceptance() {
        return acceptance;
    }

    /** The step size at the end; not a number for samplers without one. */
    public double stepSize() {
        return stepSize;
    }

    /**
     * R-hat of each column: split and rank-normalised, the larger of that of the draws and that of how far they are from the
     * median, so that chains of one mean and different spread show too. Not a number where nothing moved, or with fewer than
     * four draws.
     */
    public double[] rhat() {
        return diagnostics().rhat().clone();
    }

    /**
     * Effective samples of each column's ranks, of all chains together: how well the middle of the distribution is known. Not a
     * number where {@link #rhat} is not.
     */
    public double[] bulkEffectiveSamples() {
        return diagnostics().bulk().clone();
    }

    /** Effective samples of each column's 5 % or 95 % quantile, the lesser. Not a number where {@link #rhat} is not. */
    public double[] tailEffectiveSamples() {
        return diagnostics().tail().clone();
    }

    /** Effective samples for each column's mean, of all chains together; not a number where {@link #rhat} is not. */
    public double[] effectiveSamples() {
        return diagnostics().effective().clone();
    }

    /** The mean of each column over all kept draws. */
    public double[] mean() {
        double[] mean = new double[width()];
        for (float[] draw : draws) {
            for (int i = 0; i < draw.length; i++) {
                mean[i % width()] += draw[i] / ((double) draws.size() * chains());
            }
        }
        return mean;
    }

    /** The Monte Carlo standard error of each mean: sqrt(var+ / effective samples). */
    public double[] standardError() {
        Diagnostics known = diagnostics();
        double[] error = new double[width()];
        for (int j = 0; j < error.length; j++) {
            error[j] = Math.sqrt(known.variance()[j] / known.effective()[j]);
        }
        return error;
    }

    private Diagnostics diagnostics() {
        if (diagnostics == null) {
            diagnostics = new Diagnostics(unknown(), unknown(), unknown(), unknown(), unknown());
            for (int j = 0; j < width() && draws.size() >= Mixing.LEAST_DRAWS; j++) {
                double[][] halves = Mixing.halves(draws, width(), j);
                Mixing mixing = Mixing.of(halves, conditions);
                diagnostics.rhat()[j] = Mixing.rhat(halves, conditions);
                diagnostics.bulk()[j] = Mixing.bulk(halves, conditions);
                diagnostics.tail()[j] = Mixing.tail(halves, conditions);
                diagnostics.variance()[j] = mixing.variance();
                diagnostics.effective()[j] = mixing.effectiveSamples();
            }
        }
        return diagnostics;
    }

    private double[] unknown() {
        double[] numbers = new double[width()];
        Arrays.fill(numbers, Double.NaN);
        return numbers;
    }

    // ---------------------------------------------------------------- for people

    /** Up to four lines: what was run, how it moved, and its worst diagnostics. */
    @Override
    public String toString() {
        String head = String.format(
                Locale.ROOT, "%s\n  %,d draws of %,d chains, width %,d", name, draws(), chains(), width());
        String moves = String.format(Locale.ROOT, "; acceptance %.3f", acceptance)
                + (Double.isNaN(stepSize) ? "" : String.format(Locale.ROOT, ", step size %.4g", stepSize));
        return head + moves + "\n  " + (draws() < Mixing.LEAST_DRAWS ? "too few draws for diagnostics" : worst());
    }

    private String worst() {
        return String.format(
                Locale.ROOT,
                "effective samples: least %,.0f in the bulk, %,.0f in the tails, of %,d\n  R-hat: largest %.4f",
                least(bulkEffectiveSamples()),
                least(tailEffectiveSamples()),
                (long) draws() * chains(),
                Arrays.stream(rhat()).max().getAsDouble());
    }

    /** Not a number only if all are. */
    private static double least(double[] numbers) {
        return Arrays.stream(numbers).filter(each -> !Double.isNaN(each)).min().orElse(Double.NaN);
    }
}
