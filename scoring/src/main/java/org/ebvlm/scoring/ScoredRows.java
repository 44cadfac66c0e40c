package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Density;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/**
 * Rows with a score each, all finite, in single precision. The points are taken about their mean before they are rounded,
 * so that rows far from the origin keep their digits: Stein kernels see differences alone.
 *
 * @param points [n, width], row-major, of mean zero
 * @param scores [n, width], row-major
 * @param width number of columns
 */
record ScoredRows(float[] points, float[] scores, int width) {

    /** Points and scores are [n, width], row-major. */
    static ScoredRows of(double[] points, double[] scores, int width) {
        if (width < 1 || points.length % width != 0 || points.length != scores.length) {
            throw new ShapeException(Facts.that("Stein discrepancy: points and scores are not rows of one width")
                    .expected("twice [n, " + width + "], row-major")
                    .butWas(points.length + " numbers of points, " + scores.length + " of scores"));
        }
        if (points.length < 2 * width) {
            throw new DataException(Facts.that("Stein discrepancy: too few rows for a mean over pairs")
                    .expected("2 or more")
                    .butWas(points.length / width));
        }
        return new ScoredRows(
                narrowed("value", points, means(points, width)), narrowed("score", scores, new double[width]), width);
    }

    /** Points and scores are [n, width], row-major. */
    static ScoredRows of(float[] points, float[] scores, int width) {
        return of(widened(points), widened(scores), width);
    }

    /** Rows with the score that a density has there. */
    static ScoredRows of(Data rows, Density density) {
        if (rows.width() != density.width()) {
            throw new ShapeException(Facts.that("Stein discrepancy: the rows do not fit " + density.name())
                    .expected("[n, " + density.width() + "]")
                    .butWas("[" + rows.rows() + ", " + rows.width() + "]   (" + rows.name() + ")"));
        }
        double[] scores = new double[rows.rows() * rows.width()];
        double[] score = new double[rows.width()];
        for (int i = 0; i < rows.rows(); i++) {
            density.score(widened(rows.row(i)), score);
            System.arraycopy(score, 0, scores, i * rows.width(), rows.width());
        }
        return of(widened(rows.values()), scores, rows.width());
    }

    /** The number of rows. */
    int rows() {
        return points.length / width;
    }

    /** A kernel with its bandwidth settled on these points. */
    Kernel settled(Kernel kernel) {
        return kernel.settledOn(Data.of("the points", points, width));
    }

    /** The sum of the squares of all scores. */
    double squaredScores() {
        double sum = 0;
        for (float each : scores) {
            sum += (double) each * each;
        }
        return sum;
    }

    /** The largest squared distance of a row to the mean. */
    double squaredRadius() {
        double largest = 0;
        for (int i = 0; i < rows(); i++) {
            double square = 0;
            for (int k = 0; k < width; k++) {
                square += (double) points[i * width + k] * points[i * width + k];
            }
            largest = Math.max(largest, square);
        }
        return largest;
    }

    private static double[] means(double[] rows, int width) {
        double[] means = new double[width];
        for (int at = 0; at < rows.length; at += width) {
            for (int k = 0; k < width; k++) {
                means[k] += rows[at + k] * width / rows.length;
            }
        }
        return means;
    }

    private static float[] narrowed(String what, double[] rows, double[] origin) {
        int width = origin.length;
        float[] out = new float[rows.length];
        for (int at = 0; at < rows.length; at += width) {
            for (int k = 0; k < width; k++) {
                requireFinite(what, rows[at + k], at / width, k);
                out[at + k] = (float) (rows[at + k] - origin[k]);
            }
        }
        return out;
    }

    private static void requireFinite(String what, double value, int row, int column) {
        if (!(Math.abs(value) <= Float.MAX_VALUE)) {
            throw new DataException(Facts.that("Stein discrepancy: a " + what + " is not finite")
                    .expected("finite numbers of single precision")
                    .butWas(value + " in row " + row + ", column " + column)
                    .hint("a density that is zero at a row has no score there; a model may have diverged"));
        }
    }

    private static double[] widened(float[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }
}
