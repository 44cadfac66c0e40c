package org.ebvlm.picture;

import java.util.function.DoubleBinaryOperator;
import java.util.function.UnaryOperator;

/** So many numbers for each of many points of the plane. */
@FunctionalInterface
interface Field {

    /** Row-major numbers at the points, which are rows of (x, y). */
    double[] at(double[] points);

    static Field of(DoubleBinaryOperator function) {
        return points -> {
            double[] values = new double[points.length / 2];
            for (int i = 0; i < values.length; i++) {
                values[i] = function.applyAsDouble(points[2 * i], points[2 * i + 1]);
            }
            return values;
        };
    }

    static Field of(VectorField function) {
        return points -> {
            double[] values = new double[points.length];
            for (int i = 0; i < points.length; i += 2) {
                double[] vector = function.at(points[i], points[i + 1]);
                Checks.sameLength("Heatmap.arrows, one vector", 2, vector.length);
                values[i] = vector[0];
                values[i + 1] = vector[1];
            }
            return values;
        };
    }

    /** A function of many rows at once, so many numbers for each. */
    static Field ofRows(String what, int numbersPerRow, UnaryOperator<float[]> function) {
        return points -> {
            float[] rows = new float[points.length];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = (float) points[i];
            }
            float[] given = function.apply(rows);
            Checks.sameLength(what + ", what the function returned", points.length / 2 * numbersPerRow, given.length);
            double[] values = new double[given.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = given[i];
            }
            return values;
        };
    }
}
