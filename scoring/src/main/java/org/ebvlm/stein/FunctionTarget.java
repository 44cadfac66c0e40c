package org.ebvlm.stein;

import java.util.function.UnaryOperator;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/** A target whose scores a Java function gives. */
record FunctionTarget(String name, int width, UnaryOperator<double[]> function) implements ScoredTarget {

    @Override
    public Scores open(int rows) {
        return (points, noise, out) -> {
            double[] wide = new double[points.length];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = points[i];
            }
            double[] found = function.apply(wide);
            requireSize(found, points.length);
            for (int i = 0; i < out.length; i++) {
                out[i] = (float) found[i];
            }
        };
    }

    private void requireSize(double[] found, int size) {
        if (found == null || found.length != size) {
            throw new ShapeException(Facts.that("the scores of " + name + " do not fit the rows")
                    .expected(size + " numbers, [" + size / width + ", " + width + "]")
                    .butWas(found == null ? "null" : found.length));
        }
    }

    @Override
    public String toString() {
        return name + ", width " + width;
    }
}
