package org.ebvlm.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.junit.jupiter.api.Test;

class ImageGridTest {
    @Test
    void everyPixelOfEveryImageHasItsGreyAtItsPlace() {
        int n = 5;
        int height = 2;
        int width = 3;
        float[] rows = new float[n * height * width];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i / 29f;
        }
        BufferedImage page = ImageGrid.of(rows, height, width, 1)
                .columns(2)
                .enlarged(4)
                .picture()
                .image();
        assertEquals(2 * 13 + 1, page.getWidth());
        assertEquals(3 * 9 + 1, page.getHeight());
        for (int i = 0; i < rows.length; i++) {
            int image = i / 6;
            int x = 1 + image % 2 * 13 + i % 3 * 4;
            int y = 1 + image / 2 * 9 + i % 6 / 3 * 4;
            int grey = Math.round(rows[i] * 255);
            assertEquals(grey, page.getRGB(x, y) & 0xFF, "first corner of value " + i);
            assertEquals(grey, page.getRGB(x + 3, y + 3) >> 8 & 0xFF, "last corner of value " + i);
        }
    }

    @Test
    void imagesAreSeparatedAndAnUnfilledPlaceStaysPaper() {
        BufferedImage page = ImageGrid.of(new float[3], 1, 1, 1)
                .columns(2)
                .enlarged(10)
                .picture()
                .image();
        assertEquals(Style.FRAME.getRGB(), page.getRGB(11, 5));
        assertEquals(Style.FRAME.getRGB(), page.getRGB(5, 11));
        assertEquals(Style.PAPER.getRGB(), page.getRGB(17, 17));
    }

    @Test
    void threeChannelsAreRedGreenAndBlueOfOnePixel() {
        BufferedImage page = ImageGrid.of(new float[] {1, 0.2f, 0, 0, 0, 1}, 1, 2, 3)
                .enlarged(1)
                .picture()
                .image();
        assertEquals(0xFFFF3300, page.getRGB(1, 1));
        assertEquals(0xFF0000FF, page.getRGB(2, 1));
    }

    @Test
    void valuesBeyondTheRangeAreCutOffAndMissingOnesArePink() {
        BufferedImage page = ImageGrid.of(new float[] {-5, 0, 3, Float.NaN}, 1, 4, 1)
                .range(-2, 2)
                .enlarged(1)
                .picture()
                .image();
        assertEquals(0xFF000000, page.getRGB(1, 1));
        assertEquals(0xFF808080, page.getRGB(2, 1));
        assertEquals(0xFFFFFFFF, page.getRGB(3, 1));
        assertEquals(Style.MISSING.getRGB(), page.getRGB(4, 1));
    }

    @Test
    void fullRangeStretchesFromSmallestToLargest() {
        BufferedImage page = ImageGrid.of(new float[] {7, 9, 8}, 1, 3, 1)
                .fullRange()
                .enlarged(1)
                .picture()
                .image();
        assertEquals(0xFF000000, page.getRGB(1, 1));
        assertEquals(0xFFFFFFFF, page.getRGB(2, 1));
        assertEquals(0xFF808080, page.getRGB(3, 1));
    }

    @Test
    void rejectsWhatIsNotAWholeNumberOfImages() {
        var error = assertThrows(ShapeException.class, () -> ImageGrid.of(new float[7], 2, 3, 1));
        assertTrue(error.getMessage().contains("[n, 2, 3, 1]"), error.getMessage());
        assertThrows(ShapeException.class, () -> ImageGrid.of(new float[0], 2, 3, 1));
    }

    @Test
    void rejectsIllegalSettingsAndDataWithoutValues() {
        assertThrows(SettingException.class, () -> ImageGrid.of(new float[8], 2, 2, 2));
        ImageGrid grid = ImageGrid.of(new float[4], 2, 2, 1).columns(3);
        assertThrows(SettingException.class, () -> grid.columns(4));
        assertThrows(SettingException.class, () -> grid.enlarged(0));
        assertThrows(SettingException.class, () -> grid.range(1, 1));
        assertThrows(SettingException.class, () -> grid.range(0, Double.NaN));
        float[] missing = new float[4];
        Arrays.fill(missing, Float.NaN);
        assertThrows(DataException.class, () -> ImageGrid.of(missing, 2, 2, 1));
    }
}
