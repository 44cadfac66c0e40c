package org.ebvlm.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;

/** The upright scale that says which colour stands for which value. */
final class ColourBar {
    private static final int WIDTH = 16;
    private static final int TICK = 4;
    private static final int LABEL = 22;

    private ColourBar() {}

    /** A bar of the height of the axes, at their level; the name of the values may be null. */
    static Picture of(Range range, Axes axes, String name) {
        double[] ticks = Ticks.over(range, Math.max(2, axes.box().height / 60));
        int height = axes.box().height;
        int numbers = WIDTH + 1 + TICK + 4 + Axes.widest(ticks);
        int width = 1 + numbers + (name == null ? 8 : LABEL + 2);
        BufferedImage page = Style.blank(width, Axes.TOP + height + axes.bottom());
        Graphics2D pen = Style.penOn(page);
        Rectangle bar = new Rectangle(1, Axes.TOP, WIDTH, height);
        colours(pen, bar);
        Axes.frame(pen, bar);
        numbers(pen, bar, range, ticks);
        if (name != null) {
            Text.upward(pen, name, Style.LABEL, Style.INK, numbers + 1 + LABEL / 2.0, bar.getCenterY());
        }
        pen.dispose();
        return new Picture(page, new Point(width / 2, axes.middle().y));
    }

    private static void colours(Graphics2D pen, Rectangle bar) {
        for (int i = 0; i < bar.height; i++) {
            pen.setColor(new Color(Viridis.rgb(1 - (i + 0.5) / bar.height)));
            pen.fillRect(bar.x, bar.y + i, bar.width, 1);
        }
    }

    private static void numbers(Graphics2D pen, Rectangle bar, Range range, double[] ticks) {
        int right = bar.x + bar.width;
        for (double tick : ticks) {
            double y = bar.y + (1 - range.fraction(tick)) * bar.height;
            pen.setColor(Style.FRAME);
            pen.fillRect(right, (int) y, TICK, 1);
            Text.left(pen, Text.number(tick), Style.NUMBER, Style.MUTED, right + TICK + 4, y);
        }
    }
}
