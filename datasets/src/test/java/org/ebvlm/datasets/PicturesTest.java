package org.ebvlm.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.InterruptionException;
import org.ebvlm.errors.SettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Photographs drawn here pixel by pixel. */
class PicturesTest {
    @TempDir
    Path folder;

    /** Colour c of pixel (y, x) of a picture: (40 y + 20 x + 60 c) mod 256. */
    private static int level(int y, int x, int c) {
        return (40 * y + 20 * x + 60 * c) % 256;
    }

    private void colour(String name, int height, int width) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, level(y, x, 0) << 16 | level(y, x, 1) << 8 | level(y, x, 2));
            }
        }
        write(image, name);
    }

    private void grey(String name, int type, int height, int width) throws IOException {
        BufferedImage image = new BufferedImage(width, height, type);
        int factor = type == BufferedImage.TYPE_USHORT_GRAY ? 257 : 1;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.getRaster().setSample(x, y, 0, factor * level(y, x, 0));
            }
        }
        write(image, name);
    }

    private void write(BufferedImage image, String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        assertTrue(ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile()));
    }

    @Test
    void theSizeOfThePictureGivesItsOwnLevelsChannelsLast() throws IOException {
        colour("a.png", 3, 4);
        Data image = Datasets.pictures(folder).scaled(3, 4);
        assertEquals(new Grid(3, 4, 3), image.grid().orElseThrow());
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 4; x++) {
                for (int c = 0; c < 3; c++) {
                    assertEquals(level(y, x, c) / 255.0, image.at(0, (y * 4 + x) * 3 + c), 1e-6);
                }
            }
        }
    }

    @Test
    void greyLevelsStayAsTheFileHasThem() throws IOException {
        for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY}) {
            grey("a.png", type, 2, 3);
            Data grey = Datasets.pictures(folder).grey().scaled(2, 3);
            Data colour = Datasets.pictures(folder).scaled(2, 3);
            assertEquals(Grid.grey(2, 3), grey.grid().orElseThrow());
            for (int i = 0; i < 6; i++) {
                assertEquals(level(i / 3, i % 3, 0) / 255.0, grey.at(0, i), 1e-6);
                assertEquals(grey.at(0, i), colour.at(0, 3 * i + 2));
            }
        }
    }

    @Test
    void lumaWeighsTheColours() throws IOException {
        colour("a.png", 1, 1);
        double luma = (0.299 * 0 + 0.587 * 60 + 0.114 * 120) / 255;
        assertEquals(luma, Datasets.pictures(folder).grey().scaled(1, 1).at(0, 0), 1e-6);
    }

    /** Each new value is the integral over its area, of steps as high as the levels. */
    @Test
    void scalingAveragesOverWhatANewPixelCovers() throws IOException {
        grey("a.png", BufferedImage.TYPE_BYTE_GRAY, 5, 7);
        int[][] sizes = {{2, 3}, {5, 7}, {4, 6}, {8, 9}, {1, 1}};
        for (int[] size : sizes) {
            Data image = Datasets.pictures(folder).centred(5, 7).grey().scaled(size[0], size[1]);
            for (int y = 0; y < size[0]; y++) {
                for (int x = 0; x < size[1]; x++) {
                    assertEquals(covered(y, x, size), image.at(0, y * size[1] + x), 1e-6, Arrays.toString(size));
                }
            }
        }
    }

    /** The mean of the picture over a new pixel by a fine grid of points, whose cells lie within old pixels. */
    private static double covered(int y, int x, int[] size) {
        double sum = 0;
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 7; j++) {
                // The point in the middle of the cell, in old pixels.
                double down = (y * 5 + i + 0.5) / size[0];
                double right = (x * 7 + j + 0.5) / size[1];
                sum += level((int) down, (int) right, 0) / 255.0 / 35;
            }
        }
        return sum;
    }

    @Test
    void theMiddleIsTakenBeforeScaling() throws IOException {
        grey("a.png", BufferedImage.TYPE_BYTE_GRAY, 6, 9);
        Data part = Datasets.pictures(folder).centred(2, 3).grey().scaled(2, 3);
        for (int i = 0; i < 6; i++) {
            assertEquals(level(2 + i / 3, 3 + i % 3, 0) / 255.0, part.at(0, i), 1e-6);
        }
        // Without being told: the largest of the new proportions, here six by six.
        Data square = Datasets.pictures(folder).grey().scaled(6, 6);
        assertEquals(level(0, 1, 0) / 255.0, square.at(0, 0), 1e-6);
        Data flat = Datasets.pictures(folder).grey().scaled(3, 9);
        assertEquals(level(1, 0, 0) / 255.0, flat.at(0, 0), 1e-6);
    }

    @Test
    void allPicturesOfTheFolderAndThoseInItAreRowsInTheOrderOfTheirPaths() throws IOException {
        for (int i = 0; i < 40; i++) {
            grey(String.format("%s/%02d.png", i % 2 == 0 ? "b" : "a", i), BufferedImage.TYPE_BYTE_GRAY, 1, 1 + i);
        }
        colour("c.jpg", 20, 20);
        colour("d.BMP", 20, 20);
        Files.writeString(folder.resolve("list.txt"), "no picture");
        Files.writeString(folder.resolve(".hidden.png"), "none either");
        Pictures all = Datasets.pictures(folder).grey();
        assertEquals(42, all.number());
        Data rows = all.first(40).scaled(1, 1);
        assertEquals(40, rows.rows());
        for (int row = 0; row < 40; row++) {
            int i = row < 20 ? 2 * row + 1 : 2 * (row - 20);
            // The pixel in the middle of one row of 1 + i.
            assertEquals(level(0, i / 2, 0) / 255.0, rows.at(row, 0), 1e-6, "row " + row);
        }
        assertEquals(42, all.first(1000).number());
        String steps = rows.provenance().steps().toString();
        assertTrue(steps.contains("40 pictures") && steps.contains("scaled to 1 x 1"), steps);
    }

    @Test
    void aJpegIsNearWhatWasWritten() throws IOException {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 256; i++) {
            image.setRGB(i % 16, i / 16, 200 << 16 | 100 << 8 | 50);
        }
        write(image, "a.jpeg");
        float[] values = Datasets.pictures(folder).scaled(4, 4).row(0);
        assertArrayEquals(new float[] {200 / 255f, 100 / 255f, 50 / 255f}, Arrays.copyOf(values, 3), 0.02f);
    }

    @Test
    void whatIsMissingDamagedOrTooSmallIsNamed() throws IOException {
        assertTells("no such folder", () -> Datasets.pictures(folder.resolve("gone")));
        assertTells("no pictures", () -> Datasets.pictures(folder));
        colour("b.png", 4, 4);
        assertTells("b.png", () -> Datasets.pictures(folder).centred(5, 4).scaled(2, 2));
        byte[] whole = Files.readAllBytes(folder.resolve("b.png"));
        Files.write(folder.resolve("c.png"), Arrays.copyOf(whole, whole.length / 2));
        assertTells("c.png", () -> Datasets.pictures(folder).scaled(2, 2));
        Files.writeString(folder.resolve("c.png"), "words");
        assertTells("c.png", () -> Datasets.pictures(folder).scaled(2, 2));
        assertTells("too many", () -> Datasets.pictures(folder).scaled(20_000, 20_000));
        assertThrows(SettingException.class, () -> Datasets.pictures(folder).first(0));
        assertThrows(SettingException.class, () -> Datasets.pictures(folder).centred(0, 4));
        assertThrows(SettingException.class, () -> Datasets.pictures(folder).scaled(0, 4));
    }

    private static void assertTells(String what, Executable reading) {
        String message = assertThrows(DataException.class, reading).getMessage();
        assertTrue(message.contains(what), message);
    }

    @Test
    void anInterruptEndsTheReading() throws IOException {
        for (int i = 0; i < 30; i++) {
            colour(i + ".png", 8, 8);
        }
        Pictures all = Datasets.pictures(folder);
        Thread.currentThread().interrupt();
        assertThrows(InterruptionException.class, () -> all.scaled(4, 4));
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(30, all.scaled(4, 4).rows());
    }
}
