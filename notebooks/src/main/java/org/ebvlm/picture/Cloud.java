package org.ebvlm.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;

/** A named set of points of the plane; where a coordinate is not finite, nothing is drawn. */
final class Cloud {
    private final String name;
    private final float[] points;

    /** Points as rows of (x, y). */
    Cloud(String what, String name, float[] rowMajor) {
        this.name = Checks.given(what, name);
        points = Checks.points(what + ", points of \"" + name + "\"", rowMajor);
    }

    int size() {
        return points.length / 2;
    }

    /** The name, and how many points could not be drawn: losing some in silence would flatter a bad sampler. */
    String caption() {
        int lost = size() - Checks.finiteRows(points);
        return lost == 0 ? name : name + " (" + lost + " of " + size() + " not finite)";
    }

    /** One coordinate of every point: 0 for x, 1 for y. */
    double[] coordinates(int which) {
        double[] values = new double[size()];
        for (int row = 0; row < values.length; row++) {
            values[row] = points[2 * row + which];
        }
        return values;
    }

    /** Many points are small and faint, so that density shows; few are large and strong. */
    void draw(Graphics2D pen, Axes axes, Color colour) {
        pen.setColor(Style.faded(colour, alpha()));
        discs(pen, axes, diameter());
    }

    /** White discs with a dark rim, which stand out on every colour. */
    void drawOnColours(Graphics2D pen, Axes axes) {
        pen.setColor(Style.faded(Color.BLACK, Math.min(0.6, alpha())));
        discs(pen, axes, diameter() + 1.6);
        pen.setColor(Style.faded(Color.WHITE, alpha()));
        discs(pen, axes, diameter());
    }

    private void discs(Graphics2D pen, Axes axes, double diameter) {
        for (int row = 0; row < size(); row++) {
            if (Checks.finiteRow(points, row)) {
                double x = axes.across(points[2 * row]) - diameter / 2;
                double y = axes.down(points[2 * row + 1]) - diameter / 2;
                pen.fill(new Ellipse2D.Double(x, y, diameter, diameter));
            }
        }
    }

    private double diameter() {
        return Math.min(6, Math.max(2.4, 4.4 * Math.pow(1000.0 / size(), 0.25)));
    }

    private double alpha() {
        return Math.min(0.9, Math.max(0.16, 0.55 * Math.pow(1000.0 / size(), 0.4)));
    }

    @Override
    public String toString() {
        return name + " (" + size() + " points)";
    }
}
