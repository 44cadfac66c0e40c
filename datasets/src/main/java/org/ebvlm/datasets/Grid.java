package org.ebvlm.datasets;

import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;

/**
 * The shape of images that lie in the rows of {@link Data}: row-major, channels last, so that the value of channel
 * {@code c} at pixel {@code (y, x)} is at {@code (y * width + x) * channels + c}.
 *
 * @param height pixels from top to bottom
 * @param width pixels from left to right
 * @param channels values a pixel: 1 for grey, 3 for red, green, blue
 */
public record Grid(int height, int width, int channels) {
    /** Refuses lengths below one. */
    public Grid {
        if (height < 1 || width < 1 || channels < 1) {
            throw new SettingException(Facts.that("Grid: a length is not positive")
                    .expected("height, width and channels of at least 1")
                    .butWas(height + ", " + width + ", " + channels));
        }
    }

    /** A grid of grey pixels. */
    public static Grid grey(int height, int width) {
        return new Grid(height, width, 1);
    }

    /** Values an image: height x width x channels. */
    public int size() {
        return Math.multiplyExact(Math.multiplyExact(height, width), channels);
    }

    /** Where in a row the value of channel {@code c} at pixel {@code (y, x)} lies. */
    public int index(int y, int x, int c) {
        return (y * width + x) * channels + c;
    }

    @Override
    public String toString() {
        return height + " x " + width + " x " + channels;
    }
}
