package org.ebvlm.datasets;

import org.ebvlm.noise.Noise;

/** Draws one point. */
@FunctionalInterface
interface Draw {
    /** Draws the next point into {@code out}, which it fills. */
    void into(double[] out, Noise noise);

    /** Data of n independent draws. */
    default Data data(String name, int width, int n, Noise noise) {
        Require.atLeast(1, name + ": the number of draws", n);
        String step = n + " draws, " + Data.label(noise);
        float[] values = new float[Math.multiplyExact(n, width)];
        double[] point = new double[width];
        for (int i = 0; i < n; i++) {
            into(point, noise);
            for (int j = 0; j < width; j++) {
                values[i * width + j] = (float) point[j];
            }
        }
        return new Data(values, About.of(name, width).step(step));
    }

    /** Data of n independent draws from a density. */
    default Data data(Density density, int n, Noise noise) {
        return data(density.name(), density.width(), n, noise).drawnFrom(density);
    }
}
