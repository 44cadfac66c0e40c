package org.ebvlm.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.List;
import org.ebvlm.errors.SettingException;
import org.ebvlm.variational.GradientAudit.Noisiness;
import org.ebvlm.variational.GradientAudit.Report;
import org.ebvlm.variational.GradientAudit.Row;
import org.junit.jupiter.api.Test;

class GradientCurvesTest {
    private static Row row(String estimate, int samples, double signal, double std) {
        return new Row(estimate, samples, -1, new Noisiness(signal, std), new Noisiness(1, 1), 1);
    }

    private static Report report() {
        return new Report(List.of(
                row("NVIL, layered 2, 2", 10, 1, 10),
                row("VIMCO, layered 2, 2", 2, 1, 10),
                row("VIMCO, layered 2, 2", 10, 1, 1),
                row("NVIL, layered 2, 2", 2, 1, 10)));
    }

    @Test
    void eachEstimateHasItsCurveUnderTheNameThatTellsItFromOthers() {
        Curves curves = GradientCurves.signalToNoise(report());
        assertEquals("Curves of NVIL, VIMCO", curves.toString());
        BufferedImage image = curves.picture().image();
        assertNull(Pixels.around(image, Style.series(2)));
        // From 0.1 to 1 rises through the picture; 0.1 throughout is level.
        Rectangle level =
                Pixels.around(GradientCurves.variance(report()).picture().image(), Style.series(0));
        assertNotNull(level);
        Rectangle rising = Pixels.around(image, Style.series(1));
        assertTrue(rising.width > 300 && rising.height > 100, rising.toString());
        assertNotNull(GradientCurves.modelSignalToNoise(report()).picture());
    }

    @Test
    void oneEstimateKeepsItsName() {
        assertEquals(
                "Curves of VIMCO",
                GradientCurves.signalToNoise(new Report(List.of(row("VIMCO", 2, 1, 1))))
                        .toString());
        assertThrows(SettingException.class, () -> GradientCurves.variance(new Report(List.of())));
    }
}
