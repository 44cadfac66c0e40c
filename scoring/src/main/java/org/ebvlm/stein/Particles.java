package org.ebvlm.stein;

import java.util.Locale;
import java.util.Optional;
import org.ebvlm.datasets.Data;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.scoring.Imq;
import org.ebvlm.scoring.Kernel;
import org.ebvlm.scoring.SteinStatistic;

/**
 * Where particles have come to, with what tells how far to trust it: how far they still moved at the end, how wide they
 * lie, and their Stein discrepancy to the target. All of it knows only places that some particle has found. Plain numbers,
 * safe to keep in a notebook cell.
 */
public final class Particles {
    private final String name;
    private final Data last;
    /** Empty if they went wrong. */
    private final float[] scores;

    private final long steps;
    private final double[] moves;
    private final boolean interrupted;
    private SteinStatistic discrepancy;

    Particles(String name, Data last, float[] scores, long steps, double[] moves, boolean interrupted) {
        this.name = name;
        this.last = last;
        this.scores = scores;
        this.steps = steps;
        this.moves = moves;
        this.interrupted = interrupted;
    }

    /** The particles, [number, width]. */
    public Data last() {
        return last;
    }

    /** Number of particles. */
    public int number() {
        return last.rows();
    }

    /** Width of a row. */
    public int width() {
        return last.width();
    }

    /** Steps made. */
    public long steps() {
        return steps;
    }

    /** Whether the thread was interrupted before the last step. */
    public boolean isInterrupted() {
        return interrupted;
    }

    // ---------------------------------------------------------------- diagnostics

    /** Of each step the root mean square of || phi ||, over particles: near zero where they have come to rest. */
    public double[] moves() {
        return moves.clone();
    }

    /** The mean of each column. */
    public double[] mean() {
        double[] mean = new double[width()];
        for (int i = 0; i < number(); i++) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += last.at(i, k) / (double) number();
            }
        }
        return mean;
    }

    /** The mean square of each column about its mean, divided by the number of particles. */
    public double[] variance() {
        double[] mean = mean();
        double[] variance = new double[width()];
        for (int i = 0; i < number(); i++) {
            for (int k = 0; k < mean.length; k++) {
                variance[k] += Math.pow(last.at(i, k) - mean[k], 2) / number();
            }
        }
        return variance;
    }

    /** The root mean square distance to the mean: the square root of the sum of variances. A collapse shows here. */
    public double spread() {
        double sum = 0;
        for (double each : variance()) {
            sum += each;
        }
        return Math.sqrt(sum);
    }

    /**
     * The squared kernel Stein discrepancy to the target, with the {@link Imq} kernel and the median heuristic; empty for
     * one particle. Particles are not independent draws: the mean over all pairs, V, is the number to look at, and the
     * standard error means little. Empty too where all particles are one, or scores went wrong.
     */
    public Optional<SteinStatistic> ksd() {
        if (discrepancy == null && number() > 1 && scores.length > 0 && spread() > 0) {
            discrepancy = ksd(Imq.medianHeuristic());
        }
        return Optional.ofNullable(discrepancy);
    }

    /**
     * The same with another kernel.
     *
     * @throws SettingException if there is only one particle, or scores went wrong
     */
    public SteinStatistic ksd(Kernel kernel) {
        if (number() < 2 || scores.length == 0) {
            throw new SettingException(Facts.that("Particles.ksd: there are no pairs with scores")
                    .expected("2 or more particles, and finite scores")
                    .butWas(number() + (scores.length == 0 ? ", and scores that went wrong" : "")));
        }
        return SteinStatistic.of(kernel, last.values(), scores, width());
    }

    /** What was run, how far particles still moved, and how they lie. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s%n  %,d particles of width %d, %,d steps%s; last direction %.3g%n  spread %.4g%s",
                name,
                number(),
                width(),
                steps,
                interrupted ? ", then interrupted" : "",
                moves.length == 0 ? Double.NaN : moves[moves.length - 1],
                spread(),
                ksd().map(each -> String.format(Locale.ROOT, ", KSD^2 %.3g (over all pairs)", each.vStatistic()))
                        .orElse(""));
    }
}
