package org.ebvlm.picture;

import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * A finished picture: opaque pixels that no longer change. Pictures are put together like words on a page.
 *
 * <pre>{@code
 * data.picture().beside(samples).titled("Moons").save(Path.of("moons.png"));
 * }</pre>
 */
public final class Picture implements Drawing {
    private final BufferedImage image;
    /** The middle of what is plotted, which need not be that of the picture: titles and neighbours line up with it. */
    private final Point middle;

    Picture(BufferedImage image, Point middle) {
        this.image = image;
        this.middle = middle;
    }

    /** A picture of a copy of the image; transparent pixels show white paper. */
    public static Picture of(BufferedImage image) {
        Checks.given("Picture.of", image);
        return new Picture(copied(image), new Point(image.getWidth() / 2, image.getHeight() / 2));
    }

    /** A copy of the pixels, without transparency. */
    public BufferedImage image() {
        return copied(image);
    }

    /** Itself. */
    @Override
    public Picture picture() {
        return this;
    }

    /** In pixels. */
    public int width() {
        return image.getWidth();
    }

    /** In pixels. */
    public int height() {
        return image.getHeight();
    }

    /** This and the others in one row, from left to right, the middles of their plots at one height. */
    public Picture beside(Drawing... others) {
        return inRow(Style.GAP, withThis(others));
    }

    /** This and the others in one column, from top to bottom, the middles of their plots on one vertical line. */
    public Picture above(Drawing... others) {
        return inColumn(Style.GAP, withThis(others));
    }

    /** This picture under a line of title, widened if the title needs it. */
    public Picture titled(String title) {
        Checks.given("Picture.titled", title);
        return under(
                Style.LINE,
                Text.width(title, Style.TITLE),
                (pen, x) -> Text.centred(pen, title, Style.TITLE, Style.INK, x, Style.LINE / 2.0 + 2));
    }

    /** The picture as the bytes of a PNG file. */
    public byte[] png() {
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** {@inheritDoc} The file appears at once and whole: nobody ever reads half a picture. */
    @Override
    public Path save(Path file) {
        return WholeFile.write(Checks.given("Picture.save", file).toAbsolutePath(), png());
    }

    /** Equal pixels make equal pictures. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Picture that
                && width() == that.width()
                && height() == that.height()
                && Arrays.equals(pixels(), that.pixels());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pixels());
    }

    @Override
    public String toString() {
        return "Picture of " + width() + " x " + height() + " pixels";
    }

    /** Draws into a strip above a picture, given the x on which the strip is to be centred. */
    @FunctionalInterface
    interface Strip {
        void draw(Graphics2D pen, int middle);
    }

    /** This picture with a strip above it, widened on either side until so wide a text fits over its plot. */
    Picture under(int stripHeight, int textWidth, Strip strip) {
        int half = textWidth / 2 + Style.GAP;
        int left = Math.max(0, half - middle.x);
        int right = Math.max(0, half - (width() - middle.x));
        BufferedImage page = Style.blank(left + width() + right, stripHeight + height());
        Graphics2D pen = Style.penOn(page);
        strip.draw(pen, left + middle.x);
        pen.drawImage(image, left, stripHeight, null);
        pen.dispose();
        return new Picture(page, new Point(left + middle.x, stripHeight + middle.y));
    }

    /** In one row; a title over the row is centred on the row. */
    static Picture inRow(int gap, List<Picture> pictures) {
        int above = pictures.stream().mapToInt(p -> p.middle.y).max().orElseThrow();
        int below =
                pictures.stream().mapToInt(p -> p.height() - p.middle.y).max().orElseThrow();
        int width = gap * (pictures.size() - 1)
                + pictures.stream().mapToInt(Picture::width).sum();
        BufferedImage page = Style.blank(width, above + below);
        Graphics2D pen = Style.penOn(page);
        int x = 0;
        for (Picture picture : pictures) {
            pen.drawImage(picture.image, x, above - picture.middle.y, null);
            x += picture.width() + gap;
        }
        pen.dispose();
        return new Picture(page, new Point(width / 2, above));
    }

    private static Picture inColumn(int gap, List<Picture> pictures) {
        int left = pictures.stream().mapToInt(p -> p.middle.x).max().orElseThrow();
        int right =
                pictures.stream().mapToInt(p -> p.width() - p.middle.x).max().orElseThrow();
        int height = gap * (pictures.size() - 1)
                + pictures.stream().mapToInt(Picture::height).sum();
        BufferedImage page = Style.blank(left + right, height);
        Graphics2D pen = Style.penOn(page);
        int y = 0;
        for (Picture picture : pictures) {
            pen.drawImage(picture.image, left - picture.middle.x, y, null);
            y += picture.height() + gap;
        }
        pen.dispose();
        return new Picture(page, new Point(left, height / 2));
    }

    /** This picture with the middle of its plot at another x. */
    Picture centredOn(int x) {
        return new Picture(image, new Point(x, middle.y));
    }

    private List<Picture> withThis(Drawing... others) {
        List<Picture> pictures = new ArrayList<>(List.of(this));
        for (Drawing other : others) {
            pictures.add(other.picture());
        }
        return pictures;
    }

    private int[] pixels() {
        return image.getRGB(0, 0, width(), height(), null, 0, width());
    }

    private static BufferedImage copied(BufferedImage image) {
        BufferedImage copy = Style.blank(image.getWidth(), image.getHeight());
        Graphics2D pen = Style.penOn(copy);
        pen.drawImage(image, 0, 0, null);
        pen.dispose();
        return copy;
    }
}
