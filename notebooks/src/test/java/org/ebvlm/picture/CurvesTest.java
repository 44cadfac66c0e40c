package org.ebvlm.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.ebvlm.errors.DataException;
import org.ebvlm.errors.SettingException;
import org.ebvlm.errors.ShapeException;
import org.junit.jupiter.api.Test;

class CurvesTest {
    private static final double[] STEPS =
            IntStream.range(0, 101).asDoubleStream().toArray();

    @Test
    void aRisingCurveEndsHigherThanItStarts() {
        BufferedImage image = Curves.of("rising", STEPS, STEPS).picture().image();
        Rectangle curve = Pixels.around(image, Style.series(0));
        int tenth = curve.width / 10;
        Rectangle start = Pixels.around(image, Style.series(0), new Rectangle(curve.x, 0, tenth, image.getHeight()));
        Rectangle end =
                Pixels.around(image, Style.series(0), new Rectangle(curve.x + 9 * tenth, 0, tenth, image.getHeight()));
        assertTrue(end.y + end.height < start.y, "y grows upwards");
        assertTrue(curve.width > 400 && curve.height > 250, curve.toString());
    }

    @Test
    void eachCurveHasItsColour() {
        BufferedImage image = Curves.of("a", STEPS, STEPS)
                .and("b", STEPS, new double[101])
                .picture()
                .image();
        assertNotNull(Pixels.around(image, Style.series(0)));
        assertNotNull(Pixels.around(image, Style.series(1)));
        assertNull(Pixels.around(image, Style.series(2)));
    }

    @Test
    void aGapIsLeftEmptyAndThePointInsideItIsADot() {
        double[] y = new double[101];
        Arrays.fill(y, 30, 70, Double.NaN);
        BufferedImage gap = Curves.of("a", STEPS, y).picture().image();
        Rectangle curve = Pixels.around(gap, Style.series(0));
        Rectangle inside = new Rectangle(curve.x + curve.width * 2 / 5, 0, curve.width / 5, gap.getHeight());
        assertNull(Pixels.around(gap, Style.series(0), inside));
        y[50] = 0;
        Rectangle dot = Pixels.around(Curves.of("a", STEPS, y).picture().image(), Style.series(0), inside);
        assertTrue(dot.width >= 4 && dot.width <= 10, dot.toString());
        assertEquals(curve.getCenterX(), dot.getCenterX(), 2);
    }

    @Test
    void aSinglePointShows() {
        double[] one = {3};
        assertNotNull(Pixels.around(Curves.of("a", one, one).picture().image(), Style.series(0)));
        assertNotNull(
                Pixels.around(Curves.of("a", one, one).logX().logY().picture().image(), Style.series(0)));
    }

    @Test
    void onLogarithmicAxesPowersOfTenAreEquallyFarApart() {
        double[] powers = {1, 100, 10_000};
        BufferedImage image =
                Curves.of("a", powers, powers).logX().logY().picture().image();
        Rectangle curve = Pixels.around(image, Style.series(0));
        Rectangle centre = new Rectangle((int) curve.getCenterX() - 2, (int) curve.getCenterY() - 2, 5, 5);
        assertNotNull(Pixels.around(image, Style.series(0), centre));
    }

    @Test
    void standardErrorsReachOneToEitherSide() {
        double[] x = {0, 1, 2};
        double[] y = {0, 0, 0};
        double[] error = {0.5, 0.5, 0.5};
        Curves within = Curves.of("a", x, y, error).range(-1, 1);
        Rectangle bars = Pixels.around(within.bars().picture().image(), Style.series(0));
        Rectangle whole = Pixels.around(
                Curves.of("a", x, new double[] {-1, 0, 1})
                        .range(-1, 1)
                        .picture()
                        .image(),
                Style.series(0));
        assertEquals((whole.height - 7) / 2.0, bars.height, 3);
        assertNotEquals(Curves.of("a", x, y).range(-1, 1).picture(), within.picture(), "a band shows");
    }

    @Test
    void aReferenceIsARulerAcrossThePlotAndInsideTheRange() {
        double[] x = {0, 1};
        BufferedImage with = Curves.of("a", x, x).reference("best", 2).picture().image();
        Rectangle curve = Pixels.around(with, Style.series(0));
        Rectangle above = new Rectangle(curve.x, 0, curve.width, curve.y - 5);
        Rectangle ruler = Pixels.around(with, Style.MUTED, above);
        assertTrue(ruler.width > 0.9 * curve.width, ruler.toString());
    }

    @Test
    void rejectsBadData() {
        double[] two = {1, 2};
        double[] empty = {};
        double[] missing = {Double.NaN, Double.NaN};
        assertThrows(ShapeException.class, () -> Curves.of("a", empty, empty));
        assertThrows(ShapeException.class, () -> Curves.of("a", two, STEPS));
        assertThrows(ShapeException.class, () -> Curves.of("a", two, two, STEPS));
        assertThrows(DataException.class, () -> Curves.of("a", two, missing));
        assertThrows(DataException.class, () -> Curves.of("a", missing, two));
        assertThrows(DataException.class, () -> Curves.of("a", two, two, new double[] {1, -1}));
        Curves curves = Curves.of("a", STEPS, STEPS);
        assertThrows(DataException.class, () -> curves.logX().picture());
        assertThrows(DataException.class, () -> curves.logY().picture());
        assertThrows(DataException.class, () -> curves.reference("best", Double.NaN));
        assertThrows(SettingException.class, () -> curves.range(2, 1));
    }
}
