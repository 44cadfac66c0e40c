package org.ebvlm.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.ebvlm.errors.SettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class WidthsTest {
    @Test
    void aWidthThatIsNoneIsRefusedInTheWordsThatWereWritten() {
        Map<String, Executable> all = Map.of(
                "Grbm.visible", () -> Grbm.visible(0),
                "Grbm.hidden", () -> Grbm.visible(2).hidden(0),
                "BernoulliRbm.visible", () -> BernoulliRbm.visible(-1),
                "BernoulliRbm.hidden", () -> BernoulliRbm.visible(2).hidden(0),
                "DeepBoltzmann.visible", () -> DeepBoltzmann.visible(0),
                "MlpEnergy.visible", () -> MlpEnergy.visible(0),
                "MlpEnergy.hidden", () -> MlpEnergy.visible(2).hidden(0),
                "Vae.visible", () -> Vae.visible(0),
                "Energy.visible", () -> Energy.visible(0),
                "LatentEnergy.visible", () -> LatentEnergy.visible(0));
        all.forEach((words, wrong) -> assertEquals(
                words + ": not a width",
                assertThrows(SettingException.class, wrong, words)
                        .getMessage()
                        .lines()
                        .findFirst()
                        .orElseThrow()));
    }
}
