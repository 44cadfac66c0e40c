package org.ebvlm.datasets;

import java.util.function.ToDoubleFunction;

/** A square in the plane to integrate over, by the midpoint rule. */
record Plane(double low, double high, int steps) {
    /** The integral of f over the square. */
    double integral(ToDoubleFunction<double[]> f) {
        double step = (high - low) / steps;
        double[] point = new double[2];
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            for (int j = 0; j < steps; j++) {
                point[0] = low + (i + 0.5) * step;
                point[1] = low + (j + 0.5) * step;
                sum += f.applyAsDouble(point);
            }
        }
        return sum * step * step;
    }

    /** The expectation of f under a density. */
    double expectation(Density density, ToDoubleFunction<double[]> f) {
        return integral(x -> Math.exp(density.logDensity(x)) * f.applyAsDouble(x));
    }
}
