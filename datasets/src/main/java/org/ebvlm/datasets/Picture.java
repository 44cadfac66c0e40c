package org.ebvlm.datasets;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.ebvlm.errors.DataException;

/**
 * One picture of a file: values between 0 and 1, row by row, channels last.
 *
 * @param file where it comes from
 */
record Picture(Path file, int height, int width, int channels, float[] values) {
    private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

    static Picture read(Path file, boolean grey) {
        BufferedImage image;
        try (InputStream in = Files.newInputStream(file)) {
            image = ImageIO.read(new MemoryCacheImageInputStream(in));
        } catch (IOException | RuntimeException e) {
            // Decoders answer damaged files with exceptions of all kinds.
            throw new DataException(Pictures.wrong(file, "the picture cannot be read")
                    .expected("a whole picture")
                    .butWas(String.valueOf(e.getMessage()))
                    .hint("fetch the file again, or take it out of the folder")
                    .causedBy(e));
        }
        if (image == null) {
            throw new DataException(Pictures.wrong(file, "the format is not known")
                    .expected("JPEG, PNG, BMP or GIF content")
                    .butWas("something else"));
        }
        return of(file, image, grey);
    }

    private static Picture of(Path file, BufferedImage image, boolean grey) {
        int height = image.getHeight();
        int width = image.getWidth();
        float[] values = isGrey(image) ? levels(image.getRaster()) : colours(image);
        int channels = values.length / (height * width);
        Picture all = new Picture(file, height, width, channels, values);
        return grey ? all.luma() : all.colour();
    }

    /** Java takes grey levels for linear in light: asked for red, green and blue it would make them lighter than in the file. */
    private static boolean isGrey(BufferedImage image) {
        return image.getColorModel().getNumColorComponents() == 1
                && !(image.getColorModel() instanceof IndexColorModel);
    }

    private static float[] levels(Raster raster) {
        float[] levels = raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), 0, (float[]) null);
        float most = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
        for (int i = 0; i < levels.length; i++) {
            levels[i] /= most;
        }
        return levels;
    }

    private static float[] colours(BufferedImage image) {
        int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        float[] values = new float[3 * rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            for (int c = 0; c < 3; c++) {
                values[3 * i + c] = ((rgb[i] >> (16 - 8 * c)) & 0xFF) / 255f;
            }
        }
        return values;
    }

    private Picture luma() {
        if (channels == 1) {
            return this;
        }
        float[] grey = new float[height * width];
        for (int i = 0; i < grey.length; i++) {
            for (int c = 0; c < 3; c++) {
                grey[i] += LUMA[c] * values[3 * i + c];
            }
        }
        return new Picture(file, height, width, 1, grey);
    }

    private Picture colour() {
        if (channels == 3) {
            return this;
        }
        float[] colour = new float[3 * values.length];
        for (int i = 0; i < colour.length; i++) {
            colour[i] = values[i / 3];
        }
        return new Picture(file, height, width, 3, colour);
    }

    /** The part around the middle of this size; if that is 0, the largest part of a grid's proportions. */
    Picture cut(int cutHeight, int cutWidth, Grid like) {
        if (cutHeight == 0) {
            // h / w = like.height / like.width, as large as fits
            long across = Math.min((long) width, Math.round((double) height * like.width() / like.height()));
            long down = Math.min((long) height, Math.round((double) width * like.height() / like.width()));
            return cut((int) Math.max(1, down), (int) Math.max(1, across), like);
        }
        if (cutHeight > height || cutWidth > width) {
            throw new DataException(Pictures.wrong(file, "the picture is too small")
                    .expected("at least " + cutHeight + " x " + cutWidth + " pixels to take around the middle")
                    .butWas(height + " x " + width));
        }
        int top = (height - cutHeight) / 2;
        int left = (width - cutWidth) / 2;
        float[] part = new float[cutHeight * cutWidth * channels];
        int row = cutWidth * channels;
        for (int y = 0; y < cutHeight; y++) {
            System.arraycopy(values, ((top + y) * width + left) * channels, part, y * row, row);
        }
        return new Picture(file, cutHeight, cutWidth, channels, part);
    }

    /** Writes it, scaled to a grid, into an array. */
    void scale(Grid grid, float[] out, int offset) {
        BoxFilter across = new BoxFilter(width, grid.width());
        BoxFilter down = new BoxFilter(height, grid.height());
        float[] narrow = new float[height * grid.width() * channels];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < grid.width(); x++) {
                for (int c = 0; c < channels; c++) {
                    narrow[(y * grid.width() + x) * channels + c] =
                            across.at(x, values, y * width * channels + c, channels);
                }
            }
        }
        int row = grid.width() * channels;
        for (int y = 0; y < grid.height(); y++) {
            for (int i = 0; i < row; i++) {
                out[offset + y * row + i] = down.at(y, narrow, i, row);
            }
        }
    }
}
