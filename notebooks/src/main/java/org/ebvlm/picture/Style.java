package org.ebvlm.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * The one look of every picture of this toolkit: white paper, dark grey ink, thin frames, and a palette that people with
 * the common forms of colour blindness can tell apart (Okabe and Ito, 2008). Sizes are in pixels.
 */
public final class Style {
    /** The background. */
    public static final Color PAPER = Color.WHITE;
    /** Titles and labels. */
    public static final Color INK = new Color(0x26, 0x26, 0x26);
    /** Numbers at the ticks. */
    public static final Color MUTED = new Color(0x55, 0x55, 0x55);
    /** Frames, tick marks, and what separates the images of a grid. */
    public static final Color FRAME = new Color(0xA6, 0xA6, 0xA6);
    /** Lines behind the curves. */
    public static final Color GRID = new Color(0xEA, 0xEA, 0xEA);
    /** A value that is not a finite number. */
    public static final Color MISSING = new Color(0xF4, 0xB6, 0xC8);

    /** Titles. */
    public static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 14);
    /** Labels of axes, and legends. */
    public static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    /** Numbers at the ticks. */
    public static final Font NUMBER = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

    /** Longer side of a square panel. */
    public static final int PANEL = 400;
    /** Empty space between neighbours, and around a picture's edge. */
    public static final int GAP = 12;
    /** Height of a line of title or legend. */
    public static final int LINE = 30;

    private static final List<Color> SERIES = List.of(
            new Color(0x00, 0x72, 0xB2),
            new Color(0xD5, 0x5E, 0x00),
            new Color(0x00, 0x9E, 0x73),
            new Color(0xCC, 0x79, 0xA7),
            new Color(0xE6, 0x9F, 0x00),
            new Color(0x56, 0xB4, 0xE9),
            new Color(0x33, 0x33, 0x33));

    private Style() {}

    /** The colour of the i-th (from 0) set or curve of a picture; after seven they repeat. */
    public static Color series(int i) {
        return SERIES.get(Math.floorMod(i, SERIES.size()));
    }

    /** The colour made transparent; 0 cannot be seen, 1 is opaque. */
    static Color faded(Color colour, double alpha) {
        return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), (int) Math.round(255 * alpha));
    }

    static BufferedImage blank(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    /** A smooth pen on the image, which it first covers with paper. */
    static Graphics2D penOn(BufferedImage image) {
        Graphics2D pen = image.createGraphics();
        pen.setColor(PAPER);
        pen.fillRect(0, 0, image.getWidth(), image.getHeight());
        smooth(pen);
        pen.setColor(INK);
        pen.setStroke(new BasicStroke(1));
        return pen;
    }

    static void smooth(Graphics2D pen) {
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        // Without it a disc of radius 1.5 snaps to whole pixels, and clouds of points show a lattice.
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    }
}
