package org.ebvlm.datasets;

import org.ebvlm.noise.Noise;

/** Arithmetic on all values of data at once; the arrays given are left as they are. */
final class Values {
    private Values() {}

    static float least(float[] values) {
        float least = Float.POSITIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
        }
        return least;
    }

    static float greatest(float[] values) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            greatest = Math.max(greatest, value);
        }
        return greatest;
    }

    /** (x - mean) / std, column by column. */
    static float[] rescaled(float[] values, Scaling scaling) {
        float[] out = new float[values.length];
        for (int at = 0; at < values.length; ) {
            for (int j = 0; j < scaling.width(); j++, at++) {
                out[at] = (float) ((values[at] - scaling.mean(j)) / scaling.std(j));
            }
        }
        return out;
    }

    /** Some of the columns. */
    static float[] columns(float[] values, int width, int[] kept) {
        float[] out = new float[values.length / width * kept.length];
        for (int from = 0, to = 0; from < values.length; from += width) {
            for (int column : kept) {
                out[to++] = values[from + column];
            }
        }
        return out;
    }

    /** One above the threshold, else zero. */
    static float[] above(double threshold, float[] values) {
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i] > threshold ? 1f : 0f;
        }
        return out;
    }

    /** One with the probability that a value states, else zero. */
    static float[] coins(float[] values, Noise noise) {
        float[] out = uniform(values.length, noise);
        for (int i = 0; i < out.length; i++) {
            out[i] = out[i] < values[i] ? 1f : 0f;
        }
        return out;
    }

    /** (x (levels - 1) + u) / levels. */
    static float[] dequantized(float[] values, int levels, Noise noise) {
        float[] out = uniform(values.length, noise);
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) ((Math.rint(values[i] * (double) (levels - 1)) + out[i]) / levels);
        }
        return out;
    }

    /** x + std z, with z standard normal. */
    static float[] noised(float[] values, double std, Noise noise) {
        float[] out = new float[values.length];
        noise.normal(out, 0, out.length);
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) (values[i] + std * out[i]);
        }
        return out;
    }

    private static float[] uniform(int length, Noise noise) {
        float[] out = new float[length];
        noise.uniform(out, 0, length);
        return out;
    }
}
