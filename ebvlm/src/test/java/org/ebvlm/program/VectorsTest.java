package org.ebvlm.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VectorsTest {
    @Test
    void lanesAndDescriptionSayWhetherVectorsAreUsed() {
        if (Vectors.available()) {
            assertTrue(
                    Vectors.lanes() >= 8 && Integer.bitCount(Vectors.lanes()) == 1, () -> "lanes " + Vectors.lanes());
            assertEquals(Vectors.lanes() + " floats wide (Vector API)", Vectors.description());
        } else {
            assertEquals(1, Vectors.lanes());
            assertTrue(Vectors.description().startsWith("plain loops: "), Vectors::description);
        }
    }

    @Test
    void theModuleInTheBootLayerIsNecessary() {
        boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        assertTrue(present || !Vectors.available());
    }
}
