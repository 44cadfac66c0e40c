package org.ebvlm.implicit;

import java.util.Arrays;
import org.ebvlm.linear.Dense;
import org.ebvlm.noise.Noise;

/** Points to estimate scores from, and plain definitions to compare with. */
public final class Clouds {
    private Clouds() {}

    /** Standard normal, [n, d]. */
    public static double[] normal(int n, int d, long seed) {
        Noise noise = Noise.seed(seed);
        double[] values = new double[n * d];
        Arrays.setAll(values, i -> noise.nextNormal());
        return values;
    }

    static Samples samples(int n, int d, long seed) {
        return Samples.of(normal(n, d, seed), d);
    }

    /** || a - b || / || b ||. */
    public static double error(double[] a, double[] b) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < b.length; i++) {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            size += b[i] * b[i];
        }
        return Math.sqrt(difference / size);
    }

    static double cosine(double[] a, double[] b) {
        double dot = 0;
        double one = 0;
        double other = 0;
        for (int i = 0; i < b.length; i++) {
            dot += a[i] * b[i];
            one += a[i] * a[i];
            other += b[i] * b[i];
        }
        return dot / Math.sqrt(one * other);
    }

    /** The largest difference of two numbers in the same place. */
    public static double largestDifference(double[] a, double[] b) {
        double largest = Math.abs(a.length - b.length);
        for (int i = 0; i < b.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    public static double squaredDistance(double[] x, int i, int j, int d) {
        double sum = 0;
        for (int k = 0; k < d; k++) {
            sum += (x[i * d + k] - x[j * d + k]) * (x[i * d + k] - x[j * d + k]);
        }
        return sum;
    }

    /** exp(-r^2 / (2 h^2)), [n, n]. */
    public static double[] gaussian(double[] x, int d, double h) {
        int n = x.length / d;
        double[] k = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                k[i * n + j] = Math.exp(-squaredDistance(x, i, j, d) / (2 * h * h));
            }
        }
        return k;
    }

    /** D_i = sum over j of k_ij (x_i - x_j) / h^2. */
    static double[] identity(double[] x, int d, double h) {
        int n = x.length / d;
        double[] k = gaussian(x, d, h);
        double[] out = new double[x.length];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int c = 0; c < d; c++) {
                    out[i * d + c] += k[i * n + j] * (x[i * d + c] - x[j * d + c]) / (h * h);
                }
            }
        }
        return out;
    }

    static double[] negated(double[] x) {
        return Dense.times(x, -1);
    }

    /** Each row plus a vector. */
    static double[] moved(double[] x, double... by) {
        double[] out = x.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] += by[i % by.length];
        }
        return out;
    }

    /** Central differences of a log density at points. */
    static double[] gradient(SampleEnergy energy, double[] points, int d, double step) {
        double[] out = new double[points.length];
        for (int k = 0; k < d; k++) {
            double[] ahead = points.clone();
            double[] behind = points.clone();
            for (int at = k; at < points.length; at += d) {
                ahead[at] += step;
                behind[at] -= step;
            }
            double[] up = energy.logDensity(Samples.of(ahead, d));
            double[] down = energy.logDensity(Samples.of(behind, d));
            for (int i = 0; i < up.length; i++) {
                out[i * d + k] = (up[i] - down[i]) / (2 * step);
            }
        }
        return out;
    }
}
