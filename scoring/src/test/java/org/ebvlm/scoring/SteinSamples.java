package org.ebvlm.scoring;

import org.ebvlm.noise.Noise;

/** Points with scores, and means of repetitions, for tests of Stein discrepancies. */
final class SteinSamples {
    private SteinSamples() {}

    /** Rows of N(mean, std^2 I), [n, width]. */
    static double[] normal(int n, double[] mean, double std, Noise noise) {
        double[] rows = new double[n * mean.length];
        for (int at = 0; at < rows.length; at++) {
            rows[at] = mean[at % mean.length] + std * noise.nextNormal();
        }
        return rows;
    }

    /** The score of N(0, I). */
    static double[] standardScores(double[] points) {
        double[] scores = new double[points.length];
        for (int at = 0; at < scores.length; at++) {
            scores[at] = -points[at];
        }
        return scores;
    }

    static float[] narrowed(double[] values) {
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) values[i];
        }
        return out;
    }

    static double mean(double[] values) {
        double sum = 0;
        for (double each : values) {
            sum += each;
        }
        return sum / values.length;
    }

    static double std(double[] values) {
        double mean = mean(values);
        double sum = 0;
        for (double each : values) {
            sum += (each - mean) * (each - mean);
        }
        return Math.sqrt(sum / (values.length - 1));
    }
}
