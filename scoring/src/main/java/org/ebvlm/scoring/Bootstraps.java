package org.ebvlm.scoring;

import java.util.Arrays;
import org.ebvlm.noise.Noise;

/**
 * Statistics that a degenerate U-statistic could have had, many at once, from weights of mean zero:
 *
 * <pre>U*_b = 1/(n (n - 1)) sum over i != j of a_bi a_bj u_ij</pre>
 *
 * <p>Weights are [n][bootstraps], so the inner loop runs over bootstraps; no matrix of u is kept.
 */
final class Bootstraps implements SteinPairs.Reader {
    private final double[][] weights;
    private final double[] inner;
    private final double[] sums;

    private Bootstraps(double[][] weights) {
        this.weights = weights;
        this.inner = new double[weights[0].length];
        this.sums = new double[weights[0].length];
    }

    /** a = how often a row is among n drawn with replacement, less one: for independent rows. */
    static Bootstraps multinomial(int n, int number, Noise noise) {
        double[][] weights = new double[n][number];
        for (double[] row : weights) {
            Arrays.fill(row, -1);
        }
        for (int b = 0; b < number; b++) {
            for (int draw = 0; draw < n; draw++) {
                weights[noise.nextInt(n)][b]++;
            }
        }
        return new Bootstraps(weights);
    }

    /** a = +1 or -1, changing its sign from row to row with this probability: for rows in the order of a chain. */
    static Bootstraps wild(int n, int number, double change, Noise noise) {
        double[][] weights = new double[n][number];
        for (int b = 0; b < number; b++) {
            double sign = 1;
            for (int i = 0; i < n; i++) {
                sign = noise.nextDouble() < change ? -sign : sign;
                weights[i][b] = sign;
            }
        }
        return new Bootstraps(weights);
    }

    @Override
    public void read(int i, int from, int to, double[] u) {
        Arrays.fill(inner, 0);
        // Two rows a turn halve the traffic to the sums.
        for (int j = from; j + 1 < to; j += 2) {
            add(u[j], weights[j], u[j + 1], weights[j + 1]);
        }
        if ((to - from) % 2 == 1) {
            add(u[to - 1], weights[to - 1], 0, weights[to - 1]);
        }
        double[] own = weights[i];
        for (int b = 0; b < sums.length; b++) {
            sums[b] += own[b] * inner[b];
        }
    }

    private void add(double u, double[] a, double next, double[] other) {
        for (int b = 0; b < inner.length; b++) {
            inner[b] += u * a[b] + next * other[b];
        }
    }

    /** U* of each bootstrap. Each pair was read once and counts twice. */
    double[] statistics() {
        double n = weights.length;
        return Arrays.stream(sums).map(sum -> 2 * sum / (n * (n - 1))).toArray();
    }
}
