package org.ebvlm.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Point;
import java.awt.image.BufferedImage;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.junit.jupiter.api.Test;

class HeatmapTest {
    private static final Range RANGE = new Range(-1, 1);
    private static final Axes AXES = Axes.equal(RANGE, RANGE, Captions.NONE);

    @Test
    void xGrowsBrighterFromLeftToRight() {
        BufferedImage image = drawn(Heatmap.of((x, y) -> x));
        double before = -1;
        for (double x = -0.95; x < 1; x += 0.1) {
            double now = luminance(image, x, 0.3);
            assertTrue(now > before, "at x = " + x);
            before = now;
        }
    }

    @Test
    void yGrowsBrighterUpwards() {
        BufferedImage image = drawn(Heatmap.of((x, y) -> y));
        assertTrue(luminance(image, 0.4, 0.9) > luminance(image, 0.4, 0) + 50);
        assertTrue(luminance(image, 0.4, 0) > luminance(image, 0.4, -0.9) + 50);
    }

    @Test
    void aFunctionOfRowsGivesTheSamePicture() {
        Picture one = square(Heatmap.of((x, y) -> x - 2 * y)).picture();
        Picture many = square(Heatmap.ofRows(rows -> {
                    float[] values = new float[rows.length / 2];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = rows[2 * i] - 2 * rows[2 * i + 1];
                    }
                    return values;
                }))
                .picture();
        for (double place = -0.9; place < 1; place += 0.2) {
            assertEquals(luminance(one.image(), place, 0.5), luminance(many.image(), place, 0.5), 1);
        }
    }

    @Test
    void theRangeSetsTheColoursOfItsEndsAndMissingValuesArePink() {
        BufferedImage image =
                drawn(Heatmap.of((x, y) -> y > 0 ? Double.NaN : 100 * x).range(-1, 1));
        assertEquals(0xFF440154, image.getRGB(at(-0.5, -0.5).x, at(-0.5, -0.5).y));
        assertEquals(0xFFFDE725, image.getRGB(at(0.5, -0.5).x, at(0.5, -0.5).y));
        assertEquals(Style.MISSING.getRGB(), image.getRGB(at(0.5, 0.5).x, at(0.5, 0.5).y));
    }

    @Test
    void pointsLieWhereTheyBelong() {
        BufferedImage image =
                drawn(Heatmap.of((x, y) -> 0).points(new float[] {0.5f, 0.25f}).range(0, 1));
        assertTrue(luminance(image, 0.5, 0.25) > 200);
        assertTrue(luminance(image, 0.5, -0.25) < 50);
        assertTrue(luminance(image, -0.5, 0.25) < 50);
    }

    @Test
    void arrowsPointAlongTheField() {
        Heatmap dark = Heatmap.of((x, y) -> 0).range(0, 1);
        BufferedImage up = drawn(dark.arrows((x, y) -> new double[] {0, 1}));
        BufferedImage none = drawn(dark.arrows((x, y) -> new double[] {0, 0}));
        // Lattice of 16 by 16 arrows, 25 pixels apart: barbs make the upper half of an arrow the heavier one.
        int left = AXES.box().x + 25 * 8;
        int top = AXES.box().y + 25 * 8;
        assertTrue(brightness(up, left, top, 12) > 1.15 * brightness(up, left, top + 13, 12));
        assertEquals(brightness(none, left, top, 12), brightness(none, left, top + 13, 12), 1e-9);
    }

    @Test
    void rejectsAMissingOrSenselessRectangle() {
        Heatmap bare = Heatmap.of((x, y) -> x);
        assertThrows(SettingException.class, bare::picture);
        assertThrows(SettingException.class, () -> bare.over(1, 0, 0, 1));
        assertThrows(SettingException.class, () -> bare.over(0, Double.POSITIVE_INFINITY, 0, 1));
        assertThrows(SettingException.class, () -> square(bare).over(0, 1, 0, 1));
    }

    @Test
    void rejectsFunctionsWithoutValuesOrOfWrongLength() {
        assertThrows(DataException.class, () -> drawn(Heatmap.of((x, y) -> Double.NaN)));
        assertThrows(ShapeException.class, () -> drawn(Heatmap.ofRows(rows -> rows)));
        assertThrows(ShapeException.class, () -> Heatmap.of((x, y) -> x).points(new float[3]));
    }

    private static Heatmap square(Heatmap map) {
        return map.over(-1, 1, -1, 1);
    }

    private static BufferedImage drawn(Heatmap map) {
        return square(map).picture().image();
    }

    private static Point at(double x, double y) {
        return new Point((int) AXES.across(x), (int) AXES.down(y));
    }

    private static double luminance(BufferedImage image, double x, double y) {
        return Pixels.luminance(image, at(x, y).x, at(x, y).y);
    }

    private static double brightness(BufferedImage image, int left, int top, int height) {
        double sum = 0;
        for (int i = 0; i < 25 * height; i++) {
            sum += Pixels.luminance(image, left + i % 25, top + i / 25);
        }
        return sum;
    }
}
