package org.ebvlm.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.knowm.xchart.XYChart;

/** What XChart draws less well: error bars in the colour of their curve, and named horizontal lines. */
final class Overlay {
    private static final int CAP = 4;
    private static final float[] DASH = {5, 4};

    private final XYChart chart;
    private final Rectangle box;

    /** An overlay of a chart that has been painted, whose axes show the ranges. */
    Overlay(XYChart chart, Range x, Range y) {
        this.chart = chart;
        double left = chart.getScreenXFromChart(x.low());
        double right = chart.getScreenXFromChart(x.high());
        double top = chart.getScreenYFromChart(y.high());
        double bottom = chart.getScreenYFromChart(y.low());
        // The ranges fill the share of the frame that ChartStyle sets.
        double margin = (1 / chart.getStyler().getPlotContentSize() - 1) / 2;
        box = new Rectangle(
                (int) (left - margin * (right - left)),
                (int) (top - margin * (bottom - top)),
                (int) ((right - left) * (1 + 2 * margin)),
                (int) ((bottom - top) * (1 + 2 * margin)));
    }

    /** The middle of the frame. */
    Point middle() {
        return new Point((int) box.getCenterX(), (int) box.getCenterY());
    }

    void draw(BufferedImage page, List<Curve> withBars, List<Level> levels) {
        Graphics2D pen = page.createGraphics();
        Style.smooth(pen);
        pen.setClip(box);
        for (int i = 0; i < withBars.size(); i++) {
            bars(pen, withBars.get(i), Style.series(i));
        }
        levels.forEach(level -> level(pen, level));
        pen.dispose();
    }

    private void bars(Graphics2D pen, Curve curve, Color colour) {
        pen.setColor(colour);
        pen.setStroke(new BasicStroke(1.3f));
        for (int i = 0; i < curve.y.length; i++) {
            if (curve.shows(i) && curve.above(i) > curve.below(i)) {
                double x = chart.getScreenXFromChart(curve.x[i]);
                double top = screenY(curve.above(i));
                double bottom = screenY(curve.below(i));
                pen.draw(new Line2D.Double(x, top, x, bottom));
                pen.draw(new Line2D.Double(x - CAP, top, x + CAP, top));
                pen.draw(new Line2D.Double(x - CAP, bottom, x + CAP, bottom));
            }
        }
    }

    private void level(Graphics2D pen, Level level) {
        double y = screenY(level.value());
        pen.setColor(Style.MUTED);
        pen.setStroke(new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, DASH, 0));
        pen.draw(new Line2D.Double(box.x, y, box.x + box.width, y));
        // Above its line, unless that is at the very top.
        double beside = y - box.y > 18 ? y - 9 : y + 10;
        Text.left(pen, level.name(), Style.NUMBER, Style.MUTED, box.x + 8, beside);
    }

    /** A value without a logarithm is far below the frame. */
    private double screenY(double value) {
        boolean none = chart.getStyler().isYAxisLogarithmic() && value <= 0;
        return none ? 2.0 * chart.getHeight() : chart.getScreenYFromChart(value);
    }
}
