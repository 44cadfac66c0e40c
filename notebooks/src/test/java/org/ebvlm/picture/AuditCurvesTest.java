package org.ebvlm.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import org.ebvlm.errors.SettingException;
import org.ebvlm.scoring.Audit;
import org.ebvlm.scoring.Quality;
import org.junit.jupiter.api.Test;

class AuditCurvesTest {
    private static Audit.Row row(int particles, int steps, double bias, boolean gradient) {
        Quality found = new Quality(bias * bias, 0.01, 1, 1, 1);
        return new Audit.Row("VaGES", particles, steps, found, gradient ? Optional.of(found) : Optional.empty());
    }

    private static Audit audit(boolean gradient) {
        return new Audit(
                List.of(
                        row(2, 0, 1, gradient),
                        row(5, 0, 0.9, gradient),
                        row(2, 10, 0.2, gradient),
                        row(5, 10, 0.1, gradient)),
                "exact score",
                Optional.empty(),
                "4 rows");
    }

    @Test
    void eachNumberOfParticlesHasItsCurveThatFallsAsTheBiasDoes() {
        Curves curves = AuditCurves.scoreBias(audit(false));
        assertEquals("Curves of 2 particles, 5 particles", curves.toString());
        BufferedImage image = curves.picture().image();
        assertNotNull(Pixels.around(image, Style.series(1)));
        assertNull(Pixels.around(image, Style.series(2)));
        Rectangle curve = Pixels.around(image, Style.series(0));
        assertTrue(curve.width > 300 && curve.height > 100, curve.toString());
        assertNotNull(AuditCurves.gradientBias(audit(true)).bars().picture());
        assertNotNull(AuditCurves.gradientStd(audit(true)).picture());
    }

    @Test
    void rejectsTheGradientOfAnAuditOfTheScoreAlone() {
        SettingException error = assertThrows(SettingException.class, () -> AuditCurves.gradientBias(audit(false)));
        assertTrue(error.getMessage().contains("minimizing"), error.getMessage());
    }
}
