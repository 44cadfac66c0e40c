package org.ebvlm.jupyter;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** The kernel's picture in Jupyter's launcher: an energy with two wells, and a ball in the deeper one. */
final class Logo {
    private static final Color GROUND = new Color(0x44, 0x01, 0x54);
    private static final Color ENERGY = new Color(0x35, 0xB7, 0x79);
    private static final Color BALL = new Color(0xFD, 0xE7, 0x25);

    private Logo() {}

    /** The picture as a PNG file of so many pixels a side. */
    static byte[] png(int size) {
        BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_ARGB);
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        pen.scale(size, size);
        pen.setColor(GROUND);
        pen.fill(new RoundRectangle2D.Double(0, 0, 1, 1, 0.3, 0.3));
        pen.setColor(ENERGY);
        pen.setStroke(new BasicStroke(0.08f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        Path2D curve = new Path2D.Double();
        for (int i = 0; i <= 60; i++) {
            double x = -1.45 + 2.9 * i / 60;
            double y = height(energy(x));
            if (i == 0) {
                curve.moveTo(across(x), y);
            } else {
                curve.lineTo(across(x), y);
            }
        }
        pen.draw(curve);
        pen.setColor(BALL);
        double r = 0.1;
        double x = 1.03;
        pen.fill(new Ellipse2D.Double(across(x) - r, height(energy(x)) - 2 * r - 0.03, 2 * r, 2 * r));
        pen.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    // E(x) = (x^2 - 1)^2 - 0.25 x
    private static double energy(double x) {
        return (x * x - 1) * (x * x - 1) - 0.25 * x;
    }

    private static double across(double x) {
        return 0.5 + 0.26 * x;
    }

    private static double height(double energy) {
        return 0.72 - 0.36 * energy;
    }
}
