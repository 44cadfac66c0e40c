package org.ebvlm.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.junit.jupiter.api.Test;

class ScatterTest {
    @Test
    void pointsLieAtTheirPlaceWithYUpward() {
        BufferedImage image = Scatter.of("data", new float[] {0, 0, 0, 1, 1, 0})
                .over(-1, 2, -1, 2)
                .picture()
                .image();
        Rectangle all = Pixels.around(image, Style.series(0));
        int halfWidth = all.width / 2;
        int halfHeight = all.height / 2;
        assertNotNull(Pixels.around(image, Style.series(0), new Rectangle(all.x, all.y, halfWidth, halfHeight)));
        assertNull(
                Pixels.around(image, Style.series(0), new Rectangle(all.x + halfWidth, all.y, halfWidth, halfHeight)));
    }

    @Test
    void aUnitOfXIsAsLongAsAUnitOfY() {
        BufferedImage image = Scatter.of("data", new float[] {0, 0, 4, 2})
                .over(-1, 5, -1, 3)
                .picture()
                .image();
        Rectangle all = Pixels.around(image, Style.series(0));
        int dot = 6;
        assertEquals(2.0 * (all.height - dot), all.width - dot, 4);
    }

    @Test
    void panelsShareTheirRanges() {
        float[] near = {0, 0};
        BufferedImage image = Scatter.of("near", near)
                .and("far", new float[] {0, 0, 10, 10})
                .picture()
                .image();
        Rectangle first = Pixels.around(image, Style.series(0));
        Rectangle second = Pixels.around(image, Style.series(1));
        assertEquals(first.y + first.height, second.y + second.height, 1);
        assertTrue(second.height > 300, "the far set spans its panel");
    }

    @Test
    void overlaidSetsShareOnePanel() {
        Scatter both = Scatter.of("a", new float[] {0, 0}).and("b", new float[] {1, 1});
        assertTrue(both.overlaid().picture().width() < 0.6 * both.picture().width());
    }

    @Test
    void pointsThatAreNotFiniteAreCountedBesideTheName() {
        Cloud cloud = new Cloud("test", "samples", new float[] {0, 0, Float.NaN, 1, 2, Float.POSITIVE_INFINITY});
        assertEquals("samples (2 of 3 not finite)", cloud.caption());
    }

    @Test
    void rejectsBadPointsAndSettings() {
        assertThrows(ShapeException.class, () -> Scatter.of("a", new float[0]));
        assertThrows(ShapeException.class, () -> Scatter.of("a", new float[3]));
        assertThrows(DataException.class, () -> Scatter.of("a", new float[] {Float.NaN, 1}));
        Scatter scatter = Scatter.of("a", new float[2]).titled("once");
        assertThrows(SettingException.class, () -> scatter.titled("twice"));
        assertThrows(SettingException.class, () -> scatter.over(0, 0, 0, 1));
    }
}
