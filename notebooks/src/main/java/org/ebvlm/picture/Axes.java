package org.ebvlm.picture;

import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.function.Consumer;

/** A framed plotting rectangle: it maps data to pixels, y upward, and writes numbers and labels around the frame. */
final class Axes {
    static final int TOP = 6;
    private static final int TICK = 5;
    private static final int LABEL = 22;

    private final Range x;
    private final Range y;
    private final Captions captions;
    private final double[] xTicks;
    private final double[] yTicks;
    private final Rectangle box;

    /** Axes around a rectangle of so many pixels. */
    Axes(Range x, Range y, int width, int height, Captions captions) {
        this.x = x;
        this.y = y;
        this.captions = captions;
        xTicks = Ticks.over(x, Math.max(2, width / 70));
        yTicks = Ticks.over(y, Math.max(2, height / 60));
        box = new Rectangle(left(), TOP, width, height);
    }

    /** Axes whose longer side is one panel, and on which one unit of x is as long as one unit of y. */
    static Axes equal(Range x, Range y, Captions captions) {
        double pixels = Style.PANEL / Math.max(x.width(), y.width());
        return new Axes(x, y, (int) Math.round(pixels * x.width()), (int) Math.round(pixels * y.width()), captions);
    }

    Rectangle box() {
        return box;
    }

    /** Horizontal place of a value, in pixels from the left edge of the picture. */
    double across(double value) {
        return box.x + x.fraction(value) * box.width;
    }

    /** Vertical place of a value, in pixels from the top edge of the picture. */
    double down(double value) {
        return box.y + (1 - y.fraction(value)) * box.height;
    }

    /** The middle of the rectangle. */
    Point middle() {
        return new Point(box.x + box.width / 2, box.y + box.height / 2);
    }

    /** Pixels under the rectangle. */
    int bottom() {
        return TICK + 20 + (captions.x() == null ? 0 : LABEL) + 3;
    }

    /** The content, cut off at the frame, with frame, numbers and labels. */
    Picture picture(Consumer<Graphics2D> content) {
        BufferedImage page = Style.blank(box.x + box.width + right(), box.y + box.height + bottom());
        Graphics2D pen = Style.penOn(page);
        pen.setClip(box);
        content.accept(pen);
        pen.setClip(null);
        frame(pen, box);
        numbers(pen);
        labels(pen);
        pen.dispose();
        return new Picture(page, middle());
    }

    /** A line of one pixel just outside the rectangle. */
    static void frame(Graphics2D pen, Rectangle box) {
        pen.setColor(Style.FRAME);
        pen.fillRect(box.x - 1, box.y - 1, box.width + 2, 1);
        pen.fillRect(box.x - 1, box.y + box.height, box.width + 2, 1);
        pen.fillRect(box.x - 1, box.y - 1, 1, box.height + 2);
        pen.fillRect(box.x + box.width, box.y - 1, 1, box.height + 2);
    }

    private void numbers(Graphics2D pen) {
        int floor = box.y + box.height;
        for (double tick : xTicks) {
            pen.setColor(Style.FRAME);
            pen.fillRect((int) across(tick), floor, 1, TICK);
            Text.centred(pen, Text.number(tick), Style.NUMBER, Style.MUTED, across(tick), floor + TICK + 10);
        }
        for (double tick : yTicks) {
            pen.setColor(Style.FRAME);
            pen.fillRect(box.x - TICK, (int) down(tick), TICK, 1);
            Text.right(pen, Text.number(tick), Style.NUMBER, Style.MUTED, box.x - TICK - 4, down(tick));
        }
    }

    private void labels(Graphics2D pen) {
        if (captions.x() != null) {
            int y = box.y + box.height + bottom() - LABEL / 2 - 2;
            Text.centred(pen, captions.x(), Style.LABEL, Style.INK, box.getCenterX(), y);
        }
        if (captions.y() != null) {
            Text.upward(pen, captions.y(), Style.LABEL, Style.INK, LABEL / 2.0 + 2, box.getCenterY());
        }
    }

    private int left() {
        return (captions.y() == null ? 8 : LABEL + 2) + widest(yTicks) + 4 + TICK;
    }

    /** Room for the half of the last number that may stick out. */
    private int right() {
        return Math.max(Style.GAP, widest(xTicks) / 2 + 2);
    }

    static int widest(double[] ticks) {
        return Arrays.stream(ticks)
                .mapToInt(tick -> Text.width(Text.number(tick), Style.NUMBER))
                .max()
                .orElse(0);
    }
}
