package org.ebvlm.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import org.junit.jupiter.api.Test;

class ViridisTest {
    @Test
    void theColourMapGrowsLighterAllTheWay() {
        double before = -1;
        for (int i = 0; i <= 100; i++) {
            Color c = new Color(Viridis.rgb(i / 100.0));
            double now = 0.2126 * c.getRed() + 0.7152 * c.getGreen() + 0.0722 * c.getBlue();
            assertTrue(now > before, "at " + i);
            before = now;
        }
    }

    @Test
    void fractionsBeyondTheEndsTakeTheColoursOfTheEnds() {
        assertEquals(0x440154, Viridis.rgb(-3));
        assertEquals(0xFDE725, Viridis.rgb(7));
    }
}
