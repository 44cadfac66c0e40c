package org.ebvlm.datasets;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.Facts;
import org.ebvlm.noise.Noise;

/** Small grey images of digits and letters in the logical fonts that every JDK has, slightly turned, scaled and shifted. */
final class Glyphs {
    private static final String SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String[] FAMILIES = {Font.SERIF, Font.SANS_SERIF, Font.MONOSPACED};
    private static final int[] STYLES = {Font.PLAIN, Font.BOLD, Font.ITALIC};
    private static final FontRenderContext EXACT = new FontRenderContext(null, true, true);

    private Glyphs() {}

    static Data draw(int size, int n, Noise noise) {
        Require.atLeast(8, "Datasets.glyphs: size", size);
        Require.atLeast(1, "Datasets.glyphs: the number of images", n);
        String step = n + " draws, " + Data.label(noise);
        Grid grid = Grid.grey(size, size);
        float[] values = new float[Math.multiplyExact(n, grid.size())];
        BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < n; i++) {
            paint(image, placed(outline(noise), size, noise));
            copy(image, values, i * grid.size());
        }
        return new Data(values, About.of("glyphs", grid.size()).on(grid).step(step));
    }

    /** The outline of a random sign in a random font, of unknown size and place. */
    private static Shape outline(Noise noise) {
        String sign = String.valueOf(SIGNS.charAt(noise.nextInt(SIGNS.length())));
        String family = FAMILIES[noise.nextInt(FAMILIES.length)];
        int style = STYLES[noise.nextInt(STYLES.length)];
        try {
            return new Font(family, style, 100).createGlyphVector(EXACT, sign).getOutline();
        } catch (RuntimeException | InternalError | LinkageError noFonts) {
            throw new DataException(Facts.that("Datasets.glyphs: this Java runtime finds no fonts")
                    .expected("the logical fonts Serif, SansSerif and Monospaced")
                    .butWas("none")
                    .hint("install fontconfig and any scalable font, such as DejaVu")
                    .causedBy(noFonts));
        }
    }

    /** The outline with its longer side about two thirds of the image, nearly upright, nearly in the middle. */
    private static Shape placed(Shape outline, int size, Noise noise) {
        Rectangle2D box = outline.getBounds2D();
        double scale = (0.67 + between(-0.07, 0.07, noise)) * size / Math.max(box.getWidth(), box.getHeight());
        AffineTransform place = new AffineTransform();
        place.translate(size * (0.5 + between(-0.06, 0.06, noise)), size * (0.5 + between(-0.06, 0.06, noise)));
        place.rotate(between(-0.2, 0.2, noise));
        place.scale(scale, scale);
        place.translate(-box.getCenterX(), -box.getCenterY());
        return place.createTransformedShape(outline);
    }

    private static void paint(BufferedImage image, Shape shape) {
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        pen.setColor(Color.BLACK);
        pen.fillRect(0, 0, image.getWidth(), image.getHeight());
        pen.setColor(Color.WHITE);
        pen.fill(shape);
        pen.dispose();
    }

    private static void copy(BufferedImage image, float[] out, int offset) {
        int[] levels = image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
        for (int i = 0; i < levels.length; i++) {
            out[offset + i] = levels[i] / 255f;
        }
    }

    private static double between(double low, double high, Noise noise) {
        return low + (high - low) * noise.nextDouble();
    }
}
