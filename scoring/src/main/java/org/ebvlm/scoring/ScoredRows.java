package org.ebvlm.scoring;

import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Density;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.ShapeException;

/**
 * Rows with a score each, all finite, in double precision. They lie column by column, so that loops over many rows run
 * through memory in order.
 *
 * @param points [width][n]
 * @param scores [width][n]
 */
record ScoredRows(double[][] points, double[][] scores) {

    /** Points and scores are [n, width], row-major, copied. */
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
        return new ScoredRows(columns("value", points, width), columns("score", scores, width));
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
        return points[0].length;
    }

    /** The number of columns. */
    int width() {
        return points.length;
    }

    /** A kernel with its bandwidth settled on these points. */
    Kernel settled(Kernel kernel) {
        float[] values = new float[rows() * width()];
        for (int at = 0; at < values.length; at++) {
            values[at] = (float) points[at % width()][at / width()];
        }
        return kernel.settledOn(Data.of("the points", values, width()));
    }

    private static double[][] columns(String what, double[] rows, int width) {
        double[][] columns = new double[width][rows.length / width];
        for (int at = 0; at < rows.length; at++) {
            if (!Double.isFinite(rows[at])) {
                throw new DataException(Facts.that("Stein discrepancy: a " + what + " is not finite")
                        .expected("finite numbers")
                        .butWas(rows[at] + " in row " + at / width + ", column " + at % width)
                        .hint("a density that is zero at a row has no score there; a model may have diverged"));
            }
            columns[at % width][at / width] = rows[at];
        }
        return columns;
    }

    private static double[] widened(float[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }
}
