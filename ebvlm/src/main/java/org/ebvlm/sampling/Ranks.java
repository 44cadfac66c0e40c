package org.ebvlm.sampling;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.ebvlm.math.StandardNormal;

/**
 * Chains seen through the order of their draws, whose diagnostics need no moments (Vehtari, Gelman, Simpson, Carpenter and
 * Buerkner, 2021, sections 4.1 to 4.3). With r the rank of a draw among all S of its condition, equal ones sharing their mean
 * rank,
 *
 * <pre>
 * z      = Phi^-1( (r - 3/8) / (S + 1/4) )       of the draws, for the bulk;
 *                                                 of |x - median|, for the spread
 * tails  = whether x is at most the 5 % quantile, and at most the 95 % quantile
 * </pre>
 *
 * Chains of different conditions are ranked apart: their draws are not of one distribution.
 */
final class Ranks {
    private final double[][] chains;
    private final int conditions;

    /**
     * The order of draws.
     *
     * @param chains [chains, draws]; halves of chains count as chains
     * @param conditions chain i has condition i mod this
     */
    Ranks(double[][] chains, int conditions) {
        this.chains = chains;
        this.conditions = conditions;
    }

    /** z of each draw. */
    double[][] normalScores() {
        return eachCondition(chains, sorted -> x -> score(sorted, x));
    }

    /** z of how far each draw is from the median of its condition. */
    double[][] foldedScores() {
        double[][] far = eachCondition(chains, sorted -> {
            double median = quantile(sorted, 0.5);
            return x -> Math.abs(x - median);
        });
        return new Ranks(far, conditions).normalScores();
    }

    /** One where a draw is at most this quantile of its condition, else zero. */
    double[][] atMost(double share) {
        return eachCondition(chains, sorted -> {
            double quantile = quantile(sorted, share);
            return x -> x <= quantile ? 1 : 0;
        });
    }

    /** What is to be done with each draw, given all draws of its condition in order. */
    private interface Rule {
        DoubleUnaryOperator given(double[] sorted);
    }

    private double[][] eachCondition(double[][] draws, Rule rule) {
        double[][] changed = new double[draws.length][];
        for (int c = 0; c < conditions; c++) {
            int condition = c;
            int[] members = IntStream.range(0, draws.length)
                    .filter(m -> condition(m) == condition)
                    .toArray();
            double[] sorted = IntStream.of(members)
                    .mapToObj(m -> draws[m])
                    .flatMapToDouble(Arrays::stream)
                    .sorted()
                    .toArray();
            DoubleUnaryOperator change = rule.given(sorted);
            for (int m : members) {
                changed[m] = Arrays.stream(draws[m]).map(change).toArray();
            }
        }
        return changed;
    }

    /** The first halves of all chains come before their second halves. */
    private int condition(int half) {
        return half % (chains.length / 2) % conditions;
    }

    private static double score(double[] sorted, double x) {
        double rank = (below(sorted, x) + belowOrAt(sorted, x) + 1) / 2.0;
        return StandardNormal.quantile((rank - 0.375) / (sorted.length + 0.25));
    }

    private static int below(double[] sorted, double x) {
        return belowOrAt(sorted, Math.nextDown(x));
    }

    /** How many numbers are at most x. */
    private static int belowOrAt(double[] sorted, double x) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) / 2;
            if (sorted[middle] <= x) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Between the two nearest, by share (Hyndman and Fan's seventh). */
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
