package org.ebvlm.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ebvlm.datasets.Data;
import org.ebvlm.datasets.Datasets;
import org.ebvlm.errors.SettingException;
import org.ebvlm.model.Grbm;
import org.ebvlm.noise.Noise;
import org.junit.jupiter.api.Test;

class GramMatrixTest {
    private static final Data ROWS = Data.of("rows", new float[] {0, 0, 1, 0, 3, 4}, 2);

    @Test
    void holdsTheKernelOfEachPair() {
        GramMatrix gram = GramMatrix.of(Imq.bandwidth(2), ROWS);
        assertEquals(3, gram.size());
        // (1 + r^2 / 4)^(-1/2) at distances 0, 1, 5 and sqrt 20.
        assertEquals(1, gram.at(1, 1), 1e-6);
        assertEquals(1 / Math.sqrt(1.25), gram.at(0, 1), 1e-6);
        assertEquals(1 / Math.sqrt(7.25), gram.at(2, 0), 1e-6);
        assertEquals(1 / Math.sqrt(6), gram.at(1, 2), 1e-6);
    }

    @Test
    void theMeanOfSteinPairsIsTheSquaredDiscrepancy() {
        Grbm model = Grbm.visible(2).hidden(3).init(Noise.seed(2));
        Data rows = Datasets.checkerboard(50, Noise.seed(1));
        GramMatrix gram = GramMatrix.stein(Imq.bandwidth(0.5), rows, model);
        double sum = 0;
        double size = 0;
        for (int i = 0; i < 50; i++) {
            for (int j = 0; j < 50; j++) {
                sum += i == j ? 0 : gram.at(i, j);
                size += Math.abs(gram.at(i, j));
                assertEquals(gram.at(j, i), gram.at(i, j), 1e-4);
            }
        }
        double ksd = KernelSteinDiscrepancy.against(rows)
                .kernel(Imq.bandwidth(0.5))
                .of(model, Noise.seed(1))
                .value();
        assertEquals(ksd, sum / (50 * 49), 1e-5 * size / (50 * 49));
    }

    @Test
    void settlesTheBandwidthAndSaysWhatItIs() {
        GramMatrix gram = GramMatrix.of(Rbf.medianHeuristic(), Datasets.checkerboard(20, Noise.seed(1)));
        assertTrue(gram.toString().startsWith("GramMatrix 20 x 20, "), gram.toString());
    }

    @Test
    void refusesMoreRowsThanCanBeLookedAt() {
        Data many = Datasets.checkerboard(2001, Noise.seed(1));
        SettingException error = assertThrows(SettingException.class, () -> GramMatrix.of(Imq.bandwidth(1), many));
        assertTrue(error.getMessage().contains("at most 2000"), error.getMessage());
    }
}
