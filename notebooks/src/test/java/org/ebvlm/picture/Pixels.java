package org.ebvlm.picture;

import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;

/** Reads drawn pixels back. */
final class Pixels {
    private Pixels() {}

    /** Relative luminance of a pixel, 0 to 255. */
    static double luminance(BufferedImage image, int x, int y) {
        Color c = new Color(image.getRGB(x, y));
        return 0.2126 * c.getRed() + 0.7152 * c.getGreen() + 0.0722 * c.getBlue();
    }

    /** The smallest rectangle around pixels that lean towards the colour, however faint; null if there are none. */
    static Rectangle around(BufferedImage image, Color colour) {
        return around(image, colour, new Rectangle(0, 0, image.getWidth(), image.getHeight()));
    }

    /** The same within a part of the image. */
    static Rectangle around(BufferedImage image, Color colour, Rectangle part) {
        Rectangle found = null;
        for (int y = part.y; y < part.y + part.height; y++) {
            for (int x = part.x; x < part.x + part.width; x++) {
                if (leansTo(new Color(image.getRGB(x, y)), colour)) {
                    Rectangle pixel = new Rectangle(x, y, 1, 1);
                    found = found == null ? pixel : found.union(pixel);
                }
            }
        }
        return found;
    }

    /** Whether the pixel is white paper with at least a third of the colour mixed in. */
    private static boolean leansTo(Color pixel, Color colour) {
        double share = share(pixel.getRed(), colour.getRed());
        return share > 0.33
                && Math.abs(share - share(pixel.getGreen(), colour.getGreen())) < 0.06
                && Math.abs(share - share(pixel.getBlue(), colour.getBlue())) < 0.06;
    }

    private static double share(int pixel, int colour) {
        return (255.0 - pixel) / (255.0 - colour);
    }
}
