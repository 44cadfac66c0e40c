package org.ebvlm.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.math.BigDecimal;
import java.math.MathContext;

/** Words and numbers: how wide they are, how they read, and where they go. */
final class Text {
    private static final FontRenderContext METRICS = new FontRenderContext(null, true, true);
    private static final MathContext DIGITS = new MathContext(8);

    private Text() {}

    /** Width in pixels, rounded up. */
    static int width(String text, Font font) {
        return (int) Math.ceil(font.getStringBounds(text, METRICS).getWidth());
    }

    /** Writes with the text's left end at x and the middle of its capitals at y. */
    static void left(Graphics2D pen, String text, Font font, Color colour, double x, double y) {
        pen.setFont(font);
        pen.setColor(colour);
        float capital = font.getLineMetrics("H", METRICS).getAscent() * 0.78f;
        pen.drawString(text, (float) x, (float) y + capital / 2);
    }

    static void centred(Graphics2D pen, String text, Font font, Color colour, double x, double y) {
        left(pen, text, font, colour, x - width(text, font) / 2.0, y);
    }

    static void right(Graphics2D pen, String text, Font font, Color colour, double x, double y) {
        left(pen, text, font, colour, x - width(text, font), y);
    }

    /** Writes from bottom to top, centred on (x, y). */
    static void upward(Graphics2D pen, String text, Font font, Color colour, double x, double y) {
        AffineTransform upright = pen.getTransform();
        pen.rotate(-Math.PI / 2, x, y);
        centred(pen, text, font, colour, x, y);
        pen.setTransform(upright);
    }

    /** A tick's number as people write it: 0.25, -3, 1200, 1.5e6, 2e-5. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        String text = exponent < -4 || exponent > 5
                ? rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent
                : rounded.toPlainString();
        return text.replace('-', '\u2212');
    }
}
