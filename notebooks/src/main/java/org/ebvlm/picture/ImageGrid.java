package org.ebvlm.picture;

import java.awt.image.BufferedImage;
import java.util.function.Consumer;
import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Grid;
import org.ebvlm.errors.Facts;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;

/**
 * Rows of pixels shown as images, side by side and line after line, with thin grey lines between them. Every pixel
 * becomes a square of whole pixels, so that nothing is blurred. A value that is not finite shows in pink.
 *
 * <pre>{@code
 * ImageGrid.of(digits, 28, 28, 1).columns(10).titled("Samples").picture();
 * }</pre>
 *
 * <p>A value: each adjective returns a new grid and leaves this one as it is.
 */
public final class ImageGrid implements Drawing {
    private static final int LEGIBLE = 56;
    private static final Range UNIT = new Range(0, 1);

    private final float[] values;
    private final int height;
    private final int width;
    private final int channels;
    private Integer columns;
    private Integer enlargement;
    private Range range;
    private String title;

    private ImageGrid(float[] values, int height, int width, int channels) {
        this.values = values;
        this.height = height;
        this.width = width;
        this.channels = channels;
    }

    /**
     * Images of one size.
     *
     * @param rowMajor shape [n, height, width, channels] in one array, top line first
     * @param height of an image, in pixels
     * @param width of an image, in pixels
     * @param channels 1 for grey, 3 for red, green and blue
     * @throws org.ebvlm.errors.SettingException if a size is below 1, or there are neither 1 nor 3 channels
     * @throws org.ebvlm.errors.ShapeException if the array is empty or ends within an image
     * @throws org.ebvlm.errors.DataException if no value is finite
     */
    public static ImageGrid of(float[] rowMajor, int height, int width, int channels) {
        Checks.given("ImageGrid.of", rowMajor);
        Checks.atLeast("ImageGrid.of, height", 1, height);
        Checks.atLeast("ImageGrid.of, width", 1, width);
        if (channels != 1 && channels != 3) {
            throw new SettingException(Facts.that("ImageGrid.of: wrong number of channels")
                    .expected("1 (grey) or 3 (red, green, blue)")
                    .butWas(channels));
        }
        long size = (long) height * width * channels;
        if (rowMajor.length == 0 || rowMajor.length % size != 0) {
            throw new ShapeException(Facts.that("ImageGrid.of: not a whole number of images")
                    .expected(
                            "[n, " + height + ", " + width + ", " + channels + "], a multiple of " + size + " numbers")
                    .butWas("an array of " + rowMajor.length + " numbers"));
        }
        var grid = new ImageGrid(rowMajor.clone(), height, width, channels);
        grid.finiteRange();
        return grid;
    }

    /**
     * Rows that know their grid, such as those of {@code Datasets} or {@code data.onGrid(grid)}.
     *
     * @throws ShapeException if they do not
     */
    public static ImageGrid of(Data images) {
        Grid grid = Checks.given("ImageGrid.of", images)
                .grid()
                .orElseThrow(() -> new ShapeException(Facts.that("ImageGrid.of: the rows are not known to be images")
                        .expected("data on a grid")
                        .butWas(images.name() + ", " + images.rows() + " rows x " + images.width())
                        .hint("say images.onGrid(new Grid(height, width, channels))")));
        return of(images.values(), grid.height(), grid.width(), grid.channels());
    }

    /** Images in a line, 1 or more; without it, so many that the picture is about square. The last line may be short. */
    public ImageGrid columns(int number) {
        return with(next -> next.columns =
                Checks.once("ImageGrid.columns", columns, Checks.atLeast("ImageGrid.columns", 1, number)));
    }

    /** Shows a pixel as a square of times x times pixels; without it, the longer side of an image is about 56 pixels. */
    public ImageGrid enlarged(int times) {
        return with(next -> next.enlargement =
                Checks.once("ImageGrid.enlarged", enlargement, Checks.atLeast("ImageGrid.enlarged", 1, times)));
    }

    /**
     * The values shown as black and as white, for every channel alike; values beyond are cut off. Without it, 0 and 1.
     *
     * @throws org.ebvlm.errors.SettingException unless low is below high and both are finite
     */
    public ImageGrid range(double low, double high) {
        return with(next -> next.range = Checks.once("ImageGrid.range", range, Range.of("ImageGrid.range", low, high)));
    }

    /** Shows the smallest finite value of all images as black and the largest as white, for every channel alike. */
    public ImageGrid fullRange() {
        return with(next -> next.range = Checks.once("ImageGrid.fullRange", range, finiteRange()));
    }

    /** A title; without it there is none. */
    public ImageGrid titled(String text) {
        return with(next -> next.title = Checks.once("ImageGrid.titled", title, text));
    }

    @Override
    public Picture picture() {
        int inLine = Math.min(images(), columns == null ? square() : columns);
        int lines = (images() + inLine - 1) / inLine;
        int times = times();
        // Neighbours share the line of one pixel between them.
        BufferedImage page = Style.blank(inLine * (width * times + 1) + 1, lines * (height * times + 1) + 1);
        Style.penOn(page).dispose();
        for (int image = 0; image < images(); image++) {
            draw(page, image, image % inLine * (width * times + 1), image / inLine * (height * times + 1), times);
        }
        Picture grid = Picture.of(page);
        return title == null ? grid : grid.titled(title);
    }

    @Override
    public String toString() {
        return "ImageGrid of " + images() + " images, " + height + " x " + width
                + (channels == 1 ? ", grey" : ", colour");
    }

    /** One image and the line around it; (left, top) is the line's corner. */
    private void draw(BufferedImage page, int image, int left, int top, int times) {
        fill(page, left, top, width * times + 2, height * times + 2, Style.FRAME.getRGB());
        for (int line = 0; line < height; line++) {
            for (int column = 0; column < width; column++) {
                int pixel = ((image * height + line) * width + column) * channels;
                fill(page, left + 1 + column * times, top + 1 + line * times, times, times, rgb(pixel));
            }
        }
    }

    private static void fill(BufferedImage page, int left, int top, int width, int height, int rgb) {
        for (int y = top; y < top + height; y++) {
            for (int x = left; x < left + width; x++) {
                page.setRGB(x, y, rgb);
            }
        }
    }

    private int rgb(int pixel) {
        int rgb = 0;
        for (int channel = 0; channel < 3; channel++) {
            float value = values[pixel + (channels == 1 ? 0 : channel)];
            if (!Float.isFinite(value)) {
                return Style.MISSING.getRGB();
            }
            rgb = rgb << 8 | level(value);
        }
        return rgb;
    }

    private int level(float value) {
        double fraction = (range == null ? UNIT : range).fraction(value);
        return (int) Math.round(255 * Math.min(1, Math.max(0, fraction)));
    }

    private int images() {
        return values.length / (height * width * channels);
    }

    private int square() {
        return (int) Math.ceil(Math.sqrt((double) images() * height / width));
    }

    private int times() {
        return enlargement == null
                ? Math.max(1, (int) Math.round((double) LEGIBLE / Math.max(height, width)))
                : enlargement;
    }

    private Range finiteRange() {
        double[] numbers = new double[values.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = values[i];
        }
        return Range.around("ImageGrid.of", numbers);
    }

    private ImageGrid with(Consumer<ImageGrid> change) {
        var next = new ImageGrid(values, height, width, channels);
        next.columns = columns;
        next.enlargement = enlargement;
        next.range = range;
        next.title = title;
        change.accept(next);
        return next;
    }
}
