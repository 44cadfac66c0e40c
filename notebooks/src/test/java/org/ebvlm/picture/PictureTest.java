package org.ebvlm.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.ebvlm.errors.SettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureTest {
    @TempDir
    Path folder;

    @Test
    void aSavedPictureReadsBackEqualAndLeavesNothingElseBehind() throws IOException {
        Picture picture = plain(30, 20, 0x123456).titled("Title");
        Path file = picture.save(folder.resolve("a.png"));
        assertEquals(picture, Picture.of(ImageIO.read(file.toFile())));
        assertEquals(picture, Picture.of(ImageIO.read(new ByteArrayInputStream(picture.png()))));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void savingReplacesAnOlderFile() throws IOException {
        Path file = folder.resolve("a.png");
        plain(5, 5, 0xFF0000).save(file);
        plain(7, 5, 0x00FF00).save(file);
        assertEquals(7, ImageIO.read(file.toFile()).getWidth());
    }

    @Test
    void savingIntoAMissingFolderNamesIt() {
        Path file = folder.resolve("absent").resolve("a.png");
        var error = assertThrows(SettingException.class, () -> plain(5, 5, 0).save(file));
        assertTrue(error.getMessage().contains("absent"), error.getMessage());
    }

    @Test
    void aPictureDoesNotChangeWithTheImageItWasMadeOfOrGaveAway() {
        var image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
        Picture picture = Picture.of(image);
        image.setRGB(0, 0, 0xFFFFFF);
        picture.image().setRGB(1, 1, 0xFFFFFF);
        assertEquals(0xFF000000, picture.image().getRGB(0, 0));
        assertEquals(0xFF000000, picture.image().getRGB(1, 1));
    }

    @Test
    void besideGoesToTheRightAndAboveGoesDown() {
        Picture red = plain(10, 10, 0xFF0000);
        Picture blue = plain(20, 10, 0x0000FF);
        Picture row = red.beside(blue);
        Picture column = red.above(blue);
        assertEquals(30 + Style.GAP, row.width());
        assertEquals(0xFFFF0000, row.image().getRGB(5, 5));
        assertEquals(0xFF0000FF, row.image().getRGB(row.width() - 5, 5));
        assertEquals(20 + Style.GAP, column.height());
        assertEquals(0xFFFF0000, column.image().getRGB(10, 5));
        assertEquals(0xFF0000FF, column.image().getRGB(10, column.height() - 5));
    }

    @Test
    void aTitleLongerThanThePictureFits() {
        Picture titled = plain(10, 10, 0).titled("A title that is much longer than the picture");
        assertTrue(titled.width() > 250, titled.toString());
        assertEquals(10 + Style.LINE, titled.height());
        var ink = Pixels.around(titled.image(), Style.INK);
        assertTrue(ink.x > 0 && ink.x + ink.width < titled.width(), ink.toString());
    }

    private static Picture plain(int width, int height, int rgb) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, rgb);
        }
        return Picture.of(image);
    }
}
