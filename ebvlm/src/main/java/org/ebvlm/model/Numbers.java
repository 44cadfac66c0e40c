package org.ebvlm.model;

import java.util.Arrays;

/** Values of parameters as double precision numbers. */
final class Numbers {
    private Numbers() {}

    static double[] widened(float[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }

    static float[] narrowed(double[] values) {
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) values[i];
        }
        return out;
    }

    static double[] exp(float[] logs) {
        double[] out = new double[logs.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.exp(logs[i]);
        }
        return out;
    }

    static double[] filled(double value, int length) {
        double[] out = new double[length];
        Arrays.fill(out, value);
        return out;
    }

    static double[] concat(double[] a, double[] b) {
        double[] out = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, out, a.length, b.length);
        return out;
    }
}
