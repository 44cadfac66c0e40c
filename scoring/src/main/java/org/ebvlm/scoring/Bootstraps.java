package org.ebvlm.scoring;

import java.util.Arrays;
import org.ebvlm.errors.Interruption;
import org.ebvlm.noise.Noise;

/**
 * Random weights of mean zero for statistics that a degenerate U-statistic could have had, many at once:
 *
 * <pre>U*_b = 1/(n (n - 1)) sum over i != j of a_bi a_bj u_ij</pre>
 *
 * @param weights [n, number], row-major: small integers, exact in single precision
 * @param number of bootstraps
 */
record Bootstraps(float[] weights, int number) {

    /** For a statistic alone. */
    static Bootstraps none() {
        return new Bootstraps(new float[0], 0);
    }

    /** a = how often a row is among n drawn with replacement, less one: for independent rows. */
    static Bootstraps multinomial(int n, int number, Noise noise) {
        float[] weights = new float[n * number];
        Arrays.fill(weights, -1);
        for (int b = 0; b < number; b++) {
            Interruption.check("the test of fit");
            for (int draw = 0; draw < n; draw++) {
                weights[noise.nextInt(n) * number + b]++;
            }
        }
        return new Bootstraps(weights, number);
    }

    /** a = +1 or -1, changing its sign from row to row with this probability: for rows in the order of a chain. */
    static Bootstraps wild(int n, int number, double change, Noise noise) {
        float[] weights = new float[n * number];
        for (int b = 0; b < number; b++) {
            Interruption.check("the test of fit");
            float sign = 1;
            for (int i = 0; i < n; i++) {
                sign = noise.nextDouble() < change ? -sign : sign;
                weights[i * number + b] = sign;
            }
        }
        return new Bootstraps(weights, number);
    }
}
