package org.ebvlm.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Path2D;

/**
 * Arrows on a square lattice, each centred on the point it belongs to. Their length grows as the square root of the
 * vector's, the longest just short of its neighbours: scores far out are so much larger than those near a mode that
 * arrows in true proportion would show nothing there.
 */
final class Arrows {
    private static final int SPACING = 25;
    private static final double LONGEST = 0.86 * SPACING;
    private static final double SHORTEST = 3;

    private Arrows() {}

    static void draw(Graphics2D pen, Axes axes, Range x, Range y, Field field) {
        Rectangle box = axes.box();
        double[] points = Lattice.rows(x, y, Math.max(1, box.width / SPACING), Math.max(1, box.height / SPACING));
        // An arrow is at right angles to a level line only if vectors are stretched like the axes.
        double[] vectors = stretched(field.at(points), box.width / x.width(), box.height / y.width());
        double largest = largest(vectors);
        for (int i = 0; i < points.length; i += 2) {
            double size = Math.hypot(vectors[i], vectors[i + 1]);
            double length = LONGEST * Math.sqrt(size / largest);
            if (length >= SHORTEST) {
                Path2D arrow = arrow(
                        axes.across(points[i]),
                        axes.down(points[i + 1]),
                        vectors[i] / size,
                        -vectors[i + 1] / size,
                        length);
                stroke(pen, arrow);
            }
        }
    }

    private static double[] stretched(double[] vectors, double across, double up) {
        double[] pixels = new double[vectors.length];
        for (int i = 0; i < vectors.length; i += 2) {
            pixels[i] = vectors[i] * across;
            pixels[i + 1] = vectors[i + 1] * up;
        }
        return pixels;
    }

    private static double largest(double[] vectors) {
        double largest = 0;
        for (int i = 0; i < vectors.length; i += 2) {
            double size = Math.hypot(vectors[i], vectors[i + 1]);
            largest = Double.isFinite(size) ? Math.max(largest, size) : largest;
        }
        return largest;
    }

    /** A shaft and two barbs, about the middle, along a unit vector. */
    private static Path2D arrow(double x, double y, double along, double down, double length) {
        double tipX = x + along * length / 2;
        double tipY = y + down * length / 2;
        double barb = Math.min(5, 0.45 * length);
        var path = new Path2D.Double();
        path.moveTo(x - along * length / 2, y - down * length / 2);
        path.lineTo(tipX, tipY);
        path.moveTo(tipX - barb * (along + 0.6 * down), tipY - barb * (down - 0.6 * along));
        path.lineTo(tipX, tipY);
        path.lineTo(tipX - barb * (along - 0.6 * down), tipY - barb * (down + 0.6 * along));
        return path;
    }

    private static void stroke(Graphics2D pen, Path2D arrow) {
        pen.setColor(Style.faded(Color.BLACK, 0.45));
        pen.setStroke(new BasicStroke(2.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        pen.draw(arrow);
        pen.setColor(Color.WHITE);
        pen.setStroke(new BasicStroke(1.3f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        pen.draw(arrow);
    }
}
